import { expect, test, vi } from 'vitest';
import type { OrderSnapshot } from '../../src/domain/order-snapshot.ts';
import {
  type Shop,
  ShopFault,
  type ShopPage,
  type ShopPlace,
  type VerifyDelivery,
} from '../../src/hub/connectors/shop.ts';
import { type VendorServer, failed, tooMany } from '../fakes/vendor-server.ts';

export const NEVER = new AbortController().signal;

export function placeOf(server: VendorServer, secrets: Record<string, string>, currency: string): ShopPlace {
  return {
    baseUrl: server.url,
    fetch: globalThis.fetch,
    readSecret: (name) => secrets[name] ?? null,
    now: () => Date.parse('2026-11-24T18:30:00Z'),
    currency,
  };
}

export async function pagesOf(shop: Shop, since: string, signal: AbortSignal = NEVER): Promise<ShopPage[]> {
  const pages: ShopPage[] = [];
  for await (const page of shop.changedSince(since, signal)) pages.push(page);
  return pages;
}

/** The newest snapshot of each order, as booking would keep it; by order id. */
export function newestOf(snapshots: readonly OrderSnapshot[]): OrderSnapshot[] {
  const newest = new Map<string, OrderSnapshot>();
  for (const one of snapshots) {
    const known = newest.get(one.orderId);
    if (known === undefined || known.updatedAt <= one.updatedAt) newest.set(one.orderId, one);
  }
  return [...newest.values()].sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
}

export async function faultOf(work: Promise<unknown>): Promise<ShopFault> {
  const outcome = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(outcome instanceof ShopFault)) throw new Error('no ShopFault came', { cause: outcome });
  return outcome;
}

export interface Stand {
  server: VendorServer;
  secrets: Record<string, string>;
  /** which of the secrets the vendor looks at, and what it wants from now on */
  keyName: string;
  renewKey: (key: string) => void;
  make: (place: ShopPlace) => Shop;
}

