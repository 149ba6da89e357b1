import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderSnapshot } from '../../src/domain/order-snapshot.ts';
import { toIso } from '../../src/domain/units.ts';
import type { Shop } from '../../src/hub/connectors/shop.ts';
import { makeStripe, stripeClockTrouble, verifyStripe } from '../../src/hub/connectors/stripe.ts';
import { FakeStripe } from '../fakes/fake-stripe.ts';
import { seeded, shuffled } from '../fakes/vendor-server.ts';
import {
  NEVER,
  type SignatureCase,
  altered,
  faultOf,
  newestOf,
  pagesOf,
  placeOf,
  testFaults,
  testSignatures,
} from './shop-kit.ts';

const SIX = Date.UTC(2026, 10, 24, 18) / 1000;
const SINCE = toIso(SIX * 1000);
let fake: FakeStripe;
let secrets: Record<string, string>;
let shop: Shop;

beforeEach(async () => {
  fake = new FakeStripe();
  await fake.server.start();
  secrets = { 'stripe.key': fake.key };
  shop = makeStripe(placeOf(fake.server, secrets, 'USD'), 'acct_1');
});
afterEach(() => fake.server.stop());

async function pull(since = SINCE): Promise<OrderSnapshot[]> {
  return (await pagesOf(shop, since)).flatMap(({ orders }) => orders);
}

const at = (i: number): string => toIso((SIX + i) * 1000);
const asksOf = (path: string): number => fake.server.asks.filter((ask) => ask.path.startsWith(path)).length;

test('a payment through Checkout comes with its lines, codes and buyer', async () => {
  fake.pay('pi_1', SIX + 5);
  expect(await pull()).toEqual([
    {
      source: 'stripe',
      account: 'acct_1',
      orderId: 'pi_1',
      name: 'pi_1',
      version: null,
      createdAt: at(5),
      updatedAt: at(5),
      currency: 'USD',
      test: false,
      cancelled: false,
      paid: true,
      taxIncluded: true,
      lines: [
        {
          lineId: 'li_1Example01',
          sku: 'MUG-BLUE',
          name: 'Blue mug',
          sold: 2,
          refunded: 0,
          restocked: 0,
          grossMinor: 4000,
          discountMinor: 400,
          taxMinor: 0,
        },
      ],
      tenders: [{ kind: 'card', amountMinor: 4100, ref: 'pi_1' }],
      tipMinor: 0,
      shippingMinor: 500,
      refundedMinor: 0,
      hints: { channel: 'stream', isPos: false, codes: ['ANA10'], link: null, utm: [] },
      person: { email: 'mara@example.org', phone: '+351210000000', name: 'Mara Example', consent: true },
    },
  ]);
});

test('without Checkout the metadata says what was sold; without metadata there is only the money', async () => {
  fake.pay('pi_1', SIX, { metadata: { sku: 'BOWL', qty: '2', channel: 'social', creator: 'ANA' } }, false);
  fake.pay('pi_2', SIX + 1, {}, false);
  const [one, two] = await pull();
  expect(one).toMatchObject({
    lines: [{ sku: 'BOWL', sold: 2, grossMinor: 4100 }],
    hints: { channel: 'social', codes: ['ANA'] },
  });
  expect(two).toMatchObject({ lines: [], paid: true, tenders: [{ amountMinor: 4100 }] });
});

test('a checkout with more lines than come along is read to the end', async () => {
  fake.pay('pi_1', SIX);
  const session = fake.sessions.get('cs_pi_1');
  const [line] = session?.line_items.data ?? [];
  if (session && line) session.line_items.data = Array.from({ length: 130 }, (_, i) => ({ ...line, id: `li_${i}` }));
  expect((await pull())[0]?.lines.map(({ lineId }) => lineId)).toEqual(
    Array.from({ length: 130 }, (_, i) => `li_${i}`),
  );
});

test('a checkout that cost nothing stands for itself', async () => {
  fake.checkoutForFree('cs_free', SIX);
  expect(await pull()).toMatchObject([{ orderId: 'cs_free', paid: true, tenders: [], lines: [{ sku: 'MUG-BLUE' }] }]);
});

test('a card held to a reader is a sale in person and is not looked for in Checkout', async () => {
  const intent = fake.pay('pi_1', SIX, { amount_details: { tip: { amount: 100 } } }, false);
  Object.assign(intent.latest_charge, {
    payment_method_details: { type: 'card_present', card_present: { offline: null } },
  });
  expect(await pull()).toMatchObject([{ hints: { isPos: true }, tipMinor: 100 }]);
  expect(asksOf('/v1/checkout')).toBe(0);
});

