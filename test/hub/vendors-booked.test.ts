import { afterEach, beforeEach, expect, test } from 'vitest';
import { DESK } from '../../src/domain/actor.ts';
import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { bookSnapshot } from '../../src/domain/decide/snapshot.ts';
import { breaches } from '../../src/domain/testing-invariants.ts';
import { type TestShow, given, liveShow, now, plan, product } from '../../src/domain/testing.ts';
import { toIso } from '../../src/domain/units.ts';
import type { Shop } from '../../src/hub/connectors/shop.ts';
import { makeSquare } from '../../src/hub/connectors/square.ts';
import { makeStripe } from '../../src/hub/connectors/stripe.ts';
import { makeWooCommerce } from '../../src/hub/connectors/woocommerce.ts';
import { FakeSquare, SQUARE_LOCATION } from '../fakes/fake-square.ts';
import { FakeStripe } from '../fakes/fake-stripe.ts';
import { FakeWooCommerce } from '../fakes/fake-woocommerce.ts';
import { pagesOf, placeOf } from './shop-kit.ts';

/** What the vendors tell, booked: to the cent, once, and with the goods where they belong. */
const SIX = Date.UTC(2026, 10, 24, 18);
const SINCE = toIso(SIX);
const square = new FakeSquare();
const stripe = new FakeStripe();
const woo = new FakeWooCommerce();

beforeEach(() => Promise.all([square, stripe, woo].map((fake) => fake.server.start())));
afterEach(() => Promise.all([square, stripe, woo].map((fake) => fake.server.stop())));

function showIn(currency: string, taxMode: 'inclusive' | 'exclusive'): TestShow {
  return liveShow(plan({ show: { currency, taxMode }, products: [product('MUG-BLUE', { reserve: 20 })] }));
}

async function pull(show: TestShow, shop: Shop): Promise<number> {
  let booked = 0;
  for (const { orders } of await pagesOf(shop, SINCE)) {
    for (const order of orders) {
      const ask = {
        id: order.orderId,
        actor: { ...DESK, by: order.source },
        now: now(show),
        seq: show.entries.length + 1,
        refOf: (contact: string) => `ref:${contact}`,
        rules: DEFAULT_RULES,
      };
      const facts = bookSnapshot(show.state, order, ask, null);
      given(show, ...facts);
      booked += facts.length;
    }
  }
  return booked;
}

/** units sold and back; net, tax, tip and all that was collected, in minor units */
function sums({ state: { sales } }: TestShow): number[] {
  const { units, refundedUnits, netMinor, taxMinor, tipMinor, collectedMinor } = sales.takings;
  return [units, refundedUnits, netMinor, taxMinor, tipMinor, collectedMinor];
}

test('Square, tax on top: sold, then one of two given back', async () => {
  const show = showIn('USD', 'exclusive');
  const shop = makeSquare(placeOf(square.server, { 'square.token': square.token }, 'USD'), SQUARE_LOCATION);
  square.sell('A', toIso(SIX + 1000));
  await pull(show, shop);
  expect(sums(show)).toEqual([2, 0, 3550, 284, 200, 4034]);
  expect(await pull(show, shop)).toBe(0);
  square.giveBack('A', toIso(SIX + 60_000));
  await pull(show, shop);
  expect(sums(show)).toEqual([2, 1, 1775, 142, 200, 2117]);
  expect(await pull(show, shop)).toBe(0);
  expect(breaches(show.state, show.entries)).toEqual([]);
});

test('WooCommerce, tax within: sold, then one of two given back', async () => {
  const show = showIn('EUR', 'inclusive');
  const secrets = { 'woocommerce.key': woo.key, 'woocommerce.secret': woo.secret };
  const shop = makeWooCommerce(placeOf(woo.server, secrets, 'EUR'), 'shop.example.org');
  woo.put(1, '2026-11-24T18:00:01');
  await pull(show, shop);
  expect(sums(show)).toEqual([2, 0, 3240, 606, 0, 3740]);
  expect(await pull(show, shop)).toBe(0);
  woo.refund(1, '2026-11-24T18:01:00');
  await pull(show, shop);
  expect(sums(show)).toEqual([2, 1, 1620, 303, 0, 2120]);
  expect(await pull(show, shop)).toBe(0);
  expect(breaches(show.state, show.entries)).toEqual([]);
});

test('Stripe: sold, then given back as a whole', async () => {
  const show = showIn('USD', 'inclusive');
  const shop = makeStripe(placeOf(stripe.server, { 'stripe.key': stripe.key }, 'USD'), 'acct_1');
  stripe.pay('pi_1', SIX / 1000 + 1);
  await pull(show, shop);
  expect(sums(show)).toEqual([2, 0, 3600, 0, 0, 4100]);
  expect(await pull(show, shop)).toBe(0);
  stripe.refund('pi_1', 4100, SIX / 1000 + 60);
  await pull(show, shop);
  expect(sums(show)).toEqual([2, 2, 0, 0, 0, 0]);
  expect(await pull(show, shop)).toBe(0);
  expect(breaches(show.state, show.entries)).toEqual([]);
});
