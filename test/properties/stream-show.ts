import type { HealthSample } from '../../src/domain/health/sample.ts';
import { streamDice, type StreamDice } from './stream-dice.ts';
import { DISTURBANCES, type Stage, toScene } from './stream-disturbances.ts';
import type { FaultKind } from './stream-faults.ts';
import { type Poll, pollsOf, turn } from './stream-polls.ts';
import type { Rig } from './stream-rig.ts';
import { StreamWorld } from './stream-world.ts';

/** What a made-up show consists of. The same script gives the same samples, however long, without keeping them. */
export interface ShowScript {
  seed: number;
  rig: Rig;
  /** one after the other, each when the show has been calm again for a while */
  faults: readonly FaultKind[];
  /** how long the show is without faults */
  calmMs: number;
  disturbed: boolean;
  /** a control: everything as written, only the faults themselves do nothing */
  sham?: boolean;
}

export interface PlacedFault {
  fault: FaultKind;
  onsetMs: number;
  /** the cause is gone */
  clearMs: number;
  /** media arrives again */
  flowingMs: number;
  /** stretches in which the server's count stood still for 1.5 s or more, summed */
  darkMs: number;
}

const NOTHING = { begin: () => undefined, clear: () => undefined };

const WARM_MS = 70_000;
/** After this the judge has had time to be calm about what was (quiet spans of the recordings begin 30 s after). */
export const SETTLED_MS = 30_000;
/** Lost frames are counted over 30 s, and delivery waits for three pieces after that (STR-28, STR-46). */
const quietMs = ({ targetMs }: Rig): number => 25_000 + Math.max(0, 3 * targetMs + 5000 - 11_000);
const APART_MS = 20_000;
const HEALS_WITHIN_MS = 300_000;

/** Plays the show. `placed` is filled in as it goes. */
export function* samplesOf(script: ShowScript, placed: PlacedFault[]): Generator<HealthSample> {
  const dice = streamDice(script.seed);
  const run = new Run(script, dice);
  toScene(run.world, 'Live');
  if (script.faults.length > 0) yield* run.until(WARM_MS);
  for (const fault of script.faults) yield* run.suffer(script.sham ? { ...fault, ...NOTHING } : fault, placed);
  yield* run.until(run.world.ms + script.calmMs);
}

class Run {
  readonly world: StreamWorld;
  readonly #polls: Poll[];
  readonly #dice: StreamDice;
  readonly #timers: { ms: number; ring: () => void }[] = [];
  readonly #dark = new DarkMeter();
  /** ends of disturbances that go on */
  readonly #lasting = new Set<() => void>();
  #hushed = false;

  constructor(script: ShowScript, dice: StreamDice) {
    this.#dice = dice.fork();
    this.world = new StreamWorld(script.rig, dice.fork());
    this.#polls = pollsOf(this.world, dice.fork());
    if (script.disturbed) for (const disturbance of DISTURBANCES) this.#expect(disturbance);
  }

  *until(ms: number): Generator<HealthSample> {
    while (this.world.ms < ms) yield* this.#next(ms);
  }

