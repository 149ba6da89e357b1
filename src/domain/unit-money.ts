import type { SaleLine } from './facts/sale-facts.ts';
import { allocate } from './money.ts';
import { perUnit } from './sale-record.ts';
import type { Minor } from './units.ts';

/**
 * What each unit of a line cost, so that refunds of any units in any order add up to the whole (MON-6). A line of n
 * bundles is a table: bundle by bundle it sums to `allocate(line, [1 × n])`, part by part to the part's share.
 */
export interface UnitMoney {
  netMinor: Minor;
  /** inclusive: of which; exclusive: on top */
  taxMinor: Minor;
}

/** Money of units of one part of a line: `units` of them after the first `from`. */
export function unitMoney(line: SaleLine, part: number, from: number, units: number): UnitMoney {
  const nets = line.parts.map(({ netMinor }) => netMinor);
  return {
    netMinor: unitsOf(line, part, { total: line.netMinor, byPart: nets }, { from, units }),
    taxMinor: unitsOf(line, part, { total: line.taxMinor, byPart: allocate(line.taxMinor, nets) }, { from, units }),
  };
}

/** Sum of the units `from` … `from + units − 1` of `allocate(total, [1 × quantity])`, without making the list. */
export function evenShare(total: Minor, quantity: number, from: number, units: number): Minor {
  const extra = total % quantity;
  const withExtra = Math.max(0, Math.min(from + units, extra) - from);
  return units * Math.floor(total / quantity) + withExtra;
}

interface Split {
  total: Minor;
  /** sums to the total */
  byPart: readonly Minor[];
}

function unitsOf(line: SaleLine, part: number, split: Split, span: { from: number; units: number }): Minor {
  const { from, units } = span;
  if (units <= 0) return 0;
  const each = perUnit(line, part);
  const whole = split.byPart[part] ?? 0;
  // Where a unit of the line is one unit of its only part, the table is one column.
  if (line.quantity === 1 || (line.parts.length === 1 && each === 1)) {
    return evenShare(whole, line.parts[part]?.quantity ?? 1, from, units);
  }
  const [first, last] = [Math.floor(from / each), Math.floor((from + units - 1) / each)];
  let sum = 0;
  for (const [bundle, cells] of rowsUpTo(line.quantity, split, last)) {
    if (bundle < first) continue;
    const start = Math.max(0, from - bundle * each);
    const end = Math.min(each, from + units - bundle * each);
    sum += evenShare(cells[part] ?? 0, each, start, end - start);
  }
  return sum;
}

/** The table's rows: each bundle's money goes to its parts by what is left for each of them, so the last row completes both. */
function* rowsUpTo(bundles: number, { total, byPart }: Split, last: number): Generator<[number, Minor[]]> {
  const left = [...byPart];
  for (let bundle = 0; bundle <= last; bundle += 1) {
    const cells = allocate(evenShare(total, bundles, bundle, 1), left);
    cells.forEach((cell, part) => (left[part] = (left[part] ?? 0) - cell));
    yield [bundle, cells];
  }
}
