import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cue, liveCues, timesNow } from './cue-testing.ts';
import { refold, restart, run, type TestShow, wait } from './testing.ts';
import { type Instant, SECOND, toIso } from './units.ts';

/**
 * A clock as a child would build it: every second that passes is added to whatever runs. A run that GO has ended goes
 * on counting in secret, so that taking GO back needs no arithmetic.
 */
class CountingModel {
  runs: { cue: number; elapsed: number; added: number; paused: boolean; state: 'on' | 'left' | 'finished' }[] = [];
  wall: Instant;
  readonly start: Instant;
  readonly durations: number[];

  constructor(start: Instant, durations: number[]) {
    this.start = start;
    this.wall = start;
    this.durations = durations;
  }

  pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.wall += SECOND;
      for (const one of this.runs) if (one.state !== 'finished' && !one.paused) one.elapsed += SECOND;
    }
  }

  get on() {
    return this.runs.find(({ state }) => state === 'on');
  }

  apply(act: Act): void {
    const { on } = this;
    const last = this.runs.at(-1);
    if (act.kind === 'go' && (last?.cue ?? -1) + 1 < this.durations.length) {
      if (on) on.state = 'left';
      this.runs.push({ cue: (last?.cue ?? -1) + 1, elapsed: 0, added: 0, paused: false, state: 'on' });
    }
    if (!on) return;
    if (act.kind === 'pause') on.paused = true;
    if (act.kind === 'resume') on.paused = false;
    if (act.kind === 'finish') on.state = 'finished';
    if (act.kind === 'add' && this.length(on) + act.ms >= 0) on.added += act.ms;
    if (act.kind === 'back' && this.runs.length > 1) {
      this.runs.pop();
      const before = this.runs.at(-1);
      if (before?.state === 'left') before.state = 'on';
    }
  }

  length({ cue: index, added }: { cue: number; added: number }): number {
    return (this.durations[index] ?? 0) + added;
  }

  /** what a desk should show now */
  shown() {
    const { on } = this;
    if (!on) return null;
    const remaining = this.length(on) - on.elapsed;
    const plannedEnd = this.durations.slice(0, on.cue + 1).reduce((sum, ms) => sum + ms, this.start);
    return {
      cue: `c${on.cue}`,
      elapsedMs: on.elapsed,
      remainingMs: remaining,
      paused: on.paused,
      absoluteMs: this.wall + Math.max(0, remaining) - plannedEnd,
    };
  }
}

type Act =
  | { kind: 'go' | 'pause' | 'resume' | 'finish' | 'back' | 'restart' }
  | { kind: 'add'; ms: number }
  | { kind: 'wait'; seconds: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 2400 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('go' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('finish' as const, 'back' as const, 'restart' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      ms: fc.integer({ min: -600, max: 600 }).map((s) => s * SECOND),
    }),
  },
);

/** Over midnight, over both changes of the clocks in Lisbon, and in the middle of an ordinary evening. */
const starts = ['2026-06-20T22:40:00Z', '2026-10-25T00:20:00Z', '2026-03-29T00:20:00Z', '2026-11-28T19:00:00Z'].map(
  (text) => Date.parse(text),
);

function play(show: TestShow, one: Act): void {
  switch (one.kind) {
    case 'wait':
      return wait(show, one.seconds * SECOND);
    case 'restart':
      return restart(show, SECOND);
    case 'add':
      return void run(show, { kind: 'add-time', ms: one.ms });
    case 'go': {
      // The half second between two presses is not what is tried here.
      const next = timesNow(show).next;
      return void run(show, next === null ? { kind: 'start-cue' } : { kind: 'start-cue', cue: next });
    }
    default:
      return void run(show, { kind: `${one.kind}-cue` });
  }
}

it('agrees with a second-by-second counter over any acts, restarts, midnights and clock changes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...starts),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
      fc.array(act, { maxLength: 40 }),
      (start, minutes, acts) => {
        const durations = minutes.map((minute) => minute * 60 * SECOND);
        const cues = durations.map((durationMs, i) =>
          cue(`c${i}`, { durationMs, ...(i === 0 ? { start: { rule: 'hard' as const, at: toIso(start) } } : {}) }),
        );
        const show = liveCues(cues, start);
        const model = new CountingModel(start, durations);
        for (const one of acts) {
          play(show, one);
          if (one.kind === 'wait') model.pass(one.seconds);
          else if (one.kind === 'restart') model.pass(1);
          else model.apply(one);
          const { running, absoluteMs } = timesNow(show);
          const shown = running && {
            cue: running.cue,
            elapsedMs: running.elapsedMs,
            remainingMs: running.remainingMs,
            paused: running.paused,
            absoluteMs,
          };
          expect(shown).toEqual(model.shown());
        }
        // A ledger that is read again tells the same.
        const before = timesNow(show);
        show.state = refold(show.entries);
        expect(timesNow(show)).toEqual(before);
      },
    ),
    { numRuns: 200 },
  );
});
