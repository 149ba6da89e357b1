import { allocate, percent, type TaxMode, taxOf } from '../../../domain/money.ts';

/** A discount on the whole basket as the producer typed it; `percent` is decimal text such as "12.5". */
export type Off = { amountMinor: number } | { percent: string };

export interface PricedLine {
  quantity: number;
  unitMinor: number;
  taxRate: string;
  /** of an open preorder offer: what is paid now for each; null: all of it */
  depositMinor: number | null;
}

/** What a basket costs by the hub's own arithmetic, so that split tenders add up there too (MON-5, OFR-4). */
export function priceOf(
  lines: readonly PricedLine[],
  off: Off | null,
  taxMode: TaxMode,
): { offMinor: number; totalMinor: number; dueNowMinor: number } {
  const costs = lines.map(({ quantity, unitMinor }) => quantity * unitMinor);
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  const offMinor = Math.min(
    all,
    off === null ? 0 : 'percent' in off ? percent(all, shifted(off.percent)) : off.amountMinor,
  );
  const shares = allocate(offMinor, costs);
  let [totalMinor, laterMinor] = [0, 0];
  for (const [i, { quantity, taxRate, depositMinor }] of lines.entries()) {
    const net = (costs[i] ?? 0) - (shares[i] ?? 0);
    const paid = net + (taxMode === 'exclusive' ? taxOf(net, taxRate, taxMode) : 0);
    totalMinor += paid;
    if (depositMinor !== null) laterMinor += Math.max(0, paid - depositMinor * quantity);
  }
  return { offMinor, totalMinor, dueNowMinor: totalMinor - laterMinor };
}

/** @returns the command's text for a percentage, or null when it is none: "12,5" → "12.5" */
export function readPercent(text: string): string | null {
  const plain = text.trim().replace(',', '.');
  return /^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/.test(plain) ? plain : null;
}

/** "12.5" → "0.125", by digits. */
function shifted(text: string): string {
  const [whole = '0', decimals = ''] = text.split('.');
  const digits = whole.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${decimals}`;
}
