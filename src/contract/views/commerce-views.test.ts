import { DEFAULT_RULES } from '../../domain/decide/rules.ts';
import { describe, expect, it } from 'vitest';
import type { OutsideSale } from '../../domain/commands.ts';
import { DESK } from '../../domain/actor.ts';
import { bookOutside } from '../../domain/decide/sell.ts';
import type { PlanShow } from '../../domain/plan.ts';
import {
  type TestShow,
  given,
  liveShow,
  makeShow,
  now,
  offer,
  plan,
  product,
  run,
  wait,
} from '../../domain/testing.ts';
import { MINUTE, toIso } from '../../domain/units.ts';
import type { StreamView } from '../stream-state.ts';
import type { CuesView } from '../cue-state.ts';
import { fourAnswers } from './answers-view.ts';
import { salesView } from './sales-view.ts';
import { holdsView, offersView, parkedView, shortfallsView, stockView } from './stock-view.ts';

const NO_CUES: CuesView = {
  current: null,
  next: null,
  standby: null,
  overUnderMs: 0,
  relativeMs: 0,
  endDeltaMs: null,
  showEndAt: null,
  list: [],
};
const NO_STREAM: StreamView = {
  level: 'off',
  cause: null,
  message: null,
  advice: null,
  place: null,
  second: null,
  follows: [],
  since: null,
  layers: {},
  sources: {},
  incidents: [],
  viewers: null,
};

const sales = (show: TestShow) => salesView(show.state, now(show), null);
const stock = (show: TestShow, sku = 'MUG') => stockView(show.state, now(show))[sku];
const answers = (show: TestShow, stream = NO_STREAM, cues = NO_CUES) =>
  fourAnswers(show.state, { sales: sales(show), stock: stockView(show.state, now(show)), cues, stream }, now(show));
function sell(
  show: TestShow,
  quantity: number,
  sku = 'MUG',
  channel: 'in-person' | 'stream' | 'social' = 'stream',
): string {
  const reply = run(show, { kind: 'record-sale', channel, tender: 'card', lines: [{ sku, quantity }] });
  return String((reply as { saleId?: string }).saleId);
}
const shop = (show: Partial<PlanShow> = {}, reserve = 100) =>
  plan({
    show,
    products: [
      product('MUG', { name: 'Blue mug', priceMinor: 1800, reserve, lowAt: 5 }),
      product('APRON', { priceMinor: 2500, reserve: 50 }),
    ],
  });

describe('without a show', () => {
  it('every view is empty and none throws', () => {
    const reading = { at: 0, mono: 0, boot: 'b', t: 0 };
    expect(salesView(null, reading, null)).toMatchObject({
      count: 0,
      netMinor: 0,
      latest: [],
      byChannel: { unattributed: { count: 0 } },
      lastAt: null,
    });
    expect([stockView(null, reading), offersView(null, reading)]).toEqual([{}, {}]);
    expect([holdsView(null, reading), shortfallsView(null), parkedView(null)]).toEqual([[], [], []]);
    const parts = { sales: salesView(null, reading, null), stock: {}, cues: NO_CUES, stream: NO_STREAM };
    expect(fourAnswers(null, parts, reading)).toEqual({
      stream: { word: 'OFF', linksUp: 0, links: 0 },
      selling: { percentOfPlan: null, word: null },
      reserve: { word: 'None', minutes: null, units: null, sku: null, atRisk: [], soldOut: [] },
      now: { cue: null, next: null, nextReady: false },
    });
  });

  it('a show without a plan is as empty', () => {
    const show = makeShow(null);
    expect(sales(show)).toMatchObject({ count: 0, minutes: [] });
    expect(stockView(show.state, now(show))).toEqual({});
  });
});

