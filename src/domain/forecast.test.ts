import { expect, it } from 'vitest';
import { forecasts, spreadOf } from './forecast.ts';
import { liveShow, now, plan, product, run, wait } from './testing.ts';
import { MINUTE } from './units.ts';

/** Numbers from 0 to 1 that are the same at every run. */
function dice(): () => number {
  let seed = 7;
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return (seed + 0.5) / 4_294_967_296;
  };
}

it('eight times out of ten the last unit goes within the range, whatever is left and has been seen', () => {
  const roll = dice();
  const gap = (perMinute: number): number => -Math.log(roll()) / perMinute;
  for (const { perMinute, left } of [
    { perMinute: 1, left: 5 },
    { perMinute: 3, left: 20 },
    { perMinute: 8, left: 200 },
  ]) {
    let [inside, shows] = [0, 0];
    while (shows < 4000) {
      let seen = 0;
      for (let at = gap(perMinute); at < 10; at += gap(perMinute)) seen += 1;
      if (seen < 3) continue;
      shows += 1;
      let lasted = 0;
      for (let sold = 0; sold < left; sold += 1) lasted += gap(perMinute);
      const [expected, spread] = [left / (seen / 10), spreadOf(seen, left)];
      if (lasted >= expected / spread && lasted <= expected * spread) inside += 1;
    }
    expect(inside / shows).toBeGreaterThan(0.76);
    expect(inside / shows).toBeLessThan(0.85);
  }
});

it('a product that sells has a range round its forecast, and one that does not has neither', () => {
  const show = liveShow(plan({ products: [product('MUG', { reserve: 60 }), product('CUP')], bundles: [] }));
  wait(show, 10 * MINUTE);
  const sale = { kind: 'record-sale', channel: 'stream', tender: 'card' } as const;
  run(show, { ...sale, lines: [{ sku: 'MUG', quantity: 20 }] });
  run(show, { ...sale, lines: [{ sku: 'CUP', quantity: 2 }] });
  const [mug, cup] = ['MUG', 'CUP'].map((sku) => forecasts(show.state, now(show)).get(sku));
  const left = (t: number | undefined): number => ((t ?? Number.NaN) - now(show).t) / MINUTE;
  expect([left(mug?.range?.fromT), left(mug?.soldOutT ?? undefined), left(mug?.range?.toT)].map(Math.round)).toEqual([
    4, 6, 9,
  ]);
  expect(cup).toMatchObject({ soldOutT: null, range: null });
});
