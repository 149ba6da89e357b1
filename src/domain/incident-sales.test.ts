import { describe, expect, it } from 'vitest';
import { cueOnAir, salesDuring, type Stretch } from './incident-sales.ts';
import { cue, goTo, liveCues } from './cue-testing.ts';
import { product, run, type TestShow } from './testing.ts';
import { netLeft } from './sale-record.ts';
import { salesBetween } from './sales-by-time.ts';
import { toIso } from './units.ts';

const OPENED = Date.parse('2026-11-28T18:00:00Z');
const MIN = 60_000;

function show(): TestShow {
  return liveCues([cue('c1'), cue('c2')], OPENED, { products: [product('MUG', { priceMinor: 1800, reserve: 500 })] });
}

function sell(s: TestShow, at: number, channel: 'stream' | 'in-person' | 'social', quantity = 1): string {
  goTo(s, OPENED + at);
  const reply = run(s, { kind: 'record-sale', lines: [{ sku: 'MUG', quantity }], channel, tender: 'card' });
  if (!reply.ok) throw new Error(reply.code);
  return String(reply['saleId']);
}

/** A sale a minute on the stream for ten minutes, three more and two others while the stream was in trouble. */
function troubled(): TestShow {
  const s = show();
  for (let minute = 0; minute < 10; minute += 1) sell(s, minute * MIN + 30_000, 'stream');
  sell(s, 10 * MIN, 'stream');
  sell(s, 10 * MIN + 20_000, 'in-person');
  sell(s, 11 * MIN, 'stream', 2);
  sell(s, 11 * MIN + 40_000, 'social');
  sell(s, 12 * MIN - 1, 'stream');
  sell(s, 12 * MIN, 'stream');
  return s;
}
const trouble: Stretch = { startedAt: OPENED + 10 * MIN, endedAt: OPENED + 12 * MIN };

