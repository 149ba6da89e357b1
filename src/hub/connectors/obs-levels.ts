import { asNumber, asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import type { Levels, Measure, ReadNow } from '../doors.ts';

const SUBSCRIBE_DEADLINE_MS = 1500;
const WINDOW_MS = 1000;
/** What nothing at all is said as: no sound is −∞ dBFS, which no number in a sample can be. */
const SILENCE_DB = -100;

/**
 * Reads InputVolumeMeters: for each input its channels, each with magnitude, peak after the fader, and peak before it,
 * as factors of full scale.
 *
 * @returns input → loudest peak of its channels after the fader, dBFS, −100 for silence; an input that sounds nowhere
 *   now has no channels and is silent, too
 */
export function levelsOf(eventData: Raw): Levels {
  const inputs = Array.isArray(eventData['inputs']) ? eventData['inputs'] : [];
  const levels = new Map<string, number>();
  for (const entry of inputs) {
    const input = asRecord(entry);
    const name = asText(input?.['inputName']);
    if (name === null) continue;
    const channels: unknown[] = Array.isArray(input?.['inputLevelsMul']) ? input['inputLevelsMul'] : [];
    const peaks = channels.map((channel) => (Array.isArray(channel) ? (asNumber(channel[1]) ?? 0) : 0));
    levels.set(name, Math.max(levels.get(name) ?? SILENCE_DB, decibels(Math.max(0, ...peaks))));
  }
  return levels;
}

/** A factor of full scale in dBFS, to a tenth. */
function decibels(factor: number): number {
  return factor <= 0 ? SILENCE_DB : Math.max(SILENCE_DB, Math.round(200 * Math.log10(factor)) / 10);
}

/** The loudest of each second for the inputs that are watched (STR-7). */
export class LoudestPerSecond {
  readonly #inputs: ReadonlySet<string>;
  #from: number | null = null;
  #loudest = new Map<string, number>();

  constructor(inputs: readonly string[]) {
    this.#inputs = new Set(inputs);
  }

  /** @returns what the second that has just ended held, once; else null */
  hear(levels: Levels, ms: number): Levels | null {
    const from = (this.#from ??= ms);
    const ended = ms - from >= WINDOW_MS ? this.#loudest : null;
    if (ended !== null) {
      // A second in which nothing was heard at all, e.g. after a break, is left out.
      this.#from = ms;
      this.#loudest = new Map();
    }
    for (const [input, peakDb] of levels) {
      if (this.#inputs.has(input)) this.#loudest.set(input, Math.max(this.#loudest.get(input) ?? SILENCE_DB, peakDb));
    }
    return ended;
  }

  /** The watching was broken off: what was heard before belongs to another second. */
  reset(): void {
    this.#from = null;
    this.#loudest = new Map();
  }
}

/** The part of a connection that levels come over. */
interface LevelSocket {
  hearLevels: (wanted: boolean, deadlineMs: number) => Promise<void>;
}

/**
 * Asks OBS for levels while somebody needs them and no longer (20 events a second): the inputs of the plan while live,
 * and whoever listens for a while, as the audit does.
 */
export class LevelWatch {
  readonly #inputs: readonly string[];
  readonly #seconds: LoudestPerSecond;
  readonly #doors: { measure: Measure; readNow: ReadNow };
  readonly #ears = new Set<(levels: Levels) => void>();
  #socket: LevelSocket | null = null;
  #isLive = false;
  #isHearing = false;

  constructor(inputs: readonly string[], doors: { measure: Measure; readNow: ReadNow }) {
    this.#inputs = inputs;
    this.#seconds = new LoudestPerSecond(inputs);
    this.#doors = doors;
  }

  connected(socket: LevelSocket): void {
    this.#socket = socket;
    this.#isHearing = false;
    this.#subscribe();
  }

  lost(): void {
    this.#socket = null;
    this.#isHearing = false;
    this.#seconds.reset();
  }

  setLive(isLive: boolean): void {
    if (isLive === this.#isLive) return;
    this.#isLive = isLive;
    this.#seconds.reset();
    this.#subscribe();
  }

  /** @returns stop */
  listen(ear: (levels: Levels) => void): () => void {
    const own = (levels: Levels): void => ear(levels);
    this.#ears.add(own);
    this.#subscribe();
    return () => {
      this.#ears.delete(own);
      this.#subscribe();
    };
  }

  /** One InputVolumeMeters of OBS. */
  hear(eventData: Raw): void {
    const levels = levelsOf(eventData);
    for (const ear of this.#ears) ear(levels);
    if (!this.#isWatched) return;
    const { mono } = this.#doors.readNow();
    const loudest = this.#seconds.hear(levels, mono);
    for (const [input, peakDb] of loudest ?? [])
      this.#doors.measure({ source: 'audio', ms: mono, data: { input, peakDb } });
  }

  get #isWatched(): boolean {
    return this.#isLive && this.#inputs.length > 0;
  }

  #subscribe(): void {
    const wanted = this.#isWatched || this.#ears.size > 0;
    const socket = this.#socket;
    if (socket === null || wanted === this.#isHearing) return;
    this.#isHearing = wanted;
    // Not answered in time: the polls say what there is to say about such an OBS, and the next connection asks anew.
    socket.hearLevels(wanted, SUBSCRIBE_DEADLINE_MS).catch(() => undefined);
  }
}
