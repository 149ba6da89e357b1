import '@shopify/shopify-api/adapters/node';
import { shopifyApi } from '@shopify/shopify-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderSnapshot } from '../../src/domain/order-snapshot.ts';
import { HOUR } from '../../src/domain/units.ts';
import type { Shop } from '../../src/hub/connectors/shop.ts';
import { makeShopify, verifyShopify } from '../../src/hub/connectors/shopify.ts';
import { FakeShopify } from '../fakes/fake-shopify.ts';
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
/** second i after six in the evening */
const at = (i: number): string => new Date(Date.UTC(2026, 10, 24, 18, 0, i)).toISOString();
const MUG = { id: 1, sku: 'MUG', quantity: 2, price: '18.00' };

let fake: FakeShopify;
let secrets: Record<string, string>;
let shop: Shop;

beforeEach(async () => {
  fake = new FakeShopify();
  await fake.server.start();
  secrets = { 'shopify.clientId': fake.clientId, 'shopify.clientSecret': fake.clientSecret };
  shop = makeShopify(placeOf(fake.server, secrets, 'EUR'), 'harbour');
});
afterEach(() => fake.server.stop());

async function pull(since = SINCE): Promise<OrderSnapshot[]> {
  return (await pagesOf(shop, since)).flatMap(({ orders }) => orders);
}

