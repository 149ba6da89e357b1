import type { SourceDefaults } from '../attribution.ts';
import type { Duration, Minor } from '../units.ts';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../verdict.ts';

/** What the producer has set for selling. Settings of the desk; what they decided is kept in the facts. */
export interface Rules {
  /** smallest cash step in minor units; 0: cash is not rounded (MON-7) */
  cashRoundingMinor: Minor;
  /** more of what a sale costs than this a till may not take off by itself (TIL-7), percent */
  tillDiscountPercent: number;
  /** a drawer that is further off than this asks for a reason (DRW-1), percent of what is expected */
  drawerVariancePercent: number;
  /** channel of whole sources (ATT-6); null: off */
  sourceDefaults: SourceDefaults | null;
  /** who rings what is sold in person (CON-10): `rung-here`: a shop's point of sale tells of sales that are rung here, too */
  inPerson: 'import' | 'rung-here';
  /** how far viewers are behind; null: not measured (ATT-9) */
  streamDelayMs: Duration | null;
  /** what a show must be better by to be scaled (VER-9) */
  thresholds: Thresholds;
}

export const DEFAULT_RULES: Rules = {
  cashRoundingMinor: 0,
  tillDiscountPercent: 20,
  drawerVariancePercent: 1,
  sourceDefaults: null,
  inPerson: 'import',
  streamDelayMs: null,
  thresholds: DEFAULT_THRESHOLDS,
};
