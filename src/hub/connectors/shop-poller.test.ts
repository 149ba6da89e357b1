import { expect, it, vi } from 'vitest';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import type { BookSnapshots } from '../doors.ts';
import { ShopPoller } from './shop-poller.ts';
import type { Shop } from './shop.ts';

const NOW = Date.parse('2026-11-28T19:00:00Z');
const order = (orderId: string) => ({ source: 'shopify', account: 'a', orderId }) as OrderSnapshot;

/** One poll of one page with three orders; the second cannot be booked for this reason. */
async function poll(fault: Error): Promise<{ booked: string[]; kept: string[]; cursor: string | null; told: string }> {
  const result = { booked: [] as string[], kept: [] as string[], cursor: null as string | null, told: '' };
  const shop: Shop = {
    kind: 'shopify',
    account: 'a',
    async *changedSince() {
      const orders = ['1', '2', '3'].map(order);
      yield { orders, seenUntil: '2026-11-28T18:59:00.000Z', vendorAt: null };
    },
    ordersOf: () => Promise.resolve([]),
    letterAbout: (id) => id,
  };
  const book: BookSnapshots = (orders) => {
    if (orders.some(({ orderId }) => orderId === '2')) throw fault;
    result.booked.push(...orders.map(({ orderId }) => orderId));
    return { added: orders.length, changed: 0, unchanged: 0 };
  };
  const cursors = { read: () => null, move: (_: string, __: string, to: string) => void (result.cursor = to) };
  const poller = new ShopPoller({
    shop,
    name: 'Shopify',
    cursors: () => cursors,
    book,
    keep: (id) => result.kept.push(id),
    since: () => NOW - 60_000,
    everyMs: () => 60_000,
    random: () => 0.5,
    wire: {
      readNow: () => ({ at: NOW, mono: 0, t: 0, boot: 'b' }),
      report: ({ message }) => (result.told = message || result.told),
      log: () => undefined,
      ownPorts: () => [],
    },
    log: () => undefined,
  });
  poller.start();
  await vi.waitFor(() => expect(result.told).not.toMatch(/^Asking/));
  await poller.stop();
  return result;
}

it('an order whose figures are beyond every bound is kept apart, and the others and the cursor go on', async () => {
  expect(await poll(new RangeError('too much money'))).toMatchObject({
    booked: ['1', '3'],
    kept: ['2'],
    cursor: '2026-11-28T18:59:00.000Z',
    told: expect.stringContaining('2 changes booked') as string,
  });
});

it('what is no fault of the order, a full disk for instance, is tried again with the whole page', async () => {
  expect(await poll(new Error('database or disk is full'))).toMatchObject({ booked: [], kept: [], cursor: null });
});
