import { words } from '../../i18n/till-later-words.ts';
import type { Kept } from '../../parts/connection.ts';
import { soldLines } from '../basket.ts';
import { NO_EXTRAS } from '../bill.ts';
import type { Till } from '../till.svelte.ts';

/** "Goods are gone: book it": the same sale again under a new id, as one that has already happened. */
export async function bookAnyway(till: Till, kept: Kept): Promise<void> {
  const sending = till.connection.send(kept.kind, { ...kept.body, offline: true, beyondLease: true });
  await sending.kept;
  await till.connection.settle(kept.id);
  till.past.mark(kept.id, { id: sending.id, state: 'kept' });
  const nobodyWaits = { basket: [], extras: NO_EXTRAS, keptAt: -Infinity };
  void sending.reply.then((reply) => till.answered(sending.id, reply, nobodyWaits));
}

export async function backToBasket(till: Till, kept: Kept): Promise<void> {
  till.touched();
  for (const { sku, quantity } of soldLines(kept.body)) till.put({ sku, quantity: till.quantity(sku) + quantity });
  await till.connection.settle(kept.id);
}

/** What a kept intent is, for a list that people read. */
export function keptName({ view }: Till, { kind, body }: Kept): string {
  if (kind === 'open-drawer' || kind === 'pay-in' || kind === 'pay-out') return words(`kept.${kind}`);
  const names = soldLines(body).map(
    ({ sku, quantity }) => `${view.items.find((item) => item.sku === sku)?.name ?? sku} ×${quantity}`,
  );
  return names.length > 0 ? names.join(', ') : words('till.undo');
}
