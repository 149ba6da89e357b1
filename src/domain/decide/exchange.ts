import { cashOf, openDrawerOf } from '../drawers.ts';
import type { SaleExtra, Tender } from '../facts/sale-facts.ts';
import type { BodyOf, Fact } from '../ledger.ts';
import { leftOf, moneyBack } from '../money-back.ts';
import { formatMinor } from '../money.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import { cashRounding, tenderSum } from '../sale-pricing.ts';
import type { ShowState } from '../show.ts';
import { type Minor, toIso } from '../units.ts';
import type { TenderKind } from '../words.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { cashShort, refundFacts } from './refunding.ts';
import { type WeighedRefund, weighRefund } from './refund-sale.ts';
import { recordSale } from './sell.ts';

/**
 * A return and a sale in one append (STK-13): both or neither. The new goods obey stock, caps and limits like any sale,
 * and are credited as the old ones were. What the old goods cost is carried over in the tenders they were paid with, so
 * the difference alone is money that changes hands, in one tender either way.
 *
 * Reply: `exchangeId`, `refundId`, `saleId`, `differenceMinor` (to be paid; negative: given back), `totalMinor`,
 * `remaining`.
 */
export const exchangeItems: Decider<'exchange-items'> = (show, command, ask) => {
  const plan = show.plan;
  if (!plan) return refuse('no-plan', 'There is no plan yet, so nothing was sold.');
  const weighed = weighRefund(show, plan, command);
  if ('refusal' in weighed) return weighed;
  const { sale, backs, amountMinor, dueMinor } = weighed;
  const exchangeId = `x${ask.seq}`;
  const credit = moneyBack(sale, { amountMinor, dueMinor }, 0);
  const returned = refundFacts(show, sale, { backs, amountMinor, money: credit, restock: command.restock }, ask, {
    reason: command.reason,
    madeAt: toIso(ask.now.at),
    source: ask.actor.role === 'till' ? 'till' : 'desk',
    sourceId: null,
    exchangeId,
  });

  const rung = recordSale(
    show,
    {
      id: command.id,
      kind: 'record-sale',
      lines: command.take,
      channel: sale.channel === 'unattributed' ? 'in-person' : sale.channel,
      tender: command.tender,
      ...(command.offer === undefined ? {} : { offer: command.offer }),
      ...(sale.till === null ? {} : { till: sale.till }),
    },
    { ...ask, seq: ask.seq + returned.length },
  );
  if (!rung.ok) return ofTaken(rung);
  const { roundingMinor: _, ...refunded } = returned.at(-1)?.body as BodyOf<'sale.refunded'>;
  const taken = rung.facts.find((fact) => fact.kind === 'sale.recorded');
  if (taken?.kind !== 'sale.recorded') throw new Error('ring up the new half of an exchange');

  const newDue = taken.body.extra?.dueMinor ?? 0;
  const paid = settle(
    show,
    weighed,
    { credit: credit.tenders, dueNowMinor: taken.body.totalMinor - newDue },
    command.tender,
    ask,
  );
  if ('refusal' in paid) return paid;
  const till = taken.body.till;
  const cashMinor = cashOf(paid.back);
  const half: Fact = {
    kind: 'sale.refunded',
    body: {
      ...refunded,
      tenders: paid.back,
      ...roundingOf(tenderSum(paid.back) - (amountMinor - dueMinor)),
      // Both halves pass through the drawer of the till that sells.
      cash:
        cashMinor === 0
          ? null
          : { drawer: openDrawerOf(show.drawers, till)?.id ?? null, how: 'refunded', amountMinor: cashMinor },
    },
  };
  const { roundingMinor: __, ...rest } = taken.body.extra ?? {};
  const extra: SaleExtra = { ...rest, exchangeId, ...roundingOf(paid.roundingMinor) };
  const { channel, attribution, personRef } = sale;
  taken.body = { ...taken.body, channel, attribution, personRef, tenders: paid.tenders, extra };
  return accept([...returned.slice(0, -1), half, ...rung.facts], {
    ...rung.reply,
    exchangeId,
    refundId: refunded.refundId,
    saleId: taken.body.saleId,
    differenceMinor: paid.differenceMinor,
  });
};