test('refunds: money always, units when all went back or when the refund names them', async () => {
  for (const [i, id] of ['pi_all', 'pi_named', 'pi_money'].entries()) fake.pay(id, SIX + i);
  fake.refund('pi_all', 4100, SIX + 60);
  fake.refund('pi_named', 1800, SIX + 61, { sku: 'MUG-BLUE', qty: '1' });
  fake.refund('pi_money', 500, SIX + 62);
  const found = (await pull()).map(({ orderId, lines, refundedMinor }) => [orderId, lines[0]?.refunded, refundedMinor]);
  expect(found).toEqual([
    ['pi_all', 2, 4100],
    ['pi_named', 1, 1800],
    ['pi_money', 0, 500],
  ]);
});

test('a refund that fails days later makes a newer state with more money, though nothing in it has a newer time', async () => {
  fake.pay('pi_1', SIX);
  fake.refund('pi_1', 4100, SIX + 60);
  const [before] = await pull();
  fake.failRefund('pi_1', SIX + 5000);
  const [after] = await pull();
  expect([before?.refundedMinor, before?.updatedAt]).toEqual([4100, at(60)]);
  expect([after?.refundedMinor, after?.updatedAt, after?.lines[0]?.refunded]).toEqual([0, at(5000), 0]);
});

test('events are read to their end though the newest come first, and orders come oldest change first', async () => {
  for (let i = 0; i < 130; i += 1) fake.pay(`pi_${i}`, SIX + i);
  fake.refund('pi_0', 100, SIX + 500);
  const pages = await pagesOf(shop, SINCE);
  const ids = pages.flatMap(({ orders }) => orders).map(({ orderId }) => orderId);
  expect(ids).toEqual([...Array.from({ length: 129 }, (_, i) => `pi_${i + 1}`), 'pi_0']);
  expect(pages.map(({ seenUntil }) => seenUntil)).toEqual([at(50), at(100), at(500)]);
  expect(asksOf('/v1/events')).toBe(3);
  expect(asksOf('/v1/products')).toBe(1);
});

test('an order without a new event is not read again, one with an event of the same second is', async () => {
  for (let i = 0; i < 20; i += 1) fake.pay(`pi_${i}`, SIX + i);
  const first = await pull();
  const asked = asksOf('/v1/payment_intents');
  expect(await pull()).toEqual(first);
  expect(asksOf('/v1/payment_intents')).toBe(asked);
  fake.refund('pi_19', 4100, SIX + 19);
  expect((await pull()).at(-1)).toMatchObject({ orderId: 'pi_19', refundedMinor: 4100 });
  expect(asksOf('/v1/payment_intents')).toBe(asked + 1);
});

test('500 orders after two hours cut off come within seconds', async () => {
  for (let i = 0; i < 500; i += 1) fake.pay(`pi_${i}`, SIX + i);
  const began = performance.now();
  expect(await pull()).toHaveLength(500);
  expect(performance.now() - began).toBeLessThan(30_000);
});

test('a quiet account still says what time it is there', async () => {
  expect(await pagesOf(shop, SINCE)).toMatchObject([{ orders: [], seenUntil: null, vendorAt: expect.any(Number) }]);
});

test('an order that cannot be read is told after all others, by its id', async () => {
  fake.pay('pi_1', SIX, { amount: 'much' as unknown as number });
  fake.pay('pi_2', SIX + 1);
  const got: string[] = [];
  const fault = await faultOf(
    (async () => {
      for await (const page of shop.changedSince(SINCE, NEVER)) got.push(...page.orders.map(({ orderId }) => orderId));
    })(),
  );
  expect(got).toEqual(['pi_2']);
  expect([fault.kind, fault.message]).toEqual(['bad-answer', expect.stringContaining('(pi_1)')]);
});

test('a payment that is not here (a connected account’s, or removed test data) is passed over', async () => {
  fake.pay('pi_1', SIX);
  fake.intents.delete('pi_1');
  expect(await pull()).toEqual([]);
});

test('a publishable key is not tried', async () => {
  const place = placeOf(fake.server, { 'stripe.key': 'pk_live_1' }, 'USD');
  const fault = await faultOf(pagesOf(makeStripe(place, 'acct_1'), SINCE));
  expect([fault.kind, fault.message]).toEqual(['not-set-up', expect.stringContaining('publishable')]);
  expect(fake.server.asks).toEqual([]);
});

