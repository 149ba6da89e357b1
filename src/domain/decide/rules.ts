import type { Minor } from '../units.ts';

/** What the producer has set for selling. Settings of the desk; what they decided is kept in the facts. */
export interface Rules {
  /** smallest cash step in minor units; 0: cash is not rounded (MON-7) */
  cashRoundingMinor: Minor;
  /** more of what a sale costs than this a till may not take off by itself (TIL-7), percent */
  tillDiscountPercent: number;
  /** a drawer that is further off than this asks for a reason (DRW-1), percent of what is expected */
  drawerVariancePercent: number;
}

export const DEFAULT_RULES: Rules = { cashRoundingMinor: 0, tillDiscountPercent: 20, drawerVariancePercent: 1 };
