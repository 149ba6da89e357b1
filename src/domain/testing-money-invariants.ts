import { type SaleRecord, dueLeft } from './sale-record.ts';
import type { ShowState } from './show.ts';
import { TENDER_KINDS } from './words.ts';

/** The invariants of money (I9, I17, I18), for tests: what the state claims is compared with the sales themselves. */
export function moneyBreaches(state: ShowState): string[] {
  return [...refundsFit(state), ...moneyAddsUp(state), ...dimensionsAgree(state)];
}

function refundsFit(state: ShowState): string[] {
  return [...state.sales.byId.values()].flatMap((sale) => {
    const found: string[] = [];
    sale.lines.forEach((line, i) => {
      line.parts.forEach((part, p) => {
        const back = sale.since?.backParts[i]?.[p] ?? 0;
        if (back < 0 || back > part.quantity)
          found.push(`I9 ${sale.saleId}: ${back} of ${part.quantity} ${part.sku} back`);
      });
    });
    if (sale.refundedMinor > sale.totalMinor || sale.refundedMinor < 0)
      found.push(`I9 ${sale.saleId}: ${sale.refundedMinor} of ${sale.totalMinor} back`);
    for (const kind of TENDER_KINDS) {
      const paid = tendered(sale.tenders, kind);
      const back = tendered(sale.since?.refundedTenders ?? [], kind);
      if (back > paid) found.push(`I9 ${sale.saleId}: ${back} back to ${kind}, which paid ${paid}`);
    }
    return found;
  });
}

function tendered(tenders: SaleRecord['tenders'], kind: string): number {
  return tenders.reduce((sum, tender) => sum + (tender.kind === kind ? tender.amountMinor : 0), 0);
}

function moneyAddsUp(state: ShowState): string[] {
  const exclusive = state.plan?.show.taxMode === 'exclusive';
  return [...state.sales.byId.values()].flatMap((sale) => {
    const sum = <T>(list: readonly T[], pick: (item: T) => number): number =>
      list.reduce((all, item) => all + pick(item), 0);
    const checks: [string, number, number][] = [
      ['lines', sum(sale.lines, (line) => line.netMinor), sale.netMinor],
      ['gross less discount', sale.grossMinor - sale.discountMinor, sale.netMinor],
      [
        'tenders',
        sum(sale.tenders, (tender) => tender.amountMinor),
        sale.totalMinor + (sale.extra?.roundingMinor ?? 0) - (sale.extra?.dueMinor ?? 0),
      ],
      [
        'total',
        sale.netMinor + sale.tipMinor + (sale.extra?.shippingMinor ?? 0) + (exclusive ? sale.taxMinor : 0),
        sale.totalMinor,
      ],
      ...sale.lines.map((line): [string, number, number] => [
        'parts',
        sum(line.parts, (part) => part.netMinor),
        line.netMinor,
      ]),
    ];
    return checks.flatMap(([what, is, should]) =>
      is === should ? [] : [`I17 ${sale.saleId}: ${what} ${is}, not ${should}`],
    );
  });
}

/** I18: every way of cutting the takings gives the same whole, and it is what the sales themselves add up to. */
function dimensionsAgree({ sales: { takings, byId, refunds } }: ShowState): string[] {
  const sum = <T>(list: Iterable<T>, pick: (item: T) => number): number =>
    [...list].reduce((all, item) => all + pick(item), 0);
  const kept = [...byId.values()].filter((sale) => sale.voided === null);
  const net = sum(kept, (sale) => sale.netMinor) - sum(refunds, (refund) => refund.netMinor);
  const units = sum(kept, (sale) => sum(sale.lines, (line) => line.quantity));
  const collected =
    sum(kept, (sale) => sum(sale.tenders, (tender) => tender.amountMinor)) -
    sum(refunds, (refund) => refund.amountMinor + (refund.roundingMinor ?? 0) - (refund.dueMinor ?? 0));
  const checks: [string, number, number][] = [
    ['count', takings.count, kept.length],
    ['net', takings.netMinor, net],
    ['gross − discount − refunded', takings.grossMinor - takings.discountMinor - takings.refundedMinor, net],
    ['net by channel', sum(Object.values(takings.byChannel), (each) => each.netMinor), net],
    ['net by product', sum(takings.byProduct.values(), (each) => each.netMinor) + takings.unnamed.netMinor, net],
    ['units', takings.units, units],
    ['units by channel', sum(Object.values(takings.byChannel), (each) => each.units), units],
    ['units by product', sum(takings.byProduct.values(), (each) => each.units) + takings.unnamed.units, units],
    ['collected', takings.collectedMinor, collected],
    ['due', takings.dueMinor, sum(kept, dueLeft)],
    ['collected by tender', sum(Object.values(takings.byTender), (each) => each.amountMinor), collected],
  ];
  return checks.flatMap(([what, is, should]) => (is === should ? [] : [`I18 ${what}: ${is}, not ${should}`]));
}
