import { addTime, backCue, goNext, markMoment, pauseOrResume, standbySelected } from './cue-actions.ts';
import { activeAlarms, clearedUnseen } from './alarms.ts';
import { answersSentence } from './answers-sentence.ts';
import { confirmProposal, declineProposal } from './failover-actions.ts';
import type { Desk } from './desk.svelte.ts';
import type { DeskKey } from '../lib/i18n/desk.ts';

/**
 * Everything the desk can be told by key. The one list that feeds keys, palette and the shortcut sheet; a test refuses
 * two actions on one key.
 */
export interface Action {
  id: string;
  label: DeskKey & `act.${string}`;
  /** as `keyName` writes it: "Space", "Shift+Space", "Mod+k", "?"; null: palette only */
  key: string | null;
  /** as the sheet shows it */
  shown: string;
  /** as the native menu calls it (`src/main/menu.ts`) */
  menu?: string;
  run: (desk: Desk) => unknown;
  /** absent: always */
  when?: (desk: Desk) => boolean;
}

const hasShow = (desk: Desk): boolean => desk.state.show !== null;
const isLive = (desk: Desk): boolean => desk.state.show?.phase === 'live';
const isRunning = (desk: Desk): boolean => isLive(desk) && desk.state.cues.current !== null;
const topAlarm = (desk: Desk) =>
  activeAlarms(desk.state.alarms, desk.hub.now).find((alarm) => alarm.acknowledgedAt === null) ??
  clearedUnseen(desk.state.alarms)[0];