describe('sales', () => {
  it('by channel, product, creator and tender add up to the whole, with voids out and refunds off', () => {
    const show = liveShow(shop());
    const first = sell(show, 3, 'MUG', 'in-person');
    sell(show, 1, 'SET', 'social');
    run(show, { kind: 'void-sale', saleId: sell(show, 5) });
    run(show, {
      kind: 'refund-sale',
      saleId: first,
      lines: [{ sku: 'MUG', quantity: 1 }],
      reason: 'late',
      restock: 'no',
    });
    expect(sales(show)).toMatchObject({
      count: 2,
      units: 4,
      refundedUnits: 1,
      grossMinor: 9200,
      refundedMinor: 1800,
      netMinor: 7400,
      voids: 1,
      byChannel: {
        'in-person': { count: 1, units: 3, netMinor: 3600 },
        social: { count: 1, units: 1, netMinor: 3800 },
        stream: { count: 0, units: 0, netMinor: 0 },
      },
      byProduct: { MUG: { units: 3, netMinor: 3600 }, SET: { units: 1, netMinor: 3800 } },
      byTender: { card: { count: 2, amountMinor: 7400 } },
    });
    expect(sales(show).latest.map(({ state, units }) => [state, units])).toEqual([
      ['voided', 5],
      ['sold', 1],
      ['part-refunded', 3],
    ]);
    expect([stock(show)?.sold, stock(show)?.refunded, stock(show, 'SET')?.sold]).toEqual([4, 1, 1]);
  });

  it('show the newest twenty, newest first', () => {
    const show = liveShow(shop());
    const ids = Array.from({ length: 25 }, () => sell(show, 1));
    expect(sales(show).latest.map(({ saleId }) => saleId)).toEqual(ids.slice(5).reverse());
  });

  it('a minute are counted over ten, over the minutes open when there are fewer, over one at least', () => {
    const show = liveShow(shop());
    wait(show, 30_000);
    sell(show, 1);
    sell(show, 1);
    expect(sales(show)).toMatchObject({ perMinute: 2, netPerMinuteMinor: 3600 });
    wait(show, 3.5 * MINUTE);
    expect(sales(show)).toMatchObject({ perMinute: 0.5, netPerMinuteMinor: 900 });
    wait(show, 6 * MINUTE);
    sell(show, 1);
    expect(sales(show)).toMatchObject({ perMinute: 0.3, netPerMinuteMinor: 540 });
    wait(show, 40_000);
    expect(sales(show)).toMatchObject({ perMinute: 0.1, netPerMinuteMinor: 180 });
    wait(show, 10 * MINUTE);
    expect(sales(show)).toMatchObject({ perMinute: 0, netPerMinuteMinor: 0 });
  });

  it('lie on the chart in the minute they were made, also when they come late', () => {
    const show = liveShow(shop());
    wait(show, 5 * MINUTE);
    sell(show, 1, 'MUG', 'in-person');
    run(show, {
      kind: 'record-sale',
      channel: 'in-person',
      tender: 'cash',
      lines: [{ sku: 'MUG', quantity: 1 }],
      offline: true,
      madeAt: toIso(show.at - 3 * MINUTE),
    });
    wait(show, 40 * MINUTE);
    sell(show, 1, 'APRON', 'social');
    const { minutes } = sales(show);
    expect(minutes).toHaveLength(30);
    expect(minutes.at(-1)).toEqual({
      at: '2026-11-28T18:45:00.000Z',
      inPersonMinor: 0,
      streamMinor: 0,
      otherMinor: 2500,
    });
    const early = liveShow(shop());
    wait(early, 5 * MINUTE);
    sell(early, 1, 'MUG', 'in-person');
    run(early, {
      kind: 'record-sale',
      channel: 'stream',
      tender: 'cash',
      lines: [{ sku: 'MUG', quantity: 1 }],
      offline: true,
      madeAt: toIso(early.at - 3 * MINUTE),
    });
    expect(sales(early).minutes.map(({ inPersonMinor, streamMinor }) => inPersonMinor + streamMinor)).toEqual([
      0, 0, 1800, 0, 0, 1800,
    ]);
  });
});

describe('stock', () => {
  it('tells every pool, sums goods over all of them, and what may be sold is the reserve’s', () => {
    const show = liveShow(shop());
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 10, from: 'reserve', to: 'till:till-1' });
    run(show, { kind: 'place-hold', lines: [{ sku: 'MUG', quantity: 4 }] });
    run(show, {
      kind: 'record-sale',
      channel: 'stream',
      tender: 'card',
      pickup: 'later',
      lines: [{ sku: 'MUG', quantity: 6 }],
    });
    expect(stock(show)).toMatchObject({
      name: 'Blue mug',
      physical: 100,
      held: 4,
      committed: 6,
      available: 80,
      reserve: 100,
      pools: {
        reserve: { physical: 90, held: 4, committed: 6, available: 80 },
        'till:till-1': { physical: 10, available: 10 },
      },
      level: 'ok',
    });
  });

  it('names what the plan names, whatever it is called', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const products = names.map((sku) => product(sku, { reserve: 5 }));
    const bundle = { sku: 'hasOwnProperty', name: 'Set', priceMinor: 100, taxRate: '0', parts: [] };
    const parts = names.map((sku) => ({ sku, quantity: 1 }));
    const offers = [offer('__proto__', '__proto__')];
    const show = liveShow(plan({ products, bundles: [{ ...bundle, parts }], offers, cues: [] }));
    const seen = JSON.parse(JSON.stringify(stockView(show.state, now(show)))) as Record<string, unknown>;
    expect(Object.keys(seen)).toEqual([...names, 'hasOwnProperty']);
    expect(stockView(show.state, now(show))['hasOwnProperty']).toMatchObject({ available: 5 });
    expect(Object.keys(offersView(show.state, now(show)))).toEqual(['__proto__']);
  });

  it('is low at its mark, and out at nothing; a bundle is as scarce as its scarcest part', () => {
    const show = liveShow(shop({}, 6));
    expect([stock(show)?.level, stock(show, 'SET')?.available, stock(show, 'SET')?.limitedBy]).toEqual([
      'ok',
      6,
      'MUG',
    ]);
    sell(show, 1);
    expect([stock(show)?.level, stock(show, 'SET')?.level]).toEqual(['low', 'low']);
    sell(show, 5);
    expect([stock(show)?.level, stock(show, 'SET')?.level, stock(show, 'SET')?.available]).toEqual(['out', 'out', 0]);
  });

  it('runs out at the pace of the last ten minutes, or of the last three when that is faster', () => {
    const show = liveShow(shop());
    wait(show, 10 * MINUTE);
    sell(show, 2);
    expect(stock(show)).toMatchObject({ perMinute: 0.2, soldOutAt: null });
    wait(show, 4 * MINUTE);
    sell(show, 3);
    expect(stock(show)).toMatchObject({ perMinute: 1, available: 95, soldOutAt: toIso(show.at + 95 * MINUTE) });
    expect(stock(show, 'SET')?.soldOutAt).toBe(toIso(show.at + 95 * MINUTE));
  });
});

