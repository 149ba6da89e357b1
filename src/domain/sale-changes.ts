import { catalogueOf } from './catalogue.ts';
import type { BodyOf } from './ledger.ts';
import type { SaleLine, Taken } from './facts/sale-facts.ts';
import type { Plan } from './plan.ts';
import { partShares } from './sale-pricing.ts';
import { type OutGoods, type RefundRecord, type SaleRecord, type SaleSince, perUnit, sinceOf } from './sale-record.ts';

/** What becomes of a remembered sale later: refunds, goods delivered late, a parked line that gets its name. */

export function giveBack(sale: SaleRecord, refund: RefundRecord): void {
  const since = sinceOf(sale);
  for (const back of refund.lines) {
    const index = (back.line ?? 0) - 1;
    const line = sale.lines[index];
    const parts = since.backParts[index];
    if (!line || !parts) continue;
    const whole = back.sku === (line.sku ?? line.foreignSku);
    line.parts.forEach((part, i) => {
      if (whole) parts[i] = (parts[i] ?? 0) + perUnit(line, i) * back.quantity;
      else if (part.sku === back.sku) parts[i] = (parts[i] ?? 0) + back.quantity;
    });
    takeOut(since, index, back.uncommitted, [false]);
    takeOut(since, index, back.restocked, sale.pickup === 'later' ? [true, false] : [false]);
  }
  sale.refundedUnits = sale.lines.map((line, index) => wholeUnitsBack(line, since.backParts[index] ?? []));
  since.netBackMinor += refund.netMinor;
  sale.refundedMinor += refund.amountMinor;
  sale.refundedTaxMinor += refund.taxMinor;
  since.refundedTenders.push(...refund.tenders);
  since.besideMinor += refund.besideMinor ?? 0;
  since.dueMinor += refund.dueMinor ?? 0;
  since.roundingMinor += refund.roundingMinor ?? 0;
}

/** Goods leave with their buyer, and the rest of a deposit is paid. */
export function handOver(sale: SaleRecord, now: BodyOf<'pickup.handed-over'>): void {
  const since = sinceOf(sale);
  const goods = (now.goods ?? []).map((each) => ({ ...each }));
  for (const line of now.lines) {
    const there = goods.filter((each) => each.line === line);
    since.out[line - 1] = (since.out[line - 1] ?? []).flatMap((had): OutGoods[] => {
      // A copy: what the line has may be the fact's own.
      const each = { ...had };
      if (each.handed || each.pool !== 'preorder') return [{ ...each, handed: true }];
      return [...coveredBy(there, each), each]
        .filter(({ quantity }) => quantity > 0)
        .map((one) => ({ ...one, handed: true }));
    });
  }
  if (!now.paid) return;
  const { dueMinor = 0, roundingMinor = 0 } = sale.extra ?? {};
  const paidMinor = dueMinor - since.dueMinor;
  sale.tenders = [...sale.tenders, ...now.paid];
  sale.extra = {
    ...sale.extra,
    dueMinor: dueMinor - paidMinor,
    roundingMinor: roundingMinor + (now.roundingMinor ?? 0),
  };
}

/** Goods given for a promise; takes them off both. */
function coveredBy(goods: (Taken & { line: number })[], promise: Taken): OutGoods[] {
  return goods
    .filter(({ sku, quantity }) => sku === promise.sku && quantity > 0)
    .map((each) => {
      const quantity = Math.min(each.quantity, promise.quantity);
      each.quantity -= quantity;
      promise.quantity -= quantity;
      return { sku: each.sku, pool: each.pool, quantity };
    });
}

