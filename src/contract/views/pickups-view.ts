import { openPickups } from '../../domain/pickups.ts';
import { dueLeft, waitingOf } from '../../domain/sale-record.ts';
import type { ShowState } from '../../domain/show.ts';
import { toIso } from '../../domain/units.ts';
import type { PickupsView } from '../settle-state.ts';

/** the desk looks one up by its code; the list is for reading */
const MOST_LISTED = 200;

/** Goods that wait for their buyers, the longest waiting first. */
export function pickupsView(show: ShowState | null): PickupsView {
  const open = show ? openPickups(show) : [];
  const count = (wanted: string): number => open.filter(({ standing }) => standing === wanted).length;
  return {
    waiting: count('waiting'),
    ready: count('ready'),
    missed: count('missed'),
    list: open.slice(0, MOST_LISTED).map(({ pickup, sale, standing }) => ({
      saleId: pickup.saleId,
      code: pickup.code,
      at: toIso(pickup.at),
      standing,
      lines: sale.lines.flatMap(({ line, sku, name, quantity }, i) =>
        waitingOf(sale, i).length > 0 ? [{ line, sku, name, quantity: quantity - (sale.refundedUnits[i] ?? 0) }] : [],
      ),
      isPreorder: sale.lines.every((_, i) => waitingOf(sale, i).every(({ pool }) => pool === 'preorder')),
      dueMinor: dueLeft(sale),
    })),
  };
}