describe('sales during an incident', () => {
  it('are those whose own time lies in it: from its first moment on, its last left out', () => {
    expect(salesDuring(troubled().state, trouble)).toEqual({
      stream: { count: 3, units: 4, netMinor: 7200 },
      all: { count: 5, units: 6, netMinor: 10_800 },
      netAtRiskMinor: 3600,
    });
  });

  it('count by when they were made, though a till told of them later', () => {
    const s = troubled();
    goTo(s, OPENED + 20 * MIN);
    const madeAt = toIso(OPENED + 11 * MIN + 5);
    const lines = [{ sku: 'MUG', quantity: 1 }];
    expect(run(s, { kind: 'record-sale', lines, channel: 'stream', tender: 'card', madeAt })).toMatchObject({
      ok: true,
    });
    expect(salesDuring(s.state, trouble).stream.count).toBe(4);
    expect(s.state.sales.byTime.times).toEqual(s.state.sales.byTime.times.toSorted((a, b) => a - b));
  });

  it('lose what was voided, and what came back of their money but not of their units', () => {
    const s = troubled();
    const [, , third] = [...s.state.sales.byId.values()].filter(({ at }) => at >= trouble.startedAt);
    expect(run(s, { kind: 'void-sale', saleId: String(third?.saleId), reason: 'slip' })).toMatchObject({ ok: true });
    expect(salesDuring(s.state, trouble).stream).toEqual({ count: 2, units: 2, netMinor: 3600 });
    const [first] = [...s.state.sales.byId.values()].filter(
      ({ voided, channel, at }) => !voided && channel === 'stream' && at > trouble.startedAt,
    );
    const amountMinor = 1000;
    expect(
      run(s, {
        kind: 'refund-sale',
        saleId: String(first?.saleId),
        lines: [],
        amountMinor,
        reason: 'other',
        restock: 'no',
      }),
    ).toMatchObject({ ok: true });
    expect(salesDuring(s.state, trouble).stream).toEqual({ count: 2, units: 2, netMinor: 2600 });
  });

  it('say nothing of money at risk with less than three minutes or three sales before', () => {
    const early = show();
    for (const at of [10, 20, 30, 40]) sell(early, at * 1000, 'stream');
    const after = (minutes: number): Stretch => ({
      startedAt: OPENED + minutes * MIN,
      endedAt: OPENED + (minutes + 1) * MIN,
    });
    expect(salesDuring(early.state, after(2.9)).netAtRiskMinor).toBeNull();
    // Three minutes, all four sales in the first: the median minute sold nothing.
    expect(salesDuring(early.state, after(3)).netAtRiskMinor).toBe(0);
    const few = show();
    for (const at of [60, 120]) sell(few, at * 1000, 'stream');
    for (const at of [61, 62, 63]) sell(few, at * 1000, 'in-person');
    expect(salesDuring(few.state, after(9)).netAtRiskMinor).toBeNull();
  });

  it('are the same from the sums of minutes as sale by sale, whatever was changed between two looks', () => {
    const s = troubled();
    const stretches = [
      trouble,
      { startedAt: OPENED, endedAt: OPENED + 30 * MIN },
      { startedAt: OPENED + 9.5 * MIN, endedAt: OPENED + 12.7 * MIN },
    ];
    const look = (): void => {
      for (const each of stretches) {
        const { startedAt, endedAt } = each;
        const sales = salesBetween(s.state.sales.byTime, startedAt, endedAt).filter(({ voided }) => !voided);
        const net = (some: typeof sales): number => some.reduce((sum, sale) => sum + netLeft(sale), 0);
        const { stream, all } = salesDuring(s.state, each);
        expect(all).toMatchObject({ count: sales.length, netMinor: net(sales) });
        const onStream = sales.filter(({ channel }) => channel === 'stream');
        expect(stream).toMatchObject({ count: onStream.length, netMinor: net(onStream) });
      }
    };
    look();
    const sales = [...s.state.sales.byId.values()];
    for (const [n, { saleId }] of sales.entries()) {
      const amountMinor = 100 + n;
      const channel = n % 4 === 1 ? 'social' : 'stream';
      // One that is too old to be voided is refused, and stays.
      if (n % 2 === 0) run(s, { kind: 'void-sale', saleId, reason: 'slip' });
      else run(s, { kind: 'refund-sale', saleId, lines: [], amountMinor, reason: 'other', restock: 'no' });
      look();
      run(s, { kind: 'reattribute-sale', saleId, channel, reason: 'hers' });
      look();
    }
    expect(sales.some(({ voided }) => voided !== null)).toBe(true);
    expect(sales.some(({ since }) => (since?.netBackMinor ?? 0) > 0)).toBe(true);
    expect(sales.some(({ channel }) => channel !== 'stream')).toBe(true);
  });

  it('take a few milliseconds among 100,000, also when it has lasted through all of them', () => {
    const s = troubled();
    const { byTime } = s.state.sales;
    const like = byTime.sales[0];
    if (!like) throw new Error('no sale');
    for (let i = 0; i < 100_000; i += 1) {
      byTime.times.push(OPENED + 12 * MIN + i * 100);
      byTime.sales.push(like);
    }
    const began = performance.now();
    const whole = { startedAt: OPENED + 12 * MIN, endedAt: OPENED + 500 * MIN };
    for (let i = 0; i < 50; i += 1) {
      salesDuring(s.state, trouble);
      salesDuring(s.state, whole);
    }
    expect((performance.now() - began) / 50).toBeLessThan(2);
    expect(salesDuring(s.state, whole).all.count).toBe(100_001);
  });
});

it('what was on air when it began is the cue that had started and not ended', () => {
  const s = show();
  goTo(s, OPENED + MIN);
  run(s, { kind: 'start-cue', cue: 'c1' });
  goTo(s, OPENED + 3 * MIN);
  run(s, { kind: 'start-cue', cue: 'c2' });
  expect(cueOnAir(s.state, OPENED + 2 * MIN)).toEqual({ id: 'c1', title: 'Cue c1' });
  expect(cueOnAir(s.state, OPENED + 3 * MIN)).toEqual({ id: 'c2', title: 'Cue c2' });
  expect(cueOnAir(s.state, OPENED)).toBeNull();
});
