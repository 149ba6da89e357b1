import type { CueView } from '../../../contract/cue-state.ts';
import { countdown, duration, signedDuration } from '../../lib/format.ts';
import { t } from '../../lib/i18n/desk.ts';

const ON_TIME_MS = 15_000;
const AMBER_AFTER_MS = 10_000;

/** "2:30 behind", "on time" within ±15 s (CUE-9). */
export function overUnderWords(overUnderMs: number): string {
  if (Math.abs(overUnderMs) <= ON_TIME_MS) return t('time.onTime');
  return t(overUnderMs > 0 ? 'time.behind' : 'time.ahead', { time: duration(overUnderMs).replace(/^0(?=\d)/, '') });
}

/** The state of a row and how far its dispatch has come, e.g. "Standby, ready" or "On air, seen". */
export function cueStateText(cue: CueView, now: number, person: (id: string) => string): string {
  const state = t(STATE_KEYS[cue.state]);
  if (cue.state === 'done' || cue.state === 'skipped') return state;
  if (cue.outcome?.outcome === 'refused' || cue.outcome?.outcome === 'unknown') {
    return t('run.with', { a: state, b: t('run.notOpened') });
  }
  const answer = dispatchText(cue, now, person);
  return answer === '' ? state : t('run.with', { a: state, b: answer });
}

const STATE_KEYS = {
  planned: 'run.planned',
  standby: 'run.standby',
  running: 'run.onAir',
  paused: 'run.pausedState',
  done: 'run.done',
  skipped: 'run.skipped',
} as const;

/** The slowest owner decides (CUE-30); a "no" or a plea for time comes before everything. */
export function dispatchText(cue: CueView, now: number, person: (id: string) => string): string {
  const { dispatches } = cue;
  if (dispatches.length === 0) return '';
  const declined = dispatches.find((one) => one.state === 'declined');
  if (declined) return t('run.declined', { who: person(declined.person) });
  const waiting = dispatches.find((one) => one.state === 'need-a-minute');
  if (waiting) return t('run.needMinute', { who: person(waiting.person) });
  if (cue.ready) return t('run.ready');
  const undelivered = dispatches.find((one) => one.state === 'sent');
  if (undelivered)
    return dispatches.length > 1
      ? t('run.notDeliveredWho', { who: person(undelivered.person) })
      : t('run.notDelivered');
  if (dispatches.some((one) => one.state === 'delivered')) return t('run.delivered');
  const seen = dispatches.find((one) => one.state === 'seen');
  if (!seen) return '';
  return cue.state === 'running' || cue.state === 'paused'
    ? t('run.seen')
    : t('run.seenWait', { time: duration(Math.max(0, now - Date.parse(seen.at))) });
}

/** A standby that nobody has answered for 10 s, or that somebody has declined, wants to be looked at. */
export function needsLook(cue: CueView, now: number): boolean {
  if (cue.state !== 'standby' && cue.state !== 'planned') return false;
  return cue.dispatches.some(
    (one) => one.state === 'declined' || (one.state !== 'accepted' && now - Date.parse(one.at) > AMBER_AFTER_MS),
  );
}

/** The last column: what is left of the running cue, how much a done one was over or under its length. */
export function overText(cue: CueView, remainingMs: number | null): string {
  if (cue.state === 'running' || cue.state === 'paused') {
    if (remainingMs === null) return '';
    // From an hour up the figure alone fills the column.
    const isShort = remainingMs > -1000 && remainingMs < 3_600_000;
    return isShort ? t('run.left', { time: countdown(remainingMs) }) : countdown(remainingMs);
  }
  if (cue.state === 'done' && cue.startedAt !== null && cue.endedAt !== null && cue.durationMs > 0) {
    return signedDuration(Date.parse(cue.endedAt) - Date.parse(cue.startedAt) - cue.durationMs);
  }
  return '';
}
