import type { Ground } from './check.ts';

const turns = new WeakMap<Ground, Promise<unknown>>();

/** Tries that change what OBS does come one after the other within a run, in the order in which they asked. */
export async function inTurn<T>(ground: Ground, work: () => Promise<T>): Promise<T> {
  const before = turns.get(ground) ?? Promise.resolve();
  const turn = before.then(work, work);
  turns.set(ground, turn);
  return await turn;
}
