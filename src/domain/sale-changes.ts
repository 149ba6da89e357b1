import { catalogueOf } from './catalogue.ts';
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
    since.out[index] = without(since.out[index] ?? [], [...back.restocked, ...back.uncommitted]);
  }
  sale.refundedUnits = sale.lines.map((line, index) => wholeUnitsBack(line, since.backParts[index] ?? []));
  sale.refundedMinor += refund.amountMinor;
  sale.refundedTaxMinor += refund.taxMinor;
  since.refundedTenders.push(...refund.tenders);
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
  if (line.parts.length === 0) return 0;
  return Math.min(...line.parts.map((_, i) => Math.floor((backParts[i] ?? 0) / perUnit(line, i))));
}

/** Takes `gone` out of a list of goods, pool by pool. */
function without(taken: readonly OutGoods[], gone: readonly Taken[]): OutGoods[] {
  const left = taken.map((each) => ({ ...each }));
  for (const { sku, pool, quantity } of gone) {
    let open = quantity;
    // Goods may come back into another pool than they left; any of that sku will do then.
    for (const each of [...left.filter((one) => one.pool === pool), ...left.filter((one) => one.pool !== pool)]) {
      if (each.sku !== sku || open === 0) continue;
      const part = Math.min(each.quantity, open);
      each.quantity -= part;
      open -= part;
    }
  }
  return left.filter(({ quantity }) => quantity > 0);
}
