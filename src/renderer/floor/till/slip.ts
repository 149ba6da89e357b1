import { cashRounding } from '../../../domain/sale-pricing.ts';
import type { BillPart, TenderKind, TenderPart } from './bill.ts';
import type { Slip } from './past-sales.svelte.ts';

/** One sale in a line of text: "Blue mug ×2, Apron". */
export function whatOf({ lines }: BillPart): string {
  return lines.map(({ item, quantity }) => (quantity > 1 ? `${item.name} ×${quantity}` : item.name)).join(', ');
}

/** What the receipt of a sale says. */
export function slipOf(
  part: BillPart,
  how: { tender: TenderKind | TenderPart[]; cashStepMinor: number; later: boolean },
): Slip {
  const { tender, cashStepMinor, later } = how;
  const rounding = tender === 'cash' ? cashRounding(part.dueMinor, cashStepMinor) : 0;
  const alone = typeof tender === 'string' ? [{ kind: tender, amountMinor: part.dueMinor + rounding }] : tender;
  return {
    lines: part.lines.map(({ item, quantity, priceMinor, offMinor }) => {
      return { name: item.name, quantity, priceMinor, offMinor };
    }),
    tenders: alone.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
    taxMinor: part.taxMinor,
    tipMinor: part.tipMinor,
    dueLaterMinor: part.dueLaterMinor,
    later,
  };
}
