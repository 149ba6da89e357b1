import { offer, plan, product } from '../../src/domain/testing.ts';
import type { Day } from './day.ts';

/** What is sold on a day of day.ts, and what a step is rolled with. */

/** Enough of everything that leases are given, little enough that all of it runs out. */
export const DAY_PLAN = plan({
  show: { taxMode: 'exclusive' },
  products: [
    product('MUG', { priceMinor: 1799, reserve: 60, taxRate: '0.23' }),
    product('APRON', { priceMinor: 2501, reserve: 36, taxRate: '0.0825', tillLease: 2, flags: ['limited'] }),
    product('CARD', { priceMinor: 0, reserve: 30 }),
    product('WINE', { priceMinor: 990, reserve: 6, taxRate: '0.13', flags: ['age-check', 'event-only'] }),
  ],
  bundles: [
    {
      sku: 'SET',
      name: 'Set',
      priceMinor: 3999,
      taxRate: '0.23',
      parts: [
        { sku: 'MUG', quantity: 2 },
        { sku: 'APRON', quantity: 1 },
      ],
    },
  ],
  offers: [
    offer('drop', 'MUG', { priceMinor: 1501, cap: 9, perBuyer: 3, closesAt: '2026-11-28T18:20:00Z' }),
    offer('pre', 'SET', { kind: 'preorder', cap: 9 }),
  ],
  tills: Array.from({ length: 8 }, (_, n) => ({ id: `till-${n + 1}`, name: `Table ${n + 1}` })),
});

export const SKUS = ['MUG', 'APRON', 'CARD', 'WINE', 'SET'] as const;
export const LEASED = ['MUG', 'APRON', 'CARD', 'SET'] as const;
export const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

export interface Dice {
  a: number;
  b: number;
  /** 1 … 4 */
  n: number;
  /** 0 … 7 */
  flag: number;
}

export type Step = (day: Day, dice: Dice) => void;
