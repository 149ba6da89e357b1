import type { TillView } from '../../../contract/floor-views.ts';
import { taxOf } from '../../../domain/money.ts';
import { cashRounding } from '../../../domain/sale-pricing.ts';
import { bySale, type Off, spread, type PricedLine } from './basket.ts';

export type TenderKind = 'card' | 'cash' | 'other';
export interface TenderPart {
  kind: TenderKind;
  amountMinor: number;
  /** the terminal's id of the payment, never a card number */
  ref?: string;
}

/** What a seller may say about the whole sale; all of it is rare. */
export interface Extras {
  off?: Off;
  /** why there is a discount, for the book */
  reason: string;
  /** opens a gated offer */
  code: string;
  creatorCode: string;
  /** opens an offer for those who have signed up */
  signup: string;
  tipMinor: number;
  later: boolean;
}
export const NO_EXTRAS: Extras = { reason: '', code: '', creatorCode: '', signup: '', tipMinor: 0, later: false };

/** One `record-sale` to come. */
export interface BillPart {
  lines: PricedLine[];
  offer: string | null;
  /** what its goods cost before any discount, and what the discounts take off */
  listMinor: number;
  offMinor: number;
  taxMinor: number;
  tipMinor: number;
  totalMinor: number;
  /** a preorder's rest, paid when it is handed over */
  dueLaterMinor: number;
  dueMinor: number;
}
export interface Bill {
  parts: BillPart[];
  offMinor: number;
  taxMinor: number;
  totalMinor: number;
  dueLaterMinor: number;
  /** to be paid now, cash not yet rounded */
  dueMinor: number;
}

/** What a basket costs, by the hub's own arithmetic, so that split tenders add up there too (MON-5, OFR-4). */
export function billOf(
  lines: readonly PricedLine[],
  { off, tipMinor }: Pick<Extras, 'off' | 'tipMinor'>,
  { rules, offers }: Pick<TillView, 'rules' | 'offers'>,
): Bill {
  const exclusive = rules.taxMode === 'exclusive';
  const groups = lines.length === 0 ? [] : bySale(spread(lines, off));
  const parts = groups.map((group, i): BillPart => {
    const offer = group.find((line) => line.offer !== null)?.offer ?? null;
    const deposit = offers.find(({ id }) => id === offer)?.depositMinor;
    const costs = group.map(({ totalMinor, item }) => {
      const tax = exclusive ? taxOf(totalMinor, item.taxRate ?? '0', 'exclusive') : 0;
      return { tax, all: totalMinor + tax };
    });
    const tip = i === 0 ? tipMinor : 0;
    const totalMinor = sum(costs.map(({ all }) => all)) + tip;
    const later = group.map(({ quantity, offer: own }, n) =>
      deposit === undefined || own === null ? 0 : Math.max(0, (costs[n]?.all ?? 0) - deposit * quantity),
    );
    return {
      lines: group,
      offer,
      listMinor: sum(group.map(({ priceMinor, quantity }) => priceMinor * quantity)),
      offMinor: sum(group.map(({ offMinor }) => offMinor)),
      taxMinor: sum(costs.map(({ tax }) => tax)),
      tipMinor: tip,
      totalMinor,
      dueLaterMinor: sum(later),
      dueMinor: totalMinor - sum(later),
    };
  });
  const all = (pick: (part: BillPart) => number): number => sum(parts.map(pick));
  return {
    parts,
    offMinor: all(({ offMinor }) => offMinor),
    taxMinor: all(({ taxMinor }) => taxMinor),
    totalMinor: all(({ totalMinor }) => totalMinor),
    dueLaterMinor: all(({ dueLaterMinor }) => dueLaterMinor),
    dueMinor: all(({ dueMinor }) => dueMinor),
  };
}

/** Cash for a bill paid in cash alone: each of its sales is rounded by itself, as the hub does. */
export function cashDue({ parts }: Bill, stepMinor: number): number {
  return sum(parts.map(({ dueMinor }) => dueMinor + cashRounding(dueMinor, stepMinor)));
}

/** How each sale of a bill is paid: a split is poured into them in their order, cash last. */
export function tendersOf({ parts }: Bill, tender: TenderKind | readonly TenderPart[]): (TenderKind | TenderPart[])[] {
  if (typeof tender === 'string') return parts.map(() => tender);
  if (parts.length === 1) return [[...tender]];
  const purse = tender
    .toSorted((a, b) => Number(a.kind === 'cash') - Number(b.kind === 'cash'))
    .map((one) => ({ ...one }));
  return parts.map(({ dueMinor }, i) => {
    const isLast = i === parts.length - 1;
    let missing = dueMinor;
    const paid: TenderPart[] = [];
    for (const one of purse) {
      const amountMinor = isLast ? one.amountMinor : Math.min(one.amountMinor, missing);
      if (amountMinor <= 0) continue;
      one.amountMinor -= amountMinor;
      missing -= amountMinor;
      paid.push({ ...one, amountMinor });
    }
    return paid;
  });
}

/** `record-sale`. Cut off, it also says the price that was asked: one that changes meanwhile must not change this sale. */
export function saleBody(
  part: BillPart,
  sale: {
    extras: Extras;
    tender: TenderKind | TenderPart[];
    receipt: string;
    madeAt: string;
    offline: boolean;
    approval?: string;
    givenMinor?: number;
  },
): Record<string, unknown> {
  const { reason, code, creatorCode, signup, later } = sale.extras;
  const when = (condition: boolean, more: object): object => (condition ? more : {});
  return {
    lines: part.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      ...when(sale.offline, { unitPriceMinor: line.priceMinor }),
      ...when(line.offMinor > 0, { discountMinor: line.offMinor }),
      ...when(line.care === true, { care: true }),
      ...when(line.ageChecked === true, { ageChecked: true }),
    })),
    channel: 'in-person',
    tender: sale.tender,
    receipt: sale.receipt,
    madeAt: sale.madeAt,
    ...when(part.offer !== null, { offer: part.offer }),
    ...when(code !== '', { code }),
    ...when(creatorCode !== '', { creatorCode }),
    ...when(signup !== '', { signup }),
    ...when(reason !== '' && part.offMinor > 0, { priceReason: reason }),
    ...when(part.tipMinor > 0, { tipMinor: part.tipMinor }),
    ...when(later || part.lines.some(({ item }) => item.notes?.includes('pickup-only')), { pickup: 'later' }),
    ...when(sale.approval !== undefined, { approval: sale.approval }),
    ...when(sale.givenMinor !== undefined, { givenMinor: sale.givenMinor }),
    ...when(sale.offline, { offline: true }),
    ...when(
      part.lines.some(({ inHand }) => inHand === true),
      { beyondLease: true },
    ),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
