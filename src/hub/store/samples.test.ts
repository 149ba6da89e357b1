import Database from 'better-sqlite3';
import { beforeEach, expect, it } from 'vitest';
import { SAMPLES_MIGRATION, SampleStore } from './samples.ts';

const AT = Date.parse('2026-11-28T19:00:00.000Z');
let db: Database.Database;
let store: SampleStore;

beforeEach(() => {
  db = new Database(':memory:');
  db.exec(SAMPLES_MIGRATION);
  store = new SampleStore(db);
});

function fill(seconds: number, from = AT): void {
  store.write(
    Array.from({ length: seconds }, (_, i) => ({
      source: 'obs',
      at: from + i * 1000,
      metrics: { bitrateKbps: i, fps: 30, active: true },
    })),
  );
}

it('gives back what was measured, and null for what was not known', () => {
  store.write([
    { source: 'obs', at: AT + 120, metrics: { bitrateKbps: 6000, active: true } },
    { source: 'obs', at: AT + 1130, metrics: { bitrateKbps: null, active: false, fps: 30, word: 'left out' } },
  ]);
  expect(store.read({ source: 'obs', from: AT, to: AT + 5000, points: null })).toEqual({
    source: 'obs',
    from: '2026-11-28T19:00:00.000Z',
    to: '2026-11-28T19:00:05.000Z',
    stepMs: 1000,
    columns: ['at', 'bitrateKbps', 'active', 'fps'],
    rows: [
      ['2026-11-28T19:00:00.120Z', 6000, 1, null],
      ['2026-11-28T19:00:01.130Z', null, 0, 30],
    ],
  });
});

it('shows mean, least and most where a step is longer than a second', () => {
  fill(20);
  const table = store.read({ source: 'obs', from: AT, to: AT + 20_000, points: 2 });
  expect(table.stepMs).toBe(10_000);
  expect(table.columns.slice(0, 4)).toEqual(['at', 'bitrateKbps', 'bitrateKbps.min', 'bitrateKbps.max']);
  expect(table.rows.map((row) => row.slice(1, 4))).toEqual([
    [4.5, 0, 9],
    [14.5, 10, 19],
  ]);
});

it('leaves a gap a gap', () => {
  fill(10);
  fill(10, AT + 60_000);
  const { rows } = store.read({ source: 'obs', from: AT, to: AT + 70_000, points: 7 });
  expect(rows.map(([at]) => at)).toEqual(['2026-11-28T19:00:00.000Z', '2026-11-28T19:01:00.000Z']);
});

it('drops seconds older than eight hours and keeps mean, least and most of them', () => {
  fill(30);
  store.write([{ source: 'obs', at: AT + 8 * 3_600_000 + 60_000, metrics: { bitrateKbps: 1 } }]);
  store.prune(AT + 8 * 3_600_000 + 60_000);
  const { rows } = store.read({ source: 'obs', from: AT, to: AT + 30_000, points: null });
  expect(rows.map((row) => row.slice(0, 2))).toEqual([
    ['2026-11-28T19:00:00.000Z', 4.5],
    ['2026-11-28T19:00:10.000Z', 14.5],
    ['2026-11-28T19:00:20.000Z', 24.5],
  ]);
  const coarse = store.read({ source: 'obs', from: AT, to: AT + 30_000, points: 1 });
  expect(coarse.rows[0]?.slice(1, 4)).toEqual([14.5, 0, 29]);
});

it('goes on with its ten-second rows where another run of the hub left off', () => {
  fill(13);
  const again = new SampleStore(db);
  again.write(
    Array.from({ length: 10 }, (_, i) => ({
      source: 'obs',
      at: AT + (13 + i) * 1000,
      metrics: { bitrateKbps: 13 + i },
    })),
  );
  const { rows } = again.read({ source: 'obs', from: AT, to: AT + 30_000, points: 3 });
  expect(rows.map((row) => row.slice(1, 4))).toEqual([
    [4.5, 0, 9],
    [14.5, 10, 19],
    [21, 20, 22],
  ]);
});

it('knows its columns again when the file is opened anew', () => {
  fill(2);
  const again = new SampleStore(db);
  again.write([{ source: 'obs', at: AT + 9000, metrics: { fps: 25 } }]);
  expect(again.read({ source: 'obs', from: AT + 9000, to: AT + 9000, points: null }).rows).toEqual([
    ['2026-11-28T19:00:09.000Z', null, 25, null],
  ]);
  expect(again.lastAt('obs', 'active', 1, 60_000, AT + 10_000)).toBe(AT + 1000);
});

// Processor time, so that other work on the machine does not decide; a quiet machine needs about half of it.
it('reads eight hours of one source within 50 ms of processor time, in at most 1,200 rows', () => {
  fill(8 * 3600);
  const took = Array.from({ length: 9 }, () => {
    const began = process.cpuUsage();
    expect(
      store.read({ source: 'obs', from: AT, to: AT + 8 * 3_600_000, points: 1200 }).rows.length,
    ).toBeLessThanOrEqual(1201);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  });
  expect(took.toSorted((a, b) => a - b)[4]).toBeLessThan(50);
});
