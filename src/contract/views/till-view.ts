import { APPROVAL_LIFE } from '../../domain/approvals.ts';
import { catalogueOf } from '../../domain/catalogue.ts';
import { tillNotes } from '../../domain/decide/flags.ts';
import { DEFAULT_RULES } from '../../domain/decide/rules.ts';
import { hasDrawers, openDrawerOf } from '../../domain/drawers.ts';
import { leaseHolders, leasePool, leaseWanted, tillName } from '../../domain/leases.ts';
import { currencyDigits } from '../../domain/money.ts';
import type { Offer, Plan } from '../../domain/plan.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Now, toIso } from '../../domain/units.ts';
import type { DeskState } from '../desk-state.ts';
import type { TillItem, TillOffer, TillView } from '../floor-views.ts';
import type { Live } from '../live.ts';
import { type FloorDevice, floorBase, messagesFor } from './floor-parts.ts';
import { offersView, stockView } from './stock-view.ts';

/** Catalogue with prices and what is left, what a bill is made with, and what this till itself has under way. */
export function tillView(show: ShowState | null, live: Live, device: FloorDevice, now: Now): TillView {
  const plan = show?.plan ?? null;
  const id = device.till ?? '';
  const code = plan?.show.currency ?? '';
  const offers = offersView(show, now);
  return {
    ...floorBase(show, live, device, now),
    role: 'till',
    till: { id, name: plan?.tills.find((till) => till.id === id)?.name ?? device.name },
    currency: { code, digits: currencyDigits(code) ?? 2 },
    rules: rulesOf(plan, live),
    items: show && plan ? itemsOf({ show, plan, till: id, stock: stockView(show, now), offers }) : [],
    offers: plan ? openOffers(plan, offers) : [],
    messages: show ? messagesFor(show, device, now) : [],
    last: show ? lastSale(show, id) : null,
    drawer: drawerOf(show, id),
    approvals: show ? approvalsOf(show, id, now) : [],
    ...(show && leaseWanted(show, id) ? { returnLease: true } : {}),
  };
}

function rulesOf(plan: Plan | null, { settings }: Live): TillView['rules'] {
  const number = (key: string, otherwise: number): number => {
    const value = settings[key];
    return typeof value === 'number' ? value : otherwise;
  };
  return {
    taxMode: plan?.show.taxMode ?? 'inclusive',
    cashStepMinor: number('cashRoundingMinor', DEFAULT_RULES.cashRoundingMinor),
    discountPercent: number('till.discountPercent', DEFAULT_RULES.tillDiscountPercent),
  };
}

interface Shop {
  show: ShowState;
  plan: Plan;
  till: string;
  stock: DeskState['stock'];
  offers: DeskState['offers'];
}

/** What is only sold within bundles has no tile. */
function itemsOf(shop: Shop): TillItem[] {
  const { plan, stock, offers } = shop;
  const products = plan.products.filter(({ flags }) => !flags.includes('bundle-only'));
  return [...products, ...plan.bundles].map((article) => {
    const { sku, name, priceMinor } = article;
    const row = stock[sku];
    const promise = plan.offers.find((offer) => offer.kind === 'preorder' && offer.sku === sku);
    const { left, lease } = unitsOf(shop, sku);
    if (promise && row && row.reserve === 0 && row.physical === 0) return promised(promise, offers, name);
    const offer = openOffer(plan, offers, sku);
    const lowAt = row?.bundle === true ? (row.level === 'ok' ? 0 : left) : (row?.lowAt ?? 0);
    const notes = tillNotes(plan, sku);
    return {
      sku,
      name,
      priceMinor: offer?.priceMinor ?? priceMinor,
      left,
      ...(left <= 0 ? { level: 'out' as const } : left <= lowAt ? { level: 'low' as const } : {}),
      ...(offer ? { offer: offer.id } : {}),
      ...(lease > 0 ? { lease } : {}),
      ...('barcode' in article && article.barcode !== null ? { barcode: article.barcode } : {}),
      ...(plan.show.taxMode === 'exclusive' ? { taxRate: article.taxRate } : {}),
      ...('parts' in article ? { parts: article.parts } : {}),
      ...(notes.length > 0 ? { notes: notes as TillItem['notes'] & {} } : {}),
      ...(left <= 0 ? elsewhereOf(shop, sku) : {}),
    };
  });
}

