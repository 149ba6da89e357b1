import type { Catalogue } from '../../lib/i18n/translate.ts';

/**
 * Every sentence that a floor page says by itself, in English; refusals come from the hub with their own. Kept apart
 * from the desk's catalogue because a phone on a weak Wi-Fi has to fetch it.
 */
export const en = {
  'link.connecting': 'Connecting',
  'link.live': 'Connected',
  'link.stale': 'No link {n} s',
  'link.waiting': '{n} waiting',
  'awake.held': 'Screen stays on',
  'awake.proven': 'Screen stays on',
  'awake.playing': 'Screen should stay on',
  'awake.off': 'Screen may sleep',
  'awake.refused': 'Screen may sleep',
  'awake.advice': 'This phone may switch its screen off: set Auto-Lock (screen timeout) to Never for the show.',
  'gate.connecting': 'Looking for the hub…',
  'gate.pending': 'The producer has to approve this till first.',
  'gate.digits': 'Read the six digits on the join page to the producer. This page starts by itself.',
  'gate.unpaired': 'This device has not joined. Ask the producer for a code and scan it.',
  'gate.revoked': 'The producer has removed this device. Ask for a new code to come back.',
  'gate.otherRole': 'This device has joined for another page.',
  'gate.open': 'Open it',
  demo: 'DEMO',
  ok: 'OK',
  close: 'Close',

  'state.wait': 'WAIT',
  'state.standby': 'STANDBY',
  'state.on-air': 'ON AIR',
  'state.wrap-up': 'WRAP UP',
  'state.over': 'OVER',
  'state.break': 'BREAK',
  'state.ended': 'ENDED',
  'cue.timeLeft': 'Time left',
  'cue.runningFor': 'Running for',
  'cue.paused': 'Paused',
  'cue.ended': 'The show is over. Thank you.',
  'cue.now': 'Now',
  'cue.next': 'Next',
  'cue.and': 'and',

  'wall.page': 'Wall',
  'wall.upNext': 'UP NEXT',
  'wall.nothing': 'Nothing is on',
  'stream.ok': 'Stream on',
  'stream.trouble': 'Stream in trouble',
  'stream.down': 'Stream down',
  'stream.off': 'No stream',
} as const satisfies Catalogue;
