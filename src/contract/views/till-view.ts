import { currencyDigits } from '../../domain/money.ts';
import type { Offer, Plan } from '../../domain/plan.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Now, toIso } from '../../domain/units.ts';
import type { DeskState } from '../desk-state.ts';
import type { TillItem, TillView } from '../floor-views.ts';
import type { Live } from '../live.ts';
import { type FloorDevice, floorBase, messagesFor } from './floor-parts.ts';
import { offersView, stockView } from './stock-view.ts';

/** Catalogue with prices and what is left, messages, and the one sale that this till may undo. */
export function tillView(show: ShowState | null, live: Live, device: FloorDevice, now: Now): TillView {
  const plan = show?.plan ?? null;
  const id = device.till ?? '';
  const code = plan?.show.currency ?? '';
  return {
    ...floorBase(show, live, device, now),
    role: 'till',
    till: { id, name: plan?.tills.find((till) => till.id === id)?.name ?? device.name },
    currency: { code, digits: currencyDigits(code) ?? 2 },
    items: plan ? itemsOf(plan, stockView(show, now), offersView(show, now)) : [],
    messages: show ? messagesFor(show, device, now) : [],
    last: show ? lastSale(show, id) : null,
  };
}

function itemsOf(plan: Plan, stock: DeskState['stock'], offers: DeskState['offers']): TillItem[] {
  return [...plan.products, ...plan.bundles].map(({ sku, name, priceMinor }) => {
    const row = stock[sku];
    const promise = plan.offers.find((offer) => offer.kind === 'preorder' && offer.sku === sku);
    if (promise && row && row.reserve === 0 && row.physical === 0) return promised(promise, offers, name);
    const offer = openOffer(plan, offers, sku);
    return {
      sku,
      name,
      priceMinor: offer?.priceMinor ?? priceMinor,
      left: row?.available ?? 0,
      level: row?.level ?? 'out',
      offer: offer?.id ?? null,
      promise: false,
    };
  });
}

/** Nothing on the shelf, but it may be promised while the offer is open. */
function promised({ id, sku }: Offer, offers: DeskState['offers'], name: string): TillItem {
  const { open = false, remaining = 0, priceMinor = 0 } = offers[id] ?? {};
  const left = open ? (remaining ?? MANY) : 0;
  return { sku, name, priceMinor, left, level: left > 0 ? 'ok' : 'out', offer: open ? id : null, promise: true };
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

function lastSale(show: ShowState, till: string): TillView['last'] {
  const sale = show.sales.byId.get(show.sales.lastOfTill.get(till) ?? '');
  if (!sale || sale.voided) return null;
  return { saleId: sale.saleId, totalMinor: sale.totalMinor, at: toIso(sale.at), receipt: sale.receipt };
}