describe('an order', () => {
  test('comes whole: lines, what came back, payments, signs and the buyer', async () => {
    fake.put({
      id: 1001,
      createdAt: at(5),
      updatedAt: at(9),
      sourceName: 'pos',
      taxesIncluded: false,
      discountCodes: ['ANA10'],
      attributes: { channel: 'Stream', utm_campaign: 'drop', other: 'x' },
      landingPage: '/products/mug?ref=ben',
      utm: { source: 'harbour-live', medium: null },
      email: 'a@example.org',
      consent: true,
      shipping: '4.90',
      tip: '1.00',
      refunded: '18.00',
      lines: [
        { ...MUG, discount: '3.60', tax: '7.45' },
        { id: 2, sku: ' ', name: 'Gift wrap', quantity: 3, price: '0.50', currentQuantity: 2 },
      ],
      refunds: [
        { line: 1, quantity: 1, restockType: 'RETURN' },
        { line: 1, quantity: 1, restockType: 'NO_RESTOCK' },
      ],
      transactions: [
        { id: 7, kind: 'SALE', status: 'SUCCESS', gateway: 'cash', amount: '20.00' },
        { id: 8, kind: 'SALE', status: 'FAILURE', amount: '27.25' },
        { id: 9, kind: 'SALE', status: 'SUCCESS', amount: '27.25' },
        { id: 10, kind: 'REFUND', status: 'SUCCESS', amount: '18.00' },
      ],
    });
    expect(await pull()).toEqual([
      {
        source: 'shopify',
        account: 'harbour',
        orderId: '1001',
        name: '#1001',
        also: ['#1001'],
        version: null,
        createdAt: at(5),
        updatedAt: at(9),
        currency: 'EUR',
        test: false,
        cancelled: false,
        paid: true,
        taxIncluded: false,
        lines: [
          {
            lineId: '1',
            sku: 'MUG',
            name: 'MUG',
            sold: 2,
            refunded: 2,
            restocked: 1,
            grossMinor: 3600,
            discountMinor: 360,
            taxMinor: 745,
          },
          {
            lineId: '2',
            sku: null,
            name: 'Gift wrap',
            sold: 3,
            refunded: 1,
            restocked: 1,
            grossMinor: 150,
            discountMinor: 0,
            taxMinor: 0,
          },
        ],
        tenders: [
          { kind: 'cash', amountMinor: 2000, ref: '7' },
          { kind: 'card', amountMinor: 2725, ref: '9' },
        ],
        tipMinor: 100,
        shippingMinor: 490,
        refundedMinor: 1800,
        hints: {
          channel: 'stream',
          isPos: true,
          codes: ['ANA10'],
          link: '/products/mug?ref=ben',
          utm: ['drop', 'harbour-live'],
        },
        person: { email: 'a@example.org', phone: null, name: null, consent: true },
      },
    ]);
  });

  test('is unpaid while nothing was paid, paid when it is authorised, and cancelled when that was voided', async () => {
    fake.put({ id: 1, updatedAt: at(1), lines: [MUG], status: 'PENDING' });
    const hold = { id: 5, kind: 'AUTHORIZATION', status: 'SUCCESS', amount: '36.00' };
    fake.put({ id: 2, updatedAt: at(2), lines: [MUG], status: 'AUTHORIZED', transactions: [hold] });
    const voided = { id: 6, kind: 'VOID', status: 'SUCCESS', amount: '36.00' };
    fake.put({ id: 3, updatedAt: at(3), lines: [MUG], status: 'VOIDED', transactions: [hold, voided] });
    fake.put({ id: 4, updatedAt: at(4), lines: [MUG], test: true, cancelledAt: at(4) });
    expect((await pull()).map(({ paid, cancelled, test: isTest }) => [paid, cancelled, isTest])).toEqual([
      [false, false, false],
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });

  test('in yen has no decimals, whatever Shopify writes', async () => {
    fake.put({ id: 1, updatedAt: at(1), currency: 'JPY', lines: [{ ...MUG, price: '1800.0' }] });
    expect((await pull())[0]?.lines[0]?.grossMinor).toBe(3600);
  });

  test('of more lines than a page holds is asked for by itself', async () => {
    fake.put({ id: 1, updatedAt: at(1), lines: Array.from({ length: 70 }, (_, i) => ({ ...MUG, id: i + 1 })) });
    expect((await pull())[0]?.lines).toHaveLength(70);
    expect(fake.server.asks.filter(({ body }) => body.includes('order(id:'))).toHaveLength(1);
  });

  test('with an amount that cannot be read is named after all others have come', async () => {
    fake.put({ id: 1, updatedAt: at(1), lines: [{ ...MUG, price: '18.005' }] });
    fake.put({ id: 2, updatedAt: at(2), lines: [MUG] });
    fake.put({ id: 3, updatedAt: at(3), lines: [{ ...MUG, price: '9999999999999', quantity: 100_000 }] });
    const orders: OrderSnapshot[] = [];
    const fault = await faultOf(
      (async () => {
        for await (const page of shop.changedSince(SINCE, NEVER)) orders.push(...page.orders);
      })(),
    );
    expect(fault.message).toMatch(/^2 Shopify .*\(1\)/);
    expect(orders.map(({ orderId }) => orderId)).toEqual(['2']);
  });

  test('comes without its buyer when Shopify withholds people from this app', async () => {
    fake.withholdsPeople = true;
    fake.put({ id: 1, updatedAt: at(1), lines: [MUG], email: 'a@example.org' });
    expect((await pull())[0]).toMatchObject({ person: null, paid: true });
  });
});

describe('a poll', () => {
  test('reads every page to the end, oldest change first, and says how far it has seen', async () => {
    for (let i = 0; i < 120; i += 1) fake.put({ id: 1000 + i, updatedAt: at(Math.floor(i / 3)), lines: [MUG] });
    const pages = await pagesOf(shop, at(10));
    expect(pages.map(({ orders }) => orders.length)).toEqual([50, 40]);
    expect(pages.map(({ seenUntil }) => seenUntil)).toEqual([at(26), at(39)]);
    expect(newestOf(pages.flatMap(({ orders }) => orders))).toHaveLength(90);
  });

  test('asks for fewer at once when a question costs too much', async () => {
    fake.costLimit = 6;
    for (let i = 0; i < 20; i += 1) fake.put({ id: 1000 + i, updatedAt: at(i), lines: [MUG] });
    expect(await pull()).toHaveLength(20);
  });

  test('that is throttled says how long until Shopify’s bucket is full enough', async () => {
    fake.throttledNext = 1;
    const fault = await faultOf(pull());
    expect([fault.kind, fault.retryAfterMs]).toEqual(['throttled', 2000]);
  });
});

describe('the access token', () => {
  test('is made once, renewed after 20 hours, and at once when Shopify has ended it', async () => {
    let now = Date.parse('2026-11-24T18:30:00Z');
    shop = makeShopify({ ...placeOf(fake.server, secrets, 'EUR'), now: () => now }, 'harbour');
    fake.put({ id: 1, updatedAt: at(1), lines: [MUG] });
    await pull();
    await pull();
    expect(fake.tokensMade).toBe(1);
    now += 20 * HOUR + 1;
    await pull();
    expect(fake.tokensMade).toBe(2);
    fake.endTokens();
    expect(await pull()).toHaveLength(1);
    expect(fake.tokensMade).toBe(3);
  });

  test('of an older app is used as it is', async () => {
    fake.staticToken = 'shpat_by-hand';
    secrets = { 'shopify.token': 'shpat_by-hand' };
    shop = makeShopify(placeOf(fake.server, secrets, 'EUR'), 'harbour.myshopify.com');
    fake.put({ id: 1, updatedAt: at(1), lines: [MUG] });
    expect(await pull()).toHaveLength(1);
    expect(fake.tokensMade).toBe(0);
  });
});

describe('a delivery', () => {
  const order = { admin_graphql_api_id: 'gid://shopify/Order/77', id: 77, line_items: [] };
  test.each([
    ['of an order', order],
    ['of an order without its long name', { id: 77, line_items: [] }],
    ['of a refund', { id: 5, order_id: 77 }],
    ['of a payment', { id: 6, admin_graphql_api_id: 'gid://shopify/OrderTransaction/6', order_id: 77 }],
  ])('%s is the order as it now stands', async (_, body) => {
    fake.put({ id: 77, updatedAt: at(3), lines: [MUG] });
    expect(await shop.ordersOf(Buffer.from(JSON.stringify(body)), NEVER)).toMatchObject([{ orderId: '77' }]);
  });
  test('about something else, or an order that is gone, is nothing', async () => {
    for (const body of [{ id: 3, title: 'Mug' }, { order_id: 99 }, [], 'text'])
      expect(await shop.ordersOf(Buffer.from(JSON.stringify(body)), NEVER)).toEqual([]);
  });
});

describe('when things go wrong', () => {
  testFaults(() => {
    fake.staticToken = 'shpat_by-hand';
    fake.put({ id: 1, updatedAt: at(1), lines: [MUG] });
    return {
      server: fake.server,
      secrets: { 'shopify.token': 'shpat_by-hand' },
      keyName: 'shopify.token',
      renewKey: (key) => (fake.staticToken = key),
      make: (place) => makeShopify(place, 'harbour'),
    };
  });
});

describe('our verifier and Shopify’s own judge', () => {
  const SECRET = 'shpss_0123456789abcdef';
  const OLD = 'shpss_fedcba9876543210';
  const { body, headers } = new FakeShopify().delivery(1001, { secret: SECRET });
  const HMAC = 'x-shopify-hmac-sha256';
  const signature = headers[HMAC] ?? '';
  const without = (name: string) => Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
  const base = { body, headers, secrets: [SECRET], good: false };
  const cases: SignatureCase[] = [
    { ...base, name: 'say yes to a good one', good: true },
    { ...base, name: 'say no to one byte altered', body: altered(body) },
    { ...base, name: 'say no to another secret', secrets: [OLD] },
    { ...base, name: 'say no without a signature', headers: without(HMAC) },
    { ...base, name: 'say no to an empty one', headers: { ...headers, [HMAC]: '' } },
    { ...base, name: 'say no to one that is no base64', headers: { ...headers, [HMAC]: 'not base64!' } },
    { ...base, name: 'say no to half of it', headers: { ...headers, [HMAC]: signature.slice(0, 20) } },
    { ...base, name: 'say yes to either secret while it is changed', secrets: [OLD, SECRET], good: true },
  ];
  testSignatures(cases, verifyShopify, judge, { now: Date.now(), notificationUrl: null });

  test('the same delivery told again has the same key', () => {
    const again = new FakeShopify().delivery(1001, { secret: SECRET, key: headers['x-shopify-webhook-id'] ?? '' });
    const key = (from: Record<string, string>) =>
      verifyShopify({ headers: new Map(Object.entries(from)), body }, [SECRET], { now: 0, notificationUrl: null });
    expect(key(headers)).toEqual(key(again.headers));
  });
});

async function judge({ body, headers }: SignatureCase, secret: string): Promise<boolean> {
  const api = shopifyApi({
    apiKey: 'app',
    apiSecretKey: secret,
    apiVersion: '2026-07' as never,
    hostName: 'localhost',
    isEmbeddedApp: false,
    scopes: [],
    logger: { log: () => undefined },
  });
  const rawRequest = { method: 'POST', url: '/ingest/shopify', headers } as never;
  const verdict = await api.webhooks.validate({ rawBody: body.toString(), rawRequest, rawResponse: {} as never });
  return verdict.valid;
}
