import type { Entry, EntryOf } from './ledger.ts';
import type { Frame } from './frame.ts';
import {
  type CreditState,
  creditIdentified,
  creditLess,
  creditSale,
  hearOfBuyer,
  initialCredit,
  lookAgain,
  uncreditSale,
} from './credit.ts';
import {
  type Common,
  type RefundRecord,
  type SaleRecord,
  dueLeft,
  initialCommon,
  recordOf,
  soldT,
} from './sale-record.ts';
import { amendRecord, giveBack, handOver, mapLine, putOut } from './sale-changes.ts';
import { reattribute } from './reattribution.ts';
import { type SalesByTime, addByTime, changedByTime, initialByTime } from './sales-by-time.ts';
import { type RecentSale, type RecentSales, addRecent, initialRecent } from './recent-sales.ts';
import {
  type Takings,
  countIdentified,
  countPaid,
  countRefund,
  countSale,
  initialTakings,
  moveToProduct,
  netOf,
} from './takings.ts';
import { type Instant, type Minor, fromIso } from './units.ts';
import { type WaitingSales, noteWaiting } from './waiting.ts';

/**
 * What was sold, given back and missed. Running totals are kept beside the sales, so that a view costs as much as
 * there are products, never as much as there are sales.
 */
export interface SalesState {
  byId: Map<string, SaleRecord>;
  refunds: RefundRecord[];
  /** outside orders and refunds already booked: `bookedKey` → sale id or refund id */
  bySource: Map<string, string>;
  takings: Takings;
  recent: RecentSales;
  byTime: SalesByTime;
  /** ids of the newest sales, oldest first, at most 20 */
  latest: string[];
  /** each till's newest sale, which it may undo */
  lastOfTill: Map<string, string>;
  /** units asked for and not sold, by sku */
  missed: Map<string, number>;
  /** goods owed, settled ones included */
  shortfalls: Map<string, Shortfall>;
  /** lines whose sku nobody knows yet */
  parked: Map<string, ParkedLine>;
  /** `source` and foreign sku → our sku, as mapped with "remember" */
  skuMap: Map<string, string>;
  credit: CreditState;
  waiting: WaitingSales;
  common: Common;
}

export interface Shortfall {
  id: string;
  sku: string;
  /** still owed; 0 when settled */
  quantity: number;
  found: number;
  saleId: string;
  source: string;
  at: Instant;
  how: 'fulfilled' | 'refunded' | 'substituted' | 'backordered' | 'cancelled' | null;
}

export interface ParkedLine {
  id: string;
  saleId: string;
  line: number;
  foreignSku: string;
  name: string;
  quantity: number;
  source: string;
  at: Instant;
}

const LATEST = 20;

export function initialSales(): SalesState {
  return {
    byId: new Map(),
    refunds: [],
    bySource: new Map(),
    takings: initialTakings(),
    recent: initialRecent(),
    byTime: initialByTime(),
    latest: [],
    lastOfTill: new Map(),
    missed: new Map(),
    shortfalls: new Map(),
    parked: new Map(),
    skuMap: new Map(),
    credit: initialCredit(),
    waiting: new Map(),
    common: initialCommon(),
  };
}

/** The key under which an outside order or refund is remembered as booked. */
export function bookedKey(type: 'sale' | 'refund', source: string, sourceId: string): string {
  return `${type === 'sale' ? '' : 'refund '}${source} ${sourceId}`;
}

export function skuMapKey(source: string, foreignSku: string): string {
  return `${source}\n${foreignSku}`;
}

export function openShortfalls(sales: SalesState): Shortfall[] {
  return [...sales.shortfalls.values()].filter(({ quantity }) => quantity > 0);
}

