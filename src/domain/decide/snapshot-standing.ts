import type { SaleLine, SaleRecorded, Taken, Tender } from '../facts/sale-facts.ts';
import type { noneBackOf } from '../external-orders.ts';
import type { Fact } from '../ledger.ts';
import { type OutGoods, type SaleRecord, outOf, perUnit } from '../sale-record.ts';
import { openShortfalls } from '../sales.ts';
import { unitsOf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import type { Minor } from '../units.ts';
import type { Channel } from '../words.ts';
import { cancelled, pullOut } from './refunding.ts';

/** An outside sale as it is booked, moved along while one decision works on it: what the show will say after its facts. */
export interface Standing {
  saleId: string;
  channel: Channel;
  /** rung here to be fetched later: what was not fetched yet is only promised */
  isPickup: boolean;
  lines: StandingLine[];
  /** goods still owed to this sale */
  owed: { id: string; sku: string; left: number }[];
  tenders: Tender[];
  tipMinor: Minor;
  shippingMinor: Minor;
  isAtRisk: boolean;
  netMinor: Minor;
  taxMinor: Minor;
  totalMinor: Minor;
  /** in all, and of this what its source gave back */
  refundedMinor: Minor;
  ofSource: { refundedMinor: Minor; refundedTaxMinor: Minor; besideMinor: Minor };
  refundedTenders: Tender[];
}

export interface StandingLine {
  /** the source's name of it; null: the source has no such line */
  key: string | null;
  line: SaleLine;
  /** our goods that it still has */
  out: OutGoods[];
  /** units back in all */
  refunded: number;
  /** units that its source gave back, and of these: on sale again */
  ofSource: { refunded: number; restocked: number };
}

export function standingOf(show: ShowState, sale: SaleRecord, known: ReturnType<typeof noneBackOf>): Standing {
  return {
    ...moneyOf(sale),
    lines: sale.lines.map((line, i) => ({
      key: known.keys[i] ?? null,
      line,
      out: outOf(sale, i).map((each) => ({ ...each })),
      refunded: sale.refundedUnits[i] ?? 0,
      ofSource: { refunded: known.refunded[i] ?? 0, restocked: known.restocked[i] ?? 0 },
    })),
    owed: openShortfalls(show.sales)
      .filter(({ saleId }) => saleId === sale.saleId)
      .map(({ id, sku, quantity }) => ({ id, sku, left: quantity })),
    shippingMinor: sale.extra?.shippingMinor ?? 0,
    isAtRisk: sale.extra?.atRisk === true,
    refundedMinor: sale.refundedMinor,
    ofSource: {
      refundedMinor: known.refundedMinor,
      refundedTaxMinor: known.refundedTaxMinor,
      besideMinor: known.besideMinor,
    },
    refundedTenders: [...(sale.since?.refundedTenders ?? [])],
  };
}

/** A sale that this very decision books. */
export function freshStanding(sale: SaleRecorded, keys: readonly string[], owed: Standing['owed']): Standing {
  return {
    ...moneyOf(sale),
    lines: sale.lines.map((line, i) => ({
      key: keys[i] ?? null,
      line,
      out: line.taken.map((each) => ({ ...each })),
      refunded: 0,
      ofSource: { refunded: 0, restocked: 0 },
    })),
    owed,
    shippingMinor: sale.extra?.shippingMinor ?? 0,
    isAtRisk: sale.extra?.atRisk === true,
    refundedMinor: 0,
    ofSource: { refundedMinor: 0, refundedTaxMinor: 0, besideMinor: 0 },
    refundedTenders: [],
  };
}

function moneyOf(sale: SaleRecorded) {
  const { saleId, channel, pickup, tenders, tipMinor, netMinor, taxMinor, totalMinor } = sale;
  return { saleId, channel, isPickup: pickup === 'later', tenders, tipMinor, netMinor, taxMinor, totalMinor };
}

/**
 * Units of a line that are wanted no more: what is owed is owed no more first, and only what was really taken can come
 * back (STK-6).
 *
 * @param units whole units of the line that go
 * @param returning of these: units whose goods come back; at most what the line still has does
 * @returns what comes back, for the reserve; what is promised no more; and the facts that settle what was owed
 */
export function letGo(
  standing: Standing,
  { line, out }: Pick<StandingLine, 'line' | 'out'>,
  { units, returning }: { units: number; returning: number },
  by: string,
): { restocked: Taken[]; uncommitted: Taken[]; facts: Fact[] } {
  const restocked: Taken[] = [];
  const uncommitted: Taken[] = [];
  const facts: Fact[] = [];
  if (line.sku === null || line.quantity === 0) return { restocked, uncommitted, facts };
  line.parts.forEach(({ sku }, part) => {
    let forgiven = 0;
    for (const debt of standing.owed) {
      const off = debt.sku === sku ? Math.min(units * perUnit(line, part) - forgiven, debt.left) : 0;
      if (off <= 0) continue;
      debt.left -= off;
      forgiven += off;
      facts.push(cancelled(debt.id, off, by));
    }
    // Lines of one sale are owed goods together: what this line was never given is with another one.
    let back = Math.max(0, returning * perUnit(line, part) - forgiven);
    if (standing.isPickup) {
      const waiting = out.filter(({ handed }) => handed !== true);
      const freed = pullOut(waiting, sku, units * perUnit(line, part) - forgiven);
      uncommitted.push(...freed);
      back = Math.max(0, back - unitsOf(freed));
    }
    for (const goods of [out, ...standing.lines.map((other) => other.out)]) {
      // Of a pickup, only what was fetched can come back.
      const pulled = pullOut(standing.isPickup ? goods.filter(({ handed }) => handed) : goods, sku, back);
      back -= unitsOf(pulled);
      restocked.push(...pulled);
    }
  });
  return { restocked: restocked.map((each) => ({ ...each, pool: 'reserve' })), uncommitted, facts };
}
