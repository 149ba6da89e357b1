import { asRecord, asText, type HealthSample } from '../../domain/health/sample.ts';
import type { Duration } from '../../domain/units.ts';

/** Something that a person did in OBS itself. */
export type Foreign = { what: 'start' | 'stop' } | { what: 'scene'; scene: string; before: string };

/** A stop on a dead link takes OBS fifteen seconds. */
const STREAM_MARK_MS = 30_000;
const SCENE_MARK_MS = 5_000;

/**
 * Tells our own doing from the operator's: what we are about to cause is marked beforehand, and the first event that fits
 * takes the mark away. OBS's own reconnecting says neither STARTING nor STOPPING.
 */
export class OwnMarks {
  #stopUntil: Duration = -Infinity;
  #startUntil: Duration = -Infinity;
  /** scene → until when its coming on is ours; OBS may tell of one after we have gone on to the next */
  readonly #scenes = new Map<string, Duration>();
  /** a STARTED belongs to the STARTING before it */
  #starting: 'ours' | 'foreign' | null = null;
  #program: string | null = null;

  /** program scene as OBS has told it by events; null: not yet */
  get program(): string | null {
    return this.#program;
  }

  expect(what: 'stop' | 'start', now: Duration): void {
    if (what === 'stop') this.#stopUntil = now + STREAM_MARK_MS;
    else this.#startUntil = now + STREAM_MARK_MS;
  }

  expectScene(scene: string, now: Duration): void {
    this.#scenes.set(scene, now + SCENE_MARK_MS);
  }

  /** What was read, for an event that was missed while the connection was away. */
  hear({ source, ms, data }: HealthSample): Foreign | null {
    if (source !== 'obs-event') return null;
    const event = asRecord(data);
    const told = asRecord(event?.['eventData']);
    switch (asText(event?.['eventType'])) {
      case 'CurrentProgramSceneChanged':
        return this.#hearScene(asText(told?.['sceneName']), ms);
      case 'StreamStateChanged':
        return this.#hearState((asText(told?.['outputState']) ?? '').replace('OBS_WEBSOCKET_OUTPUT_', ''), ms);
      default:
        return null;
    }
  }

  #hearScene(scene: string | null, now: Duration): Foreign | null {
    const before = this.#program;
    if (scene === null || scene === before) return null;
    this.#program = scene;
    const until = this.#scenes.get(scene) ?? -Infinity;
    this.#scenes.delete(scene);
    if (now <= until) return null;
    // The first word of a connection tells what is, not that anybody changed it.
    return before === null ? null : { what: 'scene', scene, before };
  }

  #hearState(state: string, now: Duration): Foreign | null {
    switch (state) {
      case 'STARTING':
        this.#starting = now <= this.#startUntil ? 'ours' : 'foreign';
        return this.#starting === 'foreign' ? { what: 'start' } : null;
      case 'STARTED': {
        const known = this.#starting;
        this.#starting = null;
        const isOurs = now <= this.#startUntil;
        this.#startUntil = -Infinity;
        return known !== null || isOurs ? null : { what: 'start' };
      }
      case 'STOPPING':
        return now <= this.#stopUntil ? null : { what: 'stop' };
      case 'STOPPED':
        this.#starting = null;
        // Without a STOPPING before it OBS gave up by itself: that is for the judge.
        this.#stopUntil = -Infinity;
        return null;
      default:
        return null;
    }
  }
}
