import { expect } from 'vitest';
import { DESK } from '../../src/domain/actor.ts';
import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { bookSnapshot } from '../../src/domain/decide/snapshot.ts';
import { type TestShow, given, liveShow, now, plan, product } from '../../src/domain/testing.ts';
import type { Shop } from '../../src/hub/connectors/shop.ts';
import { makeShopify } from '../../src/hub/connectors/shopify.ts';
import { makeSquare } from '../../src/hub/connectors/square.ts';
import { makeStripe } from '../../src/hub/connectors/stripe.ts';
import { makeWooCommerce } from '../../src/hub/connectors/woocommerce.ts';
import { FakeShopify } from '../fakes/fake-shopify.ts';
import { FakeSquare, SQUARE_LOCATION } from '../fakes/fake-square.ts';
import { FakeStripe } from '../fakes/fake-stripe.ts';
import { FakeWooCommerce } from '../fakes/fake-woocommerce.ts';
import { deliver, seeded, shuffled } from '../fakes/vendor-server.ts';
import { planFile, tempFolder, TestHub, until } from '../kit/hub.ts';
import { connectShopify, inParallel, insist, lettersIn, RESERVE } from './outside-kit.ts';
import { pagesOf, placeOf } from './shop-kit.ts';

/** Four vendors tell one hub of their orders at once: shuffled, ten times each, and the hub is killed in between. */
const SQUARE_URL = 'https://hooks.example.org/ingest/square';
const SIGNED = { square: 'square-signs', stripe: 'whsec_stripe', woocommerce: 'woo-signs' };

interface Vendors {
  shopify: FakeShopify;
  square: FakeSquare;
  stripe: FakeStripe;
  woo: FakeWooCommerce;
}

/** One thing that happens at a vendor, and the delivery that tells it; a repeat only tells it. */
interface News {
  happen: () => void;
  tell: (ingest: string) => Promise<number>;
  /** must have happened before */
  after: News | null;
  hasHappened: boolean;
}

/** @param orders of each vendor; every second one is refunded in part later */
export async function storm(orders: number): Promise<void> {
  const vendors = {
    shopify: new FakeShopify(),
    square: new FakeSquare(),
    stripe: new FakeStripe(),
    woo: new FakeWooCommerce(),
  };
  const servers = Object.values(vendors).map(({ server }) => server);
  await Promise.all(servers.map((server) => server.start()));
  const folder = tempFolder('storm');
  const products = [{ sku: 'MUG-BLUE', name: 'Blue mug', price: '18.00', reserve: RESERVE }];
  const shown = planFile(folder.path, { products, bundles: [], offers: [], cues: [] });
  const start = (port: string) => TestHub.start({ data: folder.path, args: ['--plan', shown, '--ingest-port', port] });
  let hub = await start('0');
  try {
    await hub.do('open-show');
    await connect(hub, vendors);
    const ingest = hub.ready.ingest ?? '';
    const news = newsOf(vendors, orders, Date.now());
    const tasks = shuffled(news, 10, seeded(4)).map((one) => () => insist(() => tell(one, ingest)));
    const half = Math.ceil(tasks.length / 2);
    const first = inParallel(tasks.slice(0, half), 8);
    await until('some are kept', () => lettersIn(folder.path).length > news.length / 4, 60_000);
    await hub.kill();
    hub = await start(new URL(ingest).port);
    await first;
    await inParallel(tasks.slice(half), 8);
    const expected = await newest(vendors);
    const isWorkedOn = () => lettersIn(folder.path).every(({ status }) => status === 'done');
    const figures = async () => figuresOf(await hub.state());
    await until('every letter is worked on', isWorkedOn, 60_000);
    await until(
      'the newest states',
      async () => JSON.stringify(await figures()) === JSON.stringify(expected),
      20_000,
    ).catch(() => undefined);
    expect(await figures()).toEqual(expected);
    const before = (await hub.state()).seq;
    await inParallel(tasks, 8);
    await until('every letter is worked on', isWorkedOn, 60_000);
    expect(await soldSince(hub, before)).toEqual([]);
    expect(await figures()).toEqual(expected);
    console.log(`${tasks.length} deliveries of four vendors, one kill, then all again: ${JSON.stringify(expected)}`);
  } finally {
    await hub.stop();
    await Promise.all(servers.map((server) => server.stop()));
    folder.remove();
  }
}

async function connect(hub: TestHub, { shopify, square, stripe, woo }: Vendors): Promise<void> {
  await connectShopify(hub, shopify);
  const settings = {
    'connectors.square.baseUrl': square.server.url,
    'connectors.square.account': SQUARE_LOCATION,
    'connectors.square.notificationUrl': SQUARE_URL,
    'secret.square.signatureKey': SIGNED.square,
    'secret.square.token': square.token,
    'connectors.stripe.baseUrl': stripe.server.url,
    'connectors.stripe.account': 'acct_1',
    'secret.stripe.webhookSecret': SIGNED.stripe,
    'secret.stripe.key': stripe.key,
    'connectors.woocommerce.baseUrl': woo.server.url,
    'connectors.woocommerce.account': 'shop.example.org',
    'secret.woocommerce.webhookSecret': SIGNED.woocommerce,
    'secret.woocommerce.secret': woo.secret,
    'secret.woocommerce.key': woo.key,
  };
  for (const [key, value] of Object.entries(settings)) await hub.do('set-setting', { key, value });
}

async function tell(news: News, ingest: string): Promise<number> {
  for (const one of [news.after, news]) {
    if (one === null || one.hasHappened) continue;
    one.hasHappened = true;
    one.happen();
  }
  return news.tell(ingest);
}