export function evolveSales(sales: SalesState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'sale.recorded':
      addSale(sales, entry, frame);
      break;
    case 'sale.amended':
      amendSale(sales, entry);
      break;
    case 'sale.voided':
      voidSale(sales, entry);
      break;
    case 'sale.refunded':
      addRefund(sales, entry, frame);
      break;
    case 'sale.reattributed':
      reattribute(sales, entry.body);
      break;
    case 'pickup.handed-over':
      handOverGoods(sales, entry);
      break;
    case 'sale.identified':
      identifyBuyer(sales, entry);
      break;
    case 'purchase.observed': {
      const { personRef, at } = entry.body;
      hearOfBuyer(sales.credit, { personRef, at: fromIso(at) }, sales.byId);
      break;
    }
    case 'shortfall.found': {
      const { shortfallId: id, sku, quantity, saleId, source } = entry.body;
      sales.shortfalls.set(id, { id, sku, quantity, found: quantity, saleId, source, at: entry.at, how: null });
      break;
    }
    case 'shortfall.resolved':
      settleShortfall(sales, entry);
      break;
    case 'line.parked': {
      const { lineId: id, ...line } = entry.body;
      sales.parked.set(id, { id, ...line, at: entry.at });
      break;
    }
    case 'line.mapped':
      nameLine(sales, entry, frame);
      break;
    case 'demand.missed':
      sales.missed.set(entry.body.sku, (sales.missed.get(entry.body.sku) ?? 0) + entry.body.quantity);
      break;
  }
}

function addSale(sales: SalesState, entry: EntryOf<'sale.recorded'>, frame: Frame): void {
  const sale = recordOf(sales.common, entry.body, entry, frame.t);
  sales.byId.set(sale.saleId, sale);
  addByTime(sales.byTime, sale);
  if (sale.sourceId !== null) sales.bySource.set(bookedKey('sale', sale.source, sale.sourceId), sale.saleId);
  if (sale.till !== null) sales.lastOfTill.set(sale.till, sale.saleId);
  sales.latest.push(sale.saleId);
  if (sales.latest.length > LATEST) sales.latest.shift();
  countSale(sales.takings, sale, 1);
  sales.takings.lastAt = entry.at;
  addRecent(sales.recent, recentOf(sale), 1);
  creditSale(sales.credit, sale, sales.byId);
  noteWaiting(sales.waiting, sale);
}

/** Told anew: taken out as it was and counted as it is. */
function amendSale(sales: SalesState, entry: EntryOf<'sale.amended'>): void {
  const sale = sales.byId.get(entry.body.saleId);
  if (!sale || sale.voided) return;
  countSale(sales.takings, sale, -1);
  addRecent(sales.recent, recentOf(sale), -1);
  const before = { units: unitsOf(sale), netMinor: sale.netMinor };
  amendRecord(sale, entry.body);
  changedByTime(sales.byTime, sale);
  noteWaiting(sales.waiting, sale);
  creditLess(sales.credit, sale, {
    units: before.units - unitsOf(sale),
    netMinor: before.netMinor - sale.netMinor,
  });
  countSale(sales.takings, sale, 1);
  sales.takings.voids -= 1;
  addRecent(sales.recent, recentOf(sale), 1);
  for (const parked of sales.parked.values()) {
    const now = parked.saleId === sale.saleId ? sale.lines[parked.line - 1] : undefined;
    if (now?.quantity === 0) sales.parked.delete(parked.id);
    else if (now) parked.quantity = now.quantity;
  }
}

function voidSale(sales: SalesState, entry: EntryOf<'sale.voided'>): void {
  const sale = sales.byId.get(entry.body.saleId);
  if (!sale || sale.voided) return;
  sale.voided = { at: entry.at, reason: entry.body.reason, by: entry.body.by };
  changedByTime(sales.byTime, sale);
  countSale(sales.takings, sale, -1);
  addRecent(sales.recent, recentOf(sale), -1);
  uncreditSale(sales.credit, sale, sales.byId);
  noteWaiting(sales.waiting, sale);
  for (const { id, saleId } of sales.parked.values()) if (saleId === sale.saleId) sales.parked.delete(id);
}

