import { APPROVAL_LIFE } from '../../domain/approvals.ts';
import { DEFAULT_RULES } from '../../domain/decide/rules.ts';
import { hasDrawers, openDrawerOf } from '../../domain/drawers.ts';
import { endedHolds } from '../../domain/holds.ts';
import { leaseHolders, leasePool, leaseWanted, tillName } from '../../domain/leases.ts';
import { currencyDigits } from '../../domain/money.ts';
import type { Offer, Plan, Product } from '../../domain/plan.ts';
import type { ShowState } from '../../domain/show.ts';
import { available, goods } from '../../domain/stock.ts';
import { type Now, toIso } from '../../domain/units.ts';
import type { Pool } from '../../domain/words.ts';
import type { DeskState } from '../desk-state.ts';
import type { TillItem, TillOffer, TillView } from '../floor-views.ts';
import type { Live } from '../live.ts';
import { type FloorDevice, floorBase, messagesFor } from './floor-parts.ts';
import { offersView } from './stock-view.ts';

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
    items: show && plan ? itemsOf(shopOf(show, plan, id, { offers, now })) : [],
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
  offers: DeskState['offers'];
  products: ReadonlyMap<string, Product>;
  /** units held by holds that are over, by sku and pool (I11) */
  over: ReadonlyMap<string, number>;
}

/** Made for each till at every change of stock, so without the forecasts that the desk's view of stock carries. */
function shopOf(
  show: ShowState,
  plan: Plan,
  till: string,
  { offers, now }: { offers: Shop['offers']; now: Now },
): Shop {
  const over = new Map<string, number>();
  for (const { hold } of show.stock.holds.size > 0 ? endedHolds(show, now) : []) {
    for (const { sku, pool, quantity } of hold.held) {
      over.set(`${sku}\n${pool}`, (over.get(`${sku}\n${pool}`) ?? 0) + quantity);
    }
  }
  const products = new Map(plan.products.map((product) => [product.sku, product]));
  return { show, plan, till, offers, products, over };
}

/** What is only sold within bundles has no tile. */
function itemsOf(shop: Shop): TillItem[] {
  const { plan, offers, products } = shop;
  const sold = plan.products.filter(({ flags }) => !flags.includes('bundle-only'));
  return [...sold, ...plan.bundles].map((article): TillItem => {
    const { sku, name, priceMinor } = article;
    const parts = 'parts' in article ? article.parts : [{ sku, quantity: 1 }];
    const promise = plan.offers.find((offer) => offer.kind === 'preorder' && offer.sku === sku);
    if (promise && products.get(sku)?.reserve === 0 && goods(shop.show.stock, sku).physical === 0)
      return promised(promise, offers, name);
    const offer = openOffer(plan, offers, sku);
    const { left, lease, isLow } = unitsOf(shop, parts);
    const flags = parts.flatMap((part) => products.get(part.sku)?.flags ?? []);
    const notes = NOTES.filter((flag) => flags.includes(flag));
    return {
      sku,
      name,
      priceMinor: offer?.priceMinor ?? priceMinor,
      left,
      ...(left <= 0 ? { level: 'out' as const } : isLow ? { level: 'low' as const } : {}),
      ...(offer ? { offer: offer.id } : {}),
      ...(lease > 0 ? { lease } : {}),
      ...('barcode' in article && article.barcode !== null ? { barcode: article.barcode } : {}),
      ...(plan.show.taxMode === 'exclusive' ? { taxRate: article.taxRate } : {}),
      ...('parts' in article ? { parts } : {}),
      ...(notes.length > 0 ? { notes } : {}),
      ...(left <= 0 ? elsewhereOf(shop, sku) : {}),
    };
  });
}

const NOTES = ['age-check', 'pickup-only', 'fragile'] as const;

/** Of a bundle as many as its parts make, and as low as its lowest part. */
function unitsOf(
  { show, till, products, over }: Shop,
  parts: readonly { sku: string; quantity: number }[],
): { left: number; lease: number; isLow: boolean } {
  const units = (sku: string, pool: Pool): number =>
    Math.max(0, available(show.stock, sku, pool) + (over.get(`${sku}\n${pool}`) ?? 0));
  let [left, lease, isLow] = [parts.length === 0 ? 0 : Infinity, parts.length === 0 ? 0 : Infinity, false];
  for (const { sku, quantity } of parts) {
    const leased = units(sku, leasePool(till));
    const all = units(sku, 'reserve') + leased;
    left = Math.min(left, Math.floor(all / quantity));
    lease = Math.min(lease, Math.floor(leased / quantity));
    isLow ||= all <= (products.get(sku)?.lowAt ?? 0);
  }
  return { left, lease, isLow };
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
