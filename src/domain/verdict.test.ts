import { describe, expect, it } from 'vitest';
import { spendTotals } from './lifetime-value.ts';
import { type Arm, DEFAULT_THRESHOLDS, type VerdictAsk, verdictOf } from './verdict.ts';

/** Σ² of n spends with this mean and standard deviation (n − 1). */
function totals(buyers: number, mean: number, deviation: number) {
  const sumMinor = buyers * mean;
  const squares = BigInt(buyers - 1) * BigInt(deviation) ** 2n + (BigInt(sumMinor) * BigInt(sumMinor)) / BigInt(buyers);
  return { buyers, sumMinor, sumSquares: squares };
}

const show: Arm = { repeat: { count: 61, of: 216 }, firstWeek: totals(216, 6480, 3900) };
const control: Arm = { repeat: { count: 72, of: 400 }, firstWeek: totals(400, 5610, 3700) };

function judged(more: Partial<VerdictAsk> = {}) {
  const found = verdictOf({
    show,
    control,
    thresholds: DEFAULT_THRESHOLDS,
    changedAfterOpening: false,
    isMatured: true,
    isFeedComplete: true,
    earlierWithoutScale: 0,
    ...more,
  });
  return found;
}

const spend = (mean: number) => ({ ...control, firstWeek: totals(400, mean, 3700) });
const limits = ({ firstWeek }: ReturnType<typeof judged>) =>
  firstWeek && [firstWeek.value, firstWeek.low.toFixed(2), firstWeek.high.toFixed(2)];

describe('the four verdicts of the example', () => {
  it('has the totals that the example prints', () => {
    expect(show.firstWeek).toEqual({ buyers: 216, sumMinor: 1_399_680, sumSquares: 12_340_076_400n });
    expect(control.firstWeek).toEqual({ buyers: 400, sumMinor: 2_244_000, sumSquares: 18_051_150_000n });
  });

  it('SCALE when both lower limits are above their thresholds', () => {
    const found = judged();
    expect(found).toMatchObject({ verdict: 'SCALE', reason: 'both-better' });
    expect(
      found.repeat && [found.repeat.value, found.repeat.low, found.repeat.high].map((x) => (x * 100).toFixed(2)),
    ).toEqual(['10.24', '3.34', '17.46']);
    expect(limits(found)).toEqual([870, '235.98', '1504.02']);
  });

  it('KEEP TESTING when one interval spans its threshold', () => {
    const found = judged({ control: spend(6100) });
    expect(found).toMatchObject({ verdict: 'KEEP TESTING', reason: 'interval-spans-threshold' });
    expect(limits(found)).toEqual([380, '-254.02', '1014.02']);
  });

  it('STOP when an upper limit is below its threshold', () => {
    const found = judged({ show: { ...show, firstWeek: totals(216, 5000, 3900) }, control: spend(6100) });
    expect(found).toMatchObject({ verdict: 'STOP', reason: 'worse-than-control' });
    expect(limits(found)).toEqual([-1100, '-1734.02', '-465.98']);
  });

  it('KEEP TESTING with 60 buyers, however good they look', () => {
    const few: Arm = { repeat: { count: 40, of: 60 }, firstWeek: totals(60, 9000, 3900) };
    expect(judged({ show: few })).toMatchObject({ verdict: 'KEEP TESTING', reason: 'too-few-buyers' });
  });
});

describe('what keeps a verdict from being given', () => {
  it.each([
    ['no-control', { control: null }],
    ['not-matured', { isMatured: false }],
    ['feed-incomplete', { isFeedComplete: false }],
  ] as const)('%s', (reason, more) => {
    expect(judged(more)).toMatchObject({ verdict: 'KEEP TESTING', reason });
    expect(judged({ ...more, earlierWithoutScale: 5 })).toMatchObject({ verdict: 'KEEP TESTING', reason });
  });
});

it('the third show of a series without SCALE is the last', () => {
  expect(judged({ control: spend(6100), earlierWithoutScale: 1 }).verdict).toBe('KEEP TESTING');
  expect(judged({ control: spend(6100), earlierWithoutScale: 2 })).toMatchObject({
    verdict: 'STOP',
    reason: 'third-show-without-scale',
  });
  expect(judged({ earlierWithoutScale: 2 }).verdict).toBe('SCALE');
});

it('a higher bar than nought is held against the lower limits', () => {
  const bar = (more: object) => judged({ thresholds: { ...DEFAULT_THRESHOLDS, ...more } }).verdict;
  expect(bar({ minRepeatGain: 3 })).toBe('SCALE');
  expect(bar({ minRepeatGain: 4 })).toBe('KEEP TESTING');
  expect(bar({ minLtvGainMinor: 236 })).toBe('KEEP TESTING');
  expect(bar({ minRepeatGain: 18 })).toBe('STOP');
});

/** Mulberry32: a small generator with a seed, so that a failing run can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('10,000 shows that are no better than their control', () => {
  const SHOWS = 10_000;

  /** Both groups drawn from one population with strongly skewed spend (log-normal), sizes 100 to 400. */
  function scaled(lift: number): number {
    const draw = random(20_261_128);
    const spendOf = (by: number) => {
      const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
      return Math.round(2000 * Math.exp(normal) * by);
    };
    const arm = (by: number): Arm => {
      const of = 100 + Math.floor(draw() * 301);
      const rate = 0.18 * by;
      let count = 0;
      for (let i = 0; i < of; i += 1) count += draw() < rate ? 1 : 0;
      return { repeat: { count, of }, firstWeek: spendTotals(Array.from({ length: of }, () => spendOf(by))) };
    };
    let found = 0;
    for (let i = 0; i < SHOWS; i += 1) {
      if (judged({ show: arm(lift), control: arm(1) }).verdict === 'SCALE') found += 1;
    }
    return found / SHOWS;
  }

  it('are called SCALE in 5 % of the cases at most', { timeout: 60_000 }, () => {
    expect(scaled(1)).toBeLessThanOrEqual(0.05);
  });

  it('would be called so when they were much better: the check can fail', { timeout: 60_000 }, () => {
    expect(scaled(1.8)).toBeGreaterThan(0.5);
  });
});
