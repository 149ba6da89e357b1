import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeClips } from './clips.ts';
import { MOMENT_DEFAULTS, type MomentInput, type MomentSettings } from './moments-input.ts';
import { inputOfShowFile, type MomentShowFile } from './moments-show-file.ts';
import { falseDiscovery, poissonTail } from './moments-statistics.ts';
import { findMoments, type Moment } from './moments.ts';
import { MINUTE, SECOND, type Iso } from './units.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

interface Planted {
  kind: string;
  sku: string | null;
  from: Iso;
  to: Iso;
  excessSales: number;
  cue: { from: Iso; to: Iso } | null;
}

function fixture(name: string, what: string): unknown {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, `../../test/fixtures/moments/${name}.${what}.json`), 'utf8'),
  );
}

function found(name: string) {
  const file = fixture(name, 'show') as MomentShowFile;
  const settings = { ...MOMENT_DEFAULTS, 'stream.delayMs': file.settings['stream.delayMs'] ?? null };
  return {
    ...findMoments(inputOfShowFile(file), settings, sha256),
    planted: (fixture(name, 'truth') as { moments: Planted[] }).moments,
  };
}

function hits(moment: Moment, planted: Planted): boolean {
  if (moment.sku !== null && planted.sku !== null && moment.sku !== planted.sku) return false;
  const [from, to] = [Date.parse(moment.from), Date.parse(moment.to)];
  const near = from < Date.parse(planted.to) + 10_000 && to > Date.parse(planted.from) - 10_000;
  const inCue = planted.cue !== null && from <= Date.parse(planted.cue.to) && to >= Date.parse(planted.cue.from);
  return near || (inCue && moment.evidence.some(({ kind }) => kind === 'cue'));
}

describe('moments in recorded shows', () => {
  it.each(['standard-9001', 'no-cues-9003'])('finds what was planted in %s and little else', (name) => {
    const { moments, planted } = found(name);
    const recall = (some: Planted[]) =>
      some.filter((one) => moments.some((moment) => hits(moment, one))).length / some.length;
    const surges = moments.filter(({ evidence }) => evidence.some(({ kind }) => kind === 'cue' || kind === 'burst'));
    const precision = surges.filter((moment) => planted.some((one) => hits(moment, one))).length / surges.length;
    const figures = {
      loud: recall(planted.filter(({ excessSales }) => excessSales >= 8)),
      clear: recall(planted.filter(({ excessSales }) => excessSales >= 4)),
      certain: recall(planted.filter(({ kind }) => kind === 'mark' || kind === 'stock-out')),
      precision,
    };
    console.log(name, figures);
    expect(figures.loud).toBeGreaterThanOrEqual(0.9);
    expect(figures.clear).toBeGreaterThanOrEqual(0.6);
    expect(figures.certain).toBe(1);
    expect(figures.precision).toBeGreaterThanOrEqual(0.75);
  });

  it('says the same of the same show, byte for byte', () => {
    expect(JSON.stringify(found('standard-9001').moments)).toBe(JSON.stringify(found('standard-9001').moments));
  });

  it('scores by terms that add up, and gives each moment a reason with a figure', () => {
    for (const { score, terms, reasons } of found('standard-9001').moments) {
      const sum = Object.values(terms).reduce((all, term) => all + term, 0);
      expect(Math.abs(score - sum)).toBeLessThanOrEqual(0.01);
      expect(reasons.length).toBeGreaterThanOrEqual(1);
      expect(reasons[0]).toMatch(/\d/);
    }
  });

  it('makes no two clips of one product and purpose that show nearly the same', () => {
    const file = fixture('standard-9001', 'show') as MomentShowFile;
    const input = inputOfShowFile(file);
    const recording = file.recordings[0];
    if (!recording) throw new Error('the fixture has no recording');
    const { zeroAt, ...video } = recording;
    const segment = {
      id: 'rec1-1',
      run: 'rec1',
      index: 0,
      state: 'final',
      loMs: 0,
      hiMs: 0,
      method: 'C',
      flags: [],
      estimates: [],
      videoFrames: null,
      pauses: [],
    } as const;
    const { clips } = makeClips(
      found('standard-9001'),
      [{ ...segment, ...video, flags: [], estimates: [], pauses: [], zeroAt: Date.parse(zeroAt) }],
      input,
      MOMENT_DEFAULTS,
    );
    expect(clips.length).toBeGreaterThan(10);
    for (const [index, one] of clips.entries()) {
      for (const other of clips.slice(index + 1)) {
        if (one.sku !== other.sku || one.purpose !== other.purpose || one.purpose === 'thumbnail') continue;
        const [a, b] = [one, other].map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
        if (!a || !b) continue;
        const shared = Math.min(a.to, b.to) - Math.max(a.from, b.from);
        expect(shared / (Math.max(a.to, b.to) - Math.min(a.from, b.from))).toBeLessThanOrEqual(0.5);
      }
    }
  });
});

