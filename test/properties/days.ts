import fc from 'fast-check';
import { breaches } from '../../src/domain/testing-invariants.ts';
import { type Day, leaseBreaches, makeDay } from './day.ts';
import { DAY_PLAN } from './day-dice.ts';
import { step } from './day-steps.ts';
import type { Fact } from '../../src/domain/ledger.ts';
import { now } from '../../src/domain/testing.ts';
import { drawerBreaches, expiredHoldBreaches, reportBreaches } from './reading.ts';
import { evolve } from '../../src/domain/show.ts';
import { walkBreaches } from './walk.ts';

/**
 * The invariants of specs/commerce.md §3 over random market days of 200 steps, dealt to the shards market-day-1 … 4.
 * Of a failure the seed plays the same days again.
 */
export const STEPS_A_DAY = 200;
/** the whole state is looked at after so many steps; of a day that breaks an invariant, after each */
const LOOK_EVERY = 50;
/** one day in so many is folded again from nothing and reported */
const LOOK_BACK_EVERY = 10;

export interface Played {
  days: number;
  entries: number;
  /** commands that were accepted, and that were refused */
  accepted: number;
  refused: number;
  /** sales that tills made cut off, within their lease */
  withinLease: number;
}

/** @throws with the seed, the smallest day and its first breach, when a day breaks an invariant */
export function playDays({ days, seed }: { days: number; seed: number }): Played {
  const played: Played = { days, entries: 0, accepted: 0, refused: 0, withinLease: 0 };
  const run = fc.check(
    fc.property(aDay, (codes) => {
      const day = playDay(codes);
      played.entries += day.show.entries.length;
      played.withinLease += day.withinLease.size;
      for (const { ok } of day.answers.values()) played[ok ? 'accepted' : 'refused'] += 1;
    }),
    { numRuns: days, seed, endOnFailure: true },
  );
  if (!run.failed) return played;
  const codes = smaller(run.counterexample?.[0] ?? []);
  const shown = codes.filter((code) => code !== 0).join(', ');
  const message = `DROPDESK_SEED=${seed}, day ${run.counterexamplePath ?? ''}: ${firstBreach(codes)} (steps ${shown})`;
  throw new Error(message, { cause: run.errorInstance });
}

/** The same day without the steps that its breach does not need. fast-check's own search is thorough and takes minutes. */
function smaller(codes: readonly number[]): number[] {
  const kept = [...codes];
  const wanted = idOf(codes);
  for (const [i, code] of codes.entries()) {
    kept[i] = 0;
    if (idOf(kept) !== wanted) kept[i] = code;
  }
  return kept;
}

/** The invariant that a day breaks, "" when it breaks none. */
function idOf(codes: readonly number[]): string {
  try {
    playDay(codes);
    return '';
  } catch (error) {
    return /I\d+/.exec(String(error))?.[0] ?? String(error);
  }
}

export const aDay = fc.noBias(
  fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: STEPS_A_DAY, maxLength: STEPS_A_DAY }),
);

/** @throws when an invariant is broken */
export function playDay(codes: readonly number[], meddle?: (fact: Fact) => Fact): Day {
  const day = dayOf(meddle);
  codes.forEach((code, i) => {
    step(day, code);
    if (i % LOOK_EVERY === LOOK_EVERY - 1) complain(look(day));
  });
  complain(leaseBreaches(day));
  if ((codes[0] ?? 0) % LOOK_BACK_EVERY === 0) complain(lookBack(day));
  return day;
}

/** The same day, looked at after each step. */
export function firstBreach(codes: readonly number[], meddle?: (fact: Fact) => Fact): string {
  const day = dayOf(meddle);
  for (const [i, code] of codes.entries()) {
    const name = step(day, code);
    const found = [...look(day), ...lookBack(day)];
    if (found.length > 0) return `after step ${i}, ${name}: ${found.join('; ')}`;
  }
  return 'an invariant was broken once and not again';
}

function dayOf(meddle: ((fact: Fact) => Fact) | undefined): Day {
  const day = makeDay(DAY_PLAN);
  if (meddle) day.show.meddle = meddle;
  return day;
}

function complain(found: readonly string[]): void {
  if (found.length > 0) throw new Error(found.join('; '));
}

function look({ show }: Day): string[] {
  return [
    ...breaches(show.state, show.entries),
    ...expiredHoldBreaches(show.state, now(show)),
    ...drawerBreaches(show.state, show.entries),
  ];
}

/** The day folded again from nothing, and written as the report. */
function lookBack(day: Day): string[] {
  const { state, entries } = day.show;
  return [...leaseBreaches(day), ...walkBreaches(state, entries, evolve), ...reportBreaches(state.id, entries)];
}
