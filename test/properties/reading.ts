import { DEFAULT_COHORTS } from '../../src/domain/show-cohorts.ts';
import { initialRecord, takeEntry } from '../../src/domain/close-record.ts';
import { DESK_TILL, expectedIn } from '../../src/domain/drawers.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { MOMENT_DEFAULTS } from '../../src/domain/moments-input.ts';
import { salesModel } from '../../src/domain/moments-model.ts';
import { inputOfRecord } from '../../src/domain/moments-of-record.ts';
import { makeReport } from '../../src/domain/report.ts';
import { openShelf } from '../../src/domain/shelf.ts';
import type { ShowState } from '../../src/domain/show.ts';
import type { Now } from '../../src/domain/units.ts';

/**
 * Invariants of what is read out of a show, for tests: goods for sale past a hold's deadline (I11), cash in the drawers
 * (I19) and the report's tables against the running totals (I5, I17, I18).
 */

/** A hold lowers what is left until its deadline and not a moment longer, whether or not the timer has said so. */
export function expiredHoldBreaches({ stock, clock, ...rest }: ShowState, now: Now): string[] {
  const { shelf } = openShelf({ stock, clock, ...rest }, now);
  const counting = new Map<string, number>();
  for (const hold of stock.holds.values()) {
    // A hub that was started anew gives 30 s more, and an offer that ends takes its holds with it: not looked at here.
    if (hold.boot !== now.boot || hold.offer !== null) return [];
    if (hold.deadline <= now.t) continue;
    for (const { sku, pool, quantity } of hold.held)
      counting.set(`${sku} ${pool}`, (counting.get(`${sku} ${pool}`) ?? 0) + quantity);
  }
  const found: string[] = [];
  for (const [sku, pools] of stock.cells) {
    for (const [pool, { physical, committed }] of pools) {
      if (pool === 'preorder') continue;
      const should = physical - committed - (counting.get(`${sku} ${pool}`) ?? 0);
      const left = shelf.left(sku, [pool]);
      if (left !== should) found.push(`I11 ${sku} ${pool}: ${left} may be sold, not ${should}`);
    }
  }
  return found;
}

/** I19: expected = float + cash sales − cash refunds + paid in − paid out, drawer by drawer, from the entries alone. */
export function drawerBreaches({ drawers }: ShowState, entries: readonly Entry[]): string[] {
  const expected = new Map<string, number>();
  const open = new Map<string, string>();
  const add = (drawer: string | null | undefined, amountMinor: number): void => {
    if (drawer) expected.set(drawer, (expected.get(drawer) ?? 0) + amountMinor);
  };
  for (const entry of entries) {
    switch (entry.kind) {
      case 'drawer.opened':
        open.set(entry.body.till, entry.body.drawer);
        add(entry.body.drawer, entry.body.floatMinor);
        break;
      case 'drawer.paid-in':
        add(entry.body.drawer, entry.body.amountMinor);
        break;
      case 'drawer.paid-out':
        add(entry.body.drawer, -entry.body.amountMinor);
        break;
      case 'drawer.counted':
        open.delete(entry.body.till);
        break;
      case 'sale.recorded': {
        const { source, till, tenders } = entry.body;
        if (source !== 'till' && source !== 'desk') break;
        const cash = tenders.filter(({ kind }) => kind === 'cash');
        add(
          open.get(till ?? DESK_TILL),
          cash.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        );
        break;
      }
      case 'sale.voided':
      case 'sale.refunded':
        add(entry.body.cash?.drawer, -(entry.body.cash?.amountMinor ?? 0));
        break;
    }
  }
  return [...drawers.byId.values()].flatMap((drawer) => {
    const should = expected.get(drawer.id) ?? 0;
    return expectedIn(drawer) === should ? [] : [`I19 drawer ${drawer.id}: ${expectedIn(drawer)}, not ${should}`];
  });
}

/** I18 and the rest of the tie-out block: what the report's tables add up to is what the fold has kept. */
export function reportBreaches(id: string, entries: readonly Entry[]): string[] {
  const record = initialRecord(id);
  for (const entry of entries) takeEntry(record, entry);
  const model = salesModel(inputOfRecord(record, []), MOMENT_DEFAULTS);
  const { checks } = makeReport({
    record,
    moments: [],
    clips: [],
    segments: [],
    model,
    viewers: [],
    notes: [],
    cohorts: DEFAULT_COHORTS,
  });
  return checks.flatMap(({ check, left, right }) =>
    left === right ? [] : [`${/^I\d+/.test(check) ? '' : 'I18 '}${check}: ${left}, not ${right}`],
  );
}
