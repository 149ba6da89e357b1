import { describe, expect, it } from 'vitest';
import { available, cell } from '../stock.ts';
import type { RecordSale } from '../commands.ts';
import {
  type TestReply,
  type TestShow,
  given,
  liveShow,
  makeShow,
  offer,
  plan,
  product,
  run,
  till,
  wait,
} from '../testing.ts';

function sell(show: TestShow, lines: RecordSale['lines'], more: Partial<RecordSale> = {}, by = {}): TestReply {
  return run(show, { kind: 'record-sale', channel: 'stream', tender: 'card', lines, ...more }, by);
}
const mugs = (quantity: number): RecordSale['lines'] => [{ sku: 'MUG', quantity }];
const lastSale = (show: TestShow) => [...show.state.sales.byId.values()].at(-1);

describe('a sale', () => {
  it('is named by its entry, priced from the catalogue, and tells what is left', () => {
    const show = liveShow();
    expect(sell(show, mugs(2))).toEqual({ ok: true, seq: 3, saleId: 's3', totalMinor: 3600, remaining: { MUG: 8 } });
    expect(show.state.sales.takings).toMatchObject({ count: 1, units: 2, netMinor: 3600, collectedMinor: 3600 });
  });

  it('takes the parts of a bundle, and shares its money among them by list price', () => {
    const show = liveShow();
    expect(sell(show, [{ sku: 'SET', quantity: 2 }])).toMatchObject({ totalMinor: 7600, remaining: { SET: 8 } });
    expect(lastSale(show)?.lines[0]?.parts).toEqual([
      { sku: 'MUG', quantity: 2, netMinor: 3181 },
      { sku: 'APRON', quantity: 2, netMinor: 4419 },
    ]);
  });

  it('is refused whole when a bundle and its own part together are more than there is', () => {
    const show = liveShow();
    const reply = sell(show, [
      { sku: 'SET', quantity: 6 },
      { sku: 'MUG', quantity: 5 },
    ]);
    expect(reply).toMatchObject({ ok: false, code: 'out-of-stock', sku: 'MUG', available: 10 });
    expect([available(show.state.stock, 'MUG'), available(show.state.stock, 'APRON')]).toEqual([10, 10]);
    expect(show.state.sales.takings.count).toBe(0);
  });

  it('says in words how many are left, and remembers the demand it could not serve once', () => {
    const show = liveShow();
    sell(show, mugs(8));
    expect(sell(show, mugs(3))).toMatchObject({ message: 'Blue mug: only 2 are left in reserve.', available: 2 });
    expect(show.entries.filter(({ kind }) => kind === 'demand.missed')).toHaveLength(1);
    expect(show.state.sales.missed.get('MUG')).toBe(3);
  });

  it('names an unknown sku by its place', () => {
    expect(sell(liveShow(), [...mugs(1), { sku: 'CUP', quantity: 1 }])).toMatchObject({
      code: 'unknown-sku',
      field: 'lines[1].sku',
    });
  });

  it('names the difference when the tenders do not add up', () => {
    const tender = [
      { kind: 'cash' as const, amountMinor: 1000 },
      { kind: 'card' as const, amountMinor: 700 },
    ];
    expect(sell(liveShow(), mugs(1), { tender })).toMatchObject({
      code: 'tender-mismatch',
      differenceMinor: 100,
      message: 'The tenders are 1.00 EUR short of the total of 18.00 EUR.',
    });
  });

  it('adds a tip to what is collected and to nothing else', () => {
    const show = liveShow();
    expect(sell(show, mugs(1), { tipMinor: 200 })).toMatchObject({ totalMinor: 2000 });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 1800, tipMinor: 200, collectedMinor: 2000 });
  });

  it('never takes more off a line than it costs', () => {
    expect(sell(liveShow(), [{ sku: 'MUG', quantity: 1, discountMinor: 1801 }])).toMatchObject({
      code: 'bad-value',
      grossMinor: 1800,
    });
  });

  it('that is picked up later stays on the shelf, promised', () => {
    const show = liveShow();
    sell(show, mugs(2), { pickup: 'later' });
    expect(cell(show.state.stock, 'MUG', 'reserve')).toEqual({ physical: 10, held: 0, committed: 2 });
  });

  it('credits a creator by code in any case, and keeps a code that nobody has', () => {
    const show = liveShow();
    sell(show, mugs(1), { creatorCode: ' ana10 ' });
    expect(lastSale(show)?.attribution).toMatchObject({
      channel: 'stream',
      rule: 'till',
      creator: 'ana',
      creatorRule: 'code',
    });
    sell(show, mugs(1), { creatorCode: 'BEN5' });
    expect(lastSale(show)?.attribution).toMatchObject({ creator: null, creatorRule: 'none', creatorCode: 'BEN5' });
    expect(show.state.sales.takings.byCreator.get('ana')).toEqual({ count: 1, units: 1, netMinor: 1800 });
  });
});

