import { catalogueOf } from '../../domain/catalogue.ts';
import type { ShowState } from '../../domain/show.ts';
import { skuMapKey } from '../../domain/sales.ts';
import type { FileOrder } from './csv-shop-rows.ts';

/** What an order is to the show by now. `nothing`: unpaid, or cancelled before it was paid, so that it books nothing. */
export type Standing = 'added' | 'unchanged' | 'changed' | 'nothing';

/** One order of a file as it would be booked, for the person who looks it through. */
export interface PreviewRow {
  order: string;
  at: string;
  what: 'sale' | 'refund';
  /** "2 × Blue mug, 1 × Apron" */
  items: string;
  units: number;
  /** what the lines cost after discounts; of a return: what is given back; null: the plan's prices say */
  amountMinor: number | null;
  tender: string;
  standing: Standing;
  /** skus that the plan does not know: the money counts and the lines wait for a person */
  unknown: string[];
}

export function previewOf(order: FileOrder, standing: Standing, show: ShowState): PreviewRow {
  const lines = linesOf(order);
  const catalogue = catalogueOf(show.plan);
  const isKnown = (sku: string | null, name: string): boolean =>
    (sku !== null && catalogue.has(sku)) || show.sales.skuMap.has(skuMapKey(order.source, sku ?? name));
  const unknown = lines.filter(({ sku, name }) => !isKnown(sku, name)).map(({ sku, name }) => sku ?? name);
  return {
    order: nameOf(order),
    at: 'type' in order ? order.at : order.createdAt,
    what: 'type' in order ? order.type : 'sale',
    items: (lines.length === 0 ? [NO_LINES] : lines)
      .map(({ sku, name, quantity }) => `${quantity} × ${(sku !== null && catalogue.get(sku)?.name) || name}`)
      .join(', ')
      .slice(0, 200),
    units: lines.reduce((sum, line) => sum + line.quantity, 0),
    amountMinor: amountOf(order),
    tender: 'type' in order ? order.tender : [...new Set(order.tenders.map(({ kind }) => kind))].join('+'),
    standing,
    unknown: [...new Set(unknown)].slice(0, 10),
  };
}

const NO_LINES = { sku: null, name: 'money without lines', quantity: 1 };

function nameOf(order: FileOrder): string {
  if (!('type' in order)) return order.name;
  const id = order.type === 'refund' ? (order.saleSourceId ?? '') : order.sourceId;
  // A row without an order's id is named by what it holds, which tells nobody anything.
  return /^[0-9a-f]{16}-\d+$/.test(id) ? '' : id;
}

function linesOf(order: FileOrder): { sku: string | null; name: string; quantity: number }[] {
  if (!('type' in order)) return order.lines.map(({ sku, name, sold }) => ({ sku, name, quantity: sold }));
  if (order.type === 'refund') return order.lines.map(({ sku, quantity }) => ({ sku, name: sku ?? '', quantity }));
  return order.lines.map(({ sku, name, quantity }) => ({ sku, name: name ?? sku ?? '', quantity }));
}

function amountOf(order: FileOrder): number | null {
  if (!('type' in order))
    return order.lines.length === 0
      ? order.tenders.reduce((sum, tender) => sum + tender.amountMinor, -order.tipMinor)
      : order.lines.reduce((sum, line) => sum + line.grossMinor - line.discountMinor, 0);
  if (order.type === 'refund') return order.amountMinor;
  return order.lines.some(({ unitPriceMinor }) => unitPriceMinor === null)
    ? null
    : order.lines.reduce((sum, line) => sum + (line.unitPriceMinor ?? 0) * line.quantity - line.discountMinor, 0);
}
