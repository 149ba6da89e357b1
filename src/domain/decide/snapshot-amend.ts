import { catalogueOf } from '../catalogue.ts';
import type { AmendedLine } from '../facts/order-facts.ts';
import type { OrderMark, SaleLine } from '../facts/sale-facts.ts';
import type { Fact } from '../ledger.ts';
import type { Shelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import type { Ask } from './ask.ts';
import { shortfallFacts, takeLine } from './fulfil.ts';
import { type Standing, type StandingLine, letGo } from './snapshot-standing.ts';
import {
  type Target,
  type TargetLine,
  fittedTenders,
  isNothing,
  pricedLine,
  sumsOf,
  taxModeOf,
} from './snapshot-target.ts';

/** What every step of booking one state of an order works with. */
export interface SnapshotStep {
  show: ShowState;
  ask: Ask;
  shelf: Shelf;
  source: string;
  order: OrderMark;
  /** facts so far, added to in place; names of new things come from their place */
  facts: Fact[];
}

/**
 * Makes a booked sale what its order now is, line by line: more takes goods, less brings back what was taken. Goods go
 * back first, so that one order may live on its own. Moves `standing` along.
 */
export function amend(step: SnapshotStep, standing: Standing, target: Target): void {
  const { show, ask, shelf, source, order, facts } = step;
  const missing = new Map<string, number>();
  const settled: Fact[] = [];
  const changes = changesOf(show, standing, target);
  const known = standing.lines.length;
  // A line that is money alone has no units and may be new all the same.
  const isMore = ({ at, more }: Change): boolean => more > 0 || at >= known;
  const lines: AmendedLine[] = [];
  for (const { at, now, key } of changes.filter((change) => !isMore(change))) {
    const entry = standing.lines[at] as StandingLine;
    const fewer = entry.line.quantity - now.quantity;
    const gone = letGo(standing, entry, { units: fewer, returning: fewer }, ask.actor.by);
    shelf.put(gone.restocked);
    settled.push(...gone.facts);
    entry.line = now;
    lines.push({ now, key, taken: [], restocked: gone.restocked });
  }
  for (const { at, now, key, more } of changes.filter(isMore)) {
    const article = now.sku === null ? undefined : catalogueOf(show.plan).get(now.sku);
    const taken = article ? takeLine(shelf, { article, quantity: more, pools: ['reserve'] }, missing) : [];
    const line = { ...now, taken: [...now.taken, ...taken] };
    const entry = standing.lines[at] ?? { key, line, out: [], refunded: 0, ofSource: { refunded: 0, restocked: 0 } };
    entry.line = line;
    entry.out.push(...taken.map((each) => ({ ...each })));
    standing.lines[at] = entry;
    lines.push({ now: line, key, taken, restocked: [] });
  }
  lines.sort((a, b) => a.now.line - b.now.line);
  const sums = sumsOf(
    standing.lines.map(({ line }) => line),
    taxModeOf(show),
    target,
  );
  const tenders = fittedTenders(target.tenders, sums.totalMinor);
  const isSame =
    lines.length === 0 &&
    standing.tipMinor === target.tipMinor &&
    standing.shippingMinor === target.shippingMinor &&
    standing.isAtRisk === target.isAtRisk &&
    JSON.stringify(standing.tenders) === JSON.stringify(tenders);
  if (isSame) return;
  const { tipMinor, shippingMinor, isAtRisk } = target;
  facts.push(...settled);
  facts.push({
    kind: 'sale.amended',
    body: {
      saleId: standing.saleId,
      lines,
      tenders,
      tipMinor,
      shippingMinor,
      ...(isAtRisk !== standing.isAtRisk && { atRisk: isAtRisk }),
      ...sums,
      by: ask.actor.by,
      source,
      order,
    },
  });
  Object.assign(standing, { tenders, tipMinor, shippingMinor, isAtRisk, ...sums });
  const owing = shortfallFacts(missing, { saleId: standing.saleId, source, firstSeq: ask.seq + facts.length });
  for (const fact of owing) {
    if (fact.kind === 'shortfall.found')
      standing.owed.push({ id: fact.body.shortfallId, sku: fact.body.sku, left: fact.body.quantity });
  }
  facts.push(...owing);
  parkNew(step, standing.saleId, lines);
}

/** Lines whose product nobody knows wait for a person; money without lines does not. */
export function parkNew(
  step: SnapshotStep,
  saleId: string,
  lines: readonly { now: SaleLine; isOld?: boolean }[],
): void {
  const { ask, facts, source, show } = step;
  const parked = new Set(
    [...show.sales.parked.values()].flatMap((line) => (line.saleId === saleId ? [line.line] : [])),
  );
  for (const { now } of lines) {
    if (now.sku !== null || now.foreignSku === undefined || now.quantity === 0 || parked.has(now.line)) continue;
    const { line, foreignSku, name, quantity } = now;
    const lineId = `l${ask.seq + facts.length}`;
    facts.push({ kind: 'line.parked', body: { lineId, saleId, line, foreignSku, name, quantity, source } });
  }
}

interface Change {
  /** index in the sale */
  at: number;
  key: string;
  now: SaleLine;
  /** units more than before; negative: fewer */
  more: number;
}

function changesOf(show: ShowState, standing: Standing, target: Target): Change[] {
  const byKey = new Map(target.lines.map((line) => [line.key, line]));
  const changes: Change[] = [];
  standing.lines.forEach(({ key, line, refunded }, at) => {
    if (key === null) return;
    const wanted = byKey.get(key) ?? nothingOf(line, key);
    byKey.delete(key);
    // Units that were given back were sold: a source that forgets them is not believed.
    const now = renamed(
      show,
      pricedLine(line.line, { ...wanted, sold: Math.max(wanted.sold, refunded) }, line.taken),
      line,
    );
    if (!isSameMoney(now, line)) changes.push({ at, key, now, more: now.quantity - line.quantity });
  });
  let at = standing.lines.length;
  for (const wanted of byKey.values()) {
    if (isNothing(wanted)) continue;
    const now = pricedLine(at + 1, wanted, []);
    changes.push({ at, key: wanted.key, now, more: now.quantity });
    at += 1;
  }
  return changes;
}

/** A line keeps the product that it was booked or mapped as. */
function renamed(show: ShowState, now: SaleLine, before: SaleLine): SaleLine {
  if (now.sku === before.sku) return now;
  const article = before.sku === null ? null : (catalogueOf(show.plan).get(before.sku) ?? null);
  const { foreignSku = null } = before;
  const target: TargetLine = {
    ...now,
    key: '',
    article,
    foreignSku,
    name: before.name,
    sold: now.quantity,
    refunded: 0,
    restocked: 0,
  };
  return pricedLine(now.line, target, now.taken);
}

function isSameMoney(a: SaleLine, b: SaleLine): boolean {
  return (
    a.quantity === b.quantity &&
    a.grossMinor === b.grossMinor &&
    a.discountMinor === b.discountMinor &&
    a.taxMinor === b.taxMinor
  );
}

/** A line that its order has no more. */
function nothingOf(line: SaleLine, key: string): TargetLine {
  const { foreignSku = null, name } = line;
  const none = { sold: 0, refunded: 0, restocked: 0, grossMinor: 0, discountMinor: 0, taxMinor: 0 };
  return { key, article: null, foreignSku, name, ...none };
}
