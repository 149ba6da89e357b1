import { WebhooksHelper } from 'square';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderSnapshot } from '../../src/domain/order-snapshot.ts';
import type { Shop } from '../../src/hub/connectors/shop.ts';
import { makeSquare, verifySquare } from '../../src/hub/connectors/square.ts';
import { FakeSquare, SQUARE_ITEM, SQUARE_LOCATION, type SquareOrderJson } from '../fakes/fake-square.ts';
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
const URL = 'https://hub.example.org/ingest/square';
let fake: FakeSquare;
let secrets: Record<string, string>;
let shop: Shop;

beforeEach(async () => {
  fake = new FakeSquare();
  await fake.server.start();
  secrets = { 'square.token': fake.token };
  shop = makeSquare(placeOf(fake.server, secrets, 'USD'), SQUARE_LOCATION);
});
afterEach(() => fake.server.stop());

async function pull(since = SINCE): Promise<OrderSnapshot[]> {
  return (await pagesOf(shop, since)).flatMap(({ orders }) => orders);
}

/** second i after six in the evening, UTC */
const at = (i: number): string => new Date(Date.UTC(2026, 10, 24, 18, 0, i)).toISOString();
const asksOf = (path: string): number => fake.server.asks.filter((ask) => ask.path.startsWith(path)).length;

test('an order comes with its payment, its sku and its hints', async () => {
  fake.sell('A', at(1));
  expect(await pull()).toEqual([
    {
      source: 'square',
      account: SQUARE_LOCATION,
      orderId: 'A',
      name: 'table-4',
      also: ['pay-A'],
      version: null,
      createdAt: at(1),
      updatedAt: at(1),
      currency: 'USD',
      test: false,
      cancelled: false,
      paid: true,
      taxIncluded: false,
      lines: [
        {
          lineId: '8uSwfzvUImn3IRrvciqlXC',
          sku: 'MUG-BLUE',
          name: 'Mug, Blue',
          sold: 2,
          refunded: 0,
          restocked: 0,
          grossMinor: 3800,
          discountMinor: 250,
          taxMinor: 284,
        },
      ],
      tenders: [{ kind: 'card', amountMinor: 4034, ref: 'pay-A' }],
      tipMinor: 200,
      shippingMinor: 0,
      refundedMinor: 0,
      hints: { channel: null, isPos: true, codes: ['ANA10'], link: null, utm: [] },
      person: { email: 'mara@example.org', phone: '+351210000000', name: 'Mara Example', consent: false },
    },
  ]);
});

test('a return is folded into the order that it gives back of, and is none itself', async () => {
  fake.sell('A', at(1));
  fake.giveBack('A', at(600));
  // The sale is long past the cursor: only the return is new.
  const [snapshot, ...rest] = newestOf(await pull(at(300)));
  expect(rest).toEqual([]);
  expect([snapshot?.orderId, snapshot?.lines[0]?.refunded, snapshot?.refundedMinor]).toEqual(['A', 1, 1917]);
  expect(snapshot?.updatedAt).toBe(at(600));
});

test('an order that changes long after its return still knows of it', async () => {
  const order = fake.sell('A', at(1));
  fake.giveBack('A', at(10));
  order.updated_at = at(900);
  const [snapshot] = await pull(at(800));
  expect([snapshot?.lines[0]?.refunded, snapshot?.refundedMinor]).toEqual([1, 1917]);
});

test('a return that comes while pages are read is whole, though payments were listed before it', async () => {
  fake.pageSize = 2;
  for (const [i, id] of ['A', 'B', 'C', 'D'].entries()) fake.sell(id, at(i));
  const got: OrderSnapshot[] = [];
  for await (const page of shop.changedSince(SINCE, NEVER)) {
    if (got.length === 0) fake.giveBack('A', at(700));
    got.push(...page.orders);
  }
  const a = newestOf(got).find(({ orderId }) => orderId === 'A');
  expect([a?.lines[0]?.refunded, a?.refundedMinor]).toEqual([1, 1917]);
});

