import { accept, refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/**
 * Two sales that look alike are two, says a person who knows (CON-10): both stand, and neither is asked about again.
 * `saleId` may be either of them.
 *
 * Reply: `saleId` (told by a shop), `rung` (rung here).
 */
export const dismissDuplicate: Decider<'dismiss-duplicate'> = (show, command, ask) => {
  const { saleId, note } = command;
  const pair = [...show.duplicates.found].find(([told, { rung }]) => told === saleId || rung === saleId);
  if (!pair) {
    const message = `No sale looks like "${saleId}", or somebody has decided it already.`;
    return refuse('unknown-duplicate', message, { field: 'saleId' });
  }
  const [told, { rung }] = pair;
  const body = { saleId: told, rung, note: note ?? null, by: ask.actor.by };
  return accept([{ kind: 'duplicate.dismissed', body }], { saleId: told, rung });
};
