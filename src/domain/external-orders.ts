import type { OrderMark } from './facts/sale-facts.ts';
import type { Entry } from './ledger.ts';
import type { OrderSnapshot } from './order-snapshot.ts';
import { type Instant, type Minor, fromIso } from './units.ts';
import { aliasKey, isVendorFile, keptAs } from './vendor-doors.ts';

/**
 * What is known of orders at outside sources: the newest state heard of, and which of our sales each one is. What was
 * booked of a line stands in the sale itself; here is only what a sale has no place for.
 */
export interface OrdersState {
  byOrder: Map<string, KnownOrder>;
  /** orders in another currency (MON-1) or rung here as well (CON-10), never summed with the show's own */
  apart: Map<string, ApartOrder>;
  /** payment ids of sales rung here → sale id (CON-10) */
  byRef: Map<string, string>;
  /** vendor and another name of an order → its key; null: two orders have that name, so it names neither */
  byAlias: Map<string, string | null>;
  /** of sources whose vendor has another door: accounts that orders came from */
  accounts: Map<string, Set<string>>;
}

export interface ApartOrder {
  source: string;
  orderId: string;
  currency: string;
  totalMinor: Minor;
  why: 'currency' | 'rung-here';
  at: Instant;
}

export interface KnownOrder {
  /** null: nothing was booked so far */
  saleId: string | null;
  /** rung at a till or the desk: the sale is as it was rung, only what is given back follows the source */
  isRungHere: boolean;
  /** told by the vendor's other door as well, which leads: here, too, only what is given back follows */
  isSecond: boolean;
  /** key of the same order at the vendor's other door; what is given back counts for both */
  twin: string | null;
  revision: number;
  version: number | null;
  updatedAt: Instant;
  /** states that carried this very stamp */
  digests: string[];
  /** the source's names of the sale's lines; null: a line the source does not have */
  keys: (string | null)[];
  /** units that the source gave back, by line; a desk's own refunds are not among them */
  refunded: number[];
  /** of these: on sale again */
  restocked: number[];
  /** money that the source gave back */
  refundedMinor: Minor;
  refundedTaxMinor: Minor;
  /** of refundedMinor: not for goods */
  besideMinor: Minor;
}

export function initialOrders(): OrdersState {
  return { byOrder: new Map(), apart: new Map(), byRef: new Map(), byAlias: new Map(), accounts: new Map() };
}

export function orderKey(source: string, account: string, orderId: string): string {
  return `${source}\n${account}\n${orderId}`;
}

/** Whether a state of an order is newer than what is known: by version, else by time, else never seen before (CON-2). */
export function isNews(known: KnownOrder | undefined, mark: Omit<OrderMark, 'revision'>): boolean {
  if (!known) return true;
  if (known.version !== null && mark.version !== null && known.version !== mark.version)
    return mark.version > known.version;
  const at = fromIso(mark.updatedAt);
  return at === known.updatedAt ? !known.digests.includes(mark.digest) : at > known.updatedAt;
}

/** What is kept of a state so that it is known again. The buyer is no part of it. */
export function markOf(snapshot: OrderSnapshot): Omit<OrderMark, 'revision'> {
  const { account, orderId, version, updatedAt } = snapshot;
  return {
    account,
    orderId,
    version,
    updatedAt,
    digest: digestOf(JSON.stringify({ ...snapshot, person: null, also: undefined })),
  };
}

export function evolveOrders(orders: OrdersState, entry: Entry): void {
  switch (entry.kind) {
    case 'sale.recorded': {
      const { saleId, source, tenders, order } = entry.body;
      if (order) {
        const known = hear(orders, source, order);
        Object.assign(known, { saleId, ...noneBackOf(order.keys) });
        orders.apart.delete(orderKey(source, order.account, order.orderId));
      } else for (const { ref } of tenders) if (ref !== undefined) orders.byRef.set(ref, saleId);
      break;
    }
    case 'sale.amended': {
      const known = hear(orders, entry.body.source, entry.body.order);
      for (const { now, key } of entry.body.lines) {
        known.keys[now.line - 1] = key;
        known.refunded[now.line - 1] ??= 0;
        known.restocked[now.line - 1] ??= 0;
      }
      break;
    }
    case 'sale.refunded': {
      const { source, order, lines, amountMinor, taxMinor, besideMinor = 0 } = entry.body;
      if (!order) break;
      for (const known of bothDoors(orders, hear(orders, source, order))) {
        known.refundedMinor += amountMinor;
        known.refundedTaxMinor += taxMinor;
        known.besideMinor += besideMinor;
        for (const { line, quantity } of lines) if (line !== null) addUnits(known.refunded, line, quantity);
        for (const { line, units } of order.restocked) addUnits(known.restocked, line, units);
      }
      break;
    }
    case 'order.seen':
      hear(orders, entry.body.source, entry.body.order);
      break;
    case 'order.set-apart': {
      const { source, order, currency, totalMinor, why } = entry.body;
      hear(orders, source, order);
      const { account, orderId } = order;
      const apart = { source, orderId, currency, totalMinor, why, at: entry.at };
      orders.apart.set(orderKey(source, account, orderId), apart);
      break;
    }
    case 'order.joined': {
      const { source, saleId, why, keys, order, twin } = entry.body;
      const known = hear(orders, source, order);
      Object.assign(known, { saleId, isRungHere: why === 'rung-here', ...noneBackOf(keys) });
      orders.apart.delete(orderKey(source, order.account, order.orderId));
      if (twin) pair(orders, known, { source, order, twin });
      break;
    }
  }
}

