import { expect, test } from 'vitest';
import { ShopFault, type ShopPlace } from './shop.ts';
import { askVendor, later, sideBySide, vendorAddress, vendorSecret } from './vendor-http.ts';

const NOW = Date.parse('2026-11-24T18:00:00Z');

function place(more: Partial<ShopPlace> = {}): ShopPlace {
  const readSecret = (name: string): string | null => (name === 'square.token' ? ' EAAA \n' : null);
  return { baseUrl: null, fetch: globalThis.fetch, readSecret, now: () => NOW, currency: 'EUR', ...more };
}

async function askWith(answer: () => Response | Promise<Response>): Promise<unknown> {
  const from = place({ fetch: async () => answer() });
  const url = new URL('https://vendor.example.org/');
  const signal = new AbortController().signal;
  return askVendor(from, { vendor: 'Square', url, headers: {}, signal, keyAdvice: 'Renew it.' }).catch(
    (cause) => cause,
  );
}

const status = (code: number, headers: Record<string, string> = {}): (() => Response) => {
  return () => new Response('foreign', { status: code, headers });
};

test.each([
  [401, 'auth'],
  [403, 'auth'],
  [429, 'throttled'],
  [500, 'unreachable'],
  [503, 'unreachable'],
  [404, 'bad-answer'],
  [302, 'bad-answer'],
])('status %i is "%s"', async (code, kind) => {
  const fault = await askWith(status(code));
  expect(fault).toBeInstanceOf(ShopFault);
  expect(fault).toMatchObject({ kind, message: expect.not.stringContaining('foreign') });
});

test.each([
  ['12', 12_000],
  ['Tue, 24 Nov 2026 18:01:30 GMT', 90_000],
  ['Tue, 24 Nov 2026 17:00:00 GMT', 0],
  ['soon', null],
])('Retry-After "%s" is %s ms', async (text, ms) => {
  expect(await askWith(status(429, { 'retry-after': text }))).toMatchObject({ retryAfterMs: ms });
  expect(await askWith(status(503, { 'retry-after': text }))).toMatchObject({ retryAfterMs: ms });
});

test('a name that is not found asks whether the laptop is online', async () => {
  const cause = Object.assign(new Error('getaddrinfo ENOTFOUND vendor'), { code: 'ENOTFOUND' });
  const fault = await askWith(() => Promise.reject(new TypeError('fetch failed', { cause })));
  expect(fault).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('online') });
});

test('an endless answer is not read to its end', async () => {
  const chunk = new Uint8Array(1024 * 1024);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 1;
      controller.enqueue(chunk);
    },
  });
  expect(await askWith(() => new Response(body))).toMatchObject({ kind: 'bad-answer' });
  expect(sent).toBeLessThan(40);
});

test('an address must be https unless it is this machine, and carries no password', () => {
  const at = (baseUrl: string | null, own: string | null = null): string | undefined => {
    try {
      return vendorAddress(place({ baseUrl }), own, 'Square').href;
    } catch (cause) {
      return cause instanceof ShopFault ? cause.kind : 'other';
    }
  };
  expect(at(null, 'https://connect.squareup.com')).toBe('https://connect.squareup.com/');
  expect(at('https://shop.example.org/wp?x=1#y')).toBe('https://shop.example.org/wp/');
  expect(at('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/');
  expect(at('http://[::1]:8080')).toBe('http://[::1]:8080/');
  expect(at('http://localhost')).toBe('http://localhost/');
  for (const bad of [
    'http://shop.example.org',
    'http://127.0.0.1.example.org',
    'https://a:b@shop.example.org',
    'shop',
    '',
  ]) {
    expect([bad, at(bad)]).toEqual([bad, 'not-set-up']);
  }
});

test('blanks around a secret are no part of it', () => {
  expect(vendorSecret(place(), 'square.token', 'The token')).toBe('EAAA');
  expect(() => vendorSecret(place(), 'stripe.key', 'The key')).toThrow('The key is not set');
});

test('side by side keeps the order, never more than so many at once, and stops at the first failure', async () => {
  let open = 0;
  let most = 0;
  const ask = async (n: number): Promise<number> => {
    most = Math.max(most, ++open);
    await new Promise(setImmediate);
    open -= 1;
    return n * 2;
  };
  expect(await sideBySide([1, 2, 3, 4, 5], 2, ask)).toEqual([2, 4, 6, 8, 10]);
  expect(most).toBe(2);
  const asked: number[] = [];
  const failing = sideBySide([1, 2, 3, 4, 5, 6], 2, async (n) => {
    asked.push(n);
    await new Promise(setImmediate);
    throw new Error(`no ${n}`);
  });
  await expect(failing).rejects.toThrow('no 1');
  await new Promise(setImmediate);
  expect(asked).toEqual([1, 2]);
});

test('the later of two times', () => {
  expect(later(null, 'a')).toBe('a');
  expect(later('b', 'a')).toBe('b');
});
