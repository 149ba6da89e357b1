import type { BodyOf, EntryMeta } from './ledger.ts';
import type { Attribution, SaleLine, SaleRecorded, Taken, Tender } from './facts/sale-facts.ts';
import { type HubTime, type Instant, type Minor, fromIso } from './units.ts';

/** A sale as the show remembers it: the fact and what has become of it since. */
export interface SaleRecord extends SaleRecorded {
  seq: number;
  at: Instant;
  t: HubTime;
  voided: { at: Instant; reason: string | null; by: string } | null;
  /** units given back, line by line: of a bundle, whole ones */
  refundedUnits: readonly number[];
  /** goods money given back, tax added on top included */
  refundedMinor: Minor;
  /** of which tax */
  refundedTaxMinor: Minor;
  /** what has changed since it was rung; null as long as nothing has, which is nearly always */
  since: SaleSince | null;
}

export interface SaleSince {
  /** units given back, by line and part */
  backParts: number[][];
  /** our goods that each line still has, shortfalls delivered later included */
  out: OutGoods[][];
  refundedTenders: Tender[];
  /** what refunds took off net: goods alone, without tax that was added on top */
  netBackMinor: Minor;
  /** of the refunded money: for shipping and the like, never paid at all, and cash rounded up or down */
  besideMinor: Minor;
  dueMinor: Minor;
  roundingMinor: Minor;
}

/** `instead`: the product it was given in place of. `handed`: it was to be picked up, and was. */
export type OutGoods = Taken & { instead?: string; handed?: true };

export interface RefundRecord extends Omit<BodyOf<'sale.refunded'>, 'tenders'> {
  seq: number;
  at: Instant;
  t: HubTime;
  tenders: Tender[];
  /** what it takes off net sales: the amount less tax that was added on top */
  netMinor: Minor;
}

/** When goods changed hands as far as the seller knows; never later than it was booked. */
export function soldAt(sale: { madeAt: string; at: Instant }): Instant {
  return Math.min(fromIso(sale.madeAt), sale.at);
}

/** Hub time at which a sale was made, as far as the seller knows; never later than it was booked. */
export function soldT(sale: SaleRecord): HubTime {
  return sale.t - Math.max(0, sale.at - fromIso(sale.madeAt));
}

/** Units of one part in one unit of the line. */
export function perUnit(line: SaleLine, part: number): number {
  return (line.parts[part]?.quantity ?? 0) / line.quantity;
}

/** What has changed since, ready to be written; makes it on the first change. */
export function sinceOf(sale: SaleRecord): SaleSince {
  sale.since ??= {
    backParts: sale.lines.map((line) => line.parts.map(() => 0)),
    out: sale.lines.map((line) => [...line.taken]),
    refundedTenders: [],
    netBackMinor: 0,
    besideMinor: 0,
    dueMinor: 0,
    roundingMinor: 0,
  };
  return sale.since;
}

export function backUnits(sale: SaleRecord, line: number, part: number): number {
  return sale.since?.backParts[line]?.[part] ?? 0;
}

/** Taken by cards that may still be declined. */
export function atRiskOf({ extra, tenders }: Pick<SaleRecorded, 'extra' | 'tenders'>): Minor {
  if (extra?.atRisk !== true) return 0;
  return tenders.reduce((sum, { kind, amountMinor }) => sum + (kind === 'card' ? amountMinor : 0), 0);
}

/** What a sale still counts for: its net less what refunds took off. */
export function netLeft(sale: SaleRecord): Minor {
  return sale.netMinor - (sale.since?.netBackMinor ?? 0);
}

/** Our goods that a line still has. */
export function outOf(sale: SaleRecord, line: number): readonly OutGoods[] {
  return sale.since ? (sale.since.out[line] ?? []) : (sale.lines[line]?.taken ?? []);
}

/** Goods of a line that are paid for and have not left with their buyer yet. */
export function waitingOf(sale: SaleRecord, line: number): readonly OutGoods[] {
  if (sale.pickup !== 'later' || sale.voided) return [];
  return outOf(sale, line).filter(({ handed }) => handed !== true);
}

/** What the buyer still has to pay, a deposit's rest; what was refunded before it was paid is owed no more. */
export function dueLeft(sale: SaleRecord): Minor {
  return sale.voided ? 0 : (sale.extra?.dueMinor ?? 0) - (sale.since?.dueMinor ?? 0);
}

/**
 * Keeps what equal sales have in common once. Most sales of a show are one of a few articles at its one price, so a
 * remembered sale costs about 400 bytes instead of 1,200. Both tables are emptied when they grow, so that a show of
 * endless variety costs memory but never without limit twice.
 */
