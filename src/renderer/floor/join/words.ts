import { translator } from '../../lib/i18n/translate.ts';

export const words = translator(
  {
    title: 'Join the show',
    ready: 'This device joins the desk at {host}.',
    start: 'Start',
    joining: 'Joining…',
    who: 'Who is using this screen?',
    pendingTitle: 'Read these digits to the producer',
    pending: 'The producer types them at the desk. This till opens by itself then.',
    joined: 'Joined. One moment…',
    tryAgain: 'Try again',
    scan: 'Scan the code that the desk shows: there, press Connect.',
    'no-code': 'This address holds no code any more. Scan the code on the desk again.',
    'bad-code': 'This code is not whole. Scan the code on the desk again.',
    'page-only':
      'The page came, but the live link does not: a proxy, a data saver or a filter is in the way. Switch it off for this address, or use another browser.',
    'hub-gone': 'The hub did not answer in time. Stay on the venue Wi-Fi and try again.',
    'not-the-desk':
      'Something between this device and the desk changed what they said. Do not go on: tell the producer.',
    'no-storage': 'This browser keeps nothing here, perhaps a private window. Open the code in an ordinary window.',
    refused: 'The producer turned this till away. Ask for a new code.',
  },
  'en',
);
