import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderSnapshot } from '../../src/domain/order-snapshot.ts';
import type { Shop } from '../../src/hub/connectors/shop.ts';
import { makeWooCommerce, verifyWooCommerce } from '../../src/hub/connectors/woocommerce.ts';
import { FakeWooCommerce } from '../fakes/fake-woocommerce.ts';
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

const SINCE = '2026-11-24T18:00:00.000Z';
let fake: FakeWooCommerce;
let secrets: Record<string, string>;
let shop: Shop;

beforeEach(async () => {
  fake = new FakeWooCommerce();
  await fake.server.start();
  secrets = { 'woocommerce.key': fake.key, 'woocommerce.secret': fake.secret };
  shop = makeWooCommerce(placeOf(fake.server, secrets, 'EUR'), 'shop.example.org');
});
afterEach(() => fake.server.stop());

async function pull(since = SINCE): Promise<OrderSnapshot[]> {
  return (await pagesOf(shop, since)).flatMap(({ orders }) => orders);
}

/** second i after six in the evening, GMT */
const at = (i: number): string => new Date(Date.UTC(2026, 10, 24, 18, 0, i)).toISOString().slice(0, 19);

test('an order comes with its money as the buyer saw it', async () => {
  fake.put(727, at(60));
  expect(await pull()).toEqual([
    {
      source: 'woocommerce',
      account: 'shop.example.org',
      orderId: '727',
      name: '#727',
      version: null,
      createdAt: '2026-11-24T18:01:00.000Z',
      updatedAt: '2026-11-24T18:01:00.000Z',
      currency: 'EUR',
      test: false,
      cancelled: false,
      paid: true,
      taxIncluded: true,
      lines: [
        {
          lineId: '315',
          sku: 'MUG-BLUE',
          name: 'Blue mug',
          sold: 2,
          refunded: 0,
          restocked: 0,
          grossMinor: 3600,
          discountMinor: 360,
          taxMinor: 606,
        },
      ],
      tenders: [{ kind: 'card', amountMinor: 3740, ref: 'ch_3QExampleWoo' }],
      tipMinor: 0,
      shippingMinor: 500,
      refundedMinor: 0,
      hints: {
        channel: null,
        isPos: false,
        codes: ['ana10'],
        link: 'https://shop.example.org/live?c=ana',
        utm: ['instagram', 'ana-launch'],
      },
      person: { email: 'mara@example.org', phone: '+351210000000', name: 'Mara Example', consent: false },
    },
  ]);
});

test('a refund names its units by the order’s line, and a refund of money alone has none', async () => {
  fake.put(1, at(1));
  fake.refund(1, at(2));
  fake.put(2, at(3));
  fake.refund(2, at(4), { line_items: [], amount: '5.00' });
  const [one, two] = await pull();
  expect([one?.lines[0]?.refunded, one?.refundedMinor]).toEqual([1, 1620]);
  expect([two?.lines[0]?.refunded, two?.refundedMinor]).toEqual([0, 500]);
});

test('a change in the very second of the cursor is not passed over', async () => {
  fake.put(1, '2026-11-24T18:00:00');
  fake.put(2, '2026-11-24T17:59:58');
  expect((await pull()).map(({ orderId }) => orderId)).toEqual(['1']);
});

test('all pages come, and the last one says how far', async () => {
  for (let i = 1; i <= 350; i += 1) fake.put(i, at(i));
  const pages = await pagesOf(shop, SINCE);
  const ids = pages.flatMap(({ orders }) => orders).map(({ orderId }) => Number(orderId));
  expect(ids).toEqual(Array.from({ length: 350 }, (_, i) => i + 1));
  expect(pages.length).toBeGreaterThan(3);
  expect(pages.at(-1)?.seenUntil).toBe('2026-11-24T18:05:50.000Z');
});

