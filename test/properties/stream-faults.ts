import type { StreamLayer } from '../../src/domain/words.ts';
import type { StreamDice } from './stream-dice.ts';
import { LOCAL_FAULTS } from './stream-faults-local.ts';
import { SERVED_FAULTS } from './stream-faults-served.ts';
import { WAY_FAULTS } from './stream-faults-way.ts';
import type { Rig } from './stream-rig.ts';
import type { StreamWorld } from './stream-world.ts';

/** A kind of trouble: what it does to the world, and what is owed by whom and when (specs/stream.md §3, §4, §13). */
export interface FaultKind {
  kind: string;
  layer: StreamLayer;
  /** codes that are right */
  causes: readonly string[];
  /** ms after onset; null: not owed */
  warnByMs: (rig: Rig) => number | null;
  criticalByMs: (rig: Rig) => number | null;
  lastsMs: readonly [number, number];
  /** layers in which a rise is true too */
  also: readonly StreamLayer[];
  /** only from then on: before, they are not judged at all (STR-48) */
  alsoFrom?: 'clear';
  /** rigs on which it can happen; all when absent */
  fits?: (rig: Rig) => boolean;
  begin: (world: StreamWorld, dice: StreamDice) => void;
  /** takes the cause away; what must heal by itself heals later */
  clear: (world: StreamWorld, dice: StreamDice) => void;
}

export const FAULTS: readonly FaultKind[] = [...WAY_FAULTS, ...LOCAL_FAULTS, ...SERVED_FAULTS];
