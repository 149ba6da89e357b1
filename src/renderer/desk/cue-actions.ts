import { clockTime } from '../lib/format.ts';
import { t } from '../lib/i18n/desk.ts';
import type { Desk } from './desk.svelte.ts';

/** What the GO bar, the keys and the palette do to the run of show; one place, so that they cannot differ. */

/** Starts the next cue as the presser saw it: another desk may have been faster, and then nothing happens (CUE-14). */
export async function goNext(desk: Desk, overrideReason?: string): Promise<void> {
  const next = desk.state.cues.next;
  if (next === null) return;
  const reply = await desk.go.send('start-cue', { expect: next, ...(overrideReason ? { overrideReason } : {}) });
  if (reply?.ok) desk.say(t('go.started', { title: desk.cueTitle(next) }));
}

export async function backCue(desk: Desk): Promise<void> {
  const reply = await desk.cueTools.send('back-cue', {});
  if (reply?.ok) desk.say(t('go.backTo'));
}

export function pauseOrResume(desk: Desk): Promise<unknown> {
  const running = currentCue(desk);
  return desk.cueTools.send(running?.state === 'paused' ? 'resume-cue' : 'pause-cue', {});
}

export function addTime(desk: Desk, ms: number): Promise<unknown> {
  return desk.cueTools.send('add-time', { ms });
}

export async function markMoment(desk: Desk): Promise<void> {
  const pressed = desk.hub.now;
  const reply = await desk.cueTools.send('mark-moment', { pressedAt: new Date(pressed).toISOString() });
  if (reply?.ok) desk.say(t('go.marked', { time: clockTime(pressed, desk.show.timeZone, true) }));
}

export function standbySelected(desk: Desk): Promise<unknown> {
  const cue = desk.selectedCue ?? desk.state.cues.next;
  return cue === null ? Promise.resolve() : desk.cueTools.send('standby-cue', { cue });
}

export function currentCue(desk: Desk) {
  const { current, list } = desk.state.cues;
  return current === null ? null : (list.find((cue) => cue.id === current) ?? null);
}
