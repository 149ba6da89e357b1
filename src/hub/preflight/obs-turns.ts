import type { ObsDoor } from '../doors.ts';
import type { Ground } from './check.ts';

const turns = new WeakMap<Ground, Promise<unknown>>();
/** monotonic ms of the end of the newest try; Infinity: it is under way */
const tries = new WeakMap<ObsDoor, number>();

/** OBS tells of what was done to it a moment after it has answered that it is done. */
const ECHO_MS = 1500;

/** Tries that change what OBS does come one after the other within a run, in the order in which they asked. */
export async function inTurn<T>(ground: Ground, work: () => Promise<T>): Promise<T> {
  const before = turns.get(ground) ?? Promise.resolve();
  const marked = async (): Promise<T> => {
    tries.set(ground.obs, Infinity);
    try {
      return await work();
    } finally {
      tries.set(ground.obs, performance.now());
    }
  };
  const turn = before.then(marked, marked);
  turns.set(ground, turn);
  return await turn;
}

/** Is what OBS tells now of the audit's own making? The audit tries nothing while the stream is on air or the show open. */
export function isTrying(obs: ObsDoor): boolean {
  return performance.now() - (tries.get(obs) ?? -Infinity) < ECHO_MS;
}