test('two returns that come on different pages while they are read are both there', async () => {
  fake.pageSize = 2;
  for (const [i, id] of ['A', 'B', 'C', 'D'].entries()) fake.sell(id, at(i));
  const got: OrderSnapshot[] = [];
  let pages = 0;
  for await (const page of shop.changedSince(SINCE, NEVER)) {
    if (pages++ === 0) {
      fake.giveBack('A', at(3), '-1');
      fake.sell('E', at(4));
      fake.giveBack('A', at(700), '-2');
    }
    got.push(...page.orders);
  }
  const a = got.filter(({ orderId }) => orderId === 'A').at(-1);
  expect([pages, a?.lines[0]?.refunded, a?.refundedMinor]).toEqual([4, 2, 3834]);
});

test('a payment that fails later is seen though its order is not touched', async () => {
  fake.sell('A', at(1));
  const payment = fake.payments.get('pay-A');
  if (payment) Object.assign(payment, { status: 'FAILED', is_offline_payment: true, updated_at: at(500) });
  const [snapshot] = await pull(at(400));
  expect([snapshot?.paid, snapshot?.updatedAt]).toEqual([false, at(500)]);
  expect(snapshot?.name).toBe('table-4 (card taken offline, not certain yet)');
});

test('all pages come by their cursor, skus are asked once, payments are listed', async () => {
  fake.pageSize = 100;
  for (let i = 0; i < 350; i += 1) fake.sell(`o${i}`, at(i));
  const pages = await pagesOf(shop, SINCE);
  expect(new Set(pages.flatMap(({ orders }) => orders).map(({ orderId }) => orderId)).size).toBe(350);
  expect(pages.map(({ orders }) => orders.length)).toEqual([100, 100, 100, 50]);
  expect(pages.at(-1)?.seenUntil).toBe(at(349));
  expect(asksOf('/v2/catalog')).toBe(1);
  await pull();
  expect(asksOf('/v2/catalog')).toBe(1);
  expect(asksOf('/v2/payments/')).toBe(0);
});

