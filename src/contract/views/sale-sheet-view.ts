import type { Authorisation } from '../../domain/authorisations.ts';
import { catalogueOf } from '../../domain/catalogue.ts';
import { payableBack } from '../../domain/money-back.ts';
import { linesLeft, standingOfPickup, type PickupStanding } from '../../domain/pickups.ts';
import { dueLeft, type SaleRecord } from '../../domain/sale-record.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Suggested } from '../../domain/suggested-credit.ts';
import { type Iso, type Minor, toIso } from '../../domain/units.ts';
import type { TenderKind } from '../../domain/words.ts';
import type { AttributionView, LatestSale } from '../sales-state.ts';
import { attributionOf, stateOf } from './sales-view.ts';

/** One sale with everything that a person at the desk decides about it. No buyer is named, and no payment's own id. */
export interface SaleSheet {
  saleId: string;
  at: Iso;
  receipt: string | null;
  till: string | null;
  /** `desk`, `till` or the outside source */
  source: string;
  sourceId: string | null;
  state: LatestSale['state'];
  voidReason: string | null;
  attribution: AttributionView;
  lines: SheetLine[];
  tenders: { kind: TenderKind; amountMinor: Minor }[];
  netMinor: Minor;
  tipMinor: Minor;
  totalMinor: Minor;
  refundedMinor: Minor;
  /** what can still be given back, tips and shipping apart */
  refundableMinor: Minor;
  /** of a preorder: not paid yet */
  dueMinor: Minor;
  pickup: { code: string | null; standing: PickupStanding; lines: number[] } | null;
  /** the buyer has left a contact */
  isBuyerKnown: boolean;
  /** the other half is a return, so it cannot be undone alone */
  isExchange: boolean;
  authorisations: {
    id: string;
    provider: string;
    ref: string;
    amountMinor: Minor;
    state: Authorisation['state'];
    expiresAt: Iso;
  }[];
}

export interface SheetLine {
  line: number;
  /** null: nobody knows the product yet */
  sku: string | null;
  name: string;
  quantity: number;
  refunded: number;
  unitPriceMinor: Minor;
  discountMinor: Minor;
  netMinor: Minor;
  offer: string | null;
  /** what it was made of, when it is a bundle; parts can come back alone */
  parts: { sku: string; name: string; quantity: number }[];
}

export function saleSheet(show: ShowState, sale: SaleRecord, suggested: Suggested): SaleSheet {
  const names = catalogueOf(show.plan);
  const pickup = show.pickups.bySale.get(sale.saleId);
  return {
    saleId: sale.saleId,
    at: toIso(sale.at),
    receipt: sale.receipt,
    till: sale.till,
    source: sale.source,
    sourceId: sale.sourceId,
    state: stateOf(sale),
    voidReason: sale.voided?.reason ?? null,
    attribution: attributionOf(sale, suggested),
    lines: sale.lines.map((line, i) => ({
      line: line.line,
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      refunded: sale.refundedUnits[i] ?? 0,
      unitPriceMinor: line.unitPriceMinor,
      discountMinor: line.discountMinor,
      netMinor: line.netMinor,
      offer: line.offer,
      parts: line.parts
        .filter(({ sku }) => sku !== line.sku)
        .map(({ sku, quantity }) => ({ sku, name: names.get(sku)?.name ?? sku, quantity })),
    })),
    tenders: sale.tenders.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
    netMinor: sale.netMinor,
    tipMinor: sale.tipMinor,
    totalMinor: sale.totalMinor,
    refundedMinor: sale.refundedMinor,
    refundableMinor: sale.voided ? 0 : Math.max(0, payableBack(sale)),
    dueMinor: dueLeft(sale),
    pickup: pickup ? { code: pickup.code, standing: standingOfPickup(pickup, sale), lines: linesLeft(sale) } : null,
    isBuyerKnown: sale.personRef !== null,
    isExchange: sale.extra?.exchangeId !== undefined,
    authorisations: [...show.authorisations.byId.values()]
      .filter(({ saleId }) => saleId === sale.saleId)
      .map(({ id, provider, ref, amountMinor, state, expiresAt }) => {
        return { id, provider, ref, amountMinor, state, expiresAt: toIso(expiresAt) };
      }),
  };
}
