import { salesPace } from '../../domain/forecast.ts';
import { CHART_MINUTES } from '../../domain/recent-sales.ts';
import { wallOf } from '../../domain/clock.ts';
import type { SaleRecord } from '../../domain/sale-record.ts';
import { type ShowState, initialShow } from '../../domain/show.ts';
import { type Suggested, suggestedCredit } from '../../domain/suggested-credit.ts';
import { type Duration, MINUTE, type Now, toIso } from '../../domain/units.ts';
import { CHANNELS } from '../../domain/words.ts';
import type { AttributionView, LatestSale, SalesView } from '../sales-state.ts';

/**
 * Costs as much as there are products and minutes on the chart, never as much as there are sales.
 *
 * @param delay setting `stream.delayMs`, for suggested credit; null: not measured
 */
export function salesView(show: ShowState | null, now: Now, delay: Duration | null): SalesView {
  const state = show ?? initialShow('');
  const { takings, missed } = state.sales;
  const pace = salesPace(state, now);
  const suggested = suggestedCredit(state, delay);
  return {
    count: takings.count,
    units: takings.units,
    refundedUnits: takings.refundedUnits,
    grossMinor: takings.grossMinor,
    discountMinor: takings.discountMinor,
    refundedMinor: takings.refundedMinor,
    netMinor: takings.netMinor,
    collectedMinor: takings.collectedMinor,
    dueMinor: takings.dueMinor,
    atRiskMinor: takings.atRiskMinor,
    voids: takings.voids,
    perMinute: Math.round(pace.perMinute * 100) / 100,
    netPerMinuteMinor: pace.netPerMinuteMinor,
    lastAt: takings.lastAt === null ? null : toIso(takings.lastAt),
    byChannel: perKey(CHANNELS, (channel) => ({ ...takings.byChannel[channel] })),
    byProduct: Object.fromEntries([...takings.byProduct].map(([sku, figures]) => [sku, { ...figures }])),
    byCreator: creatorFigures(state, suggested),
    byTender: structuredClone(takings.byTender),
    missed: Object.fromEntries(missed),
    latest: latestSales(state, suggested),
    minutes: chartMinutes(state, now),
  };
}

/** Everybody who is credited or might be; own purchases are taken out of what is confirmed. */
function creatorFigures({ plan, sales: { takings, credit } }: ShowState, suggested: Suggested): SalesView['byCreator'] {
  const people = new Set([...takings.byCreator.keys(), ...suggested.byCreator.keys()]);
  return Object.fromEntries(
    [...people].map((person) => {
      const { units, netMinor } = takings.byCreator.get(person) ?? NOTHING;
      const { units: ownUnits, netMinor: ownMinor } = credit.own.get(person) ?? NOTHING;
      const confirmed = {
        units: units - ownUnits,
        netMinor: netMinor - ownMinor,
        newBuyers: credit.newBuyers.get(person) ?? 0,
        feeMinor: plan?.people.find(({ id }) => id === person)?.feeMinor ?? 0,
      };
      const self = { units: ownUnits, netMinor: ownMinor };
      return [person, { confirmed, suggested: { ...(suggested.byCreator.get(person) ?? NOTHING) }, self }];
    }),
  );
}

const NOTHING = { units: 0, netMinor: 0 };

function latestSales(show: ShowState, suggested: Suggested): LatestSale[] {
  const sales = show.sales.latest.flatMap((id) => show.sales.byId.get(id) ?? []);
  return sales.reverse().map((sale) => ({
    saleId: sale.saleId,
    at: toIso(sale.at),
    channel: sale.channel,
    rule: sale.attribution.rule,
    source: sale.source,
    till: sale.till,
    creator: sale.attribution.creator,
    attribution: attributionOf(sale, suggested),
    lines: sale.lines.map(({ sku, name, quantity }) => ({ sku, name, quantity })),
    units: sale.lines.reduce((sum, line) => sum + line.quantity, 0),
    totalMinor: sale.totalMinor,
    netMinor: sale.netMinor,
    state: stateOf(sale),
  }));
}

export function attributionOf({ saleId, attribution }: SaleRecord, suggested: Suggested): AttributionView {
  const { channel, rule, evidence, creator, creatorRule, late = false } = attribution;
  return {
    channel,
    rule,
    evidence,
    creator,
    creatorRule,
    late,
    suggested: suggested.bySale.get(saleId)?.creator ?? null,
  };
}

export function stateOf(sale: SaleRecord): LatestSale['state'] {
  if (sale.voided) return 'voided';
  if (sale.since === null || (sale.refundedMinor === 0 && !sale.since.backParts.flat().some((units) => units > 0)))
    return 'sold';
  const all = sale.lines.every((line, i) => sale.refundedUnits[i] === line.quantity);
  return all ? 'refunded' : 'part-refunded';
}

/** Half an hour of minutes up to now, empty ones included. */
function chartMinutes(show: ShowState, now: Now): SalesView['minutes'] {
  if (show.openedT === null) return [];
  const last = Math.floor(now.t / MINUTE);
  const first = Math.max(last - CHART_MINUTES + 1, Math.floor(show.openedT / MINUTE));
  const minutes: SalesView['minutes'] = [];
  for (let minute = first; minute <= last; minute += 1) {
    const { inPersonMinor = 0, streamMinor = 0, otherMinor = 0 } = show.sales.recent.minutes.get(minute) ?? {};
    minutes.push({ at: toIso(wallOf(show.clock, minute * MINUTE)), inPersonMinor, streamMinor, otherMinor });
  }
  return minutes;
}

function perKey<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
