import { type Article, catalogueOf } from '../../domain/catalogue.ts';
import { wallOf } from '../../domain/clock.ts';
import { type Forecast, forecasts } from '../../domain/forecast.ts';
import { endedHolds, holdDeadline, liveHolds } from '../../domain/holds.ts';
import { usedCount } from '../../domain/gate-codes.ts';
import { offerStanding } from '../../domain/offer-standing.ts';
import { tillOf } from '../../domain/leases.ts';
import type { Offer, Product } from '../../domain/plan.ts';
import { openShortfalls } from '../../domain/sales.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Cell, isGoods } from '../../domain/stock.ts';
import { type HubTime, type Now, toIso } from '../../domain/units.ts';
import type { DeskState } from '../desk-state.ts';
import type { CellView, OfferView, StockView } from '../stock-state.ts';

/** Every product and bundle of the plan by sku. A hold that is over lowers nothing, even before the timer says so (I11). */
export function stockView(show: ShowState | null, now: Now): DeskState['stock'] {
  if (!show?.plan) return {};
  const reading: Reading = { show, expected: forecasts(show, now), over: unitsOver(show, now) };
  const view = new Map(show.plan.products.map((product) => [product.sku, productView(reading, product)]));
  for (const { sku } of show.plan.bundles) {
    const article = catalogueOf(show.plan).get(sku);
    if (article) view.set(sku, bundleView(reading, article, view));
  }
  return Object.fromEntries(view);
}

export function offersView(show: ShowState | null, now: Now): DeskState['offers'] {
  const view = new Map<string, OfferView>();
  for (const { id } of show?.plan?.offers ?? []) {
    const standing = show && offerStanding(show, id, now);
    if (!standing) continue;
    const { offer, open, sold, held, remaining, closedWhy } = standing;
    const run = show.offers.byId.get(id);
    const closesAtT = run?.open ? run.closesAtT : null;
    view.set(id, {
      kind: offer.kind,
      sku: offer.sku,
      open,
      openedAt: run ? toIso(run.openedAt) : null,
      closesAt: closesAtT === null ? offer.closesAt : clockText(show, closesAtT),
      sold,
      cap: offer.cap,
      remaining: remaining === null ? null : Math.max(0, remaining),
      priceMinor: offer.priceMinor ?? catalogueOf(show.plan).get(offer.sku)?.priceMinor ?? 0,
      held,
      perBuyer: offer.perBuyer,
      gate: offer.gate,
      codes: offer.gate === 'code' ? codesView(show, offer) : null,
      depositMinor: offer.depositMinor,
      closedWhy: open ? null : closedWhy,
    });
  }
  return Object.fromEntries(view);
}

function codesView(show: ShowState, offer: Offer): OfferView['codes'] {
  const used = usedCount(offer, show.offers.codes.get(offer.id) ?? new Map());
  return { count: offer.codes.length, used, use: offer.codeUse };
}

export function holdsView(show: ShowState | null, now: Now): DeskState['holds'] {
  if (!show) return [];
  return liveHolds(show, now).map((hold) => ({
    id: hold.holdId,
    lines: hold.lines,
    expiresAt: clockText(show, holdDeadline(hold, show.clock, now)),
    offer: hold.offer,
  }));
}

export function shortfallsView(show: ShowState | null): DeskState['shortfalls'] {
  if (!show) return [];
  return openShortfalls(show.sales).map(({ id, sku, quantity, saleId, source, at }) => {
    return { id, sku, quantity, saleId, source, at: toIso(at) };
  });
}

export function parkedView(show: ShowState | null): DeskState['parked'] {
  if (!show) return [];
  return [...show.sales.parked.values()].map(({ id, saleId, foreignSku, name, quantity, source, at }) => {
    return { id, saleId, foreignSku, name, quantity, source, at: toIso(at) };
  });
}

interface Reading {
  show: ShowState;
  expected: Map<string, Forecast>;
  /** units held by holds that are over, by `sku` and pool */
  over: Map<string, number>;
}

