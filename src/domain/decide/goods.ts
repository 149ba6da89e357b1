import { type Article, catalogueOf } from '../catalogue.ts';
import { tillName, tillOf } from '../leases.ts';
import { type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import type { Pool } from '../words.ts';
import { unknownSku } from './demand.ts';

/** Is this a product, and a pool that holds goods? @param field the command's key that names the pool */
export function goodsRefusal(
  show: ShowState,
  sku: string,
  pool: Pool,
  field: string,
): (Decision & { ok: false }) | null {
  if (!isProduct(show, sku)) {
    const article: Article | undefined = catalogueOf(show.plan).get(sku);
    if (!article) return unknownSku(sku, 'sku');
    return refuse('unknown-sku', `${article.name} is a bundle; its parts have the stock.`, { field: 'sku', sku });
  }
  if (pool === 'preorder')
    return refuse('bad-value', 'Preorders are promises, not goods; change the cap of the offer.', { field });
  return null;
}

/** Goods can be set apart only for a till of this show that is not lost. */
export function newLeaseRefusal(show: ShowState, pool: Pool, field: string): (Decision & { ok: false }) | null {
  const till = tillOf(pool);
  if (till === null) return null;
  if (show.stock.frozenTills.has(till)) {
    const message = `${tillName(show, till)} was declared lost; nothing more is leased to it.`;
    return refuse('not-allowed', message, { field, till });
  }
  const known =
    show.plan?.tills.some(({ id }) => id === till) ||
    [...show.devices.byId.values()].some((device) => device.till === till);
  return known ? null : refuse('unknown-till', `There is no till "${till}".`, { field, till });
}

export function isProduct(show: ShowState, sku: string): boolean {
  return catalogueOf(show.plan).get(sku)?.bundle === false;
}

export function nameOf(show: ShowState, sku: string): string {
  return catalogueOf(show.plan).get(sku)?.name ?? sku;
}