function addRefund(sales: SalesState, entry: EntryOf<'sale.refunded'>, frame: Frame): void {
  const { amountMinor, taxMinor, source, sourceId, refundId } = entry.body;
  const exclusive = isExclusive(frame);
  const netMinor = netOf(amountMinor - (entry.body.besideMinor ?? 0), taxMinor, exclusive);
  const refund: RefundRecord = { ...entry.body, seq: entry.seq, at: entry.at, t: frame.t, netMinor };
  sales.refunds.push(refund);
  if (sourceId !== null) sales.bySource.set(bookedKey('refund', source, sourceId), refundId);
  const sale = refund.saleId === null ? undefined : sales.byId.get(refund.saleId);
  countRefund(sales.takings, refund, sale ?? null, exclusive);
  if (!sale) return;
  giveBack(sale, refund);
  changedByTime(sales.byTime, sale);
  noteWaiting(sales.waiting, sale);
  creditLess(sales.credit, sale, { units: 0, netMinor });
  addRecent(sales.recent, { soldT: soldT(sale), channel: sale.channel, count: 0, netMinor, units: [] }, -1);
}

function handOverGoods(sales: SalesState, entry: EntryOf<'pickup.handed-over'>): void {
  const sale = sales.byId.get(entry.body.saleId);
  if (!sale || sale.voided) return;
  const dueMinor = dueLeft(sale);
  handOver(sale, entry.body);
  noteWaiting(sales.waiting, sale);
  const { paid, roundingMinor = 0 } = entry.body;
  if (paid) countPaid(sales.takings, paid, { dueMinor, roundingMinor });
}

/** The buyer gave a contact after paying. Known by another one before, the sale keeps that. */
function identifyBuyer(sales: SalesState, entry: EntryOf<'sale.identified'>): void {
  const sale = sales.byId.get(entry.body.saleId);
  if (!sale || sale.personRef !== null) return;
  sale.personRef = entry.body.personRef;
  countIdentified(sales.takings, sale, sale.personRef);
  creditIdentified(sales.credit, sale, sales.byId);
}

function settleShortfall(sales: SalesState, entry: EntryOf<'shortfall.resolved'>): void {
  const { shortfallId, how, quantity, taken } = entry.body;
  const shortfall = sales.shortfalls.get(shortfallId);
  if (!shortfall) return;
  shortfall.quantity = Math.max(0, shortfall.quantity - quantity);
  shortfall.how = how;
  const sale = sales.byId.get(shortfall.saleId);
  if (!sale || taken.length === 0) return;
  putOut(sale, shortfall.sku, taken);
  noteWaiting(sales.waiting, sale);
}

function nameLine(sales: SalesState, entry: EntryOf<'line.mapped'>, frame: Frame): void {
  const { lineId, sku, taken, remember } = entry.body;
  const parked = sales.parked.get(lineId);
  if (!parked) return;
  sales.parked.delete(lineId);
  if (remember) sales.skuMap.set(skuMapKey(parked.source, parked.foreignSku), sku);
  const sale = sales.byId.get(parked.saleId);
  if (!sale) return;
  const line = mapLine(sale, parked.line, sku, taken, frame.plan);
  lookAgain(sales.credit, sale);
  noteWaiting(sales.waiting, sale);
  if (line) moveToProduct(sales.takings, line, line.netMinor - returnedNet(sales, sale.saleId, line.line, frame));
}

function returnedNet(sales: SalesState, saleId: string, lineNumber: number, frame: Frame): Minor {
  const lines = sales.refunds.filter((refund) => refund.saleId === saleId).flatMap(({ lines }) => lines);
  return lines
    .filter(({ line }) => line === lineNumber)
    .reduce((sum, { amountMinor, taxMinor }) => sum + netOf(amountMinor, taxMinor, isExclusive(frame)), 0);
}

function unitsOf({ lines }: SaleRecord): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function isExclusive(frame: Frame): boolean {
  return frame.plan?.show.taxMode === 'exclusive';
}

function recentOf(sale: SaleRecord): RecentSale {
  const units = sale.lines.flatMap((line) => (line.sku === null ? [] : line.parts));
  return { soldT: soldT(sale), channel: sale.channel, count: 1, netMinor: sale.netMinor, units };
}
