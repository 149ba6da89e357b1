import type { DeskState } from '../../../contract/desk-state.ts';
import type { StockView } from '../../../contract/stock-state.ts';
import { t } from '../../lib/i18n/desk.ts';
import { DASH } from '../../lib/format.ts';

/** When a product runs out, in the words of UI-2. */
export function forecastText(state: DeskState, sku: string, now: number, name: (sku: string) => string): string {
  const row = state.stock[sku];
  if (!row) return DASH;
  if (state.shortfalls.some((shortfall) => shortfall.sku === sku)) return t('reserve.oversold');
  if (isPreorder(state, sku)) return t('reserve.preorder');
  if (row.left <= 0) return t('reserve.soldOut');
  if (row.bundle && row.limitedBy !== null && row.soldOutAt !== null)
    return t('reserve.withPart', { name: lastWord(name(row.limitedBy)) });
  if (row.soldOutAt === null) return DASH;
  const out = Date.parse(row.soldOutAt);
  const end = state.show?.endsAt ? Date.parse(state.show.endsAt) : Number.POSITIVE_INFINITY;
  const inMinutes = (at: number): number => Math.max(1, Math.round((at - now) / 60_000));
  if (inMinutes(out) >= 60 || out > end) return t('reserve.afterEnd');
  if (row.soldOutRange === null) return t('reserve.min', { n: inMinutes(out) });
  const [from, to] = [Date.parse(row.soldOutRange.from), Date.parse(row.soldOutRange.to)];
  if (inMinutes(to) >= 60 || to > end) return t('reserve.from', { from: inMinutes(from) });
  if (inMinutes(from) === inMinutes(to)) return t('reserve.min', { n: inMinutes(out) });
  return t('reserve.range', { from: inMinutes(from), to: inMinutes(to) });
}

/** Sold by promise only: nothing was ever on the shelf, so nothing can be sold out. */
export function isPreorder({ stock, offers }: DeskState, sku: string): boolean {
  const row = stock[sku];
  if (!row || row.bundle || row.reserve > 0 || row.physical > 0) return false;
  return Object.values(offers).some((offer) => offer.kind === 'preorder' && offer.sku === sku);
}

/** Plan order, which people know; nothing on the desk sorts itself while somebody reads (nothing moves). */
export function reserveRows({ stock, plan }: DeskState): { sku: string; row: StockView }[] {
  const planned = plan?.products.map((product) => product.sku) ?? [];
  const order = [...planned, ...Object.keys(stock).filter((sku) => !planned.includes(sku))];
  return order.flatMap((sku) => (stock[sku] ? [{ sku, row: stock[sku] }] : []));
}

/** What the gauge is measured against: the reserve of the plan, a bundle's by its scarcest part, or what has been received since when that is more. */
export function fullMark({ stock, plan }: DeskState, sku: string): number {
  const row = stock[sku];
  const parts = row?.bundle ? (plan?.products.find((product) => product.sku === sku)?.parts ?? []) : [];
  const planned =
    parts.length > 0
      ? Math.min(...parts.map((part) => Math.floor((stock[part.sku]?.reserve ?? 0) / part.quantity)))
      : (row?.reserve ?? 0);
  return Math.max(planned, row?.left ?? 0, 1);
}

function lastWord(name: string): string {
  return name.split(' ').at(-1) ?? name;
}
