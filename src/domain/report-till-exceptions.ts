import { soldAt } from './sale-record.ts';
import { openAuthorisations } from './authorisations.ts';
import { isRungHere, openDrawers } from './drawers.ts';
import { times } from './money.ts';
import { unsettledPickups } from './pickups.ts';
import type { Exception } from './report-exception.ts';
import type { MoneyPage } from './report-money-tables.ts';
import type { SaleRecord } from './sale-record.ts';

/**
 * What is odd about tills, drawers and promises: another price, cash beside a drawer, goods beyond a lease, receipt numbers
 * that are missing or there twice (TIL-5, TIL-9, DRW-1), and what was left open when the show was closed (CLS-2).
 */
export function tillExceptions(page: MoneyPage): Exception[] {
  const sales = [...page.record.show.sales.byId.values()];
  return [
    ...sales.filter(({ voided, source }) => voided === null && isRungHere(source)).flatMap(oddAtTill),
    ...oddReceipts(sales),
    ...oddDrawers(page),
    ...leftOpen(page),
  ];
}

const none = { amount: null, decision: null, by: null, reason: null };

function oddAtTill(sale: SaleRecord): Exception[] {
  const { saleId: ref, till: by, extra, lines } = sale;
  const base = { ...none, at: soldAt(sale), ref, by };
  const found: Exception[] = [];
  const isOverridden = lines.some((line) => line.offer === null && line.unitPriceMinor !== line.listPriceMinor);
  // Cut off, a till asks nobody; what it took off by itself is told here.
  const isUnasked = sale.offline && sale.discountMinor > 0;
  if (isOverridden || isUnasked || extra?.priceReason !== undefined) {
    const listMinor = lines.reduce((sum, line) => sum + times(line.listPriceMinor, line.quantity), 0);
    const decision = extra?.approval === undefined ? null : `approved as ${extra.approval}`;
    const what = isOverridden
      ? 'Sold at another price than the plan’s'
      : extra?.priceReason === undefined
        ? 'Discount of a till that was cut off'
        : 'Sold with a discount for a reason';
    const amount = sale.netMinor - listMinor;
    found.push({
      ...base,
      kind: 'price-override',
      severity: 3,
      what,
      amount,
      decision,
      reason: extra?.priceReason ?? null,
    });
  }
  if (extra?.beyondLease === true)
    found.push({ ...base, kind: 'beyond-lease', severity: 3, what: 'Sold by hand beyond what the till had' });
  if (extra?.noDrawer === true)
    found.push({ ...base, kind: 'no-drawer', severity: 3, what: 'Cash taken while no drawer was open' });
  return found;
}

/** Numbers are given at the till, one after the other, and a voided sale keeps its own. */
function oddReceipts(sales: readonly SaleRecord[]): Exception[] {
  const byTill = new Map<string, Map<number, SaleRecord[]>>();
  for (const sale of sales) {
    const [, till, digits] = /^(.+)-(\d{6})$/.exec(sale.receipt ?? '') ?? [];
    if (till === undefined || till !== sale.till) continue;
    const numbers = byTill.get(till) ?? new Map<number, SaleRecord[]>();
    byTill.set(till, numbers.set(Number(digits), [...(numbers.get(Number(digits)) ?? []), sale]));
  }
  return [...byTill].flatMap(([till, numbers]) => [...gaps(till, numbers), ...twice(numbers)]);
}

function gaps(till: string, numbers: ReadonlyMap<number, readonly SaleRecord[]>): Exception[] {
  const used = [...numbers.keys()].sort((a, b) => a - b);
  return used.flatMap((number, i): Exception[] => {
    const missing = number - (used[i - 1] ?? number - 1) - 1;
    const [next] = numbers.get(number) ?? [];
    if (missing === 0 || !next) return [];
    const first = String(number - missing).padStart(6, '0');
    const last = String(number - 1).padStart(6, '0');
    const what =
      missing === 1 ? `Receipt ${till}-${first} is missing` : `Receipts ${till}-${first} to ${last} are missing`;
    return [{ ...none, kind: 'receipt-gap', severity: 2, at: soldAt(next), ref: next.saleId, by: till, what }];
  });
}

function twice(numbers: ReadonlyMap<number, readonly SaleRecord[]>): Exception[] {
  return [...numbers.values()].flatMap(([first, ...others]) =>
    others.map((sale): Exception => {
      const what = `Receipt ${sale.receipt} was given to ${first?.saleId} too`;
      return { ...none, kind: 'receipt-twice', severity: 2, at: soldAt(sale), ref: sale.saleId, by: sale.till, what };
    }),
  );
}

function oddDrawers({ record: { show } }: MoneyPage): Exception[] {
  return [...show.drawers.byId.values()].flatMap(({ id: ref, till, count }): Exception[] => {
    if (count === null || count.varianceMinor === 0) return [];
    const { at, by, reason, varianceMinor: amount } = count;
    const what = `The drawer of ${till} was ${amount < 0 ? 'short' : 'over'}`;
    return [{ ...none, kind: 'drawer-variance', severity: reason === null ? 3 : 2, at, ref, what, amount, by, reason }];
  });
}

function leftOpen({ record: { show, at } }: MoneyPage): Exception[] {
  if (show.phase !== 'closing' && show.phase !== 'closed') return [];
  const base = { ...none, at, severity: 2 } as const;
  return [
    ...openAuthorisations(show.authorisations).map(({ id: ref, provider, amountMinor: amount }): Exception => {
      return { ...base, kind: 'authorisation-open', ref, amount, what: `A card promise at ${provider}, not settled` };
    }),
    ...openDrawers(show.drawers).map(({ id: ref, till }): Exception => {
      return { ...base, kind: 'drawer-uncounted', ref, what: `The drawer of ${till} was not counted` };
    }),
    ...unsettledPickups(show).map(({ sale }): Exception => {
      const what = 'Paid goods, neither handed over nor missed';
      return { ...base, kind: 'pickup-open', ref: sale.saleId, amount: sale.totalMinor, what };
    }),
  ];
}
