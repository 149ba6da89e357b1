import { type Approval, APPROVAL_LIFE, granted } from '../approvals.ts';
import { catalogueOf } from '../catalogue.ts';
import { cashOf } from '../drawers.ts';
import type { BodyOf } from '../ledger.ts';
import { dueForgiven, moneyBack, payableBack, refundable } from '../money-back.ts';
import { formatMinor } from '../money.ts';
import type { Plan } from '../plan.ts';
import { type Back, findBacks, payBack } from '../refund-pricing.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import { keptReason } from '../return-reasons.ts';
import type { SaleRecord } from '../sale-record.ts';
import { tenderSum } from '../sale-pricing.ts';
import type { ShowState } from '../show.ts';
import { type Minor, toIso } from '../units.ts';
import type { Restock } from '../words.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { cashShort, refundFacts, refundWithoutReceipt } from './refunding.ts';

/**
 * Gives units back, by sku: of whole lines first, then of bundles that hold the sku as a part. A till needs the
 * producer's yes for it. Without receipt only the desk gives money back.
 *
 * Reply: `refundId`, `refundedMinor` (money given back for goods and tax on top), `tenders`; `roundingMinor` of cash and
 * `dueMinor` that is owed no more where there are any.
 */
export const refundSale: Decider<'refund-sale'> = (show, command, ask) => {
  const plan = show.plan;
  if (!plan) return refuse('no-plan', 'There is no plan yet, so nothing was sold.');
  if (command.reason.trim() === '') return refuse('reason-required', 'Say why it comes back.', { field: 'reason' });
  if (command.saleId === null) {
    if (ask.actor.role === 'till') {
      return refuse('not-allowed', 'Without a receipt only the desk gives money back.', { field: 'saleId' });
    }
    const said = { ...command, reason: keptReason(command.reason) };
    return noRestock(plan, command) ?? refundWithoutReceipt(show, plan, said, ask);
  }
  const weighed = weighRefund(show, plan, { ...command, saleId: command.saleId });
  if ('refusal' in weighed) return weighed;
  const { sale, backs, amountMinor, dueMinor } = weighed;
  const approval = approvalFor(show, sale, { moneyMinor: amountMinor - dueMinor, approval: command.approval }, ask);
  if (approval && 'refusal' in approval) return approval;

  const money = moneyBack(sale, { amountMinor, dueMinor }, ask.rules.cashRoundingMinor);
  const cashMinor = cashOf(money.tenders);
  const short = cashShort(show, ask, {
    till: ask.actor.till ?? sale.till,
    cashMinor,
    otherMinor: tenderSum(money.tenders) - cashMinor,
  });
  if (short) return short;
  const facts = refundFacts(show, sale, { backs, amountMinor, money, restock: command.restock }, ask, {
    reason: keptReason(command.reason),
    madeAt: toIso(ask.now.at),
    source: ask.actor.role === 'till' ? 'till' : 'desk',
    sourceId: null,
    ...(approval ? { approval: approval.id } : {}),
  });
  const { refundId, tenders } = facts.at(-1)?.body as BodyOf<'sale.refunded'>;
  return accept(facts, {
    refundId,
    refundedMinor: amountMinor - dueMinor,
    tenders,
    ...(money.roundingMinor === 0 ? {} : { roundingMinor: money.roundingMinor }),
    ...(dueMinor === 0 ? {} : { dueMinor }),
  });
};

export interface WeighedRefund {
  sale: SaleRecord;
  backs: Back[];
  /** goods money, `dueMinor` included */
  amountMinor: Minor;
  /** of this, never paid and owed no more */
  dueMinor: Minor;
}

interface AskedRefund {
  saleId: string;
  lines: { sku: string; quantity: number }[];
  amountMinor?: Minor;
  restock: Restock;
}

/** What comes back and what it is worth, or why it cannot. */
export function weighRefund(
  show: ShowState,
  plan: Plan,
  asked: AskedRefund,
): WeighedRefund | (Decision & { ok: false }) {
  const forbidden = noRestock(plan, asked);
  if (forbidden) return forbidden;
  const sale = show.sales.byId.get(asked.saleId);
  if (!sale) return refuse('unknown-sale', `There is no sale "${asked.saleId}".`, { field: 'saleId' });
  if (sale.voided) return refuse('already-voided', `The sale ${sale.saleId} was voided.`, { field: 'saleId' });
  const found = findBacks(sale, asked.lines, plan.show.taxMode);
  if ('left' in found) {
    const message = `The sale ${sale.saleId} has ${found.left === 0 ? 'nothing' : `only ${found.left}`} of ${found.sku} left to refund.`;
    return refuse('more-than-sold', message, { field: 'lines', sku: found.sku, available: found.left });
  }
  const worthMinor = found.backs.reduce((sum, back) => sum + back.amountMinor, 0);
  const dueMinor = dueForgiven(sale, worthMinor);
  const paidMinor = payableBack(sale);
  if (asked.amountMinor !== undefined && asked.amountMinor > paidMinor) {
    const message = `Only ${formatMinor(paidMinor, plan.show.currency)} of this sale can still be refunded.`;
    return refuse('more-than-paid', message, { field: 'amountMinor', refundableMinor: paidMinor });
  }
  const limitMinor = refundable(sale);
  const amountMinor =
    asked.amountMinor === undefined
      ? Math.min(worthMinor, limitMinor)
      : Math.min(asked.amountMinor + dueMinor, limitMinor);
  const backs = payBack(found.backs, amountMinor, sale.taxMinor - sale.refundedTaxMinor);
  return { sale, backs, amountMinor, dueMinor: Math.min(dueMinor, amountMinor) };
}

/** The producer's yes for a till; the desk needs none. */
function approvalFor(
  show: ShowState,
  sale: SaleRecord,
  { moneyMinor, approval: named }: { moneyMinor: Minor; approval: string | undefined },
  ask: Ask,
): Approval | (Decision & { ok: false }) | null {
  const { role, till } = ask.actor;
  if (role !== 'till') return null;
  const ids = named === undefined ? [...show.approvals.byId.keys()].reverse() : [named];
  for (const approval of ids) {
    const yes = granted(show.approvals, { approval, till, what: ['refund'] }, ask.now);
    if (yes?.saleId === sale.saleId && moneyMinor <= yes.amountMinor) return yes;
  }
  const money = formatMinor(moneyMinor, show.plan?.show.currency ?? '');
  const message = `Ask the producer first: request-approval for ${money} back on ${sale.saleId}. A yes holds for ${APPROVAL_LIFE / 60_000} minutes.`;
  return refuse('needs-approval', message, { field: 'approval', amountMinor: moneyMinor, saleId: sale.saleId });
}

/** STK-12: such goods may be looked at or thrown away, never sold again. */
function noRestock(
  plan: Plan,
  { lines, restock }: { lines: { sku: string }[]; restock: Restock },
): (Decision & { ok: false }) | null {
  if (restock !== 'reserve') return null;
  const catalogue = catalogueOf(plan);
  const parts = lines.flatMap(({ sku }) => catalogue.get(sku)?.parts.map((part) => part.sku) ?? []);
  const product = plan.products.find(({ sku, flags }) => parts.includes(sku) && flags.includes('no-restock'));
  if (!product) return null;
  return refuse('flag-forbids', `${product.name} is never put back on sale; choose quarantine or no.`, {
    field: 'restock',
    flag: 'no-restock',
    sku: product.sku,
  });
}