/** The sale becomes what its outside order now is. */
export function amendRecord(sale: SaleRecord, now: BodyOf<'sale.amended'>): void {
  const since = sinceOf(sale);
  const lines = [...sale.lines];
  const refundedUnits = [...sale.refundedUnits];
  for (const { now: line, taken, restocked } of now.lines) {
    const index = line.line - 1;
    lines[index] = line;
    refundedUnits[index] ??= 0;
    since.backParts[index] ??= line.parts.map(() => 0);
    takeOut(since, index, restocked, [false]);
    since.out[index] = [...(since.out[index] ?? []), ...taken];
  }
  const { tenders, tipMinor, grossMinor, discountMinor, netMinor, taxMinor, totalMinor, shippingMinor, atRisk } = now;
  Object.assign(sale, { lines, refundedUnits, tenders, tipMinor, grossMinor, discountMinor, netMinor });
  Object.assign(sale, { taxMinor, totalMinor });
  if (shippingMinor !== (sale.extra?.shippingMinor ?? 0)) sale.extra = { ...sale.extra, shippingMinor };
  if (atRisk !== undefined) sale.extra = { ...sale.extra, atRisk };
}

/** Goods of a settled shortfall join the line that was short of them. */
export function putOut(sale: SaleRecord, sku: string, taken: Taken[]): void {
  const since = sinceOf(sale);
  const index = Math.max(
    0,
    sale.lines.findIndex((line) => line.parts.some((part) => part.sku === sku)),
  );
  const goods = taken.map((each) => (each.sku === sku ? each : { ...each, instead: sku }));
  since.out[index] = [...(since.out[index] ?? []), ...goods];
}

/**
 * Gives a parked line its sku. The sale's own copy changes, never the fact.
 *
 * @returns the line as it is now called, or null when the sale has no such line
 */
export function mapLine(
  sale: SaleRecord,
  lineNumber: number,
  sku: string,
  taken: Taken[],
  plan: Plan | null,
): SaleLine | null {
  const index = lineNumber - 1;
  const old = sale.lines[index];
  if (!old) return null;
  const article = catalogueOf(plan).get(sku) ?? null;
  const parts = partShares(article, sku, old.quantity, old.netMinor);
  const line: SaleLine = { ...old, sku, name: article?.name ?? old.name, parts, taken };
  const back = sale.since ? (sale.refundedUnits[index] ?? 0) : 0;
  sale.lines = sale.lines.map((each, i) => (i === index ? line : each));
  if (sale.since) rewrite(sale.since, index, line, back, taken);
  return line;
}

function rewrite(since: SaleSince, index: number, line: SaleLine, back: number, taken: Taken[]): void {
  since.backParts[index] = line.parts.map((_, i) => perUnit(line, i) * back);
  since.out[index] = [...taken];
}

function wholeUnitsBack(line: SaleLine, backParts: readonly number[]): number {
  // A line without units is money alone.
  if (line.parts.length === 0 || line.quantity === 0) return 0;
  return Math.min(...line.parts.map((_, i) => Math.floor((backParts[i] ?? 0) / perUnit(line, i))));
}

/**
 * Takes goods out of what a line has. Lines of one sale are owed goods together, so what a line does not have itself is
 * with another line of the same product.
 *
 * @param handed in which order goods that were picked up (true) and others (false) are looked at
 */
function takeOut(since: SaleSince, index: number, gone: readonly Taken[], handed: readonly boolean[]): void {
  const left = gone.map((each) => ({ ...each }));
  for (const ones of handed)
    for (const at of [index, ...since.out.keys()]) since.out[at] = without(since.out[at] ?? [], left, ones);
}

/** Takes `gone` out of a list of goods, pool by pool, and leaves in `gone` what was not there. */
function without(taken: readonly OutGoods[], gone: Taken[], handed: boolean): OutGoods[] {
  const left = taken.map((each) => ({ ...each }));
  for (const wanted of gone) {
    const { sku, pool } = wanted;
    // Goods may come back into another pool than they left; any of that sku will do then.
    for (const each of [...left.filter((one) => one.pool === pool), ...left.filter((one) => one.pool !== pool)]) {
      if (each.sku !== sku || wanted.quantity === 0 || (each.handed ?? false) !== handed) continue;
      const part = Math.min(each.quantity, wanted.quantity);
      each.quantity -= part;
      wanted.quantity -= part;
    }
  }
  return left.filter(({ quantity }) => quantity > 0);
}
