import { type Decision, accept, refuse } from '../refusal.ts';
import { rungAttribution } from '../attribution.ts';
import type { SaleLine, SaleRecorded, Taken, Tender } from '../facts/sale-facts.ts';
import type { Fact } from '../ledger.ts';
import { formatMinor } from '../money.ts';
import { OFFER_GRACE, liveHolds } from '../holds.ts';
import { priceLine, tenderSum, tendersFor, totalsOf } from '../sale-pricing.ts';
import { type Shelf, openShelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import type { Hold } from '../stock.ts';
import { toIso } from '../units.ts';
import type { Pool } from '../words.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { type Want, findShortage, offerRefusal, outOfStock, personLimit } from './demand.ts';
import { shortfallFacts, takeLine } from './fulfil.ts';
import { type Ringing, type RungLine, approvalRefusal, phaseRefusal, readSale } from './ringing.ts';

export { refundSale, voidSale } from './give-back.ts';
export { bookOutside } from './outside.ts';

/**
 * Rings up a sale. All lines or none; demand is summed per product over all lines before anything is checked (STK-1).
 *
 * Reply: `saleId`, `totalMinor`, `remaining` (units left in reserve by sku), `retaken` when an expired hold was taken again.
 */
export const recordSale: Decider<'record-sale'> = (show, command, ask) => {
  const ringing = readSale(show, command, ask);
  if ('refusal' in ringing) return ringing;
  const refusal = phaseRefusal(show, ringing) ?? approvalRefusal(ringing, ask) ?? offerLimits(show, ringing, ask);
  if (refusal) return refusal;

  const { shelf, facts } = openShelf(show, ask.now);
  const hold = holdOf(show, ringing, facts);
  if (hold && 'refusal' in hold) return hold;
  if (hold?.live) shelf.put(hold.live.held);

  const wants = ringing.lines.map((line): Want => {
    return { article: line.article, quantity: line.quantity, pools: poolsOf(ringing, line, hold?.live ?? null) };
  });
  if (!ringing.happened) {
    const shortage = findShortage(shelf, wants);
    if (shortage) return outOfStock(shortage, ringing.channel, hold?.lapsed ? 'hold-expired' : 'out-of-stock');
  }
  return ring(ringing, { shelf, facts, hold, wants }, ask);
};

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
  return offerRefusal(room, units, channel) ?? personLimit(show, offer.offer, units, buyer);
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

/** Where a line's goods come from, first pool first. What is on hold for it comes first of all. */
function poolsOf({ offer, till, command }: Ringing, line: RungLine, hold: Hold | null): Pool[] {
  if (line.offer !== null && offer?.offer.kind === 'preorder') return ['preorder'];
  const allotment: Pool[] = line.offer === null ? [] : [`allot:${line.offer}`];
  const lease: Pool[] = till === null ? [] : [`till:${till}`];
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

function ring(ringing: Ringing, goods: Goods, ask: Ask): Decision {
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
  const tenders = tendersFor(command.tender, totals.totalMinor);
  if (!tenders) return tenderMismatch(command.tender as Tender[], totals.totalMinor, plan.show.currency);

  const saleId = `s${ask.seq + facts.length}`;
  const promised = ringing.offer?.offer.kind === 'preorder';
  const body: SaleRecorded = {
    saleId,
    madeAt: command.madeAt === undefined ? toIso(ask.now.at) : toIso(Date.parse(command.madeAt)),
    channel: ringing.channel,
    attribution: rungAttribution(plan, {
      channel: ringing.channel,
      evidence: ringing.till ?? ask.actor.by,
      creatorCode: command.creatorCode ?? null,
      offer: ringing.offer?.offer ?? null,
    }),
    lines,
    tenders,
    tipMinor: command.tipMinor ?? 0,
    ...totals,
    pickup: promised ? 'later' : (command.pickup ?? 'now'),
    till: ringing.till,
    receipt: command.receipt ?? null,
    hold: command.hold ?? null,
    retaken: hold?.lapsed ?? false,
    offline: command.offline ?? false,
    source: ringing.till === null ? 'desk' : 'till',
    sourceId: null,
    personRef: ringing.buyer,
  };
  facts.push({ kind: 'sale.recorded', body });
  facts.push(...shortfallFacts(missing, { saleId, source: body.source, firstSeq: ask.seq + facts.length }));
  const remaining = Object.fromEntries(command.lines.map(({ sku }) => [sku, shelf.leftOf(plan, sku, ['reserve'])]));
  return accept(facts, {
    saleId,
    totalMinor: totals.totalMinor,
    remaining,
    ...(body.retaken ? { retaken: true } : {}),
  });
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

function tenderMismatch(tenders: readonly Tender[], totalMinor: number, currency: string): Decision {
  const paidMinor = tenderSum(tenders);
  const differenceMinor = totalMinor - paidMinor;
  const word = differenceMinor > 0 ? 'short of' : 'more than';
  const message = `The tenders are ${formatMinor(Math.abs(differenceMinor), currency)} ${word} the total of ${formatMinor(totalMinor, currency)}.`;
  return refuse('tender-mismatch', message, { field: 'tender', totalMinor, paidMinor, differenceMinor });
}