/** The new half is rung up as `lines`; who asked for the exchange calls them `take`. */
function ofTaken(rung: Decision & { ok: false }): Decision {
  const { field } = rung.refusal;
  if (field === undefined) return rung;
  return { ...rung, refusal: { ...rung.refusal, field: field.replace(/^lines\b/, 'take') } };
}

interface Settled {
  /** of the sale, and of the refund */
  tenders: Tender[];
  back: Tender[];
  differenceMinor: Minor;
  /** of the sale */
  roundingMinor: Minor;
}

/**
 * The old goods pay for the new ones as far as they go. The rest is paid, or given back, in one tender; what is given
 * back is no more than that tender paid.
 */
function settle(
  show: ShowState,
  { sale }: WeighedRefund,
  { credit, dueNowMinor }: { credit: Tender[]; dueNowMinor: Minor },
  tender: TenderKind,
  ask: Ask,
): Settled | (Decision & { ok: false }) {
  const stepMinor = tender === 'cash' ? ask.rules.cashRoundingMinor : 0;
  const owedMinor = dueNowMinor - tenderSum(credit);
  if (owedMinor >= 0) {
    const roundingMinor = cashRounding(owedMinor, stepMinor);
    const differenceMinor = owedMinor + roundingMinor;
    const own = differenceMinor === 0 ? [] : [{ kind: tender, amountMinor: differenceMinor }];
    const tenders = merged([...credit, ...own]);
    return {
      tenders: tenders.length > 0 ? tenders : [{ kind: tender, amountMinor: 0 }],
      back: credit,
      differenceMinor,
      roundingMinor,
    };
  }
  const leftMinor = leftOf(sale, tender);
  const creditMinor = tenderSum(credit);
  const backMinor = inCoins(-owedMinor, stepMinor, Math.min(leftMinor, creditMinor));
  if (-owedMinor > leftMinor) {
    const currency = show.plan?.show.currency ?? '';
    const message = `${formatMinor(-owedMinor, currency)} go back, and only ${formatMinor(leftMinor, currency)} of this sale were paid by ${tender}.`;
    return refuse('more-than-paid', message, {
      field: 'tender',
      differenceMinor: owedMinor,
      refundableMinor: leftMinor,
    });
  }
  const short =
    tender === 'cash'
      ? cashShort(show, ask, { till: ask.actor.till ?? sale.till, cashMinor: backMinor, otherMinor: 0 })
      : null;
  if (short) return short;
  const carried = without(credit, tender, backMinor);
  return {
    tenders: carried.length > 0 ? carried : [{ kind: tender, amountMinor: 0 }],
    back: merged([...carried, { kind: tender, amountMinor: backMinor }]),
    differenceMinor: 0 - backMinor,
    roundingMinor: creditMinor - backMinor - dueNowMinor,
  };
}

/** Rounded as coins allow; down where the nearest would be more than the most. */
function inCoins(amountMinor: Minor, stepMinor: Minor, mostMinor: Minor): Minor {
  const nearest = amountMinor + cashRounding(amountMinor, stepMinor);
  return nearest <= mostMinor || stepMinor <= 1 ? nearest : amountMinor - (amountMinor % stepMinor);
}

/** The credit less what is given back: off that tender first, then off the others. */
function without(credit: readonly Tender[], kind: TenderKind, amountMinor: Minor): Tender[] {
  let open = amountMinor;
  const order = [...credit.filter((one) => one.kind === kind), ...credit.filter((one) => one.kind !== kind)];
  const left = order.map((one) => {
    const part = Math.min(open, one.amountMinor);
    open -= part;
    return { ...one, amountMinor: one.amountMinor - part };
  });
  return left.filter((one) => one.amountMinor > 0);
}

/** One tender a kind and payment. */
function merged(tenders: readonly Tender[]): Tender[] {
  const kept: Tender[] = [];
  for (const tender of tenders.filter(({ amountMinor }) => amountMinor > 0)) {
    const same = kept.find(({ kind, ref }) => kind === tender.kind && ref === tender.ref);
    if (same) same.amountMinor += tender.amountMinor;
    else kept.push({ ...tender });
  }
  return kept;
}

function roundingOf(roundingMinor: Minor): { roundingMinor?: Minor } {
  return roundingMinor === 0 ? {} : { roundingMinor };
}