describe('a sale before, at and after the show', () => {
  it('waits until the show is open', () => {
    expect(sell(makeShow(), mugs(1))).toMatchObject({ code: 'show-not-open' });
  });

  it('may be a promise before opening: counted apart, never from the reserve', () => {
    const show = makeShow(plan({ offers: [offer('pre', 'MUG', { kind: 'preorder', cap: 3 })] }));
    expect(sell(show, mugs(2), { offer: 'pre' })).toMatchObject({ ok: true, remaining: { MUG: 10 } });
    expect(cell(show.state.stock, 'MUG', 'preorder')).toEqual({ physical: 3, held: 0, committed: 2 });
    expect(sell(show, mugs(2), { offer: 'pre' })).toMatchObject({ code: 'cap-reached', available: 1 });
  });

  it('is refused while closing, but a cut-off till’s sale still lands', () => {
    const show = liveShow();
    given(show, { kind: 'show.closing', body: { by: 'desk' } });
    expect(sell(show, mugs(1))).toMatchObject({ code: 'show-not-open' });
    expect(sell(show, mugs(1), { offline: true, madeAt: '2026-11-28T17:59:00Z' }, { actor: till() })).toMatchObject({
      ok: true,
    });
  });

  it('that has happened is never refused for stock: what is missing is owed', () => {
    const show = liveShow();
    expect(sell(show, mugs(12), { paid: true })).toMatchObject({ ok: true, totalMinor: 21600, remaining: { MUG: 0 } });
    expect([...show.state.sales.shortfalls.values()]).toMatchObject([{ sku: 'MUG', quantity: 2, source: 'desk' }]);
  });
});

describe('a till', () => {
  const by = { actor: till('till-1') };

  it('sells in person, under its own name, whatever it says', () => {
    const show = liveShow();
    sell(show, mugs(1), { channel: 'social', till: 'till-9' }, by);
    expect(lastSale(show)).toMatchObject({ channel: 'in-person', till: 'till-1', source: 'till' });
  });

  it('cannot sell below the price, nor take off more than a fifth', () => {
    const show = liveShow();
    const why = { priceReason: 'scratched' };
    expect(sell(show, [{ sku: 'MUG', quantity: 1, discountMinor: 100 }], {}, by)).toMatchObject({
      code: 'reason-required',
      field: 'priceReason',
    });
    expect(sell(show, [{ sku: 'MUG', quantity: 1, unitPriceMinor: 1799 }], why, by)).toMatchObject({
      code: 'needs-approval',
      priceMinor: 1800,
    });
    expect(sell(show, [{ sku: 'MUG', quantity: 1, discountMinor: 361 }], why, by)).toMatchObject({
      code: 'needs-approval',
      limitMinor: 360,
    });
    expect(sell(show, [{ sku: 'MUG', quantity: 1, discountMinor: 360 }], why, by)).toMatchObject({
      ok: true,
      totalMinor: 1440,
    });
  });

  it('sells at an open offer’s price', () => {
    const show = liveShow(plan({ offers: [offer('drop', 'MUG', { priceMinor: 1600 })] }));
    run(show, { kind: 'open-offer', offer: 'drop' });
    expect(sell(show, [{ sku: 'MUG', quantity: 1, unitPriceMinor: 1600 }], { offer: 'drop' }, by)).toMatchObject({
      ok: true,
      totalMinor: 1600,
    });
  });

  it('spares its own lease while connected, and uses it first when it was cut off', () => {
    const show = liveShow();
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 2, from: 'reserve', to: 'till:till-1' });
    sell(show, mugs(1), {}, by);
    expect(cell(show.state.stock, 'MUG', 'till:till-1').physical).toBe(2);
    sell(show, mugs(3), { offline: true }, by);
    expect([cell(show.state.stock, 'MUG', 'till:till-1').physical, available(show.state.stock, 'MUG')]).toEqual([0, 6]);
  });

  it('never sells from another till’s lease', () => {
    const tills = ['till-1', 'till-2'].map((id) => ({ id, name: id }));
    const show = liveShow(plan({ tills }));
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 9, from: 'reserve', to: 'till:till-2' });
    expect(sell(show, mugs(2), {}, by)).toMatchObject({ code: 'out-of-stock', available: 1 });
  });

  it('undoes its own last sale for ten minutes', () => {
    const show = liveShow();
    const first = sell(show, mugs(1), {}, by) as { saleId?: string };
    const second = sell(show, mugs(1), {}, by) as { saleId?: string };
    expect(run(show, { kind: 'void-sale', saleId: first.saleId ?? '' }, by)).toMatchObject({ code: 'undo-too-late' });
    wait(show, 9 * 60_000);
    expect(run(show, { kind: 'void-sale', saleId: second.saleId ?? '' }, by)).toMatchObject({ ok: true });
    const third = sell(show, mugs(1), {}, by) as { saleId?: string };
    wait(show, 11 * 60_000);
    expect(run(show, { kind: 'void-sale', saleId: third.saleId ?? '' }, by)).toMatchObject({ code: 'undo-too-late' });
    expect(run(show, { kind: 'void-sale', saleId: third.saleId ?? '' })).toMatchObject({ code: 'undo-too-late' });
  });

  it('leaves refunds to the desk', () => {
    const show = liveShow();
    const { saleId } = sell(show, mugs(1), {}, by) as { saleId?: string };
    const lines = mugs(1).map(({ sku, quantity }) => ({ sku, quantity }));
    expect(
      run(show, { kind: 'refund-sale', saleId: saleId ?? '', lines, reason: 'late', restock: 'no' }, by),
    ).toMatchObject({ code: 'needs-approval' });
  });
});

it('an article for nothing is sold and refunded for nothing', () => {
  const show = liveShow(plan({ products: [product('CARD', { priceMinor: 0 })], bundles: [] }));
  const { saleId } = sell(show, [{ sku: 'CARD', quantity: 1 }]) as { saleId?: string };
  const lines = [{ sku: 'CARD', quantity: 1 }];
  expect(
    run(show, { kind: 'refund-sale', saleId: saleId ?? '', lines, reason: 'other', restock: 'reserve' }),
  ).toMatchObject({ refundedMinor: 0 });
  expect(run(show, { kind: 'void-sale', saleId: saleId ?? '' })).toMatchObject({ code: 'has-refunds' });
});
