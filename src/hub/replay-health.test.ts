import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Replay, configFrom, readTrace, replay } from './replay-health.ts';

const TRACES = join(import.meta.dirname, '../../test/fixtures/stream-traces');

interface AnswerKey {
  faults: {
    kind: string;
    layer: string;
    onsetMs: number;
    causes: string[];
    warnByMs: number | null;
    criticalByMs: number | null;
  }[];
  quiet: [number, number][];
  background?: { layer: string; fromMs: number; toMs: number }[];
  dark?: { fromMs: number; toMs: number }[];
}

function play(name: string): { played: Replay; key: AnswerKey } {
  const key = JSON.parse(readFileSync(join(TRACES, `${name}.json`), 'utf8')) as AnswerKey;
  const played = replay(readTrace(readFileSync(join(TRACES, `${name}.ndjson`), 'utf8')), configFrom(key));
  return { played, key };
}

const RANK: Record<string, number> = { ok: 0, off: 0, unknown: 0, warn: 1, critical: 2 };

/** Rises of one layer's level: when, and to what. */
function rises(played: Replay, layer: string): { ms: number; level: string; cause: string | null }[] {
  let last = 0;
  return played.changes.flatMap(({ ms, layers }) => {
    const now = layers[layer] ?? { level: 'ok', cause: null };
    const rank = RANK[now.level] ?? 0;
    const rose = rank > last;
    last = rank;
    return rose ? [{ ms, ...now }] : [];
  });
}

const ALL_LAYERS = ['obs', 'transport', 'source', 'recording', 'delivery'];

describe.each(['baseline', 'ingest-restart', 'silent-loss', 'synthetic-healthy', 'synthetic-edge-stale'])(
  'the trace %s',
  (name) => {
    const { played, key } = play(name);

    it('has every fault found in time, in its layer, with a right cause', () => {
      for (const fault of key.faults) {
        const risen = rises(played, fault.layer).filter(({ ms }) => ms >= fault.onsetMs);
        const at = (level: number): number =>
          (risen.find((r) => (RANK[r.level] ?? 0) >= level)?.ms ?? Infinity) - fault.onsetMs;
        if (fault.warnByMs !== null) expect(at(1), `${fault.kind} warn`).toBeLessThanOrEqual(fault.warnByMs);
        if (fault.criticalByMs !== null)
          expect(at(2), `${fault.kind} critical`).toBeLessThanOrEqual(fault.criticalByMs);
        const incident = played.incidents.find((i) => i.layer === fault.layer && i.startMs >= fault.onsetMs);
        expect(fault.causes).toContain(incident?.cause);
      }
    });

    it('raises nothing in its quiet spans', () => {
      const quiet = (ms: number): boolean => key.quiet.some(([from, to]) => ms >= from && ms < to);
      const real = (layer: string, ms: number): boolean =>
        (key.background ?? []).some((b) => b.layer === layer && ms >= b.fromMs && ms <= b.toMs + 30_000);
      const falseRises = ALL_LAYERS.flatMap((layer) =>
        rises(played, layer)
          .filter(({ ms }) => quiet(ms) && !real(layer, ms))
          .map((rise) => ({ layer, ...rise })),
      );
      expect(falseRises).toEqual([]);
    });

    it('has its dark time to within a second', () => {
      for (const dark of key.dark ?? []) {
        const incident = played.incidents.find(
          (i) => i.layer === 'transport' && i.startMs >= dark.fromMs && i.startMs <= dark.toMs,
        );
        expect(Math.abs((incident?.darkMs ?? 0) - (dark.toMs - dark.fromMs))).toBeLessThanOrEqual(1000);
      }
    });

    it('gives the same verdicts each time', () => {
      expect(play(name).played).toEqual(played);
    });
  },
);

// Processor time, so that other work on the machine does not decide.
it('judges at least 500 times faster than the show runs', () => {
  const text = readFileSync(join(TRACES, 'silent-loss.ndjson'), 'utf8');
  const began = process.cpuUsage();
  const { endMs } = replay(readTrace(text), configFrom(null));
  const { user, system } = process.cpuUsage(began);
  expect(endMs / ((user + system) / 1000)).toBeGreaterThan(500);
});

it('asked half as often, comes to the same verdict within one interval', () => {
  const trace = readTrace(readFileSync(join(TRACES, 'silent-loss.ndjson'), 'utf8'));
  let n = 0;
  const thinned = trace.filter(({ source }) => source !== 'obs' || n++ % 2 === 0);
  const config = configFrom(JSON.parse(readFileSync(join(TRACES, 'silent-loss.json'), 'utf8')));
  const [often, seldom] = [trace, thinned].map((samples) => rises(replay(samples, config), 'transport'));
  expect(seldom?.map(({ level, cause }) => ({ level, cause }))).toEqual(
    often?.map(({ level, cause }) => ({ level, cause })),
  );
  for (const [i, rise] of (seldom ?? []).entries())
    expect(Math.abs(rise.ms - (often?.[i]?.ms ?? NaN))).toBeLessThanOrEqual(500);
});

it('names the line it cannot read', () => {
  expect(() => readTrace('{"ms":1,"source":"obs"}\n\n{"ms":')).toThrow('line 3: not JSON');
  expect(() => readTrace('{"source":"obs"}')).toThrow('line 1: needs "ms" and "source"');
});
