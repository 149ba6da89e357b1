import { dispatchOf } from '../floor.ts';
import { type PlannedCue, type Run, runningRun, runOf } from '../cues.ts';
import { cueTimes } from '../cue-times.ts';
import type { BodyOf, Fact } from '../ledger.ts';
import type { Cue } from '../plan.ts';
import { type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { toIso } from '../units.ts';
import type { Ask } from './ask.ts';
import { offerClosing, offerOpening } from './offer.ts';

/** Steps that commands, the timer and the closing of a show share. */

export function unlessLive(show: ShowState): (Decision & { ok: false }) | null {
  return show.phase === 'live' ? null : refuse('show-not-open', `The show is ${show.phase}, not live.`);
}

export function unknownCue(cue: string): Decision & { ok: false } {
  return refuse('unknown-cue', `There is no cue "${cue}".`, { field: 'cue' });
}

/** The same question, asked after some facts: ids come from seq. */
export function after(ask: Ask, facts: readonly Fact[]): Ask {
  return { ...ask, seq: ask.seq + facts.length };
}

/** Ends what runs, starts the cue, opens its offer and tells owners who were not told ahead: one transaction. */
export function starting(
  show: ShowState,
  { cue }: PlannedCue,
  { how, override }: { how: Run['how']; override: string | null },
  ask: Ask,
): { facts: Fact[]; run: string; effect: BodyOf<'cue.effect-settled'> | null } {
  const running = runningRun(show.cues);
  const facts = running ? ending(show, running, 'next', ask, cue.offer) : [];
  const run = `r${ask.seq + facts.length}`;
  const planned = cueTimes(show, ask.now.t).planned.get(cue.id) ?? null;
  facts.push({
    kind: 'cue.started',
    body: {
      cue: cue.id,
      run,
      plannedStart: planned === null ? null : toIso(planned),
      plannedMs: cue.durationMs,
      how,
      override,
      by: ask.actor.by,
    },
  });
  const opened = cue.offer === null ? [] : opening(show, cue, cue.offer, run, after(ask, facts));
  facts.push(...opened);
  facts.push(...dispatching(show, cue, 'go', after(ask, facts)));
  const effect = opened.find((fact) => fact.kind === 'cue.effect-settled')?.body ?? null;
  return { facts, run, effect };
}

/**
 * Ends a run. A drop whose window ends with its cue closes it, unless the next cue goes on with the same offer.
 *
 * @param nextOffer offer of the cue that starts in the same transaction
 */
export function ending(
  show: ShowState,
  run: Run,
  why: BodyOf<'cue.finished'>['why'],
  ask: Ask,
  nextOffer: string | null = null,
): Fact[] {
  const facts: Fact[] = [{ kind: 'cue.finished', body: { cue: run.cue, run: run.id, why, by: ask.actor.by } }];
  const cue = show.cues.byId.get(run.cue)?.cue;
  const isOpen = run.effects.get(HUB_LEG)?.outcome === 'opened';
  if (!cue?.offer || cue.offerCloses !== 'cue-end' || !isOpen || cue.offer === nextOffer) return facts;
  const closing = offerClosing(show, cue.offer, 'cue', after(ask, facts));
  // Refused: somebody or the cap has closed it already, which is what was wanted.
  if (closing.ok) facts.push(...closing.facts, settled(run, 'closed'));
  return facts;
}

/** One dispatch for each owner who has none for the coming run. */
export function dispatching(show: ShowState, cue: Cue, why: BodyOf<'cue.dispatched'>['why'], ask: Ask): Fact[] {
  return undispatched(show, cue).map((person, i) => ({
    kind: 'cue.dispatched',
    body: { dispatch: `d${ask.seq + i}`, cue: cue.id, person, why },
  }));
}

/** What was said for a run that has ended does not count for the next one. */
export function undispatched(show: ShowState, cue: Cue): string[] {
  const lastEnd = runOf(show.cues, cue.id)?.endT ?? -Infinity;
  return cue.owners.filter((person) => (dispatchOf(show.floor, cue.id, person)?.sentT ?? -Infinity) <= lastEnd);
}

/** Why the cue's offer would not open if GO came now; null when it would (CUE-15). */
export function offerWarning(show: ShowState, cue: Cue, ask: Ask): string | null {
  if (cue.offer === null) return null;
  const dryRun = offerOpening(show, cue.offer, 'cue', ask);
  return dryRun.ok || dryRun.refusal.code === ALREADY_OPEN ? null : dryRun.refusal.message;
}

/** The hub's own leg: tills and desk. Legs of outside systems settle later (CUE-23). */
export const HUB_LEG = 'hub';
const ALREADY_OPEN = 'already-open';

function opening(show: ShowState, cue: Cue, offer: string, run: string, ask: Ask): Fact[] {
  const closesAfterMs = typeof cue.offerCloses === 'number' ? cue.offerCloses : null;
  const decided = offerOpening(show, offer, 'cue', ask, closesAfterMs);
  const facts = decided.facts ?? [];
  const at = { id: run, cue: cue.id };
  if (decided.ok) return [...facts, settled(at, 'opened')];
  const { code, message } = decided.refusal;
  return [...facts, settled(at, code === ALREADY_OPEN ? 'opened' : 'refused', { code, message })];
}

function settled(
  run: Pick<Run, 'id' | 'cue'>,
  outcome: BodyOf<'cue.effect-settled'>['outcome'],
  why: { code: string | null; message: string | null } = { code: null, message: null },
): Fact {
  return { kind: 'cue.effect-settled', body: { cue: run.cue, run: run.id, leg: HUB_LEG, outcome, ...why } };
}