describe('the four answers', () => {
  it.each([
    [5 * MINUTE, 100, { percentOfPlan: null, word: null }],
    [60 * MINUTE, 26, { percentOfPlan: 94, word: 'on plan' }],
    [60 * MINUTE, 24, { percentOfPlan: 86, word: 'behind' }],
    [60 * MINUTE, 31, { percentOfPlan: 112, word: 'ahead' }],
    [300 * MINUTE, 50, { percentOfPlan: 90, word: 'on plan' }],
  ])('after %i ms and %i mugs, takings against plan are %j', (ms, mugs, answer) => {
    const show = liveShow(shop({ salesTargetMinor: 100_000 }));
    sell(show, mugs);
    wait(show, ms);
    expect(answers(show).selling).toEqual(answer);
  });

  it('names what is gone within a quarter of an hour, soonest first', () => {
    const show = liveShow(shop({}, 20));
    wait(show, 10 * MINUTE);
    sell(show, 10);
    expect(answers(show).reserve).toMatchObject({
      word: 'minutes',
      minutes: 3,
      units: 10,
      sku: 'MUG',
      atRisk: ['MUG'],
    });
    sell(show, 10);
    expect(answers(show).reserve).toMatchObject({ word: 'None', atRisk: [], soldOut: ['MUG'] });
  });

  it('asks only until the planned end', () => {
    const show = liveShow(shop({ endsAt: '2026-11-28T18:12:00Z' }, 20));
    wait(show, 10 * MINUTE);
    sell(show, 10);
    expect(answers(show).reserve.word).toBe('None');
  });

  it('says OVERSOLD as long as anything is owed', () => {
    const show = liveShow(shop({}, 3));
    const order: OutsideSale = {
      type: 'sale',
      source: 'shop',
      sourceId: '1',
      at: toIso(show.at),
      channel: 'social',
      creatorCode: null,
      tender: 'card',
      tipMinor: 0,
      personRef: null,
      lines: [{ sku: 'MUG', name: null, quantity: 5, unitPriceMinor: null, discountMinor: 0 }],
    };
    given(
      show,
      ...bookOutside(show.state, order, {
        id: 'x',
        actor: DESK,
        now: now(show),
        seq: 3,
        refOf: String,
        rules: DEFAULT_RULES,
      }),
    );
    expect(answers(show).reserve).toMatchObject({ word: 'OVERSOLD', units: 2, sku: 'MUG' });
    expect(shortfallsView(show.state)).toMatchObject([{ sku: 'MUG', quantity: 2, source: 'shop' }]);
    run(show, { kind: 'resolve-shortfall', shortfall: shortfallsView(show.state)[0]?.id ?? '', how: 'backordered' });
    expect(answers(show).reserve.word).toBe('None');
  });

  it.each([
    ['ok', {}, 'OK'],
    ['warn', {}, 'WEAK'],
    ['unknown', {}, 'NO ANSWER'],
    ['off', {}, 'OFF'],
    ['critical', { transport: 'obs-gave-up' }, 'DOWN'],
    ['critical', { source: 'picture-black' }, 'NO PICTURE'],
    ['critical', { source: 'sound-gone' }, 'NO SOUND'],
    ['critical', { source: 'sound-gone', transport: 'ingest-wedged' }, 'DOWN'],
  ] as const)('a stream that is %s with %j reads %s', (level, causes, word) => {
    const layers = Object.fromEntries(
      Object.entries(causes).map(([layer, cause]) => [layer, { level: 'critical' as const, cause, since: null }]),
    );
    expect(answers(liveShow(), { ...NO_STREAM, level, layers }).stream.word).toBe(word);
  });
});
