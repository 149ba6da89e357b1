import { type Decision, accept, refuse } from '../refusal.ts';
import type { CommandOf } from '../commands.ts';
import { cashOfRefund, drawerCash, isRungHere } from '../drawers.ts';
import { catalogueOf } from '../catalogue.ts';
import type { Taken } from '../facts/sale-facts.ts';
import type { BodyOf, Fact } from '../ledger.ts';
import { formatMinor, taxOf, times } from '../money.ts';
import type { Plan } from '../plan.ts';
import type { MoneyBack } from '../money-back.ts';
import { type Back, payBack } from '../refund-pricing.ts';
import { type OutGoods, type SaleRecord, outOf } from '../sale-record.ts';
import { openShortfalls } from '../sales.ts';
import type { ShowState } from '../show.ts';
import { type Minor, toIso } from '../units.ts';
import type { Restock } from '../words.ts';
import type { Ask } from './ask.ts';
import { unknownSku } from './demand.ts';
import { tooMuchMoney } from './most-money.ts';

/**
 * The facts of a refund. Goods still owed are owed no more first; only what was really taken can come back: uncommitted
 * when it was not handed over yet, else into the pool that `restock` names.
 */
export function refundFacts(
  show: ShowState,
  sale: SaleRecord,
  refund: { backs: readonly Back[]; amountMinor: number; money: MoneyBack; restock: Restock },
  ask: Ask,
  said: {
    reason: string;
    madeAt: string;
    source: string;
    sourceId: string | null;
    approval?: string;
    exchangeId?: string;
  },
): Fact[] {
  const owed = new Map(
    openShortfalls(show.sales)
      .filter(({ saleId }) => saleId === sale.saleId)
      .map((one) => [one.sku, { id: one.id, left: one.quantity }]),
  );
  const settled = new Map<string, number>();
  const out = sale.lines.map((_, index) => outOf(sale, index).map((each) => ({ ...each })));
  const lines = refund.backs.map((back) => {
    const returned: OutGoods[] = [];
    for (const { part, units } of back.parts) {
      const sku = sale.lines[back.index]?.parts[part]?.sku ?? back.sku;
      const debt = owed.get(sku);
      const forgiven = Math.min(units, debt?.left ?? 0);
      if (debt && forgiven > 0) {
        debt.left -= forgiven;
        settled.set(debt.id, (settled.get(debt.id) ?? 0) + forgiven);
      }
      returned.push(...pullGoods(out[back.index] ?? [], sku, units - forgiven));
    }
    const { amountMinor, taxMinor, quantity, sku } = back;
    return { line: back.index + 1, sku, quantity, amountMinor, taxMinor, ...whereTo(sale, returned, refund.restock) };
  });
  const facts = [...settled].map(([id, quantity]) => cancelled(id, quantity, ask.actor.by));
  const { tenders, roundingMinor, dueMinor } = refund.money;
  facts.push({
    kind: 'sale.refunded',
    body: {
      refundId: `r${ask.seq + facts.length}`,
      saleId: sale.saleId,
      lines,
      amountMinor: refund.amountMinor,
      taxMinor: lines.reduce((sum, line) => sum + line.taxMinor, 0),
      tenders,
      ...(roundingMinor === 0 ? {} : { roundingMinor }),
      ...(dueMinor === 0 ? {} : { dueMinor }),
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

/** A person brings goods and no receipt: list price, or what the seller names, in cash. It stands among the exceptions. */
export function refundWithoutReceipt(
  show: ShowState,
  plan: Plan,
  command: CommandOf<'refund-sale'>,
  ask: Ask,
): Decision {
  const catalogue = catalogueOf(plan);
  const mode = plan.show.taxMode;
  const lines: BodyOf<'sale.refunded'>['lines'] = [];
  const prices = command.lines.map(({ sku, quantity }) => ({ minor: catalogue.get(sku)?.priceMinor ?? 0, quantity }));
  const tooMuch = tooMuchMoney(prices, plan.show.currency);
  if (tooMuch) return tooMuch;
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
  const short = cashShort(show, ask, { till: ask.actor.till, cashMinor: amountMinor, otherMinor: 0 });
  if (short) return short;
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
    cash: cashOfRefund(show, ask.actor.till, tenders),
  };
  return accept([{ kind: 'sale.refunded', body }], { refundId, refundedMinor: amountMinor, tenders });
}

/** Cash goes back only if the drawer has it (STK-12); where no drawer is open nobody knows, and it is flagged. */
export function cashShort(
  show: ShowState,
  ask: Pick<Ask, 'actor'>,
  { till, cashMinor, otherMinor }: { till: string | null; cashMinor: Minor; otherMinor: Minor },
): (Decision & { ok: false }) | null {
  const there = cashMinor > 0 ? drawerCash(show, till) : null;
  if (there === null || cashMinor <= there) return null;
  // What a drawer should hold is not said before its count to whoever will count it.
  if (ask.actor.role === 'till') {
    const advice = 'The drawer should not hold so much. Pay cash in, or give it back by card or at the desk.';
    return refuse('not-enough-cash', advice, { field: 'amountMinor' });
  }
  const availableMinor = Math.max(0, there);
  const currency = show.plan?.show.currency ?? '';
  const most = formatMinor(availableMinor + otherMinor, currency);
  const message = `The drawer should hold ${formatMinor(availableMinor, currency)}. Pay cash in, or give back ${most} at most.`;
  return refuse('not-enough-cash', message, {
    field: 'amountMinor',
    availableMinor,
    most: availableMinor + otherMinor,
  });
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
  return pullGoods(out, sku, units).map(plain);
}

/** The same, with what became of the goods; those that were not picked up yet go first. */
function pullGoods(out: OutGoods[], sku: string, units: number): OutGoods[] {
  const pulled: OutGoods[] = [];
  let open = units;
  const own = out.filter((one) => one.sku === sku);
  const others = out.filter((one) => one.sku !== sku && one.instead === sku);
  const here = [...own, ...others];
  for (const each of [...here.filter(({ handed }) => !handed), ...here.filter(({ handed }) => handed)]) {
    const quantity = Math.min(open, each.quantity);
    if (quantity <= 0) continue;
    each.quantity -= quantity;
    open -= quantity;
    pulled.push({ ...each, quantity });
  }
  return pulled;
}

function whereTo(
  sale: SaleRecord,
  returned: OutGoods[],
  restock: Restock,
): { restocked: Taken[]; uncommitted: Taken[] } {
  const isHere = ({ handed }: OutGoods): boolean => sale.pickup === 'later' && handed !== true;
  const uncommitted = returned.filter(isHere).map(plain);
  if (restock === 'no') return { restocked: [], uncommitted };
  const back = returned.filter((each) => !isHere(each));
  return { restocked: back.map((each) => ({ ...plain(each), pool: restock })), uncommitted };
}

function plain({ sku, pool, quantity }: OutGoods): Taken {
  return { sku, pool, quantity };
}