function productView({ show, expected, over }: Reading, product: Product): StockView {
  const { sku, name, reserve, lowAt } = product;
  const pools: Record<string, CellView> = {};
  const sum = { physical: 0, held: 0, committed: 0 };
  for (const [pool, cell] of show.stock.cells.get(sku) ?? []) {
    const view = cellView(cell, over.get(`${sku}\n${pool}`) ?? 0);
    if (pool !== 'reserve' && view.physical === 0 && view.held === 0 && view.committed === 0) continue;
    pools[pool] = view;
    if (!isGoods(pool)) continue;
    sum.physical += view.physical;
    sum.held += view.held;
    sum.committed += view.committed;
  }
  const available = pools['reserve']?.available ?? 0;
  const withTills = Object.entries(pools).filter(([pool]) => tillOf(pool) !== null);
  const left = withTills.reduce((units, [, view]) => units + view.available, available);
  const forecast = expected.get(sku);
  const soldOut = forecast?.soldOutT ?? null;
  const { sold = 0, refunded = 0 } = show.sales.takings.byPart.get(sku) ?? {};
  const count = show.stock.counted.get(sku);
  return {
    name,
    ...sum,
    available,
    left,
    pools,
    sold,
    refunded,
    reserve,
    lowAt,
    perMinute: rounded(forecast?.perMinute ?? 0),
    soldOutAt: soldOut === null ? null : clockText(show, soldOut),
    soldOutRange: forecast?.range
      ? { from: clockText(show, forecast.range.fromT), to: clockText(show, forecast.range.toT) }
      : null,
    level: left <= 0 ? 'out' : left <= lowAt ? 'low' : 'ok',
    bundle: false,
    limitedBy: null,
    counted: count?.counted ?? null,
    variance: count?.variance ?? null,
  };
}

/** A bundle has no stock of its own: it is as scarce, as low and as soon gone as its scarcest part. */
function bundleView(
  { show, expected }: Reading,
  article: Article,
  products: ReadonlyMap<string, StockView>,
): StockView {
  const parts = article.parts.flatMap((part) => {
    const stock = products.get(part.sku);
    if (!stock) return [];
    const makes = (units: number): number => Math.floor(units / part.quantity);
    return [{ sku: part.sku, stock, makes: makes(stock.left), fromReserve: makes(stock.available) }];
  });
  const scarcest = parts.reduce<(typeof parts)[number] | null>(
    (least, part) => (least && least.makes <= part.makes ? least : part),
    null,
  );
  const left = scarcest?.makes ?? 0;
  const [first] = parts
    .map(({ stock }) => stock)
    .filter(({ soldOutAt }) => soldOutAt !== null)
    .sort((a, b) => ((a.soldOutAt ?? '') < (b.soldOutAt ?? '') ? -1 : 1));
  const soldOut = first?.soldOutAt ?? null;
  const rates = article.parts.map((part) => (expected.get(part.sku)?.perMinute ?? 0) / part.quantity);
  const units = show.sales.takings.byProduct.get(article.sku)?.units ?? 0;
  return {
    name: article.name,
    physical: 0,
    held: 0,
    committed: 0,
    available: parts.length === 0 ? 0 : Math.min(...parts.map(({ fromReserve }) => fromReserve)),
    left,
    pools: {},
    sold: units,
    refunded: 0,
    reserve: 0,
    lowAt: 0,
    perMinute: rounded(Math.max(0, ...rates)),
    soldOutAt: left > 0 ? soldOut : null,
    soldOutRange: left > 0 ? (first?.soldOutRange ?? null) : null,
    level: left <= 0 ? 'out' : (scarcest?.stock.level ?? 'ok'),
    bundle: true,
    limitedBy: scarcest?.sku ?? null,
    counted: null,
    variance: null,
  };
}

function cellView({ physical, held, committed }: Readonly<Cell>, over: number): CellView {
  const counting = held - over;
  return { physical, held: counting, committed, available: physical - counting - committed };
}

function unitsOver(show: ShowState, now: Now): Map<string, number> {
  const over = new Map<string, number>();
  for (const { hold } of endedHolds(show, now)) {
    for (const { sku, pool, quantity } of hold.held) {
      const key = `${sku}\n${pool}`;
      over.set(key, (over.get(key) ?? 0) + quantity);
    }
  }
  return over;
}

function clockText(show: ShowState, t: HubTime): string {
  return toIso(Math.round(wallOf(show.clock, t)));
}

function rounded(rate: number): number {
  return Math.round(rate * 100) / 100;
}
