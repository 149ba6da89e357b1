import { type Article, catalogueOf } from '../catalogue.ts';
import type { SaleLine, Taken, Tender } from '../facts/sale-facts.ts';
import { type TaxMode, share } from '../money.ts';
import type { OrderSnapshot, SnapshotLine } from '../order-snapshot.ts';
import { partShares, type SaleTotals, totalsOf } from '../sale-pricing.ts';
import { skuMapKey } from '../sales.ts';
import type { ShowState } from '../show.ts';
import type { Minor } from '../units.ts';

/** What a sale is to be, by the newest state of its order: our products, the show's tax mode, lines that add up. */
export interface Target {
  lines: TargetLine[];
  /** as the source tells them; they are fitted to the total of what is booked */
  tenders: Tender[];
  tipMinor: Minor;
  shippingMinor: Minor;
  /** money given back in all; null: the units that came back say it */
  refundedMinor: Minor | null;
  isCancelled: boolean;
  /** part of the money may still be declined */
  isAtRisk: boolean;
}

export interface TargetLine {
  /** names the line for good: a line that gets another sku at its source is another line */
  key: string;
  article: Article | null;
  /** what the source calls it, where that is not our sku; null for money without lines, which nobody has to name */
  foreignSku: string | null;
  name: string;
  sold: number;
  refunded: number;
  restocked: number;
  grossMinor: Minor;
  discountMinor: Minor;
  taxMinor: Minor;
}

/** Key of the one line that money without lines stands on (CON-5). */
export const UNLINED = '';

export function targetOf(show: ShowState, snapshot: OrderSnapshot): Target {
  const mode = taxModeOf(show);
  const { tipMinor, shippingMinor, refundedMinor } = snapshot;
  const tenders = snapshot.tenders.flatMap(({ kind, amountMinor, ref }): Tender[] =>
    amountMinor > 0 ? [{ kind, amountMinor, ...(ref === null ? {} : { ref }) }] : [],
  );
  const paid = tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const lines =
    snapshot.lines.length > 0
      ? snapshot.lines.map((line) => lineTarget(show, snapshot, line, mode))
      : unlined(paid - tipMinor - shippingMinor);
  const isAtRisk = snapshot.paid && snapshot.tenders.some(({ atRisk }) => atRisk === true);
  // An order that is paid no more has nothing left, whatever it still lists.
  const isCancelled = snapshot.cancelled || !snapshot.paid;
  return { lines, tenders, tipMinor, shippingMinor, refundedMinor, isCancelled, isAtRisk };
}

/** A line of a sale as the target has it; `taken` is what stock has found for it so far. */
export function pricedLine(line: number, target: TargetLine, taken: Taken[]): SaleLine {
  const { article, foreignSku, sold, grossMinor, discountMinor, taxMinor } = target;
  const netMinor = grossMinor - discountMinor;
  const unitPriceMinor = sold === 0 ? 0 : share(grossMinor, 1n, BigInt(sold));
  return {
    line,
    sku: article?.sku ?? null,
    ...(foreignSku === null ? {} : { foreignSku }),
    name: target.name,
    quantity: sold,
    unitPriceMinor,
    listPriceMinor: article?.priceMinor ?? unitPriceMinor,
    discountMinor,
    grossMinor,
    netMinor,
    taxMinor,
    taxRate: article?.taxRate ?? '0',
    offer: null,
    parts: partShares(article, foreignSku ?? '', sold, netMinor),
    taken,
  };
}

/** Taken off the order before anybody paid for it. */
export function isNothing({ sold, grossMinor, taxMinor }: TargetLine): boolean {
  return sold === 0 && grossMinor === 0 && taxMinor === 0;
}

/** Totals with what is paid beside the goods. */
export function sumsOf(
  lines: readonly SaleLine[],
  mode: TaxMode,
  { tipMinor, shippingMinor }: Pick<Target, 'tipMinor' | 'shippingMinor'>,
): SaleTotals {
  return totalsOf(lines, mode, tipMinor + shippingMinor);
}

/**
 * Tenders that add up to the total: those told, card first as refunds go, cut where they are more (an order that was
 * made smaller); what nobody accounts for is `other`.
 */
export function fittedTenders(told: readonly Tender[], totalMinor: Minor): Tender[] {
  const fitted: Tender[] = [];
  let open = totalMinor;
  for (const kind of ['card', 'other', 'cash'] as const) {
    for (const tender of told) {
      const amountMinor = Math.min(tender.amountMinor, open);
      if (tender.kind !== kind || amountMinor === 0) continue;
      fitted.push({ ...tender, amountMinor });
      open -= amountMinor;
    }
  }
  if (open > 0 || fitted.length === 0)
    fitted.push({ kind: open > 0 ? 'other' : (told[0]?.kind ?? 'other'), amountMinor: open });
  return fitted;
}

export function taxModeOf(show: ShowState): TaxMode {
  return show.plan?.show.taxMode ?? 'inclusive';
}

/** An unknown sku is never matched by likeness: its money counts and the line waits for a person (CON-4). */
function lineTarget(show: ShowState, snapshot: OrderSnapshot, line: SnapshotLine, mode: TaxMode): TargetLine {
  const catalogue = catalogueOf(show.plan);
  const foreignSku = line.sku ?? line.name;
  const known =
    line.sku !== null && catalogue.has(line.sku)
      ? line.sku
      : show.sales.skuMap.get(skuMapKey(snapshot.source, foreignSku));
  const article = known === undefined ? null : (catalogue.get(known) ?? null);
  return {
    key: `${line.lineId}|${line.sku ?? ''}`,
    article,
    foreignSku: article?.sku === line.sku && line.sku !== null ? null : foreignSku,
    name: article?.name ?? (line.name === '' ? foreignSku : line.name),
    sold: line.sold,
    refunded: Math.min(line.refunded, line.sold),
    restocked: Math.min(line.restocked, line.refunded, line.sold),
    ...lineMoney(line, snapshot.taxIncluded ?? mode === 'inclusive', mode),
  };
}

/** The same total in the show's tax mode: tax that is told within goes on top or the other way round. */
function lineMoney(
  line: SnapshotLine,
  isIncluded: boolean,
  mode: TaxMode,
): Pick<TargetLine, 'grossMinor' | 'discountMinor' | 'taxMinor'> {
  const discountMinor = Math.min(line.discountMinor, line.grossMinor);
  const goods = line.grossMinor - discountMinor;
  const taxMinor = isIncluded ? Math.min(line.taxMinor, goods) : line.taxMinor;
  const moved = isIncluded === (mode === 'inclusive') ? 0 : isIncluded ? -taxMinor : taxMinor;
  return { grossMinor: line.grossMinor + moved, discountMinor, taxMinor };
}

function unlined(amountMinor: Minor): TargetLine[] {
  if (amountMinor <= 0) return [];
  return [
    {
      key: UNLINED,
      article: null,
      foreignSku: null,
      name: 'Not itemised',
      sold: 0,
      refunded: 0,
      restocked: 0,
      grossMinor: amountMinor,
      discountMinor: 0,
      taxMinor: 0,
    },
  ];
}
