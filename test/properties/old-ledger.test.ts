import { DEFAULT_COHORTS } from '../../src/domain/show-cohorts.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deskView } from '../../src/contract/desk-view.ts';
import { quietLive } from '../../src/contract/views/live-testing.ts';
import { initialRecord, takeEntry } from '../../src/domain/close-record.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { inputOfRecord } from '../../src/domain/moments-of-record.ts';
import { MOMENT_DEFAULTS } from '../../src/domain/moments-input.ts';
import { salesModel } from '../../src/domain/moments-model.ts';
import { makeReport } from '../../src/domain/report.ts';
import { breaches } from '../../src/domain/testing-invariants.ts';
import { type TestShow, makeShow, now, refold, run, wait } from '../../src/domain/testing.ts';

/**
 * A show of the first release, written by that release, is read for ever: its bodies have none of the keys that came
 * later. Beside the entries stands what the release itself made of them.
 */
const FOLDER = join(import.meta.dirname, '../fixtures/ledgers');
const LINES = readFileSync(join(FOLDER, 'first-release.jsonl'), 'utf8').trim().split('\n');
const CAME_TO = JSON.parse(readFileSync(join(FOLDER, 'first-release-came-to.json'), 'utf8')) as CameTo;

interface CameTo {
  entries: number;
  phase: string;
  cells: Record<string, object>;
  takings: Record<string, unknown>;
  soldOfOffer: Record<string, number>;
  sales: { saleId: string; totalMinor: number; refundedMinor: number; refundedUnits: number[]; isVoided: boolean }[];
  missed: object;
  shortfalls: { id: string; found: number; open: number; how: string | null }[];
  parked: string[];
  counted: object;
}

const entries = (): Entry[] => LINES.map((line) => JSON.parse(line) as Entry);

/** The show as it stands today, so that more can be done with it. */
function continued(): TestShow {
  const show = makeShow(null);
  show.entries = entries();
  show.state = refold(show.entries);
  const last = show.entries.at(-1);
  return { ...show, at: (last?.at ?? 0) + 1000, mono: (last?.mono ?? 0) + 1000, boot: last?.boot ?? '' };
}

describe('a ledger of the first release', () => {
  it('comes to the same stock, money, sales and counts as it did then', () => {
    const { stock, sales, phase, seq } = refold(entries());
    expect([seq, phase]).toEqual([CAME_TO.entries, CAME_TO.phase]);
    expect(plain(stock.cells)).toEqual(CAME_TO.cells);
    expect(plain(sales.takings)).toMatchObject(CAME_TO.takings);
    const offers = [...sales.takings.byOffer].map(([id, { sold }]) => [id, sold]);
    expect(Object.fromEntries(offers)).toEqual(CAME_TO.soldOfOffer);
    expect(
      [...sales.byId.values()].map(({ saleId, totalMinor, refundedMinor, refundedUnits, voided }) => {
        return { saleId, totalMinor, refundedMinor, refundedUnits, isVoided: voided !== null };
      }),
    ).toEqual(CAME_TO.sales);
    expect(plain(sales.missed)).toEqual(CAME_TO.missed);
    const shortfalls = [...sales.shortfalls.values()].map(({ id, found, quantity: open, how }) => {
      return { id, found, open, how };
    });
    expect(shortfalls).toEqual(CAME_TO.shortfalls);
    expect([...sales.parked.keys()]).toEqual(CAME_TO.parked);
    expect(plain(stock.counted)).toEqual(CAME_TO.counted);
  });

  it('keeps every invariant, is shown at every entry, and is reported', () => {
    const all = entries();
    for (let n = 1; n <= all.length; n += 1) {
      const state = refold(all.slice(0, n));
      expect(deskView(state, quietLive(), now({ ...continued(), state })).seq).toBe(n);
    }
    expect(breaches(refold(all), all)).toEqual([]);
    const record = initialRecord('test-show');
    for (const entry of all) takeEntry(record, entry);
    const model = salesModel(inputOfRecord(record, []), MOMENT_DEFAULTS);
    const { checks } = makeReport({
      record,
      moments: [],
      clips: [],
      segments: [],
      model,
      viewers: [],
      notes: [],
      cohorts: DEFAULT_COHORTS,
    });
    expect(checks.filter(({ left, right }) => left !== right)).toEqual([]);
  });

  it('goes on: its sales are refunded, handed over without a code, and settled', () => {
    const show = continued();
    const later = [...show.state.sales.waiting.keys()];
    expect(later).toHaveLength(2);
    const [promise = '', drop = ''] = later;
    expect(run(show, { kind: 'hand-over-pickup', saleId: drop })).toMatchObject({ ok: true, left: [] });
    expect(run(show, { kind: 'miss-pickup', saleId: promise })).toMatchObject({ ok: true });
    const [sale] = [...show.state.sales.byId.values()].filter(({ source, voided }) => source === 'desk' && !voided);
    wait(show, 1000);
    expect(
      run(show, {
        kind: 'refund-sale',
        saleId: sale?.saleId ?? '',
        lines: [{ sku: sale?.lines[0]?.sku ?? '', quantity: 1 }],
        reason: 'changed-mind',
        restock: 'no',
      }),
    ).toMatchObject({ ok: true });
    expect(breaches(show.state, show.entries)).toEqual([]);
    expect(plain(refold(show.entries).stock)).toEqual(plain(show.state.stock));
  });
});

/** Maps as objects, as the fixture has them. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
