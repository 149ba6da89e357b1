import type { CloseRecord } from './close-record.ts';
import { type RefundRecord, type SaleRecord, soldAt } from './sale-record.ts';
import { netOf } from './takings.ts';
import type { Instant, Minor } from './units.ts';
import type { Channel } from './words.ts';

/**
 * The show's money as a flat list: one posting for each line sold and each line given back. Every money table is a sum of
 * postings by one key, so tables that say the same thing differently cannot differ, and the sum of all of them is
 * compared with the running totals that the fold has kept on its own (report-checks.ts).
 */
export interface Posting extends Figures {
  kind: 'sale' | 'return';
  /** sale id; the refund's own id when it came without a receipt */
  sale: string;
  /** 1-based; null: money given back that names no line */
  line: number | null;
  /** as sold, a bundle under its own; null: unknown */
  sku: string | null;
  name: string;
  channel: Channel;
  /** person id, confirmed credit only */
  creator: string | null;
  offer: string | null;
  source: string;
  /** when it was sold: what comes back lowers the quarter hour that sold it */
  at: Instant;
}

export interface Figures {
  /** as sold; what came back stands beside it */
  units: number;
  refundedUnits: number;
  grossMinor: Minor;
  discountMinor: Minor;
  returnsMinor: Minor;
  /** gross − discounts − returns */
  netMinor: Minor;
  /** exclusive: on top; inclusive: of which */
  taxMinor: Minor;
}

const NONE: Figures = {
  units: 0,
  refundedUnits: 0,
  grossMinor: 0,
  discountMinor: 0,
  returnsMinor: 0,
  netMinor: 0,
  taxMinor: 0,
};

/** Voided sales are in no figure. */
export function postingsOf({ show }: CloseRecord): Posting[] {
  const exclusive = show.plan?.show.taxMode === 'exclusive';
  const postings: Posting[] = [];
  for (const sale of show.sales.byId.values()) if (!sale.voided) postings.push(...soldPostings(sale));
  for (const refund of show.sales.refunds) {
    const sale = refund.saleId === null ? undefined : show.sales.byId.get(refund.saleId);
    postings.push(...returnPostings(refund, sale ?? null, exclusive));
  }
  return postings;
}

function soldPostings(sale: SaleRecord): Posting[] {
  const at = soldAt(sale);
  return sale.lines.map((line) => ({
    ...NONE,
    ...partyOf(sale),
    kind: 'sale',
    sale: sale.saleId,
    line: line.line,
    sku: line.sku,
    name: line.name,
    offer: line.offer,
    at,
    units: line.quantity,
    grossMinor: line.grossMinor,
    discountMinor: line.discountMinor,
    netMinor: line.netMinor,
    taxMinor: line.taxMinor,
  }));
}

function returnPostings(refund: RefundRecord, sale: SaleRecord | null, exclusive: boolean): Posting[] {
  const party = sale ? partyOf(sale) : { creator: null, source: refund.source };
  const base = {
    ...NONE,
    ...party,
    kind: 'return',
    sale: sale?.saleId ?? refund.refundId,
    channel: refund.channel,
    at: sale ? soldAt(sale) : soldAt(refund),
  } as const;
  let [restNet, restTax] = [refund.netMinor, refund.taxMinor];
  const postings = refund.lines.map((back): Posting => {
    const line = back.line === null ? undefined : sale?.lines[back.line - 1];
    const net = netOf(back.amountMinor, back.taxMinor, exclusive);
    restNet -= net;
    restTax -= back.taxMinor;
    return {
      ...base,
      line: back.line,
      sku: line ? line.sku : sale ? null : back.sku,
      name: line?.name ?? back.sku,
      offer: line?.offer ?? null,
      refundedUnits: back.quantity,
      returnsMinor: net,
      netMinor: -net,
      taxMinor: -back.taxMinor,
    };
  });
  if (restNet !== 0 || restTax !== 0) {
    postings.push({
      ...base,
      line: null,
      sku: null,
      name: 'Money back without goods',
      offer: null,
      returnsMinor: restNet,
      netMinor: -restNet,
      taxMinor: -restTax,
    });
  }
  return postings;
}

function partyOf({ channel, attribution, source }: SaleRecord): Pick<Posting, 'channel' | 'creator' | 'source'> {
  return { channel, creator: attribution.creator, source };
}

export function sumOf(postings: Iterable<Figures>): Figures {
  const sum = { ...NONE };
  for (const posting of postings) {
    sum.units += posting.units;
    sum.refundedUnits += posting.refundedUnits;
    sum.grossMinor += posting.grossMinor;
    sum.discountMinor += posting.discountMinor;
    sum.returnsMinor += posting.returnsMinor;
    sum.netMinor += posting.netMinor;
    sum.taxMinor += posting.taxMinor;
  }
  return sum;
}

export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
