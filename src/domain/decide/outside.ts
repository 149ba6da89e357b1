import { outsideAttribution } from '../attribution.ts';
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import type { OutsideOrder, OutsideRefund, OutsideSale } from '../commands.ts';
import type { SaleLine, SaleRecorded } from '../facts/sale-facts.ts';
import type { Fact } from '../ledger.ts';
import { type TaxMode, taxOf, times } from '../money.ts';
import { moneyBack, refundable } from '../money-back.ts';
import { allThatIsLeft, findBacks, payBack } from '../refund-pricing.ts';
import type { SaleRecord } from '../sale-record.ts';
import { type AskedLine, priceLine, totalsOf } from '../sale-pricing.ts';
import { bookedKey, skuMapKey } from '../sales.ts';
import { openShelf } from '../shelf.ts';
import { madeAfterClose } from '../observed.ts';
import type { ShowState } from '../show.ts';
import { twinOf } from '../twins.ts';
import { fromIso, toIso } from '../units.ts';
import type { Ask } from './ask.ts';
import { weighedCredit } from './crediting.ts';
import { shortfallFacts, takeLine } from './fulfil.ts';
import { refundFacts } from './refunding.ts';

/**
 * Books an order that has already happened elsewhere: never refused for stock, cap, window or phase (STK-6).
 *
 * @returns the facts to append, or none when the order is booked already; the hub names them by source and id
 */
export function bookOutside(show: ShowState, order: OutsideOrder, ask: Ask): Fact[] {
  if (show.sales.bySource.has(bookedKey(order.type, order.source, order.sourceId)) || isTold(show, order)) return [];
  if (order.type === 'sale' && madeAfterClose(show, order.at)) return observe(order);
  return order.type === 'sale' ? bookSale(show, order, ask) : bookRefund(show, order, ask);
}

/** Bought after the show: no stock and no takings, only a buyer who came back, where anybody left a contact (VER-2). */
function observe({ personRef, at, lines, source }: OutsideSale): Fact[] {
  if (personRef === null) return [];
  const netMinor = lines.reduce(
    (sum, line) => sum + times(line.unitPriceMinor ?? 0, line.quantity) - line.discountMinor,
    0,
  );
  return [{ kind: 'purchase.observed', body: { personRef, at: toIso(fromIso(at)), netMinor, source } }];
}

/** A return in a vendor's file: the vendor's connector has folded it into the order that it is a return of. */
function isTold(show: ShowState, { type, source, sourceId }: OutsideOrder): boolean {
  return type === 'refund' && twinOf(show.orders, { source, orderId: sourceId, name: sourceId }) !== null;
}

function bookSale(show: ShowState, order: OutsideSale, ask: Ask): Fact[] {
  const mode = modeOf(show);
  const catalogue = catalogueOf(show.plan);
  const { shelf, facts } = openShelf(show, ask.now);
  const missing = new Map<string, number>();
  const lines = order.lines.map((asked, i): SaleLine => {
    const line = outsideLine(show, catalogue, order.source, asked);
    const want = line.article && { article: line.article, quantity: line.quantity, pools: ['reserve'] };
    return priceLine(line, i + 1, mode, want ? takeLine(shelf, want, missing) : []);
  });
  const totals = totalsOf(lines, mode, order.tipMinor);
  const saleId = `s${ask.seq + facts.length}`;
  const credit = outsideAttribution(show.plan, order, ask.rules.sourceDefaults);
  const attribution = weighedCredit(show, credit, { madeAt: order.at, personRef: order.personRef }, ask);
  const body: SaleRecorded = {
    saleId,
    madeAt: toIso(fromIso(order.at)),
    channel: attribution.channel,
    attribution,
    lines,
    tenders: [{ kind: order.tender, amountMinor: totals.totalMinor }],
    tipMinor: order.tipMinor,
    ...totals,
    pickup: 'now',
    till: null,
    receipt: null,
    hold: null,
    retaken: false,
    offline: false,
    source: order.source,
    sourceId: order.sourceId,
    personRef: order.personRef,
  };
  facts.push({ kind: 'sale.recorded', body });
  facts.push(...shortfallFacts(missing, { saleId, source: order.source, firstSeq: ask.seq + facts.length }));
  for (const { line, sku, foreignSku, name, quantity } of lines) {
    if (sku !== null) continue;
    const lineId = `l${ask.seq + facts.length}`;
    facts.push({
      kind: 'line.parked',
      body: { lineId, saleId, line, foreignSku: foreignSku ?? '', name, quantity, source: order.source },
    });
  }
  return facts;
}

/** An unknown sku is never matched by likeness: its money counts and the line waits for a person (CON-4). */
function outsideLine(
  show: ShowState,
  catalogue: Catalogue,
  source: string,
  asked: OutsideSale['lines'][number],
): AskedLine {
  const foreignSku = asked.sku ?? asked.name ?? '';
  const known =
    asked.sku !== null && catalogue.has(asked.sku) ? asked.sku : show.sales.skuMap.get(skuMapKey(source, foreignSku));
  const article = known === undefined ? null : (catalogue.get(known) ?? null);
  const unitPriceMinor = asked.unitPriceMinor ?? article?.priceMinor ?? 0;
  return {
    article,
    foreignSku: article?.sku === asked.sku && asked.sku !== null ? null : foreignSku,
    name: article?.name ?? asked.name ?? foreignSku,
    quantity: asked.quantity,
    unitPriceMinor,
    discountMinor: Math.min(asked.discountMinor, times(unitPriceMinor, asked.quantity)),
    offer: null,
  };
}

