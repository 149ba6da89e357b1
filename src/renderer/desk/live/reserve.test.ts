import { describe, expect, it } from 'vitest';
import type { DeskState } from '../../../contract/desk-state.ts';
import type { StockView } from '../../../contract/stock-state.ts';
import { forecastText, fullMark, isPreorder } from './reserve.ts';

const NOW = Date.parse('2026-11-28T20:00:00Z');
const inMinutes = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const row = (more: Partial<StockView>): StockView => ({
  name: 'Blue mug',
  physical: 6,
  held: 0,
  committed: 0,
  available: 6,
  left: 6,
  pools: {},
  sold: 0,
  refunded: 0,
  reserve: 40,
  lowAt: 5,
  perMinute: 1,
  soldOutAt: null,
  soldOutRange: null,
  level: 'ok',
  bundle: false,
  limitedBy: null,
  counted: null,
  variance: null,
  ...more,
});
const state = (stock: Record<string, StockView>, more: Partial<DeskState> = {}): DeskState =>
  ({ stock, offers: {}, shortfalls: [], plan: null, show: { endsAt: inMinutes(50) }, ...more }) as unknown as DeskState;
const text = (more: Partial<StockView>, extra: Partial<DeskState> = {}): string =>
  forecastText(state({ MUG: row(more) }, extra), 'MUG', NOW, (sku) => (sku === 'CUP' ? 'Blue mug' : sku));

describe('when a product runs out', () => {
  it('is never, for what is sold by promise and was never on the shelf', () => {
    const offers = { first: { kind: 'preorder', sku: 'MUG' } } as unknown as DeskState['offers'];
    const nothing = { physical: 0, available: 0, left: 0, reserve: 0 };
    expect([text(nothing, { offers }), text({ ...nothing, reserve: 4 }, { offers }), text(nothing)]).toEqual([
      'preorder',
      'sold out',
      'sold out',
    ]);
    expect(isPreorder(state({ MUG: row(nothing) }, { offers }), 'CUP')).toBe(false);
  });
  it('is a number of minutes below sixty and before the planned end', () => {
    expect([text({ soldOutAt: inMinutes(4) }), text({ soldOutAt: inMinutes(41) })]).toEqual(['4 min', '41 min']);
  });
  it('is a range when the forecast has one, open where it may last to the end', () => {
    const range = (from: number, to: number) => ({ from: inMinutes(from), to: inMinutes(to) });
    expect([
      text({ soldOutAt: inMinutes(25), soldOutRange: range(19, 34) }),
      text({ soldOutAt: inMinutes(25), soldOutRange: range(12, 51) }),
      text({ soldOutAt: inMinutes(4), soldOutRange: range(3.9, 4.1) }),
      text({ soldOutAt: inMinutes(55), soldOutRange: range(19, 70) }),
    ]).toEqual(['19–34 min', 'from 12 min', '4 min', 'after end']);
  });
  it('is after the end when it is later than that', () => {
    expect([
      text({ soldOutAt: inMinutes(51) }),
      text({ soldOutAt: inMinutes(60) }, { show: { endsAt: null } as DeskState['show'] }),
    ]).toEqual(['after end', 'after end']);
  });
  it('is a dash when too little is sold to say', () => {
    expect(text({ soldOutAt: null })).toBe('–');
  });
  it('names the part that limits a bundle', () => {
    expect(text({ bundle: true, limitedBy: 'CUP', soldOutAt: inMinutes(4) })).toBe('with mug');
  });
  it('says sold out, and oversold before everything', () => {
    const shortfalls = [{ id: 'x', sku: 'MUG', quantity: 1, saleId: 's1', source: 'shop', at: inMinutes(0) }];
    expect([text({ available: 0, left: 0 }), text({ available: 0, left: 0 }, { shortfalls })]).toEqual([
      'sold out',
      'oversold',
    ]);
  });
});

describe('the full mark of a gauge', () => {
  it('is the reserve, or what was received beyond it', () => {
    expect([
      fullMark(state({ MUG: row({}) }), 'MUG'),
      fullMark(state({ MUG: row({ available: 55, left: 55 }) }), 'MUG'),
    ]).toEqual([40, 55]);
  });
  it('is a bundle’s scarcest part', () => {
    const plan = {
      products: [
        {
          sku: 'SET',
          parts: [
            { sku: 'MUG', quantity: 2 },
            { sku: 'TEA', quantity: 1 },
          ],
        },
      ],
    } as unknown as DeskState['plan'];
    expect(
      fullMark(
        state(
          { SET: row({ bundle: true, reserve: 0, available: 3, left: 3 }), MUG: row({}), TEA: row({ reserve: 30 }) },
          { plan },
        ),
        'SET',
      ),
    ).toBe(20);
  });
});