export const ACTIONS: Action[] = [
  { id: 'go', label: 'act.go', key: 'Space', shown: 'Space', when: isLive, run: (desk) => goNext(desk) },
  { id: 'back', label: 'act.back', key: 'Shift+Space', shown: 'Shift+Space', when: isRunning, run: backCue },
  { id: 'pause', label: 'act.pause', key: 'p', shown: 'P', when: isRunning, run: pauseOrResume },
  { id: 'standby', label: 'act.standby', key: 's', shown: 'S', when: isLive, run: standbySelected },
  { id: 'plus', label: 'act.plus', key: '+', shown: '+', when: isRunning, run: (desk) => addTime(desk, 60_000) },
  { id: 'minus', label: 'act.minus', key: '-', shown: '−', when: isRunning, run: (desk) => addTime(desk, -60_000) },
  {
    id: 'finish',
    label: 'act.finish',
    key: null,
    shown: '',
    when: isRunning,
    run: (desk) => desk.cueTools.send('finish-cue', {}),
  },
  {
    id: 'skip',
    label: 'act.skip',
    key: null,
    shown: '',
    when: (desk) => isLive(desk) && desk.selectedCue !== null,
    run: (desk) => (desk.selectedCue === null ? undefined : desk.cueTools.send('skip-cue', { cue: desk.selectedCue })),
  },
  { id: 'mark', label: 'act.mark', key: 'm', shown: 'M', menu: 'mark-moment', when: isLive, run: markMoment },
  {
    id: 'ack',
    label: 'act.ack',
    key: 'a',
    shown: 'A',
    when: (desk) => topAlarm(desk) !== undefined,
    run: (desk) => {
      const alarm = topAlarm(desk);
      return alarm && desk.alarmPress.send('acknowledge-alarm', { alarm: alarm.id });
    },
  },
  {
    id: 'ack-all',
    label: 'act.ackAll',
    key: 'Shift+a',
    shown: 'Shift+A',
    when: (desk) => topAlarm(desk) !== undefined,
    run: (desk) => desk.alarmPress.send('acknowledge-alarm', { alarm: 'all' }),
  },
  {
    id: 'shelve',
    label: 'act.shelve',
    key: 'z',
    shown: 'Z',
    when: (desk) => activeAlarms(desk.state.alarms, desk.hub.now).length > 0,
    run: (desk) => {
      const alarm = activeAlarms(desk.state.alarms, desk.hub.now)[0];
      return alarm && desk.alarmPress.send('shelve-alarm', { alarm: alarm.id, untilMs: 300_000 });
    },
  },
  {
    id: 'alarms',
    label: 'act.alarms',
    key: 'F2',
    shown: 'F2',
    menu: 'alarms',
    when: hasShow,
    run: (desk) => desk.open({ name: 'alarms' }),
  },
  {
    id: 'stream',
    label: 'act.stream',
    key: 'y',
    shown: 'Y',
    when: hasShow,
    run: (desk) => desk.open({ name: 'stream' }),
  },
  {
    id: 'audit',
    label: 'act.audit',
    key: 'c',
    shown: 'C',
    when: hasShow,
    run: (desk) => desk.open({ name: 'audit' }),
  },
  {
    id: 'run-audit',
    label: 'act.runAudit',
    key: null,
    shown: '',
    when: (desk) => hasShow(desk) && desk.state.audit.running === null,
    run: (desk) => {
      desk.open({ name: 'audit' });
      return desk.audit(null);
    },
  },
  {
    id: 'confirm',
    label: 'act.confirm',
    key: 'Shift+y',
    shown: 'Shift+Y',
    when: (desk) => desk.state.failover.pending !== null,
    run: confirmProposal,
  },
  {
    id: 'decline',
    label: 'act.decline',
    key: 'x',
    shown: 'X',
    when: (desk) => (desk.state.failover.pending ?? desk.state.failover.running) !== null,
    run: declineProposal,
  },
  {
    id: 'import-viewers',
    label: 'act.importViewers',
    key: null,
    shown: '',
    when: hasShow,
    run: (desk) => desk.open({ name: 'import', what: 'viewers' }),
  },
  { id: 'region', label: 'act.region', key: 'F6', shown: 'F6', run: nextRegion },
  {
    id: 'sale',
    label: 'act.sale',
    key: 'n',
    shown: 'N',
    menu: 'new-sale',
    when: hasShow,
    run: (desk) => desk.open({ name: 'sale' }),
  },
  {
    id: 'settle',
    label: 'act.settle',
    key: 'w',
    shown: 'W',
    when: hasShow,
    run: (desk) => desk.open({ name: 'settle' }),
  },
  {
    id: 'find-sale',
    label: 'act.findSale',
    key: 'f',
    shown: 'F',
    when: hasShow,
    run: (desk) => desk.open({ name: 'find-sale', suggestedTo: null }),
  },
  {
    id: 'pickups',
    label: 'act.pickups',
    key: 'u',
    shown: 'U',
    when: hasShow,
    run: (desk) => desk.open({ name: 'pickups' }),
  },
  {
    id: 'no-receipt',
    label: 'act.noReceipt',
    key: null,
    shown: '',
    when: hasShow,
    run: (desk) => desk.open({ name: 'no-receipt' }),
  },
  {
    id: 'stock',
    label: 'act.receive',
    key: null,
    shown: '',
    when: hasShow,
    run: (desk) => desk.open({ name: 'stock', sku: null }),
  },
  {
    id: 'drawers',
    label: 'act.drawers',
    key: 'd',
    shown: 'D',
    when: hasShow,
    run: (desk) => desk.open({ name: 'drawers', till: null }),
  },
  {
    id: 'till-sales',
    label: 'act.tillSales',
    key: null,
    shown: '',
    when: hasShow,
    run: (desk) => desk.open({ name: 'till-sales' }),
  },
  {
    id: 'costs',
    label: 'act.costs',
    key: null,
    shown: '',
    when: hasShow,
    run: (desk) => desk.open({ name: 'costs' }),
  },
  {
    id: 'door',
    label: 'act.door',
    key: 'g',
    shown: 'G',
    when: hasShow,
    run: (desk) => desk.open({ name: 'door' }),
  },
  {
    id: 'message',
    label: 'act.message',
    key: 't',
    shown: 'T',
    when: hasShow,
    run: (desk) => desk.open({ name: 'message', to: null, text: '' }),
  },
  {
    id: 'connect',
    label: 'act.connect',
    key: 'l',
    shown: 'L',
    menu: 'connect',
    when: hasShow,
    run: (desk) => desk.open({ name: 'connect' }),
  },
  {
    id: 'answers',
    label: 'act.answers',
    key: 'i',
    shown: 'I',
    when: hasShow,
    run: (desk) => desk.say(answersSentence(desk)),
  },
  { id: 'palette', label: 'act.palette', key: 'Mod+k', shown: 'Ctrl+K', run: (desk) => desk.open({ name: 'palette' }) },
  {
    id: 'shortcuts',
    label: 'act.shortcuts',
    key: '?',
    shown: '?',
    menu: 'shortcuts',
    run: (desk) => desk.open({ name: 'shortcuts' }),
  },
  {
    id: 'mode-setup',
    label: 'act.setup',
    key: 'Mod+1',
    shown: 'Ctrl+1',
    when: hasShow,
    run: (desk) => desk.choose('setup'),
  },
  {
    id: 'mode-live',
    label: 'act.live',
    key: 'Mod+2',
    shown: 'Ctrl+2',
    when: hasShow,
    run: (desk) => desk.choose('live'),
  },
  {
    id: 'mode-close',
    label: 'act.close',
    key: 'Mod+3',
    shown: 'Ctrl+3',
    when: hasShow,
    run: (desk) => desk.choose('close'),
  },
  {
    id: 'shows',
    label: 'act.newShow',
    key: 'Mod+o',
    shown: 'Ctrl+O',
    when: hasShow,
    run: (desk) => desk.open({ name: 'shows' }),
  },
  {
    id: 'stop-demo',
    label: 'act.stopDemo',
    key: null,
    shown: '',
    when: (desk) => desk.state.show?.demo === true,
    run: (desk) => desk.ask('stop-demo', {}),
  },
];

/** Moves the focus to the next region of the page, for people without a pointer. */
function nextRegion(): void {
  const regions = [
    ...document.querySelectorAll<HTMLElement>('header, [aria-label].bar, main section, main nav, footer[aria-label]'),
  ].filter((one) => one.offsetParent !== null);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + 1) % regions.length];
  const target =
    next?.querySelector<HTMLElement>('button:not(:disabled), a[href], input, select, textarea, [tabindex="0"]') ?? next;
  if (!target) return;
  if (target === next && !next.hasAttribute('tabindex')) next.tabIndex = -1;
  target.focus();
}
