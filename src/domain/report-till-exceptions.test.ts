import { describe, expect, it } from 'vitest';
import { initialRecord, takeEntry } from './close-record.ts';
import type { RecordSale } from './commands.ts';
import type { MoneyPage } from './report-money-tables.ts';
import { tillExceptions } from './report-till-exceptions.ts';
import { type TestShow, liveShow, run, till } from './testing.ts';

function exceptionsOf(show: TestShow) {
  const record = initialRecord('test-show');
  for (const entry of show.entries) takeEntry(record, entry);
  return tillExceptions({ record } as MoneyPage);
}
function sell(show: TestShow, more: Partial<RecordSale> = {}): string {
  const lines = [{ sku: 'MUG', quantity: 1 }];
  const reply = run(
    show,
    { kind: 'record-sale', channel: 'in-person', tender: 'card', lines, ...more },
    { actor: till() },
  );
  return String(reply['saleId'] ?? reply['code']);
}

describe('the exceptions of a till', () => {
  it('are none on an ordinary day', () => {
    const show = liveShow();
    for (const n of [1, 2, 3]) sell(show, { receipt: `till-1-00000${n}` });
    sell(show, { tender: 'cash' });
    expect(exceptionsOf(show)).toEqual([]);
  });

  it('name missing receipt numbers and those that are there twice, and a void keeps its own', () => {
    const show = liveShow();
    const ids = ['000007', '000008', '000012', '000012', '000014'].map((n) => sell(show, { receipt: `till-1-${n}` }));
    run(show, { kind: 'void-sale', saleId: ids[1] ?? '' }, { actor: till() });
    expect(exceptionsOf(show)).toMatchObject([
      { kind: 'receipt-gap', ref: ids[2], what: 'Receipts till-1-000009 to 000011 are missing' },
      { kind: 'receipt-gap', ref: ids[4], what: 'Receipt till-1-000013 is missing' },
      { kind: 'receipt-twice', ref: ids[3], what: `Receipt till-1-000012 was given to ${ids[2]} too` },
    ]);
  });

  it('say what was sold at another price and why, beyond a lease, and for cash beside a drawer', () => {
    const show = liveShow();
    run(show, { kind: 'open-drawer', floatMinor: 1000 });
    const lines = [{ sku: 'MUG', quantity: 2, unitPriceMinor: 2000 }];
    const dear = sell(show, { lines, priceReason: 'engraved' });
    const cash = sell(show, { tender: 'cash', offline: true, beyondLease: true });
    const cheap = sell(show, { lines: [{ sku: 'MUG', quantity: 1, discountMinor: 900 }], offline: true });
    expect(exceptionsOf(show)).toMatchObject([
      { kind: 'price-override', ref: dear, amount: 400, reason: 'engraved', by: 'till-1' },
      { kind: 'beyond-lease', ref: cash },
      { kind: 'no-drawer', ref: cash },
      { kind: 'price-override', ref: cheap, amount: -900, what: 'Discount of a till that was cut off' },
    ]);
  });

  it('say how far a drawer was off, and what was open when the show was closed', () => {
    const show = liveShow();
    const actor = { actor: till() };
    run(show, { kind: 'open-drawer', floatMinor: 1000 }, actor);
    run(show, { kind: 'count-drawer', countedMinor: 900, reason: 'a note blew away' }, actor);
    run(show, { kind: 'open-drawer', floatMinor: 1000 });
    run(show, { kind: 'note-authorisation', provider: 'stripe', ref: 'pi_1', amountMinor: 1800 });
    const waiting = sell(show, { pickup: 'later' });
    expect(exceptionsOf(show).map(({ kind }) => kind)).toEqual(['drawer-variance']);
    run(show, { kind: 'close-show' });
    expect(exceptionsOf(show)).toMatchObject([
      { kind: 'drawer-variance', amount: -100, reason: 'a note blew away' },
      { kind: 'authorisation-open', amount: 1800 },
      { kind: 'drawer-uncounted', what: 'The drawer of desk was not counted' },
      { kind: 'pickup-open', ref: waiting, amount: 1800 },
    ]);
  });
});
