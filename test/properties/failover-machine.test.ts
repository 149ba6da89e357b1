import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FINE, READY, STEP_MS } from '../../src/domain/failover/failover-testing.ts';
import { advance, ended } from '../../src/domain/failover/machine.ts';
import {
  type FailoverMachine,
  initialMachine,
  type Intent,
  type Look,
} from '../../src/domain/failover/machine-state.ts';
import { arm, confirm, decline, ensuring, foreignOutput, foreignScene } from '../../src/domain/failover/operator.ts';
import type { FailoverSight } from '../../src/domain/health/sight.ts';

/**
 * Random sights against random people, for hours of show: whatever comes, one act at a time, a minute apart, three in ten
 * minutes and then none; none in `observe`; no scene is left that may not be left; no stream is cut that flows.
 */

type Event =
  | { do: 'sight'; change: Partial<FailoverSight>; retryInMs: number | null }
  | { do: 'scene'; scene: string }
  | { do: 'output'; what: 'start' | 'stop' }
  | { do: 'arm'; mode: FailoverMachine['mode'] }
  | { do: 'yes' | 'no' }
  | { do: 'recording'; active: boolean };

const grade = fc.constantFrom(0, 1, 2) as fc.Arbitrary<0 | 1 | 2>;
const sight: fc.Arbitrary<Partial<FailoverSight>> = fc.record({
  transport: grade,
  signals: fc.nat({ max: 4 }),
  source: grade,
  obsCritical: fc.constantFrom(false, false, false, false, true),
  streaming: fc.constantFrom(true, true, true, true, false),
  flowing: fc.boolean(),
  growingMs: fc.constantFrom(0, 2000, 60_000),
  lagMs: fc.constantFrom(null, 40, 3000),
  reconnectingMs: fc.constantFrom(0, 0, 4000, 20_000),
  stallMs: fc.constantFrom(0, 1000, 4000, 30_000),
  primaryProbeOkRunning: fc.constantFrom(0, 1, 5),
  backupProbeOkRunning: fc.constantFrom(0, 3, 9, 9),
  ingestGrows: fc.boolean(),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('sight' as const),
      change: sight,
      retryInMs: fc.constantFrom(null, 1000, 30_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('scene' as const),
      scene: fc.constantFrom('Live', 'Slate', 'Wide', 'Off limits'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('output' as const), what: fc.constantFrom('start', 'stop') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('arm' as const),
      mode: fc.constantFrom('auto', 'auto', 'confirm', 'observe'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('yes' as const, 'no' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recording' as const), active: fc.boolean() }) },
);
const turn = fc.record({
  seconds: fc.constantFrom(0.25, 2, 6, 20, 70),
  event,
  outcome: fc.constantFrom('done' as const, 'done' as const, 'failed' as const, 'cancelled' as const),
  actLastsSteps: fc.nat({ max: 30 }),
});

/** Drives a machine and checks at every act what must never be. @returns the acts that the machine took by itself */
class Judge {
  readonly machine = initialMachine();
  readonly automatic: number[] = [];
  sinceArmed: number[] = [];
  look: Look = { ...READY, ms: 0, sight: { ...FINE } };
  #endsAt: number | null = null;
  #names = 0;
  outcome: 'done' | 'failed' | 'cancelled' = 'done';
  lastsSteps = 0;

  step(): void {
    const { machine } = this;
    this.look.ms += STEP_MS;
    if (this.#endsAt !== null && this.look.ms >= this.#endsAt) {
      this.#endsAt = null;
      const { running } = machine;
      if (
        this.outcome === 'done' &&
        running !== null &&
        (running.what === 'show-slate' || running.what === 'clear-slate')
      )
        this.look.sight.scene = running.to;
      this.take(ended(machine, this.look.ms, this.outcome));
    }
    this.take(advance(machine, { ...this.look, sight: { ...this.look.sight } }));
  }

  take(intents: readonly Intent[], byPerson = false): void {
    for (const intent of intents) {
      if (intent.do === 'propose' && this.machine.pending) this.machine.pending.action = `f${(this.#names += 1)}`;
      if (intent.do === 'ensure-recording') {
        expect(this.#endsAt).toBeNull();
        ensuring(this.machine, this.look.ms);
        this.#endsAt = this.look.ms + STEP_MS;
      }
      if (intent.do === 'act') this.#act(intent, byPerson);
    }
  }

  #act(act: Intent & { do: 'act' }, byPerson: boolean): void {
    const { ms, sight, allowScenes, liveScene, slateScene, scenes } = this.look;
    expect(this.#endsAt, 'one in flight').toBeNull();
    this.#endsAt = ms + (1 + this.lastsSteps) * STEP_MS;
    if (byPerson) return;
    expect(this.machine.mode).toBe('auto');
    expect(ms - (this.automatic.at(-1) ?? -Infinity), 'a minute apart').toBeGreaterThanOrEqual(60_000);
    this.automatic.push(ms);
    this.sinceArmed.push(ms);
    expect(this.sinceArmed.filter((at) => ms - at < 600_000).length).toBeLessThanOrEqual(3);
    expect(sight.obsCritical).toBe(false);
    if (act.what === 'show-slate' || act.what === 'clear-slate') {
      expect([liveScene, slateScene, ...allowScenes]).toContain(sight.scene);
      expect(act.from).toBe(sight.scene);
      expect(scenes).toContain(act.to);
    } else {
      expect(sight.ingestGrows, 'what flows is not cut').toBe(false);
      expect(act.to === 'primary' && act.what === 'switch-ingest', 'never back by itself').toBe(false);
    }
  }

  hear(happening: Event): void {
    const { machine, look } = this;
    switch (happening.do) {
      case 'sight':
        Object.assign(look.sight, happening.change);
        look.retryInMs = happening.retryInMs;
        look.isWeak = look.sight.transport > 0;
        return;
      case 'scene':
        if (look.sight.scene === happening.scene) return;
        look.sight.scene = happening.scene;
        return this.take(foreignScene(machine, look.ms));
      case 'output':
        return this.take(foreignOutput(machine, happening.what));
      case 'arm':
        this.sinceArmed = [];
        return this.take(arm(machine, happening.mode));
      case 'recording':
        look.recording = { ...look.recording, active: happening.active };
        return;
      default: {
        const action = machine.pending?.action ?? '';
        if (happening.do === 'no') return this.take(decline(machine, action, look.ms) ?? []);
        const act = confirm(machine, action, look.ms);
        if (act !== null) this.take([act], true);
      }
    }
  }
}

describe('the failover machine', () => {
  it('keeps its limits whatever is seen and whatever people do', () => {
    let acts = 0;
    fc.assert(
      fc.property(fc.array(turn, { minLength: 100, maxLength: 250 }), (turns) => {
        const judge = new Judge();
        judge.hear({ do: 'arm', mode: 'auto' });
        for (const { seconds, event: happening, outcome, actLastsSteps } of turns) {
          judge.outcome = outcome;
          judge.lastsSteps = actLastsSteps;
          judge.hear(happening);
          for (let passed = 0; passed < seconds * 1000; passed += STEP_MS) judge.step();
        }
        acts += judge.automatic.length;
      }),
      { numRuns: 150, seed: 7 },
    );
    // A machine that never acts would pass too.
    expect(acts).toBeGreaterThan(150);
  });

  it('gives the same answers to the same story', () => {
    fc.assert(
      fc.property(fc.array(turn, { minLength: 20, maxLength: 60 }), (turns) => {
        const tell = (): string => {
          const judge = new Judge();
          judge.hear({ do: 'arm', mode: 'auto' });
          for (const { seconds, event: happening } of turns) {
            judge.hear(happening);
            for (let passed = 0; passed < seconds * 1000; passed += STEP_MS) judge.step();
          }
          return JSON.stringify([judge.machine, judge.automatic]);
        };
        expect(tell()).toBe(tell());
      }),
      { numRuns: 20, seed: 11 },
    );
  });

  it('never takes the nearest scene for the one that is named', () => {
    const names = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 0, maxLength: 12 });
    const near = fc.constantFrom(
      'slate',
      'SLATE',
      'Slate ',
      ' Slate',
      'Slate 2',
      'Slаte',
      'S1ate',
      'Slatе',
      'Slate\u200b',
    );
    fc.assert(
      fc.property(names, fc.array(near, { maxLength: 5 }), (some, nearly) => {
        const judge = new Judge();
        judge.hear({ do: 'arm', mode: 'auto' });
        judge.look.scenes = ['Live', ...some, ...nearly].filter((scene) => scene !== 'Slate');
        judge.look.sight.source = 2;
        for (let step = 0; step < 80; step += 1) judge.step();
        expect(judge.automatic).toEqual([]);
        expect(judge.machine.pending).toBeNull();
      }),
      { numRuns: 600, seed: 13 },
    );
  });
});