  *suffer(fault: FaultKind, placed: PlacedFault[]): Generator<HealthSample> {
    const { world } = this;
    this.#hushed = true;
    for (const end of this.#lasting) this.#end(end);
    this.#askProbesEvery(1000, fault.layer === 'transport' ? 3000 : null);
    yield* this.until(world.ms + 5000 + this.#dice.between(0, 1000));
    const entry: PlacedFault = { fault, onsetMs: world.ms, clearMs: Infinity, flowingMs: Infinity, darkMs: 0 };
    placed.push(entry);
    this.#dark.begin(world);
    fault.begin(world, this.#dice);
    yield* this.until(world.ms + this.#dice.between(...fault.lastsMs));
    entry.clearMs = world.ms;
    fault.clear(world, this.#dice);
    const givesUpMs = world.ms + HEALS_WITHIN_MS;
    do {
      yield* this.until(world.ms + 500);
      if (world.ms > givesUpMs) throw new Error(`${fault.kind} does not heal`);
    } while (!world.isFlowing);
    entry.flowingMs = world.ms;
    entry.darkMs = this.#dark.end();
    this.#askProbesEvery(world.rig.probeMs ?? 0, null);
    this.#hushed = false;
    yield* this.until(world.ms + SETTLED_MS + quietMs(world.rig) + (fault.kind === 'jittery-wifi' ? 20_000 : 0));
  }

  *#next(limit: number): Generator<HealthSample> {
    const { world } = this;
    let poll = this.#polls[0];
    for (const other of this.#polls) if (poll === undefined || other.dueMs < poll.dueMs) poll = other;
    const timer = this.#timers[0];
    const at = Math.max(world.ms, Math.min(poll?.dueMs ?? limit, timer?.ms ?? limit, limit));
    world.advance(at);
    this.#dark.look(world);
    yield* world.events.splice(0);
    if (timer !== undefined && timer.ms <= at) {
      this.#timers.shift();
      timer.ring();
      yield* world.events.splice(0);
    } else if (poll !== undefined && poll.dueMs <= at) {
      yield* turn(poll, world);
    }
  }

  #at(ms: number, ring: () => void): void {
    this.#timers.push({ ms, ring });
    this.#timers.sort((a, b) => a.ms - b.ms);
  }

  #expect(disturbance: (typeof DISTURBANCES)[number]): void {
    // One lost answer is one: the same thing does not happen twice in a row.
    const inMs = APART_MS - Math.log(1 - this.#dice.next()) * (3_600_000 / disturbance.perHour);
    this.#at(this.world.ms + inMs, () => {
      if (!this.#hushed) {
        const { forMs, end } = disturbance.begin(this.#stage);
        this.#lasting.add(end);
        this.#at(this.world.ms + forMs, () => this.#end(end));
      }
      this.#expect(disturbance);
    });
  }

  #end(end: () => void): void {
    if (this.#lasting.delete(end)) end();
  }

  get #stage(): Stage {
    const holdHub = (forMs: number): void => {
      const until = this.world.ms + forMs;
      for (const poll of this.#polls) if (poll.dueMs < until) poll.dueMs = until + this.#dice.between(0, 30);
    };
    return { world: this.world, polls: this.#polls, dice: this.#dice, holdHub };
  }

  /** Probes are asked every 5 s, and every second when something is wrong. */
  #askProbesEvery(ms: number, afterMs: number | null): void {
    if (this.world.rig.probeMs !== 5000 || (afterMs === null && ms === 1000)) return;
    const hurry = (): void => {
      for (const poll of this.#polls) {
        if (poll.name !== 'gateway' && poll.name !== 'ingest' && poll.name !== 'backup') continue;
        poll.everyMs = ms;
        if (!poll.running) poll.dueMs = Math.min(poll.dueMs, this.world.ms + ms);
      }
    };
    if (afterMs === null) hurry();
    else this.#at(this.world.ms + 5500 + afterMs, hurry);
  }
}

/** The truth about dark time, by the server's own count. */
class DarkMeter {
  #lastGrowthMs = 0;
  #bytes = 0;
  #sum = 0;
  #fromMs = Infinity;

  look({ ms, server }: StreamWorld): void {
    if (server.bytes === this.#bytes) return;
    const grew = server.bytes > this.#bytes || server.bytes > 0;
    this.#bytes = server.bytes;
    if (!grew) return;
    if (ms - this.#lastGrowthMs >= 1500 && ms > this.#fromMs) this.#sum += ms - this.#lastGrowthMs;
    this.#lastGrowthMs = ms;
  }

  begin({ ms }: StreamWorld): void {
    this.#fromMs = ms;
    this.#sum = 0;
  }

  end(): number {
    this.#fromMs = Infinity;
    return this.#sum;
  }
}