/** A sale of these lines of which nothing came back yet. */
export function noneBackOf(
  keys: readonly (string | null)[],
): Pick<KnownOrder, 'keys' | 'refunded' | 'restocked' | 'refundedMinor' | 'refundedTaxMinor' | 'besideMinor'> {
  const none = (): number[] => keys.map(() => 0);
  return {
    keys: [...keys],
    refunded: none(),
    restocked: none(),
    refundedMinor: 0,
    refundedTaxMinor: 0,
    besideMinor: 0,
  };
}

/** Both doors know from now on what was given back, whoever tells it. */
function pair(
  orders: OrdersState,
  known: KnownOrder,
  {
    source,
    order,
    twin,
  }: { source: string; order: OrderMark; twin: { source: string; account: string; orderId: string } },
): void {
  const twinKey = orderKey(twin.source, twin.account, twin.orderId);
  const other = orders.byOrder.get(twinKey);
  if (!other) return;
  const { refundedMinor, refundedTaxMinor, besideMinor } = other;
  const [refunded, restocked] = [[...other.refunded], [...other.restocked]];
  Object.assign(known, { refundedMinor, refundedTaxMinor, besideMinor, refunded, restocked });
  known.isRungHere = other.isRungHere;
  known.twin = twinKey;
  other.twin = orderKey(source, order.account, order.orderId);
  (isVendorFile(source) ? known : other).isSecond = true;
}

function bothDoors(orders: OrdersState, known: KnownOrder): KnownOrder[] {
  const twin = known.twin === null ? undefined : orders.byOrder.get(known.twin);
  return twin ? [known, twin] : [known];
}

function addUnits(byLine: number[], line: number, units: number): void {
  byLine[line - 1] = (byLine[line - 1] ?? 0) + units;
}

/** Takes the stamp in; the caller adds what was booked. */
function hear(orders: OrdersState, source: string, mark: OrderMark): KnownOrder {
  const key = orderKey(source, mark.account, mark.orderId);
  let known = orders.byOrder.get(key);
  if (!known) {
    known = {
      saleId: null,
      isRungHere: false,
      isSecond: false,
      twin: null,
      revision: 0,
      version: null,
      updatedAt: 0,
      digests: [],
      ...noneBackOf([]),
    };
    orders.byOrder.set(key, known);
    noteAccount(orders, source, mark.account);
  }
  for (const name of mark.also ?? []) {
    const alias = aliasKey(source, name);
    if (alias === null) continue;
    orders.byAlias.set(alias, keptAs(orders.byAlias.get(alias), key));
  }
  const at = fromIso(mark.updatedAt);
  const isSameStamp = known.updatedAt === at && known.version === mark.version;
  if (!isSameStamp) known.digests = [mark.digest];
  else if (!known.digests.includes(mark.digest)) known.digests.push(mark.digest);
  known.version = mark.version;
  known.updatedAt = at;
  known.revision = mark.revision;
  return known;
}

function noteAccount(orders: OrdersState, source: string, account: string): void {
  if (aliasKey(source, '') === null) return;
  const accounts = orders.accounts.get(source);
  if (accounts) accounts.add(account);
  else orders.accounts.set(source, new Set([account]));
}

/** 64 bits of FNV-1a in two halves, each with a start of its own: no secret, only a name for a state. */
function digestOf(text: string): string {
  const half = (start: number): string => {
    let hash = start;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x9747b28c);
}