test('500 orders after two hours cut off come within seconds', async () => {
  for (let i = 0; i < 500; i += 1) fake.sell(`o${i}`, at(i));
  const began = performance.now();
  expect(await pull()).toHaveLength(500);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('an item without a sku keeps its money and is asked about again', async () => {
  fake.skus.set(SQUARE_ITEM, null);
  fake.sell('A', at(1));
  const place = placeOf(fake.server, secrets, 'USD');
  let now = place.now();
  const later = makeSquare({ ...place, now: () => now }, SQUARE_LOCATION);
  expect((await pagesOf(later, SINCE))[0]?.orders[0]?.lines[0]).toMatchObject({ sku: null, grossMinor: 3800 });
  fake.skus.set(SQUARE_ITEM, 'MUG-BLUE');
  now += 121_000;
  expect((await pagesOf(later, SINCE))[0]?.orders[0]?.lines[0]?.sku).toBe('MUG-BLUE');
});

test('an order without lines, as Square sends it just after payment, comes as it is', async () => {
  fake.sell('A', at(1), { line_items: [] });
  expect(await pull()).toMatchObject([{ orderId: 'A', lines: [], tenders: [{ amountMinor: 4034 }], paid: true }]);
});

test('orders of another location are none of ours', async () => {
  fake.sell('A', at(1), { location_id: 'ELSEWHERE' });
  expect(await pull()).toEqual([]);
  expect(await shop.ordersOf(fake.delivery('A', 'k', URL).body, NEVER)).toEqual([]);
});

test('an order that cannot be read is told after all others, by its id', async () => {
  fake.sell('A', at(1), { line_items: [{ uid: 'x' }] as unknown as SquareOrderJson['line_items'] });
  fake.sell('B', at(2));
  const got: string[] = [];
  const fault = await faultOf(
    (async () => {
      for await (const page of shop.changedSince(SINCE, NEVER)) got.push(...page.orders.map(({ orderId }) => orderId));
    })(),
  );
  expect(got).toEqual(['B']);
  expect([fault.kind, fault.message]).toEqual(['bad-answer', expect.stringContaining('(A)')]);
});

test('without a location nobody is asked', async () => {
  const fault = await faultOf(pagesOf(makeSquare(placeOf(fake.server, secrets, 'USD'), ''), SINCE));
  expect([fault.kind, fault.message]).toEqual(['not-set-up', expect.stringContaining('location')]);
});

test('webhooks ten times over and in no order lead to the orders that polling gives', async () => {
  const ids = Array.from({ length: 20 }, (_, i) => `o${i}`);
  for (const [i, id] of ids.entries()) fake.sell(id, at(i));
  const told: OrderSnapshot[] = [];
  const hear = async (list: string[], seed: number): Promise<void> => {
    for (const id of shuffled(list, 10, seeded(seed))) {
      told.push(...(await shop.ordersOf(fake.delivery(id, 'k', URL).body, NEVER)));
    }
  };
  await hear(ids, 1);
  const returns = ids.filter((_, i) => i % 2 === 0).map((id, i) => fake.giveBack(id, at(100 + i)));
  await hear([...returns, ...ids], 2);
  expect(newestOf(told)).toEqual(newestOf(await pull()));
  expect(newestOf(told).filter(({ refundedMinor }) => refundedMinor === 1917)).toHaveLength(10);
});

test('webhooks of payments and refunds lead to their orders, others and rubbish to nothing', async () => {
  fake.sell('A', at(1));
  const returnId = fake.giveBack('A', at(2));
  const about = async (object: unknown): Promise<(string | undefined)[]> => {
    const body = Buffer.from(JSON.stringify({ event_id: 'e', type: 't', data: { type: 't', id: 'i', object } }));
    return (await shop.ordersOf(body, NEVER)).map(({ orderId, refundedMinor }) => `${orderId} ${refundedMinor}`);
  };
  expect(await about({ payment: { id: 'pay-A', order_id: 'A' } })).toEqual(['A 1917']);
  expect(await about({ refund: { id: 'refund-A', order_id: returnId } })).toEqual(['A 1917']);
  expect(await about({ inventory_counts: [] })).toEqual([]);
  expect(await shop.ordersOf(Buffer.from('rubbish'), NEVER)).toEqual([]);
});

describe('when things go wrong', () => {
  testFaults(() => {
    fake.sell('A', at(1));
    const make = (place: Parameters<typeof makeSquare>[0]): Shop => makeSquare(place, SQUARE_LOCATION);
    return { server: fake.server, secrets, keyName: 'square.token', renewKey: (key) => (fake.token = key), make };
  });
});

describe('signatures', () => {
  const { body, headers } = new FakeSquare().delivery('A', 'key-now', URL);
  const signature = headers['x-square-hmacsha256-signature'] ?? '';
  const signed = (given: string): Record<string, string> => ({ 'x-square-hmacsha256-signature': given });
  const slash = new FakeSquare().delivery('A', 'key-now', `${URL}/`).headers;
  const cases: SignatureCase[] = [
    { name: 'good', body, headers, secrets: ['key-now'], good: true },
    { name: 'the former key, while it is being changed', body, headers, secrets: ['new', 'key-now'], good: true },
    { name: 'the new key beside the former', body, headers, secrets: ['key-now', 'old'], good: true },
    { name: 'one byte altered', body: altered(body), headers, secrets: ['key-now'], good: false },
    { name: 'wrong key', body, headers, secrets: ['other'], good: false },
    { name: 'header missing', body, headers: {}, secrets: ['key-now'], good: false },
    { name: 'header malformed', body, headers: signed('not base64 ✗'), secrets: ['key-now'], good: false },
    { name: 'header cut short', body, headers: signed(signature.slice(0, -2)), secrets: ['key-now'], good: false },
    { name: 'one slash more at the end of the address', body, headers: slash, secrets: ['key-now'], good: false },
  ];
  const judge = ({ body: requestBody, headers: of }: SignatureCase, signatureKey: string): Promise<boolean> =>
    WebhooksHelper.verifySignature({
      requestBody: requestBody.toString('utf8'),
      signatureHeader: of['x-square-hmacsha256-signature'] ?? '',
      signatureKey,
      notificationUrl: URL,
    });
  testSignatures(cases, verifySquare, judge, { now: 0, notificationUrl: URL });

  test('the event’s id tells a repeat; without an address nothing fits', () => {
    const delivery = { body, headers: new Map(Object.entries(headers)) };
    expect(verifySquare(delivery, ['key-now'], { now: 0, notificationUrl: URL })).toEqual({
      ok: true,
      dedupeKey: 'event-A',
    });
    for (const notificationUrl of [null, '', `${URL}/`]) {
      expect(verifySquare(delivery, ['key-now'], { now: 0, notificationUrl })).toEqual({ ok: false });
    }
  });
});