function newsOf({ shopify, square, stripe, woo }: Vendors, orders: number, begun: number): News[] {
  const all: News[] = [];
  const add = (happen: () => void, send: News['tell'], after: News | null = null): News => {
    const one = { happen, tell: send, after, hasHappened: false };
    all.push(one);
    return one;
  };
  const at = (n: number): string => new Date(begun + n * 1000).toISOString();
  const euro = (amount: number) => ({ amount, currency: 'EUR' });
  for (let n = 1; n <= orders; n += 1) {
    const [sold, back] = [at(n), at(n + orders)];
    const isRefunded = n % 2 === 0;
    const mugs = { createdAt: sold, lines: [{ id: n * 10, sku: 'MUG-BLUE', quantity: 2, price: '18.00' }] };
    const shop = (key: string) => (ingest: string) => shopify.tell(ingest, n, { key: `${key}-${n}`, changedAt: key });
    const one = add(() => void shopify.put({ id: n, updatedAt: sold, ...mugs }), shop('sold'));
    const refunds = [{ line: n * 10, quantity: 1, restockType: 'RETURN' }];
    if (isRefunded)
      add(() => void shopify.put({ id: n, updatedAt: back, ...mugs, refunds, refunded: '18.00' }), shop('back'), one);
    const [id, returnId] = [`A${n}`, `return-A${n}`];
    const squares = (about: string) => (ingest: string) => {
      const { headers, body } = square.delivery(about, SIGNED.square, SQUARE_URL);
      return deliver(`${ingest}/ingest/square`, body, headers);
    };
    const two = add(() => void square.sell(id, sold, { total_money: euro(4034) }), squares(id));
    if (isRefunded) add(() => void square.giveBack(id, back), squares(returnId), two);
    const second = Math.floor(begun / 1000) + n;
    const events: number[] = [];
    const stripes = (nth: number) => (ingest: string) => {
      const { headers, body } = stripe.delivery(events[nth] ?? 0, SIGNED.stripe, Math.floor(Date.now() / 1000));
      return deliver(`${ingest}/ingest/stripe`, body, headers);
    };
    const payment = `pi_${n}`;
    const three = add(() => {
      events[0] = stripe.events.length;
      stripe.pay(payment, second, { currency: 'eur' });
    }, stripes(0));
    const giveBack = (): void => {
      events[1] = stripe.events.length;
      stripe.refund(payment, 1000, second + orders);
    };
    if (isRefunded) add(giveBack, stripes(1), three);
    const wooAt = (time: string): string => time.slice(0, 19);
    const woos = (ingest: string) => {
      const { headers, body } = woo.delivery(n, SIGNED.woocommerce);
      return deliver(`${ingest}/ingest/woocommerce`, body, headers);
    };
    const four = add(() => void woo.put(n, wooAt(sold)), woos);
    if (isRefunded) add(() => woo.refund(n, wooAt(back)), woos, four);
  }
  return all;
}

/** What the vendors say in the end, read once and in order into a show of its own: no webhook, no repeat, no kill. */
async function newest({ shopify, square, stripe, woo }: Vendors): Promise<Figures> {
  const show = liveShow(plan({ show: { currency: 'EUR' }, products: [product('MUG-BLUE', { reserve: RESERVE })] }));
  const shopifySecrets = { 'shopify.clientId': shopify.clientId, 'shopify.clientSecret': shopify.clientSecret };
  const wooSecrets = { 'woocommerce.key': woo.key, 'woocommerce.secret': woo.secret };
  await pull(show, makeShopify(placeOf(shopify.server, shopifySecrets, 'EUR'), 'harbour'));
  await pull(show, makeSquare(placeOf(square.server, { 'square.token': square.token }, 'EUR'), SQUARE_LOCATION));
  await pull(show, makeStripe(placeOf(stripe.server, { 'stripe.key': stripe.key }, 'EUR'), 'acct_1'));
  await pull(show, makeWooCommerce(placeOf(woo.server, wooSecrets, 'EUR'), 'shop.example.org'));
  const { count, units, refundedUnits, grossMinor, refundedMinor, netMinor, collectedMinor } = show.state.sales.takings;
  const cell = show.state.stock.cells.get('MUG-BLUE')?.get('reserve');
  return {
    count,
    units,
    refundedUnits,
    grossMinor,
    refundedMinor,
    netMinor,
    collectedMinor,
    left: cell?.physical ?? 0,
  };
}

async function pull(show: TestShow, shop: Shop): Promise<void> {
  for (const { orders } of await pagesOf(shop, '2020-01-01T00:00:00.000Z')) {
    for (const order of orders) {
      const [seq, actor] = [show.entries.length + 1, { ...DESK, by: order.source }];
      const ask = { id: order.orderId, actor, now: now(show), seq, refOf: String, rules: DEFAULT_RULES };
      given(show, ...bookSnapshot(show.state, order, ask, null));
    }
  }
}

type Figures = Record<
  'count' | 'units' | 'refundedUnits' | 'grossMinor' | 'refundedMinor' | 'netMinor' | 'collectedMinor' | 'left',
  number
>;

function figuresOf({ sales, stock }: Awaited<ReturnType<TestHub['state']>>): Figures {
  const { count, units, refundedUnits, grossMinor, refundedMinor, netMinor, collectedMinor } = sales;
  const left = stock['MUG-BLUE']?.physical ?? 0;
  return { count, units, refundedUnits, grossMinor, refundedMinor, netMinor, collectedMinor, left };
}

/** Facts about orders that were booked after this entry. */
async function soldSince(hub: TestHub, seq: number): Promise<string[]> {
  const { entries } = await hub.get<{ entries: { seq: number; kind: string }[] }>(`/api/ledger?after=${seq}`);
  return entries.flatMap((entry) =>
    entry.seq > seq && /^(sale|order|shortfall|line)\./.test(entry.kind) ? [entry.kind] : [],
  );
}
