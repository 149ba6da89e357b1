import { expect, it } from 'vitest';
import { initialRecord, takeEntry } from './close-record.ts';
import { act, cue, goTo, liveCues } from './cue-testing.ts';
import { creditExceptions } from './report-credit-exceptions.ts';
import type { MoneyPage } from './report-money-tables.ts';
import { type TestShow, given, run } from './testing.ts';
import { MINUTE, fromIso } from './units.ts';

function pageOf(show: TestShow): MoneyPage {
  const record = initialRecord('test-show');
  for (const entry of show.entries) takeEntry(record, entry);
  return { record } as MoneyPage;
}

it('late credit, a second creator’s code and what a person put right are exceptions', () => {
  const at = fromIso('2026-11-28T19:00:00.000Z');
  const show = liveCues([cue('c1', { kind: 'drop', sku: 'MUG', owners: ['ana'] })], at);
  show.meddle = (fact) =>
    fact.kind === 'sale.recorded'
      ? { ...fact, body: { ...fact.body, attribution: { ...fact.body.attribution, otherCodes: ['BEN5'] } } }
      : fact;
  act(show, at + MINUTE, { kind: 'start-cue' });
  act(show, at + 2 * MINUTE, { kind: 'finish-cue' });
  goTo(show, at + 9 * MINUTE);
  const lines = [{ sku: 'MUG', quantity: 1 }];
  const sold = run(show, { kind: 'record-sale', channel: 'stream', tender: 'card', creatorCode: 'ANA10', lines });
  const saleId = String(sold['saleId']);
  run(show, { kind: 'reattribute-sale', saleId, channel: 'social', reason: 'her post' });
  const rows = creditExceptions(pageOf(show));
  expect(rows).toMatchObject([
    { kind: 'reattributed', ref: saleId, what: 'stream, ana → social, ana', reason: 'her post', by: 'desk' },
    { kind: 'late-credit', ref: saleId, amount: 1800 },
    { kind: 'second-code', what: 'Code BEN5 stood on it too; ana is credited' },
  ]);
  given(show, { kind: 'sale.voided', body: { saleId, reason: null, restocked: [], uncommitted: [], by: 'desk' } });
  expect(creditExceptions(pageOf(show)).map(({ kind }) => kind)).toEqual(['reattributed']);
});