test('webhooks ten times over and in no order lead to the orders that polling gives', async () => {
  for (let i = 0; i < 15; i += 1) fake.pay(`pi_${i}`, SIX + i);
  const told: OrderSnapshot[] = [];
  const hear = async (from: number, seed: number): Promise<void> => {
    for (const event of shuffled(fake.events.slice(from), 10, seeded(seed))) {
      told.push(...(await shop.ordersOf(Buffer.from(JSON.stringify(event)), NEVER)));
    }
  };
  await hear(0, 1);
  const before = fake.events.length;
  for (let i = 0; i < 15; i += 2) fake.refund(`pi_${i}`, 4100, SIX + 100 + i);
  await hear(before, 2);
  expect(newestOf(told)).toEqual(newestOf(await pull()));
  expect(newestOf(told).filter(({ refundedMinor }) => refundedMinor === 4100)).toHaveLength(8);
});

test('webhooks about other things and rubbish lead to nothing', async () => {
  const other = {
    id: 'evt_1',
    type: 'customer.created',
    created: SIX,
    data: { object: { id: 'cus_1', object: 'customer' } },
  };
  expect(await shop.ordersOf(Buffer.from(JSON.stringify(other)), NEVER)).toEqual([]);
  expect(await shop.ordersOf(Buffer.from('rubbish'), NEVER)).toEqual([]);
  expect(fake.server.asks).toEqual([]);
});

describe('when things go wrong', () => {
  testFaults(() => {
    fake.pay('pi_1', SIX);
    const make = (place: Parameters<typeof makeStripe>[0]): Shop => makeStripe(place, 'acct_1');
    return { server: fake.server, secrets, keyName: 'stripe.key', renewKey: (key) => (fake.key = key), make };
  });
});

describe('signatures', () => {
  const stripe = new FakeStripe();
  stripe.pay('pi_1', SIX);
  const now = (SIX + 10) * 1000;
  const { body, headers } = stripe.delivery(0, 'whsec_now', SIX + 10);
  const signed = (given: string): Record<string, string> => ({ 'stripe-signature': given });
  const header = headers['stripe-signature'] ?? '';
  const both = `${header},v1=${'0'.repeat(64)}`;
  const one = { body, headers, secrets: ['whsec_now'] };
  const cases: SignatureCase[] = [
    { ...one, name: 'good', good: true },
    { ...one, name: 'the former secret, while it is being changed', secrets: ['whsec_new', 'whsec_now'], good: true },
    { ...one, name: 'two signatures, one of them good', headers: signed(both), good: true },
    { ...one, name: '300 s old', now: now + 300_000, good: true },
    { ...one, name: 'stale: 301 s old', now: now + 301_000, good: false },
    { ...one, name: 'one byte altered', body: altered(body), good: false },
    { ...one, name: 'wrong secret', secrets: ['whsec_other'], good: false },
    { ...one, name: 'header missing', headers: {}, good: false },
    { ...one, name: 'header malformed', headers: signed('nonsense'), good: false },
    { ...one, name: 'stamp altered', headers: signed(header.replace(/t=\d/, 't=2')), good: false },
    { ...one, name: 'only a scheme that is not v1', headers: signed(header.replace('v1=', 'v0=')), good: false },
  ];
  const judge = (of: SignatureCase, secret: string): boolean => {
    try {
      const given = of.headers['stripe-signature'] ?? '';
      // The judge's own signer makes the same header, and its own verifier is asked as its documentation says.
      Stripe.webhooks.constructEvent(of.body.toString('utf8'), given, secret, 300, undefined, of.now);
      return true;
    } catch {
      return false;
    }
  };
  testSignatures(cases, verifyStripe, judge, { now, notificationUrl: null });

  test('the event’s id tells a repeat', () => {
    const delivery = { body, headers: new Map(Object.entries(headers)) };
    expect(verifyStripe(delivery, ['whsec_now'], { now, notificationUrl: null })).toEqual({
      ok: true,
      dedupeKey: 'evt_000001',
    });
  });

  test('a clock that is off is said as such, a forged delivery is not explained', () => {
    const delivery = { body, headers: new Map(Object.entries(headers)) };
    const ahead = { now: now + 20 * 60_000 };
    expect(stripeClockTrouble(delivery, ['whsec_now'], ahead)).toContain('clock is about 20 min ahead');
    expect(stripeClockTrouble(delivery, ['whsec_other'], ahead)).toBeNull();
    expect(stripeClockTrouble(delivery, ['whsec_now'], { now })).toBeNull();
  });
});