/** What fits the sale is a refund of it; money beyond it, or of a sale nobody knows, stands as a refund of its own. */
function bookRefund(show: ShowState, order: OutsideRefund, ask: Ask): Fact[] {
  const saleId =
    order.saleSourceId === null
      ? undefined
      : show.sales.bySource.get(bookedKey('sale', order.source, order.saleSourceId));
  const sale = saleId === undefined ? undefined : show.sales.byId.get(saleId);
  if (sale?.voided) return [];
  const facts = sale ? refundOfSale(show, sale, order, ask) : [];
  const refunded = facts.reduce((sum, fact) => sum + (fact.kind === 'sale.refunded' ? fact.body.amountMinor : 0), 0);
  const rest = sale ? (order.amountMinor ?? refunded) - refunded : (order.amountMinor ?? worthOf(show, order));
  if (rest > 0 || facts.length === 0)
    facts.push(moneyOnly(show, sale ?? null, order, rest, `r${ask.seq + facts.length}`));
  return facts;
}

function refundOfSale(show: ShowState, sale: SaleRecord, order: OutsideRefund, ask: Ask): Fact[] {
  const wholeRest = order.lines.length === 0 && order.amountMinor === null;
  const asked = wholeRest
    ? allThatIsLeft(sale)
    : order.lines.map(({ sku, quantity }) => ({ sku: sku ?? '', quantity }));
  const found = findBacks(sale, fitting(sale, asked, modeOf(show)), modeOf(show));
  const backs = 'backs' in found ? found.backs : [];
  const worth = backs.reduce((sum, back) => sum + back.amountMinor, 0);
  const amountMinor = Math.max(0, Math.min(order.amountMinor ?? worth, refundable(sale)));
  const paid = payBack(backs, amountMinor, sale.taxMinor - sale.refundedTaxMinor);
  const money = moneyBack(sale, { amountMinor, dueMinor: 0 }, 0);
  // Whether goods came back is not said, so none are put on the shelf.
  return refundFacts(show, sale, { backs: paid, amountMinor, money, restock: 'no' }, ask, {
    reason: 'refunded at the source',
    madeAt: toIso(fromIso(order.at)),
    source: order.source,
    sourceId: order.sourceId,
  });
}

/** As much of what was asked as the sale still has. */
function fitting(
  sale: SaleRecord,
  asked: { sku: string; quantity: number }[],
  mode: TaxMode,
): { sku: string; quantity: number }[] {
  const fits: { sku: string; quantity: number }[] = [];
  for (const line of asked) {
    const found = findBacks(sale, [...fits, line], mode);
    if ('backs' in found) fits.push(line);
    else if (found.sku === line.sku && found.left > 0) fits.push({ sku: line.sku, quantity: found.left });
  }
  return fits;
}

function worthOf(show: ShowState, order: OutsideRefund): number {
  const catalogue = catalogueOf(show.plan);
  const mode = modeOf(show);
  return order.lines.reduce((sum, { sku, quantity }) => {
    const article = sku === null ? undefined : catalogue.get(sku);
    if (!article) return sum;
    const net = times(article.priceMinor, quantity);
    return sum + net + (mode === 'exclusive' ? taxOf(net, article.taxRate, mode) : 0);
  }, 0);
}

function moneyOnly(
  show: ShowState,
  sale: SaleRecord | null,
  order: OutsideRefund,
  amountMinor: number,
  refundId: string,
): Fact {
  const catalogue = catalogueOf(show.plan);
  const known = sale
    ? []
    : order.lines.flatMap(({ sku, quantity }) => (sku !== null && catalogue.has(sku) ? [{ sku, quantity }] : []));
  const lines = payBack(
    known.map(({ sku, quantity }) => ({
      line: null,
      sku,
      quantity,
      amountMinor: times(catalogue.get(sku)?.priceMinor ?? 0, quantity),
      taxMinor: 0,
      restocked: [],
      uncommitted: [],
    })),
    amountMinor,
    0,
  );
  return {
    kind: 'sale.refunded',
    body: {
      refundId,
      saleId: null,
      lines,
      amountMinor,
      taxMinor: 0,
      tenders: [{ kind: order.tender, amountMinor }],
      channel: order.channel ?? sale?.channel ?? 'unattributed',
      reason: 'refunded at the source',
      restock: 'no',
      madeAt: toIso(fromIso(order.at)),
      by: order.source,
      source: order.source,
      sourceId: order.sourceId,
    },
  };
}

function modeOf(show: ShowState): TaxMode {
  return show.plan?.show.taxMode ?? 'inclusive';
}
