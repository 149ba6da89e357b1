import { DEFAULT_RULES } from './rules.ts';
import { TIMER } from '../actor.ts';
import { wallOf } from '../clock.ts';
import { type CueTimes, cueTimes } from '../cue-times.ts';
import { nextCue } from '../cues.ts';
import type { Fact, OriginFact } from '../ledger.ts';
import type { Cue } from '../plan.ts';
import type { ShowState } from '../show.ts';
import { type Duration, fromIso, type HubTime, type Now, SECOND } from '../units.ts';
import type { Ask } from './ask.ts';
import { dispatching, starting, undispatched } from './cue-steps.ts';

/** Owners are told this long before their cue is expected to start (CUE-29). */
export const AHEAD: Duration = 120 * SECOND;
/** A start missed by more than this, by a restart or a sleep, is a person's to decide (CUE-20). */
const MISSED: Duration = 5 * SECOND;

/** Cues that start themselves, and dispatches ahead of time. Asked several times a second. */
export function dueCues(show: ShowState, now: Now): OriginFact[] {
  if (show.phase !== 'live') return [];
  const next = nextCue(show.cues);
  if (!next) return [];
  const times = cueTimes(show, now.t);
  const ask = timerAsk(show, now);
  const dueT = autoStartT(show, next.cue, times, now);
  if (dueT !== null && dueT <= now.t && now.t - dueT <= MISSED) {
    const { facts } = starting(show, next, { how: 'auto', override: null }, ask);
    return named(facts, `auto:${next.cue.id}:1`);
  }
  const start = times.expected.get(next.cue.id)?.start;
  if (start === undefined || start - wallOf(show.clock, now.t) > AHEAD) return [];
  const told = [...show.floor.dispatches.values()].filter(({ cue }) => cue === next.cue.id).length;
  return undispatched(show, next.cue).length === 0
    ? []
    : named(dispatching(show, next.cue, 'ahead', ask), `ahead:${next.cue.id}:${told}`);
}

/**
 * When the cue is due to start itself: linked, when the cue before it reaches 0; else at its clock time. Once a show, so
 * that a GO taken back does not come again by itself. A drop never does: opening sales is a person's act.
 */
function autoStartT(show: ShowState, cue: Cue, { running }: CueTimes, now: Now): HubTime | null {
  if (!cue.autoStart || cue.kind === 'drop' || show.cues.runs.some((run) => run.cue === cue.id)) return null;
  if (cue.start.rule !== 'linked') return fromIso(cue.start.at) - show.clock.k;
  return running && !running.paused && running.remainingMs !== null ? now.t + running.remainingMs : null;
}

function timerAsk(show: ShowState, now: Now): Ask {
  return { id: 'timer', actor: TIMER, now, seq: show.seq + 1, refOf: () => '', rules: DEFAULT_RULES };
}

function named(facts: Fact[], name: string): OriginFact[] {
  return facts.map((fact, i) => ({
    ...fact,
    origin: TIMER.key,
    originId: fact.kind === 'cue.started' ? name : `${name}:${i}`,
  }));
}