/** Of a bundle as many as its parts make. */
function unitsOf({ plan, till, stock }: Shop, sku: string): { left: number; lease: number } {
  const parts = catalogueOf(plan).get(sku)?.parts ?? [];
  const made = parts.map((part) => {
    const pools = stock[part.sku]?.pools;
    const leased = Math.max(0, pools?.[leasePool(till)]?.available ?? 0);
    const reserve = Math.max(0, pools?.['reserve']?.available ?? 0);
    return {
      left: Math.floor((reserve + leased) / part.quantity),
      lease: Math.floor(leased / part.quantity),
    };
  });
  if (made.length === 0) return { left: 0, lease: 0 };
  return { left: Math.min(...made.map(({ left }) => left)), lease: Math.min(...made.map(({ lease }) => lease)) };
}

/** Nothing is left here; perhaps another till holds some. */
function elsewhereOf({ show, till }: Shop, sku: string): Pick<TillItem, 'elsewhere'> {
  const others = leaseHolders(show.stock, sku).filter((holder) => holder.till !== till);
  if (others.length === 0) return {};
  return { elsewhere: others.map((holder) => ({ till: tillName(show, holder.till), units: holder.units })) };
}

/** Nothing on the shelf, but it may be promised while the offer is open. */
function promised({ id, sku }: Offer, offers: DeskState['offers'], name: string): TillItem {
  const { open = false, remaining = 0, priceMinor = 0 } = offers[id] ?? {};
  const left = open ? (remaining ?? MANY) : 0;
  return {
    ...{ sku, name, priceMinor, left },
    ...(left > 0 ? {} : { level: 'out' as const }),
    ...(open ? { offer: id } : {}),
    promise: true,
  };
}

/** A preorder without a cap: as many as anybody asks for. */
const MANY = 9999;

/** An offer whose price holds for whoever walks up: no code and no sign-up. */
function openOffer(plan: Plan, offers: DeskState['offers'], sku: string): { id: string; priceMinor: number } | null {
  const open = plan.offers.find(
    (offer) =>
      offer.sku === sku && offer.gate === 'none' && offer.kind !== 'preorder' && offers[offer.id]?.open === true,
  );
  return open ? { id: open.id, priceMinor: offers[open.id]?.priceMinor ?? open.priceMinor ?? 0 } : null;
}

/** Whoever sells may choose among these; their codes are not said. */
function openOffers(plan: Plan, offers: DeskState['offers']): TillOffer[] {
  return plan.offers.flatMap(({ id, sku, gate, priceMinor, depositMinor }): TillOffer[] => {
    const standing = offers[id];
    if (!standing?.open) return [];
    return [
      {
        ...{ id, sku, priceMinor: standing.priceMinor ?? priceMinor ?? 0 },
        ...(gate === 'none' ? {} : { gate }),
        ...(standing.remaining === null ? {} : { left: standing.remaining }),
        ...(depositMinor === null ? {} : { depositMinor }),
      },
    ];
  });
}

function lastSale(show: ShowState, till: string): TillView['last'] {
  const sale = show.sales.byId.get(show.sales.lastOfTill.get(till) ?? '');
  if (!sale || sale.voided) return null;
  return { saleId: sale.saleId, totalMinor: sale.totalMinor, at: toIso(sale.at), receipt: sale.receipt };
}

function drawerOf(show: ShowState | null, till: string): TillView['drawer'] {
  if (!show || !hasDrawers(show.drawers)) return { state: 'none', openedAt: null };
  const open = openDrawerOf(show.drawers, till);
  return open ? { state: 'open', openedAt: toIso(open.openedAt) } : { state: 'closed', openedAt: null };
}

/** A question is of interest as long as its answer could still be used. */
function approvalsOf(show: ShowState, till: string, now: Now): TillView['approvals'] {
  return [...show.approvals.byId.values()]
    .filter((one) => one.till === till && !one.used && now.t - (one.answer?.t ?? one.t) <= APPROVAL_LIFE)
    .slice(-5)
    .map(({ id, what, amountMinor, answer }) => {
      return { id, what, amountMinor, state: answer === null ? 'asked' : answer.approved ? 'yes' : 'no' };
    });
}
