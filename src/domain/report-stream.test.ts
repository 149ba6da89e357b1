import { expect, it } from 'vitest';
import type { Clip } from './clips.ts';
import { DARK_NOTE, notedDark } from './clips-dark.ts';
import { initialRecord, takeEntry, type CloseRecord } from './close-record.ts';
import type { Fact } from './ledger.ts';
import { incidentsTable } from './report-incident-table.ts';
import { postingsOf } from './report-postings.ts';
import { darkMsOf, meanViewers, streamSpans } from './report-stream.ts';
import { given, liveShow, run, TEST_START, wait, type TestShow } from './testing.ts';
import { toIso } from './units.ts';

const at = (s: number): string => toIso(TEST_START + s * 1000);

function degraded(id: string, layer: 'obs' | 'transport', s: number): Fact {
  const words = { level: 'critical', cause: 'path-to-ingest', message: 'The way is broken.', snapshot: {} } as const;
  return { kind: 'stream.degraded', body: { incident: id, layer, startedAt: at(s), ...words } };
}
function recovered(id: string, layer: 'obs' | 'transport', s: number, darkMs: number): Fact {
  const causes = ['path-to-ingest'];
  const body = { incident: id, layer, endedAt: at(s), worst: 'critical', causes, darkMs, starvedMs: 500 } as const;
  return { kind: 'stream.recovered', body: { ...body, causes } };
}

/** Ten minutes: OBS and the way to the ingest fail together, later the way alone. */
function troubled(): { record: CloseRecord; show: TestShow } {
  const show = liveShow();
  given(show, { kind: 'stream.started', body: { ingest: 'primary', at: at(0) } });
  wait(show, 60_000);
  given(show, degraded('i1', 'obs', 60), degraded('i2', 'transport', 61));
  wait(show, 10_000);
  const action = { action: 'f9', what: 'switch-ingest', from: 'primary', to: 'backup' } as const;
  given(show, { kind: 'failover.started', body: { ...action, mode: 'confirm', why: 'x', by: 'desk' } });
  given(show, { kind: 'failover.finished', body: { ...action, tookMs: 4300 } });
  const lines = [{ sku: 'MUG', quantity: 1 }];
  run(show, { kind: 'record-sale', lines, channel: 'stream', tender: 'card' });
  wait(show, 10_000);
  given(show, recovered('i1', 'obs', 80, 9600), recovered('i2', 'transport', 80, 9000));
  wait(show, 220_000);
  given(show, degraded('i3', 'transport', 300));
  wait(show, 10_000);
  given(show, { ...recovered('i3', 'transport', 310, 5000) });
  wait(show, 290_000);
  given(show, { kind: 'show.closing', body: { by: 'desk' } });
  const record = initialRecord('test-show');
  for (const entry of show.entries) takeEntry(record, entry);
  return { record, show };
}

it('an incident says what it was, how long viewers had nothing, what was done and what was sold', () => {
  const { record } = troubled();
  const page = { record, postings: postingsOf(record), currency: 'EUR', timeZone: 'UTC', exclusive: false };
  const { columns, rows } = incidentsTable(page);
  const cell = (row: number, key: string) => rows[row]?.[columns.findIndex((column) => column.key === key)];
  expect(rows).toHaveLength(3);
  expect(['what', 'darkMs', 'starvedMs', 'failover', 'streamSalesDuring'].map((key) => cell(1, key))).toEqual([
    'The way is broken.',
    9000,
    500,
    'ingest switched to backup in 4.3 s',
    1,
  ]);
  expect([cell(1, 'streamNetDuring'), cell(1, 'streamNetAtRisk'), cell(2, 'failover')]).toEqual([1800, null, null]);
  expect(columns.filter(({ title }) => title.includes('risk')).every(({ title }) => title.includes('estimate'))).toBe(
    true,
  );
});

it('layers that fail together are one darkness', () => {
  const { record } = troubled();
  expect(darkMsOf(record, streamSpans(record))).toBe(9600 + 5000);
  expect(darkMsOf(initialRecord('x'), [])).toBeNull();
});

it('a clip of what viewers never saw says to use the local recording', () => {
  const { record } = troubled();
  const clip = (from: number, to: number): Clip => ({ from: at(from), to: at(to), reasons: ['burst'] }) as Clip;
  const [before, inside, after] = notedDark([clip(10, 50), clip(70, 90), clip(100, 200)], record);
  expect([before?.reasons, after?.reasons]).toEqual([['burst'], ['burst']]);
  expect(inside?.reasons).toEqual(['burst', DARK_NOTE]);
});

it('viewers are the sum over sources of what each was told to have; nothing told is not known', () => {
  const told = (s: number, count: number, source: string) => ({ at: TEST_START + s * 1000, count, source });
  const counts = [told(10, 100, 'youtube'), told(20, 200, 'youtube'), told(15, 40, 'tiktok')];
  expect(meanViewers(counts, TEST_START, TEST_START + 60_000)).toBe(190);
  expect(meanViewers(counts, TEST_START + 60_000, TEST_START + 120_000)).toBeNull();
});
