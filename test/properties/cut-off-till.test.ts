import { expect, it } from 'vitest';
import { openShortfalls } from '../../src/domain/sales.ts';
import { available, goods } from '../../src/domain/stock.ts';
import { type Day, comeBack, cutOff, leaseBreaches, makeDay, sellCutOff, send, tick } from './day.ts';
import { breaches } from '../../src/domain/testing-invariants.ts';
import { plan, product, restart, wait } from '../../src/domain/testing.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';

const LEASE = 300;
const shop = plan({
  products: [product('MUG', { reserve: 1000, tillLease: LEASE })],
  bundles: [],
  tills: [{ id: 'till-1', name: 'Front' }],
});

/** Eight hours in which the desk sells all it can and the hub dies twice, while one till sells a unit every 96 s. */
function aDayApart(): { day: Day; sold: number; at: number } {
  const day = makeDay(shop);
  tick(day);
  const till = day.tills[0];
  if (!till) throw new Error('the day has no till');
  cutOff(day, till);
  const begun = day.show.at;
  for (let n = 0; n < LEASE + 20; n += 1) {
    sellCutOff(day, till, { sku: 'MUG', quantity: 1 }, false);
    wait(day.show, (8 * HOUR) / LEASE);
    if (n === 100 || n === 200) restart(day.show, MINUTE);
    const left = available(day.show.state.stock, 'MUG');
    const quantity = Math.min(4, left);
    if (quantity > 0)
      send(day, { kind: 'record-sale', channel: 'in-person', tender: 'card', lines: [{ sku: 'MUG', quantity }] });
    tick(day);
  }
  const sold = till.outbox.length;
  expect(day.show.at - begun).toBeGreaterThan(8 * HOUR);
  const started = performance.now();
  comeBack(day, till);
  const at = performance.now() - started;
  return { day, sold, at };
}

it('a till cut off for eight hours sells its lease and no more, and all of it is there when it comes back', () => {
  const { day, sold, at } = aDayApart();
  const { state, entries } = day.show;
  expect(sold).toBe(LEASE);
  expect(openShortfalls(state.sales)).toEqual([]);
  expect(goods(state.stock, 'MUG').physical).toBe(available(state.stock, 'MUG') + otherLeases(day));
  expect([...breaches(state, entries), ...leaseBreaches(day)]).toEqual([]);
  console.log(`${sold} sales of a till that was cut off for 8 h, decided and folded in ${at.toFixed(0)} ms`);
  expect(at).toBeLessThan(5000);
});

function otherLeases(day: Day): number {
  return day.tills.reduce((sum, { id }) => sum + available(day.show.state.stock, 'MUG', `till:${id}`), 0);
}
