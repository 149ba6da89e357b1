import type { Attribution } from '../domain/facts/sale-facts.ts';
import type { Iso, Minor } from '../domain/units.ts';
import type { Channel, TenderKind } from '../domain/words.ts';

export interface ChannelFigures {
  count: number;
  units: number;
  netMinor: Minor;
}

export interface SalesView {
  count: number;
  units: number;
  refundedUnits: number;
  grossMinor: Minor;
  discountMinor: Minor;
  refundedMinor: Minor;
  netMinor: Minor;
  collectedMinor: Minor;
  /** sold against a deposit and not paid yet */
  dueMinor: Minor;
  /** of collected: cards taken offline that may still be declined */
  atRiskMinor: Minor;
  voids: number;
  /** sales in the last 10 min ÷ min(10, minutes open), at least 1 */
  perMinute: number;
  netPerMinuteMinor: Minor;
  lastAt: Iso | null;
  byChannel: Record<Channel, ChannelFigures>;
  byProduct: Record<string, { units: number; netMinor: Minor }>;
  byCreator: Record<string, CreatorFigures>;
  byTender: Record<TenderKind, { count: number; amountMinor: Minor }>;
  missed: Record<string, number>;
  /** newest first, 20 */
  latest: LatestSale[];
  /** net per minute by channel group, oldest first, last 30 minutes; the chart's bars */
  minutes: { at: Iso; inPersonMinor: Minor; streamMinor: Minor; otherMinor: Minor }[];
}

/** What a person is credited with. `suggested` and `self` stand beside `confirmed`, never in it (ATT-9, ATT-10). */
export interface CreatorFigures {
  confirmed: {
    units: number;
    netMinor: Minor;
    /** buyers whose first known order it was */
    newBuyers: number;
    /** as the plan agrees it; 0 when it names none */
    feeMinor: Minor;
  };
  suggested: { units: number; netMinor: Minor };
  /** own purchases, no base for a fee */
  self: { units: number; netMinor: Minor };
}

/** Channel and creator with the rule that decided each. */
export interface AttributionView {
  channel: Channel;
  rule: Attribution['rule'];
  evidence: string | null;
  creator: string | null;
  creatorRule: Attribution['creatorRule'];
  /** the creator's own time was over */
  late: boolean;
  /** person whose credit is suggested; in no total until it is accepted */
  suggested: string | null;
}

export interface LatestSale {
  saleId: string;
  at: Iso;
  channel: Channel;
  rule: string;
  source: string;
  till: string | null;
  creator: string | null;
  attribution: AttributionView;
  lines: { sku: string | null; name: string; quantity: number }[];
  units: number;
  totalMinor: Minor;
  netMinor: Minor;
  state: 'sold' | 'voided' | 'refunded' | 'part-refunded';
}
