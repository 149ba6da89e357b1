import { type Decision, accept } from '../refusal.ts';
import type { CommandOf } from '../commands.ts';
import { cashOfRefund, isRungHere } from '../drawers.ts';
import { catalogueOf } from '../catalogue.ts';
import type { Taken } from '../facts/sale-facts.ts';
import type { BodyOf, Fact } from '../ledger.ts';
import { taxOf, times } from '../money.ts';
import type { Plan } from '../plan.ts';
import { type Back, payBack, refundTenders } from '../refund-pricing.ts';
import { type OutGoods, type SaleRecord, outOf } from '../sale-record.ts';
import { openShortfalls } from '../sales.ts';
import type { ShowState } from '../show.ts';
import { toIso } from '../units.ts';
import type { Restock } from '../words.ts';
import type { Ask } from './ask.ts';
import { unknownSku } from './demand.ts';

/**
 * The facts of a refund. Goods still owed are owed no more first; only what was really taken can come back: uncommitted
 * when it was not handed over yet, else into the pool that `restock` names.
 */
export function refundFacts(
  show: ShowState,
  sale: SaleRecord,
  refund: { backs: readonly Back[]; amountMinor: number; restock: Restock },
  ask: Ask,
  said: { reason: string; madeAt: string; source: string; sourceId: string | null },
): Fact[] {
  const owed = new Map(
    openShortfalls(show.sales)
      .filter(({ saleId }) => saleId === sale.saleId)
      .map((one) => [one.sku, { id: one.id, left: one.quantity }]),
  );
  const settled = new Map<string, number>();
  const out = sale.lines.map((_, index) => outOf(sale, index).map((each) => ({ ...each })));
  const lines = refund.backs.map((back) => {
    const returned: Taken[] = [];
    for (const { part, units } of back.parts) {
      const sku = sale.lines[back.index]?.parts[part]?.sku ?? back.sku;
      const debt = owed.get(sku);
      const forgiven = Math.min(units, debt?.left ?? 0);
      if (debt && forgiven > 0) {
        debt.left -= forgiven;
        settled.set(debt.id, (settled.get(debt.id) ?? 0) + forgiven);
      }
      returned.push(...pullOut(out[back.index] ?? [], sku, units - forgiven));
    }
    const { amountMinor, taxMinor, quantity, sku } = back;
    return { line: back.index + 1, sku, quantity, amountMinor, taxMinor, ...whereTo(sale, returned, refund.restock) };
  });
  const facts = [...settled].map(([id, quantity]) => cancelled(id, quantity, ask.actor.by));
  const tenders = refundTenders(sale, refund.amountMinor);
  facts.push({
    kind: 'sale.refunded',
    body: {
      refundId: `r${ask.seq + facts.length}`,
      saleId: sale.saleId,
      lines,
      amountMinor: refund.amountMinor,
      taxMinor: lines.reduce((sum, line) => sum + line.taxMinor, 0),
      tenders,
      channel: sale.channel,
      restock: refund.restock,
      by: ask.actor.by,
      // An outside source gave its money back by itself: nothing left a drawer of ours.
      cash: isRungHere(said.source) ? cashOfRefund(show, ask.actor.till ?? sale.till, tenders) : null,
      ...said,
    },
  });
  return facts;
}

/** A person brings goods and no receipt: list price, or what the seller names, in cash. */
export function refundWithoutReceipt(plan: Plan, command: CommandOf<'refund-sale'>, ask: Ask): Decision {
  const catalogue = catalogueOf(plan);
  const mode = plan.show.taxMode;
  const lines: BodyOf<'sale.refunded'>['lines'] = [];
  for (const [i, { sku, quantity }] of command.lines.entries()) {
    const article = catalogue.get(sku);
    if (!article) return unknownSku(sku, `lines[${i}].sku`);
    const netMinor = times(article.priceMinor, quantity);
    const taxMinor = taxOf(netMinor, article.taxRate, mode);
    const restocked =
      command.restock === 'no'
        ? []
        : article.parts.map((part) => ({ sku: part.sku, pool: command.restock, quantity: part.quantity * quantity }));
    lines.push({
      line: null,
      sku,
      quantity,
      amountMinor: netMinor + (mode === 'exclusive' ? taxMinor : 0),
      taxMinor,
      restocked,
      uncommitted: [],
    });
  }
  const amountMinor = command.amountMinor ?? lines.reduce((sum, line) => sum + line.amountMinor, 0);
  const paid = payBack(lines, amountMinor, amountMinor);
  const refundId = `r${ask.seq}`;
  const tenders = [{ kind: 'cash' as const, amountMinor }];
  const body: BodyOf<'sale.refunded'> = {
    refundId,
    saleId: null,
    lines: paid,
    amountMinor,
    taxMinor: paid.reduce((sum, line) => sum + line.taxMinor, 0),
    tenders,
    channel: 'in-person',
    reason: command.reason,
    restock: command.restock,
    madeAt: toIso(ask.now.at),
    by: ask.actor.by,
    source: 'desk',
    sourceId: null,
  };
  return accept([{ kind: 'sale.refunded', body }], { refundId, refundedMinor: amountMinor, tenders });
}

/** Goods that are owed no more, because the sale that wanted them is taken back. */
export function cancelled(shortfallId: string, quantity: number, by: string): Fact {
  return {
    kind: 'shortfall.resolved',
    body: { shortfallId, how: 'cancelled', quantity, sku: null, taken: [], committed: false, by },
  };
}

/** Takes up to so many units of a product out of what a line still has; a substitute counts for what it replaced. */
export function pullOut(out: OutGoods[], sku: string, units: number): Taken[] {
  const pulled: Taken[] = [];
  let open = units;
  for (const each of [
    ...out.filter((one) => one.sku === sku),
    ...out.filter((one) => one.sku !== sku && one.instead === sku),
  ]) {
    const quantity = Math.min(open, each.quantity);
    if (quantity <= 0) continue;
    each.quantity -= quantity;
    open -= quantity;
    pulled.push({ sku: each.sku, pool: each.pool, quantity });
  }
  return pulled;
}

function whereTo(sale: SaleRecord, returned: Taken[], restock: Restock): { restocked: Taken[]; uncommitted: Taken[] } {
  if (sale.pickup === 'later') return { restocked: [], uncommitted: returned };
  if (restock === 'no') return { restocked: [], uncommitted: [] };
  return { restocked: returned.map((each) => ({ ...each, pool: restock })), uncommitted: [] };
}