export interface Common {
  lines: Map<string, SaleLine[]>;
  tenders: Map<string, Tender[]>;
  attributions: Map<string, Attribution>;
  texts: Map<string, string>;
  noneBack: number[][];
}

export function initialCommon(): Common {
  return { lines: new Map(), tenders: new Map(), attributions: new Map(), texts: new Map(), noneBack: [] };
}

export function recordOf(common: Common, body: SaleRecorded, meta: EntryMeta, t: HubTime): SaleRecord {
  // Key by key and not by spreading: an object made from one literal takes a third less memory.
  return {
    saleId: body.saleId,
    madeAt: body.madeAt,
    channel: commonText(common, body.channel),
    attribution: commonAttribution(common, body.attribution),
    lines: commonLines(common, body.lines),
    tenders: commonTenders(common, body.tenders),
    tipMinor: body.tipMinor,
    grossMinor: body.grossMinor,
    discountMinor: body.discountMinor,
    netMinor: body.netMinor,
    taxMinor: body.taxMinor,
    totalMinor: body.totalMinor,
    pickup: commonText(common, body.pickup),
    till: body.till === null ? null : commonText(common, body.till),
    receipt: body.receipt,
    hold: body.hold,
    retaken: body.retaken,
    offline: body.offline,
    source: commonText(common, body.source),
    sourceId: body.sourceId,
    personRef: body.personRef,
    extra: body.extra ?? null,
    seq: meta.seq,
    at: meta.at,
    t,
    voided: null,
    refundedUnits: noneBack(common, body.lines.length),
    refundedMinor: 0,
    refundedTaxMinor: 0,
    since: null,
  };
}

const COMMON_LIMIT = 2000;

function commonLines(common: Common, lines: SaleLine[]): SaleLine[] {
  if (lines.length > 1) return lines.map((line) => commonLines(common, [line])[0] ?? line);
  const first = lines[0];
  if (!first) return lines;
  const key = `${first.line}\n${first.sku}\n${first.quantity}\n${first.netMinor}`;
  const known = common.lines.get(key);
  if (known?.[0] && sameLine(known[0], first)) return known;
  return remember(common.lines, key, lines);
}

function commonTenders(common: Common, tenders: Tender[]): Tender[] {
  const first = tenders[0];
  // A payment's own id is no other sale's.
  if (!first || tenders.length > 1 || first.ref !== undefined) return tenders;
  const key = `${first.kind}\n${first.amountMinor}`;
  return common.tenders.get(key) ?? remember(common.tenders, key, tenders);
}

function commonAttribution(common: Common, attribution: Attribution): Attribution {
  const { channel, rule, evidence, creator, creatorRule, creatorCode, late = false, otherCodes } = attribution;
  if (otherCodes) return attribution;
  const key = `${channel}\n${rule}\n${evidence}\n${creator}\n${creatorRule}\n${creatorCode}\n${late}`;
  const known = common.attributions.get(key);
  // A person may be called "null".
  if (known && known.creator === creator && known.evidence === evidence && known.creatorCode === creatorCode)
    return known;
  return remember(common.attributions, key, attribution);
}

function commonText<T extends string>(common: Common, text: T): T {
  return (common.texts.get(text) ?? remember(common.texts, text, text)) as T;
}

function noneBack(common: Common, lines: number): number[] {
  return (common.noneBack[lines] ??= new Array<number>(lines).fill(0));
}

function remember<T>(table: Map<string, T>, key: string, value: T): T {
  if (table.size >= COMMON_LIMIT) table.clear();
  table.set(key, value);
  return value;
}

function sameLine(a: SaleLine, b: SaleLine): boolean {
  return (
    a.line === b.line &&
    a.sku === b.sku &&
    a.foreignSku === b.foreignSku &&
    a.name === b.name &&
    a.quantity === b.quantity &&
    a.unitPriceMinor === b.unitPriceMinor &&
    a.listPriceMinor === b.listPriceMinor &&
    a.discountMinor === b.discountMinor &&
    a.taxMinor === b.taxMinor &&
    a.taxRate === b.taxRate &&
    a.offer === b.offer &&
    sameList(a.parts, b.parts, (x, y) => x.sku === y.sku && x.quantity === y.quantity && x.netMinor === y.netMinor) &&
    sameList(a.taken, b.taken, (x, y) => x.sku === y.sku && x.quantity === y.quantity && x.pool === y.pool)
  );
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  return a.every((x, i) => {
    const y = b[i];
    return y !== undefined && same(x, y);
  });
}
