import type { HubTime, Instant } from '../units.ts';
import type { Level, StreamLayer } from '../words.ts';

/** What the hub knows of its machine that may raise an alarm. */
export interface Vitals {
  /** a sentence while facts cannot be saved, else null */
  cannotSave: string | null;
  freeBytes: number | null;
  /** device ids that are online now */
  online: ReadonlySet<string>;
  /**
   * When a condition was first seen (hub time), for alarms that need it to last. Owned by the hub, written by
   * `dueAlarms`, never saved: after a restart a hold simply starts anew.
   */
  pending: Map<string, HubTime>;
  /** source → up to when its shop has told of every order; absent: no shop is asked */
  read?: ReadonlyMap<string, Instant>;
  /** what the stream's judge says this moment of each layer that is in trouble; absent: nothing is watched */
  layers?: ReadonlyMap<StreamLayer, LayerNow>;
}

export interface LayerNow {
  level: Level;
  cause: string;
  message: string;
}
