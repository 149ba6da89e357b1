import { catalogueOf } from '../catalogue.ts';
import { nextCue, runningRun } from '../cues.ts';
import { forecasts } from '../forecast.ts';
import { clockText } from '../local-time.ts';
import type { Product } from '../plan.ts';
import { openShortfalls } from '../sales.ts';
import type { ShowState } from '../show.ts';
import { sellable } from '../stock.ts';
import { type Duration, MINUTE, type Now, SECOND } from '../units.ts';
import { fitted, standing, type Wanted, wanted, zoneOf } from './alarm-wanted.ts';

/** Alarms about goods: owed, about to run out in front of the camera, low. */
export function wantedOfStock(show: ShowState, now: Now): Wanted[] {
  const live = show.phase === 'live' ? [...runsOutOnAir(show, now), ...stockLow(show), ...soldOutside(show, now)] : [];
  return [...oversold(show), ...live];
}

/** UI-26: somebody has paid for goods that are not there. */
function oversold(show: ShowState): Wanted[] {
  const bySku = new Map<string, { quantity: number; since: number }>();
  for (const { sku, quantity, at } of openShortfalls(show.sales)) {
    const known = bySku.get(sku);
    bySku.set(sku, { quantity: (known?.quantity ?? 0) + quantity, since: Math.min(known?.since ?? at, at) });
  }
  return [...bySku].map(([sku, { quantity, since }]) => {
    const text = `${quantity} sold beyond stock since ${clockText(since, zoneOf(show))}. Stop selling it, then resolve.`;
    const message = fitted(nameOf(show, sku), (name) => `${name}: ${text}`);
    return wanted({ kind: 'oversold', subject: sku, priority: 1, message, action: 'Resolve' });
  });
}

/** how long one such sale is news */
const NEWS: Duration = 10 * MINUTE;

/** R26: goods for the show only were sold elsewhere. It has happened, so it stands; somebody stops the next one. */
function soldOutside(show: ShowState, now: Now): Wanted[] {
  return [...show.stock.eventOnly].flatMap(([sku, { units, lastT }]) => {
    if (units === 0 || now.t - lastT > NEWS) return [];
    const text = `is for the show only, ${units} sold outside. Take it off sale there.`;
    const message = fitted(nameOf(show, sku), (name) => `${name} ${text}`);
    return [wanted({ kind: 'event-only-sold', subject: sku, priority: 2, message, action: 'Show product' })];
  });
}

const SOON: Duration = 5 * MINUTE;
/** an alarm that stands clears only when there is this much time again */
const SAFE: Duration = 8 * MINUTE;

/** UI-27: a product that is shown now or next, or sold in an open offer, is gone within minutes. */
function runsOutOnAir(show: ShowState, now: Now): Wanted[] {
  const expected = forecasts(show, now);
  return [...productsInHand(show)].flatMap((sku) => {
    const soldOutT = expected.get(sku)?.soldOutT ?? null;
    if (soldOutT === null) return [];
    const limit = standing(show, `runs-out-on-air:${sku}`) ? SAFE : SOON;
    if (soldOutT - now.t > limit) return [];
    const minutes = Math.max(1, Math.round((soldOutT - now.t) / MINUTE));
    const left = sellable(show.stock, sku);
    const text = `runs out in about ${minutes} min, ${left} left. Say "last ones" or add stock.`;
    const message = fitted(nameOf(show, sku), (name) => `${name} ${text}`);
    return [
      wanted({
        kind: 'runs-out-on-air',
        subject: sku,
        priority: 2,
        message,
        action: 'Send "last ones"',
        holdMs: 20 * SECOND,
      }),
    ];
  });
}

function productsInHand(show: ShowState): Set<string> {
  const running = runningRun(show.cues);
  const cues = [running && show.cues.byId.get(running.cue), nextCue(show.cues)];
  const offers = show.plan?.offers.filter(({ id }) => show.offers.byId.get(id)?.open) ?? [];
  const shown = [...cues.map((slot) => slot?.cue.sku ?? null), ...offers.map(({ sku }) => sku)];
  const catalogue = catalogueOf(show.plan);
  return new Set(
    shown.flatMap((sku) => (sku === null ? [] : (catalogue.get(sku)?.parts ?? []).map((part) => part.sku))),
  );
}

const LIMITED_LEVELS: readonly number[] = [20, 10, 5, 1];
/** a level is armed again after rising so far above it */
const REARM = 2;

/**
 * OFR-3: a level is told once when it is crossed downwards. Each level is an alarm of its own that stands until the
 * stock has risen well above it, so that selling and refunding around a level does not tell it again.
 */
function stockLow(show: ShowState): Wanted[] {
  return (show.plan?.products ?? []).flatMap((product) => {
    const left = sellable(show.stock, product.sku);
    return levelsOf(show, product)
      .filter((level) => left <= level || (left < level + REARM && standing(show, `stock-low:${product.sku}:${level}`)))
      .map((level) => lowAlarm(product, level, left));
  });
}

/** A reserve that never held more than a level has not crossed it. */
function levelsOf(show: ShowState, { sku, flags, lowAt }: Product): number[] {
  const levels = flags.includes('limited') ? LIMITED_LEVELS : [lowAt];
  return levels.filter((level) => level > 0 && level < (show.stock.peaks.get(sku) ?? 0));
}

function lowAlarm({ sku, name }: Product, level: number, left: number): Wanted {
  const message = fitted(name, (what) => `${what}: ${left} left. Receive or move stock.`);
  return wanted({
    id: `stock-low:${sku}:${level}`,
    kind: 'stock-low',
    subject: sku,
    priority: 3,
    message,
    action: 'Show product',
  });
}

function nameOf(show: ShowState, sku: string): string {
  return catalogueOf(show.plan).get(sku)?.name ?? sku;
}