/** A quiet hour: one MUG every five minutes over the counter. */
function quietHour(more: Partial<MomentInput> = {}): MomentInput {
  const from = Date.parse('2026-11-28T19:00:00.000Z');
  const sales = Array.from({ length: 11 }, (_, index) => sale(`s${index + 1}`, from + (index + 1) * 5 * MINUTE));
  return {
    from,
    to: from + 60 * MINUTE,
    timeZone: 'Europe/Lisbon',
    sales,
    cues: [],
    marks: [],
    stockOuts: [],
    viewers: [],
    scenes: [],
    skuNames: new Map(),
    people: new Map([['mia', 'Mia']]),
    ...more,
  };
}

function sale(id: string, at: number, quantity = 1) {
  return { id, at, channel: 'in-person' as const, lines: [{ sku: 'MUG', quantity, netMinor: 1800 * quantity }] };
}

const find = (input: MomentInput, settings: MomentSettings = MOMENT_DEFAULTS) =>
  findMoments(input, settings, sha256).moments;

describe('moment rules', () => {
  it('finds nothing in a quiet hour', () => {
    expect(find(quietHour())).toEqual([]);
  });

  it('counts a bulk order as one buyer, and six buyers as a burst', () => {
    const quiet = quietHour();
    const at = quiet.from + 32 * MINUTE;
    expect(find({ ...quiet, sales: [...quiet.sales, sale('bulk', at, 40)] })).toEqual([]);
    const burst = Array.from({ length: 6 }, (_, index) => sale(`b${index}`, at + index * 6 * SECOND));
    const moments = find({ ...quiet, sales: [...quiet.sales, ...burst].sort((a, b) => a.at - b.at) });
    expect(moments.map(({ sku, evidence }) => [sku, evidence[0]?.kind])).toEqual([['MUG', 'burst']]);
  });

  it('never drops a mark: alone it stands 20 s before to 10 s after the press, with who pressed and when', () => {
    const quiet = quietHour();
    const press = { id: 'm9', at: quiet.from + 12 * MINUTE, by: 'mia', sku: null, note: null, uncertaintyMs: 0 };
    const [moment] = find({ ...quiet, marks: [press] });
    expect(moment).toMatchObject({
      from: '2026-11-28T19:11:40.000Z',
      to: '2026-11-28T19:12:10.000Z',
      sku: null,
      creators: ['mia'],
      reasons: ['Mia marked it at 19:12:00'],
    });
    expect(moment?.id).toMatch(/^k[a-z2-7]{10}$/);
  });

  it('makes one moment of two people who pressed within 15 s', () => {
    const quiet = quietHour();
    const press = (id: string, by: string, at: number) => ({
      id,
      at: quiet.from + at,
      by,
      sku: null,
      note: null,
      uncertaintyMs: 0,
    });
    const [moment, ...rest] = find({ ...quiet, marks: [press('m1', 'mia', 600_000), press('m2', 'jo', 610_000)] });
    expect(rest).toEqual([]);
    expect(moment?.reasons).toEqual(['marked by 2 people']);
    expect(moment?.terms.marks).toBe(15);
  });

  it('shows the last unit from 35 s before to 10 s after it went', () => {
    const quiet = quietHour();
    const at = quiet.from + 55 * MINUTE;
    const [moment] = find({ ...quiet, stockOuts: [{ sku: 'MUG', saleId: 's11', at }] });
    expect(moment).toMatchObject({
      from: '2026-11-28T19:54:25.000Z',
      to: '2026-11-28T19:55:10.000Z',
      reasons: ['sold out at 19:55:00'],
    });
  });
});

describe('statistics', () => {
  it('sums a Poisson tail to its last digits', () => {
    expect(poissonTail(1, 0)).toBe(1);
    expect(poissonTail(1, 1)).toBeCloseTo(1 - Math.exp(-1), 14);
    expect(poissonTail(2, 5)).toBeCloseTo(0.052653017343711, 12);
    expect(poissonTail(0.5, 30)).toBeLessThan(1e-40);
    expect(poissonTail(0.5, 30)).toBeGreaterThan(0);
  });

  it('calls findings by their rank, not by a fixed bar', () => {
    expect(falseDiscovery([0.01, 0.02, 0.03, 0.5], 0.05)).toEqual([true, true, true, false]);
    expect(falseDiscovery([0.04, 0.5, 0.6, 0.7], 0.05)).toEqual([false, false, false, false]);
    expect(falseDiscovery([], 0.05)).toEqual([]);
  });
});
