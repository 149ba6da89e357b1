import { type Interval, Z95 } from './proportions.ts';
import type { Minor } from './units.ts';

/**
 * What buyers spend in their first week (VER-6), kept as three totals: they are all a mean and its limits need, they can
 * be given without naming anybody (VER-7), and BigInt keeps Σ of squares exact where a double would not be.
 */
export interface SpendTotals {
  buyers: number;
  sumMinor: Minor;
  /** Σ of each buyer's spend squared, minor units squared */
  sumSquares: bigint;
}

export function spendTotals(spends: Iterable<Minor>): SpendTotals {
  const totals: SpendTotals = { buyers: 0, sumMinor: 0, sumSquares: 0n };
  for (const spend of spends) {
    totals.buyers += 1;
    totals.sumMinor += spend;
    totals.sumSquares += BigInt(spend) ** 2n;
  }
  return totals;
}

/** Mean spend of one group with its limits; null without buyers, limits equal the mean with one buyer only. */
export function meanSpend(totals: SpendTotals): Interval | null {
  if (totals.buyers === 0) return null;
  const value = totals.sumMinor / totals.buyers;
  const half = Z95 * Math.sqrt(variance(totals) / totals.buyers);
  return { value, low: value - half, high: value + half };
}

/**
 * Difference of two groups' mean spend (first − second), minor units, normal limits with each group's own variance.
 *
 * @returns null when either group has fewer than two buyers, for then nothing is known of its spread
 */
export function spendDifference(first: SpendTotals, second: SpendTotals): Interval | null {
  if (first.buyers < 2 || second.buyers < 2) return null;
  const value = first.sumMinor / first.buyers - second.sumMinor / second.buyers;
  const half = Z95 * Math.sqrt(variance(first) / first.buyers + variance(second) / second.buyers);
  return { value, low: value - half, high: value + half };
}

/** Can these totals be anybody's? Σ² is at least (Σ)² ÷ n, whatever the single spends were. */
export function areTotalsPossible({ buyers, sumMinor, sumSquares }: SpendTotals): boolean {
  if (buyers === 0) return sumMinor === 0 && sumSquares === 0n;
  return BigInt(buyers) * sumSquares >= BigInt(sumMinor) ** 2n;
}

/** s² with n − 1: (n · Σ² − (Σ)²) ÷ (n · (n − 1)), the numerator without rounding. */
function variance({ buyers, sumMinor, sumSquares }: SpendTotals): number {
  if (buyers < 2) return 0;
  const numerator = BigInt(buyers) * sumSquares - BigInt(sumMinor) ** 2n;
  return Number(numerator) / (buyers * (buyers - 1));
}
