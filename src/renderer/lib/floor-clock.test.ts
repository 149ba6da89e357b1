import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FloorClock } from './floor-clock.ts';

/** A hub that is `ahead` of the page by so many ms; `out` and `back` are the delays of the question and the answer. */
function sample(at: number, { ahead, out, back }: { ahead: number; out: number; back: number }) {
  return { c0: at, h1: at + out + ahead, h2: at + out + ahead + 0.1, c3: at + out + 0.1 + back };
}

describe('floor clock', () => {
  it('knows nothing before the first sync', () => {
    expect(new FloorClock(() => 0, 1).boundMs).toBeNull();
  });

  it('tells hub time exactly over an even link', () => {
    let page = 1000;
    const clock = new FloorClock(() => page, 1);
    clock.learn(sample(page, { ahead: 5000, out: 4, back: 4 }));
    page = 2000;
    expect(clock.hubNow()).toBeCloseTo(7000);
    expect(clock.boundMs).toBeCloseTo(1 + 4 + 58e-6 * (2000 - 1008.1));
  });

  it('keeps the best sample and drops a worse one', () => {
    let page = 0;
    const clock = new FloorClock(() => page, 1);
    expect(clock.learn(sample(0, { ahead: 100, out: 2, back: 2 }))).toBe(true);
    page = 200;
    expect(clock.learn(sample(200, { ahead: 100, out: 2, back: 90 }))).toBe(false);
    expect(clock.hubNow()).toBeCloseTo(300);
  });

  it('takes a worse sample when the old one has aged beyond it', () => {
    const clock = new FloorClock(() => 0, 1);
    clock.learn(sample(0, { ahead: 100, out: 2, back: 2 }));
    expect(clock.learn(sample(1_000_000, { ahead: 130, out: 20, back: 20 }))).toBe(true);
  });

  it('starts anew when a sample contradicts the one in use', () => {
    const page = 1000;
    const clock = new FloorClock(() => page, 1);
    clock.learn(sample(0, { ahead: 100, out: 1, back: 1 }));
    expect(clock.learn(sample(500, { ahead: 60_000, out: 50, back: 50 }))).toBe(true);
    expect(clock.hubNow()).toBeCloseTo(61_000);
  });

  it('is never further off than it says', () => {
    const delay = fc.double({ min: 0, max: 300, noNaN: true });
    const link = fc.record({ out: delay, back: delay });
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.array(link, { minLength: 1, maxLength: 20 }),
        (ahead, links) => {
          let page = 0;
          const clock = new FloorClock(() => page, 1);
          links.forEach(({ out, back }, n) => {
            page = n * 1000 + out + back + 0.1;
            clock.learn(sample(n * 1000, { ahead, out, back }));
          });
          expect(Math.abs(clock.hubNow() - (page + ahead))).toBeLessThanOrEqual((clock.boundMs ?? 0) + 1e-6);
        },
      ),
    );
  });
});