test('an order that changes between two pages makes no other order be passed over', async () => {
  for (let i = 1; i <= 250; i += 1) fake.put(i, at(i));
  let asked = 0;
  fake.meanwhile = () => {
    asked += 1;
    if (asked === 2) for (const id of [1, 2, 3]) fake.put(id, at(400 + id));
  };
  const ids = new Set((await pull()).map(({ orderId }) => orderId));
  expect(ids.size).toBe(250);
});

test('more orders than a page holds in one second are paged by number', async () => {
  for (let i = 1; i <= 230; i += 1) fake.put(i, at(9));
  expect(new Set((await pull()).map(({ orderId }) => orderId)).size).toBe(230);
});

test('a shop that cannot order by time of change is read in order of making, and says how far only at the end', async () => {
  fake.knowsModified = false;
  for (let i = 1; i <= 150; i += 1) fake.put(i, at(i), { date_modified_gmt: at(500 - i) });
  const pages = await pagesOf(shop, SINCE);
  expect(pages.flatMap(({ orders }) => orders)).toHaveLength(150);
  expect(pages.map(({ seenUntil }) => seenUntil)).toEqual([null, '2026-11-24T18:08:19.000Z']);
});

test('unpaid, cash on delivery, cancelled and test orders say so', async () => {
  fake.put(1, at(1), { status: 'pending', date_paid_gmt: null });
  fake.put(2, at(2), { status: 'processing', date_paid_gmt: null, payment_method: 'cod' });
  fake.put(3, at(3), { status: 'cancelled' });
  fake.put(4, at(4), { meta_data: [{ id: 1, key: '_wcpay_mode', value: 'test' }] });
  fake.put(5, at(5), { status: 'completed', date_paid_gmt: null });
  const found = (await pull()).map(({ paid, cancelled, test: isTest }) => [paid, cancelled, isTest]);
  expect(found).toEqual([
    [false, false, false],
    [false, false, false],
    [true, true, false],
    [true, false, true],
    [true, false, false],
  ]);
});

test('an order that cannot be read is told after all others, by its number', async () => {
  fake.put(1, at(1), { total: 'twelve' });
  fake.put(2, at(2));
  const got: string[] = [];
  const fault = await faultOf(
    (async () => {
      for await (const page of shop.changedSince(SINCE, NEVER)) got.push(...page.orders.map(({ orderId }) => orderId));
    })(),
  );
  expect(got).toEqual(['2']);
  expect([fault.kind, fault.message]).toEqual(['bad-answer', expect.stringContaining('(1)')]);
});

test('webhooks ten times over and in no order lead to the orders that polling gives', async () => {
  for (let i = 1; i <= 20; i += 1) fake.put(i, at(i));
  const early = [...fake.orders.keys()].map((id) => fake.delivery(id, 's').body);
  for (let i = 1; i <= 20; i += 2) fake.refund(i, at(100 + i));
  const late = [...fake.orders.keys()].map((id) => fake.delivery(id, 's').body);
  const told: OrderSnapshot[] = [];
  for (const body of shuffled([...early, ...late], 10, seeded(5))) told.push(...(await shop.ordersOf(body, NEVER)));
  expect(told).toHaveLength(400);
  expect(newestOf(told)).toEqual(newestOf(await pull()));
});

test('webhooks about products, about orders that are gone, and rubbish lead to nothing', async () => {
  fake.put(9, at(9));
  const gone = Buffer.from(JSON.stringify({ ...fake.orders.get(9), id: 10 }));
  for (const body of [gone, Buffer.from('{"id":9,"sku":"MUG"}'), Buffer.from('rubbish'), Buffer.from('[]')]) {
    expect(await shop.ordersOf(body, NEVER)).toEqual([]);
  }
});

test('500 orders after two hours cut off come within seconds', async () => {
  for (let i = 1; i <= 500; i += 1) fake.put(i, at(i));
  const began = performance.now();
  expect(new Set((await pull()).map(({ orderId }) => orderId)).size).toBe(500);
  expect(performance.now() - began).toBeLessThan(20_000);
});

