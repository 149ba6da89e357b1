import { dueLeft, waitingOf } from './sale-record.ts';
import type { ShowState } from './show.ts';
import type { Iso, Minor } from './units.ts';

/** Goods promised and not handed over: what has to be undone for each buyer when the show is called off (OFR-4). */
export interface OpenPromise {
  saleId: string;
  at: Iso;
  /** keyed hash, when the buyer is known */
  ref: string | null;
  offer: string;
  sku: string;
  name: string;
  /** units still promised */
  quantity: number;
  /** collected for the whole sale and not given back */
  paidMinor: Minor;
  dueMinor: Minor;
}

/** Standing preorders, oldest first, one row a line. The money stands on the sale's first row alone, so that rows sum up. */
export function promises(show: ShowState): OpenPromise[] {
  const preorders = new Set((show.plan?.offers ?? []).flatMap(({ id, kind }) => (kind === 'preorder' ? [id] : [])));
  return [...show.sales.waiting.keys()].flatMap((saleId) => {
    const sale = show.sales.byId.get(saleId);
    if (!sale) return [];
    const collected = sale.tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const back = (sale.since?.refundedTenders ?? []).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const rows = sale.lines.flatMap((line, i): OpenPromise[] => {
      const quantity = line.quantity - (sale.refundedUnits[i] ?? 0);
      if (line.offer === null || line.sku === null || !preorders.has(line.offer) || quantity <= 0) return [];
      if (waitingOf(sale, i).length === 0) return [];
      const { madeAt: at, personRef: ref } = sale;
      return [
        { saleId, at, ref, offer: line.offer, sku: line.sku, name: line.name, quantity, paidMinor: 0, dueMinor: 0 },
      ];
    });
    return rows.map((row, i) => (i === 0 ? { ...row, paidMinor: collected - back, dueMinor: dueLeft(sale) } : row));
  });
}
