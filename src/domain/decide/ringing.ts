import { type Decision, refuse } from '../refusal.ts';
import type { CommandOf } from '../commands.ts';
import { type Article, catalogueOf } from '../catalogue.ts';
import { percent } from '../money.ts';
import { type OfferStanding, offerStanding } from '../offer-standing.ts';
import type { Plan } from '../plan.ts';
import { type AskedLine, spreadDiscount } from '../sale-pricing.ts';
import type { ShowState } from '../show.ts';
import type { Minor } from '../units.ts';
import type { SaleChannel } from '../words.ts';
import type { Ask } from './ask.ts';
import { unknownSku } from './demand.ts';
import { refOfPerson } from './gate.ts';
import { tooMuchMoney } from './most-money.ts';

type RecordSaleCommand = CommandOf<'record-sale'>;

/** A line rung up here always has its article. `priceMinor`: what the plan or the offer asks for one. */
export type RungLine = AskedLine & { article: Article; priceMinor: Minor };

/** What is known about a sale before its goods are looked for. */
export interface Ringing {
  plan: Plan;
  command: RecordSaleCommand;
  /** it has happened: money was taken, or a till sold while cut off; never refused for stock, cap, window or phase */
  happened: boolean;
  channel: SaleChannel;
  till: string | null;
  offer: OfferStanding | null;
  lines: RungLine[];
  /** keyed hash, when the buyer is known */
  buyer: string | null;
  /** gate code, as said when the hold was placed, else now */
  code: string | undefined;
}

/** Reads what was rung up against plan and offer. */
export function readSale(show: ShowState, command: RecordSaleCommand, ask: Ask): Ringing | (Decision & { ok: false }) {
  const plan = show.plan;
  if (!plan) return refuse('no-plan', 'There is no plan yet, so nothing can be sold.');
  const happened = command.offline === true || command.paid === true;
  const named = command.offer ?? offerOfHold(show, command);
  const offer = named === undefined ? null : offerStanding(show, named, ask.now);
  if (command.offer !== undefined && !offer && !happened) {
    return refuse('unknown-offer', `There is no offer "${command.offer}".`, { field: 'offer' });
  }
  if (offer && !command.lines.some(({ sku }) => sku === offer.offer.sku)) {
    return refuse('bad-value', `The offer "${offer.offer.id}" sells ${offer.offer.sku}, and no line does.`, {
      field: 'offer',
    });
  }
  const catalogue = catalogueOf(plan);
  const lines: RungLine[] = [];
  for (const [i, line] of command.lines.entries()) {
    const article = catalogue.get(line.sku);
    if (!article) return unknownSku(line.sku, `lines[${i}].sku`);
    const inOffer = offer?.offer.sku === line.sku ? offer.offer : null;
    const priceMinor = inOffer?.priceMinor ?? article.priceMinor;
    const unitPriceMinor = line.unitPriceMinor ?? priceMinor;
    const grossMinor = unitPriceMinor * line.quantity;
    const discountMinor = line.discountMinor ?? 0;
    if (discountMinor > grossMinor) {
      const detail = { field: `lines[${i}].discountMinor`, grossMinor };
      return refuse('bad-value', `${article.name}: the discount is more than the line costs.`, detail);
    }
    lines.push({
      article,
      foreignSku: null,
      name: article.name,
      quantity: line.quantity,
      priceMinor,
      unitPriceMinor,
      discountMinor,
      offer: inOffer?.id ?? null,
    });
  }
  // By its price and by the plan's: a discount is the difference of the two.
  const dearer = lines.map(({ priceMinor, unitPriceMinor, quantity }) => {
    return { minor: Math.max(priceMinor, unitPriceMinor), quantity };
  });
  const tooMuch = tooMuchMoney(dearer, plan.show.currency);
  if (tooMuch) return tooMuch;
  const discounted = offBasket(lines, command.basketDiscount);
  if ('refusal' in discounted) return discounted;
  const isTill = ask.actor.role === 'till';
  const hold = command.hold === undefined ? undefined : show.stock.holds.get(command.hold);
  return {
    plan,
    command,
    happened,
    channel: isTill ? 'in-person' : command.channel,
    till: isTill ? ask.actor.till : (command.till ?? null),
    offer,
    lines: discounted,
    buyer: command.signup === undefined ? (hold?.buyer ?? null) : refOfPerson(show, command.signup, ask),
    // The hold came in by its own code; another one said now would be used up unseen.
    code: hold?.code ?? command.code,
  };
}

/** The basket's discount on its lines (MON-5); never more than they cost. */
function offBasket(
  lines: RungLine[],
  asked: RecordSaleCommand['basketDiscount'],
): RungLine[] | (Decision & { ok: false }) {
  if (asked === undefined) return lines;
  const costs = lines.reduce((sum, line) => sum + line.unitPriceMinor * line.quantity - line.discountMinor, 0);
  const offMinor = 'amountMinor' in asked ? asked.amountMinor : percent(costs, shiftedPercent(asked.percent));
  if (offMinor > costs) {
    const detail = { field: 'basketDiscount.amountMinor', grossMinor: costs };
    return refuse('bad-value', 'The discount is more than the basket costs.', detail);
  }
  const spread = spreadDiscount(lines, offMinor);
  return lines.map((line, i) => ({ ...line, discountMinor: spread[i]?.discountMinor ?? line.discountMinor }));
}

/** "12.5" → "0.125", by digits. */
function shiftedPercent(text: string): string {
  const [whole = '0', decimals = ''] = text.split('.');
  const digits = whole.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${decimals}`;
}

/** A hold that was placed for an offer is sold under it, whether or not the sale says so again. */
function offerOfHold(show: ShowState, { hold, lines }: RecordSaleCommand): string | undefined {
  const id = hold === undefined ? null : (show.stock.holds.get(hold)?.offer ?? null);
  const offer = show.plan?.offers.find((each) => each.id === id);
  return offer && lines.some(({ sku }) => sku === offer.sku) ? offer.id : undefined;
}

/** Is this the hour for such a sale? A promise may be sold before the show, what has happened at any time. */
export function phaseRefusal(show: ShowState, { happened, offer, lines }: Ringing): (Decision & { ok: false }) | null {
  if (happened || show.phase === 'live') return null;
  const onlyPromises = offer?.offer.kind === 'preorder' && lines.every((line) => line.offer !== null);
  if (show.phase === 'planned' && onlyPromises) return null;
  const message =
    show.phase === 'planned' ? 'The show is not open yet.' : `The show is ${show.phase}; it sells nothing more.`;
  return refuse('show-not-open', message);
}