/** What every vendor's wire must do when things go wrong. @param stand a started fake with at least one order */
export function testFaults(stand: () => Stand): void {
  const SINCE = '2026-11-24T18:00:00.000Z';
  const shopOf = ({ server, secrets, make }: Stand): Shop => make(placeOf(server, secrets, 'USD'));

  test('a vendor that is asked too often says how long to wait', async () => {
    const it = stand();
    it.server.trouble(tooMany(7));
    const fault = await faultOf(pagesOf(shopOf(it), SINCE));
    expect([fault.kind, fault.retryAfterMs]).toEqual(['throttled', 7000]);
    expect(await pagesOf(shopOf(it), SINCE)).not.toEqual([]);
  });

  test('a refused key is told with what to do, and a renewed one works at once on the same wire', async () => {
    const it = stand();
    const shop = shopOf(it);
    it.renewKey('a-new-key-0815');
    const fault = await faultOf(pagesOf(shop, SINCE));
    expect(fault.kind).toBe('auth');
    expect(fault.message).toMatch(/key|token/i);
    it.secrets[it.keyName] = 'a-new-key-0815';
    expect((await pagesOf(shop, SINCE)).flatMap(({ orders }) => orders)).not.toEqual([]);
  });

  test('an error of the vendor, a body cut in half, a dead vendor and a late answer are "unreachable", and pass', async () => {
    const it = stand();
    const shop = shopOf(it);
    it.server.trouble(failed(500));
    expect((await faultOf(pagesOf(shop, SINCE))).kind).toBe('unreachable');
    it.server.trouble({ kind: 'cut' });
    expect((await faultOf(pagesOf(shop, SINCE))).kind).toBe('unreachable');
    it.server.isDown = true;
    expect((await faultOf(pagesOf(shop, SINCE))).kind).toBe('unreachable');
    it.server.isDown = false;
    const asked: number[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      asked.push(ms);
      const soon = new AbortController();
      setImmediate(() => soon.abort(new DOMException('late', 'TimeoutError')));
      return soon.signal;
    });
    it.server.trouble({ kind: 'slow', ms: 30_000 });
    const late = await faultOf(pagesOf(shop, SINCE));
    vi.restoreAllMocks();
    expect([late.kind, late.message, asked[0]]).toEqual([
      'unreachable',
      expect.stringContaining('within 10 s'),
      10_000,
    ]);
    expect((await pagesOf(shop, SINCE)).flatMap(({ orders }) => orders)).not.toEqual([]);
  });

  test('no secret and no words of the vendor stand in what is told', async () => {
    const it = stand();
    const shop = shopOf(it);
    const echo = { kind: 'status', text: `<b>your key ${it.secrets[it.keyName]} is bad</b>` } as const;
    for (const status of [400, 401, 403, 404, 418, 429, 500, 302]) it.server.trouble({ ...echo, status });
    const told: string[] = [];
    for (let i = 0; i < 8; i += 1) {
      const fault = await pagesOf(shop, SINCE).catch((cause: unknown) => cause);
      if (fault instanceof ShopFault) told.push(`${fault.message} ${JSON.stringify(fault)} ${String(fault.cause)}`);
    }
    expect(told.length).toBeGreaterThan(5);
    for (const secret of Object.values(it.secrets)) expect(told.filter((text) => text.includes(secret))).toEqual([]);
    expect(told.filter((text) => text.includes('<b>'))).toEqual([]);
  });

  test('a key that is not set, or copied with a line break in it, and plain http are said before anybody is asked', async () => {
    const it = stand();
    const place = placeOf(it.server, {}, 'USD');
    expect((await faultOf(pagesOf(it.make(place), SINCE))).kind).toBe('not-set-up');
    const broken = placeOf(it.server, { ...it.secrets, [it.keyName]: 'ab\ncd' }, 'USD');
    expect((await faultOf(pagesOf(it.make(broken), SINCE))).message).toContain('Copy it again');
    const plain = { ...placeOf(it.server, it.secrets, 'USD'), baseUrl: 'http://vendor.example.org' };
    expect((await faultOf(pagesOf(it.make(plain), SINCE))).message).toContain('https');
    expect(it.server.asks).toEqual([]);
  });

  test('a redirect is not followed: the key stays with the address that was entered', async () => {
    const it = stand();
    it.server.trouble({ kind: 'status', status: 307, headers: { location: '/elsewhere' }, text: '' });
    expect((await faultOf(pagesOf(shopOf(it), SINCE))).kind).toBe('bad-answer');
    expect(it.server.asks).toHaveLength(1);
  });

  test('a wire that is told to stop stops', async () => {
    const it = stand();
    const stop = new AbortController();
    it.server.trouble({ kind: 'slow', ms: 30_000 });
    const asked = faultOf(pagesOf(shopOf(it), SINCE, stop.signal));
    while (it.server.asks.length === 0) await new Promise(setImmediate);
    stop.abort();
    expect((await asked).kind).toBe('unreachable');
  });

  test('the vendor’s clock comes along', async () => {
    const it = stand();
    it.server.skewMs = 3_600_000;
    const [page] = await pagesOf(shopOf(it), SINCE);
    expect(Math.round(((page?.vendorAt ?? 0) - Date.now()) / 60_000)).toBe(60);
  });
}

export interface SignatureCase {
  name: string;
  body: Buffer;
  headers: Record<string, string>;
  secrets: string[];
  good: boolean;
  /** epoch ms; null: the case's own now */
  now?: number;
}

/** CON-13: our verifier and the vendor's own judge say the same of every delivery. */
export function testSignatures(
  cases: readonly SignatureCase[],
  verify: VerifyDelivery,
  judge: (one: SignatureCase, secret: string) => boolean | Promise<boolean>,
  context: { now: number; notificationUrl: string | null },
): void {
  test.each(cases)('$name', async (one) => {
    const { body, secrets, good, now = context.now } = one;
    const headers = new Map(Object.entries(one.headers));
    expect(verify({ headers, body }, secrets, { ...context, now }).ok).toBe(good);
    const verdicts = await Promise.all(secrets.map((secret) => judge({ ...one, now }, secret)));
    expect(verdicts.includes(true)).toBe(good);
  });
}

/** One byte of a JSON body, altered to another printable one. */
export function altered(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  copy[10] = copy[10] === 0x31 ? 0x32 : 0x31;
  return copy;
}
