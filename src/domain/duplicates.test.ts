import { expect, it } from 'vitest';
import type { OutsideSale } from './commands.ts';
import { bookOutside } from './decide/sell.ts';
import { DEFAULT_RULES } from './decide/rules.ts';
import { DESK } from './actor.ts';
import { type TestShow, given, liveShow, now, refold, run, wait } from './testing.ts';
import { SECOND, toIso } from './units.ts';

function told(show: TestShow, more: Partial<OutsideSale> = {}): string {
  const seq = show.entries.length + 1;
  const line = { sku: 'MUG', name: null, quantity: 2, unitPriceMinor: 1800, discountMinor: 0 };
  const sale: OutsideSale = {
    type: 'sale',
    source: 'square',
    sourceId: `o-${seq}`,
    at: toIso(show.at),
    channel: 'in-person',
    lines: [line],
    creatorCode: null,
    tender: 'card',
    tipMinor: 0,
    personRef: null,
    ...more,
  };
  const ask = { id: 'x', actor: DESK, now: now(show), seq, refOf: String, rules: DEFAULT_RULES };
  given(show, ...bookOutside(show.state, sale, ask));
  return `s${seq}`;
}
function rung(show: TestShow, quantity = 2): string {
  const lines = [{ sku: 'MUG', quantity }];
  const reply = run(show, { kind: 'record-sale', channel: 'in-person', tender: 'other', lines });
  return String(reply.ok ? reply['saleId'] : reply.code);
}
const found = (show: TestShow) => [...show.state.duplicates.found].map(([one, { rung: other }]) => [one, other]);

it('a sale rung here and told by a shop till with the same goods and total within two minutes may be one', () => {
  const show = liveShow();
  const ours = rung(show);
  wait(show, 119 * SECOND);
  const theirs = told(show);
  expect(found(show)).toEqual([[theirs, ours]]);
  // One sale has one twin, whichever comes first.
  const second = told(show);
  expect(found(show)).toHaveLength(1);
  const late = rung(show);
  expect(found(show)).toEqual([
    [theirs, ours],
    [second, late],
  ]);
  expect(refold(show.entries).duplicates).toEqual(show.state.duplicates);
  // Both stand: nothing is merged.
  expect(show.state.sales.takings.count).toBe(4);
});

it('other goods, another total, a later time, another channel or two of one kind are no twins', () => {
  const show = liveShow();
  rung(show);
  rung(show);
  told(show, { lines: [{ sku: 'APRON', name: null, quantity: 2, unitPriceMinor: 1800, discountMinor: 0 }] });
  told(show, { tipMinor: 100 });
  told(show, { channel: 'stream' });
  told(show, { at: toIso(show.at - 121 * SECOND) });
  expect(found(show)).toEqual([]);
});

it('is settled when one of the two is undone, or given back as a duplicate', () => {
  const show = liveShow();
  const first = rung(show);
  told(show);
  run(show, { kind: 'void-sale', saleId: first });
  expect(found(show)).toEqual([]);
  const ours = rung(show);
  told(show);
  const refund = (reason: string) =>
    run(show, {
      kind: 'refund-sale',
      saleId: ours,
      lines: [{ sku: 'MUG', quantity: 1 }],
      restock: 'reserve',
      reason,
    });
  refund('late');
  expect(found(show)).toHaveLength(1);
  refund('Duplicate');
  expect(found(show)).toEqual([]);
});

it('a person who knows that both were sold says so once, by either name, and it is kept', () => {
  const show = liveShow();
  const ours = rung(show);
  const theirs = told(show);
  expect(run(show, { kind: 'dismiss-duplicate', saleId: 's999' })).toMatchObject({
    ok: false,
    code: 'unknown-duplicate',
    field: 'saleId',
  });
  const reply = run(show, { kind: 'dismiss-duplicate', saleId: ours, note: 'two buyers' });
  expect(reply).toMatchObject({ ok: true, saleId: theirs, rung: ours });
  expect(show.entries.at(-1)).toMatchObject({
    kind: 'duplicate.dismissed',
    body: { saleId: theirs, rung: ours, note: 'two buyers', by: 'desk' },
  });
  expect(found(show)).toEqual([]);
  expect(run(show, { kind: 'dismiss-duplicate', saleId: theirs })).toMatchObject({ code: 'unknown-duplicate' });
  told(show);
  expect(found(show)).toEqual([]);
  expect(show.state.sales.takings.count).toBe(3);
});
