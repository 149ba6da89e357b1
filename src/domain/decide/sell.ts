import { type Decision, accept, refuse } from '../refusal.ts';
import { rungAttribution } from '../attribution.ts';
import { cashOf, hasDrawers, openDrawerOf } from '../drawers.ts';
import type { SaleExtra, SaleLine, SaleRecorded, Taken } from '../facts/sale-facts.ts';
import type { Fact } from '../ledger.ts';
import { OFFER_GRACE, liveHolds } from '../holds.ts';
import { type Payment, priceLine, totalsOf } from '../sale-pricing.ts';
import { type Shelf, openShelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import type { Hold } from '../stock.ts';
import { type Minor, toIso } from '../units.ts';
import type { Pool } from '../words.ts';
import type { Ask } from './ask.ts';
import { weighedCredit } from './crediting.ts';
import type { Decider } from './decider.ts';
import { type Want, findShortage, offerRefusal, outOfStock, personLimit } from './demand.ts';
import { shortfallFacts, takeLine } from './fulfil.ts';
import { flagRefusal } from './flags.ts';
import { gateRefusal } from './gate.ts';
import { type Ringing, type RungLine, phaseRefusal, readSale } from './ringing.ts';
import { pickupCodeFor } from './pickup-code.ts';
import { dueLater, takePayment } from './payment.ts';
import { approvalOf, tillRefusal } from './till-limits.ts';

export { refundSale, voidSale } from './give-back.ts';
export { bookOutside } from './outside.ts';

/**
 * Rings up a sale. All lines or none; demand is summed per product over all lines before anything is checked (STK-1).
 *
 * Reply: `saleId`, `totalMinor`, `remaining` (units left in reserve by sku); `retaken` when an expired hold was taken
 * again; `pickupCode`, `dueMinor` left to pay, `roundingMinor` of cash and `changeMinor` where there are any.
 */
export const recordSale: Decider<'record-sale'> = (show, command, ask) => {
  const ringing = readSale(show, command, ask);
  if ('refusal' in ringing) return ringing;
  const refusal =
    phaseRefusal(show, ringing) ??
    flagRefusal(show.plan, { lines: command.lines, pickup: pickupOf(ringing), happened: ringing.happened }) ??
    tillRefusal(show, ringing, ask) ??
    offerLimits(show, ringing, ask);
  if (refusal) return refusal;

  const { shelf, facts } = openShelf(show, ask.now);
  const hold = holdOf(show, ringing, facts);
  if (hold && 'refusal' in hold) return hold;
  const lessee = lesseeOf(ringing, ask);
  if (hold?.live) shelf.putHeld(hold.live.held, lessee);

  const wants = ringing.lines.map((line): Want => {
    return {
      article: line.article,
      quantity: line.quantity,
      pools: poolsOf(ringing, line, { lessee, hold: hold?.live ?? null }),
    };
  });
  if (!ringing.happened) {
    const shortage = findShortage(shelf, wants);
    if (shortage) return outOfStock(shortage, ringing.channel, hold?.lapsed ? 'hold-expired' : 'out-of-stock');
  }
  return ring(show, ringing, { shelf, facts, hold, wants }, ask);
};

/** A promise is always picked up later. */
function pickupOf({ offer, command }: Ringing): 'now' | 'later' {
  return offer?.offer.kind === 'preorder' ? 'later' : (command.pickup ?? 'now');
}

/** Is the offer open, and do its cap and its limit for each buyer leave room for this sale? */
function offerLimits(show: ShowState, ringing: Ringing, ask: Ask): (Decision & { ok: false }) | null {
  const { offer, happened, lines, buyer, channel, command } = ringing;
  if (!offer || happened) return null;
  // Units of the sale's own hold are among those that the cap counts as held.
  const own = liveHolds(show, ask.now).find((hold) => hold.holdId === command.hold && hold.offer === offer.offer.id);
  const inGrace =
    own !== undefined &&
    offer.closedWhy === 'window' &&
    offer.endedT !== null &&
    ask.now.t <= offer.endedT + OFFER_GRACE;
  const units = lines.reduce((sum, line) => sum + (line.offer === null ? 0 : line.quantity), 0);
  const ownUnits = own?.lines.reduce((sum, line) => sum + (line.sku === offer.offer.sku ? line.quantity : 0), 0) ?? 0;
  const room = {
    ...offer,
    open: offer.open || inGrace,
    remaining: offer.remaining === null ? null : offer.remaining + ownUnits,
  };
  return (
    offerRefusal(room, units, channel) ??
    gateRefusal(show, offer, { code: ringing.code, buyer, units, hold: own }, ask) ??
    personLimit(show, offer.offer, { units, buyer, hold: own ?? null }, ask)
  );
}

/** `lapsed`: it was there and is over, so the goods must be taken again. */
type HoldUse = { live: Hold | null; lapsed: boolean };

/** The hold that a sale names: still there, or over, so that its goods must be taken again (STK-5). */
function holdOf(
  show: ShowState,
  { command, happened }: Ringing,
  ending: readonly Fact[],
): HoldUse | (Decision & { ok: false }) | null {
  if (command.hold === undefined) return null;
  const hold = show.stock.holds.get(command.hold);
  if (hold && !ending.some((fact) => 'holdId' in fact.body && fact.body.holdId === hold.holdId))
    return { live: hold, lapsed: false };
  const how = hold ? 'expired' : show.stock.endedHolds.get(command.hold);
  if (happened || how === 'expired') return { live: null, lapsed: how === 'expired' };
  if (how === undefined) return refuse('unknown-hold', `There is no hold "${command.hold}".`, { field: 'hold' });
  return refuse('hold-ended', `The hold "${command.hold}" was ${how} already.`, { field: 'hold' });
}

/** The till whose lease this sale may use: the one that rings it, or rang it while it was cut off, never for the desk. */
function lesseeOf({ till, command }: Ringing, { actor }: Ask): string | null {
  return actor.role === 'till' || command.offline === true ? till : null;
}

/** Where a line's goods come from, first pool first. What is on hold for it comes first of all. */
function poolsOf(
  { offer, command }: Ringing,
  line: RungLine,
  { lessee, hold }: { lessee: string | null; hold: Hold | null },
): Pool[] {
  if (line.offer !== null && offer?.offer.kind === 'preorder') return ['preorder'];
  const allotment: Pool[] = line.offer === null ? [] : [`allot:${line.offer}`];
  const lease: Pool[] = lessee === null ? [] : [`till:${lessee}`];
  // A till that was cut off sold from its own lease; one that is connected spares it.
  const rest: Pool[] = command.offline ? [...lease, 'reserve'] : ['reserve', ...lease];
  const held = (hold?.held ?? [])
    .map(({ pool }) => pool)
    .filter((pool) => rest.includes(pool) || pool.startsWith('till:'));
  return [...new Set([...allotment, ...held, ...rest])];
}

interface Goods {
  shelf: Shelf;
  facts: Fact[];
  hold: HoldUse | null;
  wants: Want[];
}

function ring(show: ShowState, ringing: Ringing, goods: Goods, ask: Ask): Decision {
  const { plan, command, lines: asked } = ringing;
  const { shelf, facts, hold } = goods;
  const mode = plan.show.taxMode;
  const missing = new Map<string, number>();
  const lines = asked.map((line, i): SaleLine => {
    const want = goods.wants[i];
    const taken: Taken[] = want ? takeLine(shelf, want, missing) : [];
    return priceLine(line, i + 1, mode, taken);
  });
  const [short] = missing;
  if (short && !ringing.happened) return outOfReach(short, goods, ringing);
  const totals = totalsOf(lines, mode, command.tipMinor ?? 0);
  const dueMinor = ringing.offer === null ? 0 : dueLater(ringing.offer.offer, lines, mode);
  const payment = takePayment(ringing, totals.totalMinor - dueMinor, ask);
  if ('refusal' in payment) return payment;

  const saleId = `s${ask.seq + facts.length}`;
  const pickup = pickupOf(ringing);
  const pickupCode = pickup === 'later' ? pickupCodeFor(show, ask, saleId) : undefined;
  const madeAt = command.madeAt === undefined ? toIso(ask.now.at) : toIso(Date.parse(command.madeAt));
  const attribution = rungAttribution(plan, {
    channel: ringing.channel,
    evidence: ringing.till ?? ask.actor.by,
    creatorCode: command.creatorCode ?? null,
    offer: ringing.offer?.offer ?? null,
  });
  const body: SaleRecorded = {
    saleId,
    madeAt,
    channel: ringing.channel,
    attribution: weighedCredit(show, attribution, { madeAt, personRef: ringing.buyer }, ask),
    lines,
    tenders: payment.tenders,
    tipMinor: command.tipMinor ?? 0,
    ...totals,
    pickup,
    till: ringing.till,
    receipt: command.receipt ?? null,
    hold: command.hold ?? null,
    retaken: hold?.lapsed ?? false,
    offline: command.offline ?? false,
    source: ringing.till === null ? 'desk' : 'till',
    sourceId: null,
    personRef: ringing.buyer,
  };
  const approval = approvalOf(show, ringing, ask)?.id;
  const extra = extraOf(show, ringing, { ...payment, dueMinor, pickupCode, approval });
  facts.push({ kind: 'sale.recorded', body: extra === null ? body : { ...body, extra } });
  facts.push(...shortfallFacts(missing, { saleId, source: body.source, firstSeq: ask.seq + facts.length }));
  const remaining = Object.fromEntries(command.lines.map(({ sku }) => [sku, shelf.leftOf(plan, sku, ['reserve'])]));
  return accept(facts, {
    saleId,
    totalMinor: totals.totalMinor,
    remaining,
    ...(body.retaken ? { retaken: true } : {}),
    ...(pickupCode === undefined ? {} : { pickupCode }),
    ...(dueMinor === 0 ? {} : { dueMinor }),
    ...(payment.roundingMinor === 0 ? {} : { roundingMinor: payment.roundingMinor }),
    ...(command.givenMinor === undefined ? {} : { changeMinor: command.givenMinor - cashOf(payment.tenders) }),
  });
}

/** What was found out about a sale while it was rung. */
interface Told {
  dueMinor: Minor;
  pickupCode: string | undefined;
  approval: string | undefined;
}

/** What most sales do not have; null when this one has none of it either. */
function extraOf(
  show: ShowState,
  { command, till, code }: Ringing,
  { tenders, roundingMinor, dueMinor, pickupCode, approval }: Payment & Told,
): SaleExtra | null {
  const { givenMinor, priceReason, beyondLease } = command;
  const careLines = command.lines.flatMap(({ care }, i) => (care === true ? [i + 1] : []));
  const noDrawer = cashOf(tenders) !== 0 && hasDrawers(show.drawers) && openDrawerOf(show.drawers, till) === null;
  const extra: SaleExtra = {
    ...(roundingMinor === 0 ? {} : { roundingMinor }),
    ...(dueMinor === 0 ? {} : { dueMinor }),
    ...(givenMinor === undefined ? {} : { givenMinor }),
    ...(pickupCode === undefined ? {} : { pickupCode }),
    ...(code === undefined ? {} : { code }),
    ...(approval === undefined ? {} : { approval }),
    ...(priceReason === undefined ? {} : { priceReason }),
    ...(careLines.length === 0 ? {} : { careLines }),
    ...(beyondLease === true ? { beyondLease } : {}),
    ...(noDrawer ? { noDrawer } : {}),
  };
  return Object.keys(extra).length === 0 ? null : extra;
}

/** Enough in all, but spread over pools that not every line may sell from. */
function outOfReach([sku, units]: [string, number], { wants }: Goods, { channel }: Ringing): Decision {
  const asked = wants.flatMap(({ article, quantity }) =>
    article.parts.filter((part) => part.sku === sku).map((part) => part.quantity * quantity),
  );
  const all = asked.reduce((sum, each) => sum + each, 0);
  return outOfStock(
    { sku, name: sku, asked: all, available: all - units, pools: ['reserve'] },
    channel,
    'out-of-stock',
  );
}