describe('when things go wrong', () => {
  testFaults(() => {
    fake.put(1, at(1));
    const make = (place: Parameters<typeof makeWooCommerce>[0]): Shop => makeWooCommerce(place, 'shop.example.org');
    return {
      server: fake.server,
      secrets,
      keyName: 'woocommerce.secret',
      renewKey: (key) => (fake.secret = key),
      make,
    };
  });
});

describe('signatures', () => {
  const woo = new FakeWooCommerce();
  woo.put(1, at(1));
  const { body, headers } = woo.delivery(1, 'whs-now');
  const signature = headers['x-wc-webhook-signature'] ?? '';
  const signed = (given: string): Record<string, string> => ({ 'x-wc-webhook-signature': given });
  const cases: SignatureCase[] = [
    { name: 'good', body, headers, secrets: ['whs-now'], good: true },
    { name: 'the former secret, while it is being changed', body, headers, secrets: ['new', 'whs-now'], good: true },
    { name: 'the new secret beside the former', body, headers, secrets: ['whs-now', 'old'], good: true },
    { name: 'one byte altered', body: altered(body), headers, secrets: ['whs-now'], good: false },
    { name: 'wrong secret', body, headers, secrets: ['other'], good: false },
    { name: 'no secret', body, headers, secrets: [], good: false },
    { name: 'header missing', body, headers: {}, secrets: ['whs-now'], good: false },
    { name: 'header empty', body, headers: signed(''), secrets: ['whs-now'], good: false },
    { name: 'header malformed', body, headers: signed('not base64 ✗'), secrets: ['whs-now'], good: false },
    { name: 'header cut short', body, headers: signed(signature.slice(0, -2)), secrets: ['whs-now'], good: false },
    {
      name: 'the same bytes otherwise spelt',
      body,
      headers: signed(`${signature} `),
      secrets: ['whs-now'],
      good: false,
    },
  ];
  // The formula of its PHP, written anew: base64_encode( hash_hmac( 'sha256', $payload, $secret, true ) )
  const judge = (one: SignatureCase, secret: string): boolean =>
    Buffer.from(createHmac('sha256', secret).update(one.body).digest('hex'), 'hex').toString('base64') ===
    one.headers['x-wc-webhook-signature'];
  testSignatures(cases, verifyWooCommerce, judge, { now: 0, notificationUrl: null });

  test('a vector that was made elsewhere fits', () => {
    // printf '{"id":1}' | openssl dgst -sha256 -hmac secret -binary | base64
    const vector = 'A971iWIMgT8Zj9A9eWfikrFj7wQ16/Qwcc4OlRl2PLc=';
    const delivery = { headers: new Map(Object.entries(signed(vector))), body: Buffer.from('{"id":1}') };
    expect(verifyWooCommerce(delivery, ['secret'], { now: 0, notificationUrl: null }).ok).toBe(true);
  });

  test('the first ping is answered, and nothing else without a signature', () => {
    const check = (text: string): unknown =>
      verifyWooCommerce({ headers: new Map(), body: Buffer.from(text) }, ['s'], { now: 0, notificationUrl: null });
    expect(check('webhook_id=12')).toEqual({ ok: 'ping' });
    expect(check('webhook_id=12&x=1')).toEqual({ ok: false });
    expect(check('{"id":1}')).toEqual({ ok: false });
  });

  test('the bytes tell a repeat', () => {
    const keyOf = (of: { body: Buffer; headers: Record<string, string> }): unknown =>
      verifyWooCommerce({ headers: new Map(Object.entries(of.headers)), body: of.body }, ['whs-now'], {
        now: 0,
        notificationUrl: null,
      });
    const again = keyOf(woo.delivery(1, 'whs-now'));
    expect(keyOf({ body, headers })).toEqual(again);
    woo.put(1, at(2));
    expect(keyOf(woo.delivery(1, 'whs-now'))).not.toEqual(again);
  });
});
