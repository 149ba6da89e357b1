import type { CloseRecord } from './close-record.ts';
import { EntryIndex } from './close-record.ts';
import { type Figures, groupBy, postingsOf, sumOf } from './report-postings.ts';
import { type SaleRecord, netLeft } from './sale-record.ts';
import type { ShowState } from './show.ts';
import { fromIso, MINUTE } from './units.ts';

/**
 * What the running totals of channels and creators say against the same figures made anew from the sales (I18), for
 * tests only.
 *
 * @returns one sentence for each difference
 */
export function creditBreaches(state: ShowState): string[] {
  const { takings, credit, byId, refunds } = state.sales;
  const found: string[] = [];
  const compare = (what: string, is: number, should: number): void => {
    if (is !== should) found.push(`I18 ${what}: ${is}, not ${should}`);
  };
  const postings = postingsOf(recordOf(state));
  const total = sumOf(postings).netMinor;
  for (const [channel, figures] of Object.entries(takings.byChannel)) {
    const own = sumOf(postings.filter((posting) => posting.channel === channel));
    compare(`net of ${channel}`, figures.netMinor, own.netMinor);
    compare(`units of ${channel}`, figures.units, own.units);
  }
  const byCreator = groupBy(postings, ({ creator }) => creator);
  const creators = new Set([...takings.byCreator.keys(), ...[...byCreator.keys()].filter((key) => key !== null)]);
  for (const creator of creators) {
    const made: Figures = sumOf(byCreator.get(creator) ?? []);
    compare(`net of ${creator}`, takings.byCreator.get(creator)?.netMinor ?? 0, made.netMinor);
    compare(`units of ${creator}`, takings.byCreator.get(creator)?.units ?? 0, made.units);
    compare(`own net of ${creator}`, credit.own.get(creator)?.netMinor ?? 0, ownNet(state, creator));
    compare(`new buyers of ${creator}`, credit.newBuyers.get(creator) ?? 0, newBuyers(state, creator));
  }
  const none = sumOf(byCreator.get(null) ?? []).netMinor;
  const credited = [...takings.byCreator.values()].reduce((sum, { netMinor }) => sum + netMinor, 0);
  compare('by creator and none', credited + none, total);
  const products = [...takings.byProduct.values()].reduce((sum, { netMinor }) => sum + netMinor, 0);
  compare('by product and parked', products + takings.unnamed.netMinor, total);
  const quarters = groupBy(postings, ({ at }) => Math.floor(at / (15 * MINUTE)));
  compare(
    'by quarter hour',
    [...quarters.values()].reduce((sum, each) => sum + sumOf(each).netMinor, 0),
    total,
  );
  compare('total', takings.netMinor, total);
  for (const refund of refunds) {
    const sale = refund.saleId === null ? undefined : byId.get(refund.saleId);
    if (sale && sale.channel !== refund.channel)
      found.push(`I18 ${refund.refundId} is under another channel than its sale`);
  }
  return found;
}

function ownNet({ sales }: ShowState, creator: string): number {
  return [...sales.byId.values()]
    .filter(
      ({ attribution, voided }) => attribution.creator === creator && attribution.creatorRule === 'self' && !voided,
    )
    .reduce((sum, sale) => sum + netLeft(sale), 0);
}

function newBuyers({ sales: { byId, credit } }: ShowState, creator: string): number {
  const firsts = new Map<string, SaleRecord>();
  for (const sale of [...byId.values()].toSorted((a, b) => a.seq - b.seq)) {
    if (sale.personRef !== null && !sale.voided && !firsts.has(sale.personRef)) firsts.set(sale.personRef, sale);
  }
  return [...firsts].filter(([ref, { attribution, madeAt }]) => {
    const heard = credit.heardOf.get(ref);
    const isNew = heard === undefined || heard >= fromIso(madeAt);
    return isNew && attribution.creator === creator && attribution.creatorRule !== 'self';
  }).length;
}

function recordOf(show: ShowState): CloseRecord {
  return { show, entries: new EntryIndex(), stockOuts: [], ledgerHash: '', at: 0, pin: null };
}
