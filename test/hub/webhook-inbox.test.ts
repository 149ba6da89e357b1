import Database from 'better-sqlite3';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutsideOrder } from '../../src/domain/commands.ts';
import type { OrderSnapshot } from '../../src/domain/order-snapshot.ts';
import { Inbox, INBOX_MIGRATION } from '../../src/hub/store/inbox.ts';
import { acceptGeneric, processPending } from '../../src/hub/connectors/webhook-inbox.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OLD_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const NOW = Date.parse('2026-11-28T19:30:00Z');
const SALE = {
  type: 'sale.recorded',
  source: 'my-shop',
  sourceId: '1001',
  at: '2026-11-28T19:29:58+00:00',
  channel: 'stream',
  lines: [{ sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1800, discountMinor: 100 }],
  creatorCode: 'ANA10',
  totalMinor: 3500,
};

let inbox: Inbox;
let forged: number;
let booked: OutsideOrder[];
const bookOrders = (orders: OutsideOrder[]): { added: number; unchanged: number } => {
  booked.push(...orders);
  return { added: orders.length, unchanged: 0 };
};

let whole: OrderSnapshot[];
const bookSnapshots = (orders: OrderSnapshot[]): { added: number; changed: number; unchanged: number } => {
  whole.push(...orders);
  return { added: orders.length, changed: 0, unchanged: 0 };
};

beforeEach(() => {
  whole = [];
  clock = [];
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const db = new Database(':memory:');
  db.exec(INBOX_MIGRATION);
  inbox = new Inbox(db);
  forged = 0;
  booked = [];
});
afterEach(() => void vi.useRealTimers());

interface Delivery {
  headers: Map<string, string>;
  body: Buffer;
}
function signed(order: unknown, id = 'msg_1', secret = SECRET, at = NOW): Delivery {
  const body = Buffer.from(typeof order === 'string' ? order : JSON.stringify(order));
  const seconds = Math.floor(at / 1000);
  const signature = new Webhook(secret).sign(id, new Date(seconds * 1000), body.toString());
  return {
    body,
    headers: new Map([
      ['webhook-id', id],
      ['webhook-timestamp', String(seconds)],
      ['webhook-signature', signature],
    ]),
  };
}
let clock: (string | null)[] = [];
function deliver({ headers, body }: Delivery, secrets: string[] = [SECRET]): number {
  const onForged = () => (forged += 1);
  const onClock = (trouble: string | null) => clock.push(trouble);
  return acceptGeneric(headers, body, { secrets, letters: inbox, now: () => NOW, onForged, onClock }).status;
}
const work = (): { done: number; failed: number } =>
  processPending({ letters: inbox, bookOrders, bookSnapshots, now: () => NOW });

describe('a delivery that is signed right', () => {
  it('is kept, answered 202 and booked afterwards', () => {
    expect(deliver(signed(SALE))).toBe(202);
    expect(booked).toEqual([]);
    expect(work()).toEqual({ done: 1, failed: 0 });
    expect(booked).toEqual([
      {
        type: 'sale',
        source: 'generic:my-shop',
        sourceId: '1001',
        at: '2026-11-28T19:29:58.000Z',
        channel: 'stream',
        lines: [{ sku: 'MUG-BLUE', name: null, quantity: 2, unitPriceMinor: 1800, discountMinor: 100 }],
        creatorCode: 'ANA10',
        tender: 'other',
        tipMinor: 0,
        personRef: null,
      },
    ]);
    expect(work().done).toBe(0);
  });

  it('may be a whole order as it now stands, told in the least words or in all', () => {
    const least = {
      type: 'order.snapshot',
      source: 'my-shop',
      orderId: '7',
      lines: [{ sku: 'MUG', sold: 2, unitPriceMinor: 1800 }],
    };
    const full = {
      ...least,
      account: 'north',
      version: 3,
      updatedAt: '2026-11-28T19:29:00+00:00',
      currency: 'EUR',
      cancelled: true,
      lines: [
        {
          lineId: 'a',
          sku: ' MUG ',
          name: 'Mug',
          sold: 2,
          refunded: 1,
          restocked: 1,
          grossMinor: 3600,
          discountMinor: 100,
          taxMinor: 5,
        },
      ],
      tenders: [{ kind: 'card', amountMinor: 3500, ref: 'p-1' }],
      refundedMinor: 1750,
      hints: { codes: ['ANA10'], utm: ['live'] },
      person: { email: 'a@example.org' },
    };
    expect(deliver(signed(least, 'a'))).toBe(202);
    expect(deliver(signed(full, 'b'))).toBe(202);
    expect(work()).toEqual({ done: 2, failed: 0 });
    expect(whole).toMatchObject([
      {
        source: 'generic:my-shop',
        orderId: '7',
        version: null,
        createdAt: '2026-11-28T19:30:00.000Z',
        currency: '',
        paid: true,
        lines: [{ lineId: '1', sku: 'MUG', sold: 2, refunded: 0, grossMinor: 3600 }],
        tenders: [{ kind: 'other', amountMinor: 3600, ref: null }],
        person: null,
      },
      {
        account: 'north',
        version: 3,
        updatedAt: '2026-11-28T19:29:00.000Z',
        cancelled: true,
        lines: [{ lineId: 'a', sku: 'MUG', refunded: 1, restocked: 1, discountMinor: 100, taxMinor: 5 }],
        tenders: [{ kind: 'card', amountMinor: 3500, ref: 'p-1' }],
        refundedMinor: 1750,
        hints: { channel: null, codes: ['ANA10'], utm: ['live'] },
        person: { email: 'a@example.org', phone: null, name: null, consent: false },
      },
    ]);
  });

  it('is answered 202 again when it is repeated, and has one effect', () => {
    for (let i = 0; i < 5; i += 1) expect(deliver(signed(SALE, 'msg_1', SECRET, NOW + i * 1000))).toBe(202);
    expect(work().done).toBe(1);
    expect(deliver(signed(SALE))).toBe(202);
    expect(work().done).toBe(0);
  });

  it('is kept as a conflict when its id came with another body before', () => {
    deliver(signed(SALE));
    expect(deliver(signed({ ...SALE, totalMinor: 1 }))).toBe(202);
    expect(work().done).toBe(1);
    expect(inbox.deadLetters()).toMatchObject([
      { status: 'conflict', key: 'msg_1', problem: 'another body came under the same id' },
    ]);
  });

  it('may be signed with either secret while the secret is being changed', () => {
    expect(deliver(signed(SALE, 'a', OLD_SECRET), [SECRET, OLD_SECRET])).toBe(202);
    expect(deliver(signed(SALE, 'b', SECRET), [SECRET, OLD_SECRET])).toBe(202);
  });

  it('may carry several signatures in one header or in repeated ones', () => {
    const delivery = signed(SALE);
    const good = delivery.headers.get('webhook-signature') ?? '';
    delivery.headers.set('webhook-signature', `v1,AAAA ${good}`);
    expect(deliver(delivery)).toBe(202);
    delivery.headers.set('webhook-signature', `v1a,AAAA, ${good}`);
    expect(deliver(delivery)).toBe(202);
  });

  it.each([
    ['no JSON', '{'],
    ['an unknown type', { ...SALE, type: 'order.paid' }],
    ['a fraction of a piece', { ...SALE, lines: [{ sku: 'MUG', quantity: 0.5 }] }],
    ['a sale of nothing', { ...SALE, lines: [] }],
    ['a whole order without a name', { type: 'order.snapshot', source: 'my-shop', lines: [] }],
    [
      'a line without an amount',
      { type: 'order.snapshot', source: 'my-shop', orderId: '7', lines: [{ sku: 'MUG', sold: 1 }] },
    ],
    ['an address as an id', { ...SALE, sourceId: 'a@example.org' }],
  ])('is answered 400 and not kept when it is %s', (_, order) => {
    expect(deliver(signed(order))).toBe(400);
    expect(inbox.counts()).toEqual({ pending: 0, unsettled: 0 });
  });

  it('is kept even with an unknown sku or none, for the buyer has paid', () => {
    expect(deliver(signed({ ...SALE, extra: 1, lines: [{ name: 'Mystery mug', quantity: 1 }] }))).toBe(202);
    work();
    expect(booked[0]?.lines).toMatchObject([{ sku: null, unitPriceMinor: null }]);
  });

  it('gives an order back in parts, each part once', () => {
    const refund = {
      type: 'sale.refunded',
      source: 'my-shop',
      sourceId: '1001',
      at: SALE.at,
      lines: [{ sku: 'MUG-BLUE', quantity: 1 }],
      totalMinor: 1750,
    };
    deliver(signed(refund, 'r1'));
    deliver(signed(refund, 'r2'));
    deliver(signed({ ...refund, at: '2026-11-28T19:29:59Z' }, 'r3'));
    work();
    const ids = booked.map((order) => order.sourceId);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(booked[0]).toMatchObject({ type: 'refund', saleSourceId: '1001', amountMinor: 1750 });
  });
});

describe('a delivery that is not', () => {
  it.each<[string, (delivery: Delivery) => void]>([
    ['has one byte changed', ({ body }) => body.write('9', body.indexOf('3500'))],
    ['misses its id', ({ headers }) => headers.delete('webhook-id')],
    ['misses its timestamp', ({ headers }) => headers.delete('webhook-timestamp')],
    ['misses its signature', ({ headers }) => headers.delete('webhook-signature')],
    ['has a timestamp with a tail', ({ headers }) => headers.set('webhook-timestamp', `${NOW / 1000}x`)],
    [
      'has a signature of no known form',
      ({ headers }) => headers.set('webhook-signature', `${headers.get('webhook-signature')},x`),
    ],
    ['has the same JSON in other bytes', (delivery) => (delivery.body = Buffer.from(JSON.stringify(SALE, null, 1)))],
    [
      'holds bytes that are no UTF-8',
      (delivery) => (delivery.body = Buffer.concat([delivery.body, Buffer.from([0xff])])),
    ],
  ])('%s: 401, nothing kept, counted', (_, break_) => {
    const delivery = signed(SALE);
    break_(delivery);
    expect(deliver(delivery)).toBe(401);
    expect(inbox.counts()).toEqual({ pending: 0, unsettled: 0 });
    expect(forged).toBe(1);
  });

  it('is 301 s old or from a clock 301 s ahead: 401; at 300 s it is taken', () => {
    expect(deliver(signed(SALE, 'a', SECRET, NOW - 301_000))).toBe(401);
    expect(deliver(signed(SALE, 'b', SECRET, NOW + 301_000))).toBe(401);
    expect(deliver(signed(SALE, 'c', SECRET, NOW - 300_000))).toBe(202);
  });

  it('comes while no secret is set, or one that is no base64: 401', () => {
    expect(deliver(signed(SALE), [])).toBe(401);
    expect(deliver(signed(SALE), ['whsec_***'])).toBe(401);
  });

  it('is larger than 1 MB: 413', () => {
    expect(deliver(signed(' '.repeat(1024 * 1024 + 1)))).toBe(413);
  });

  it('is never accepted in 2,000 mutations of a good one', () => {
    const places = fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature');
    const change = fc.record({
      how: fc.constantFrom('flip', 'insert', 'delete', 'swap'),
      at: fc.nat(),
      byte: fc.integer({ min: 1, max: 255 }),
    });
    let tried = 0;
    fc.assert(
      fc.property(places, fc.array(change, { minLength: 1, maxLength: 4 }), (place, changes) => {
        const good = signed(SALE);
        const before = place === 'body' ? good.body : Buffer.from(good.headers.get(place) ?? '', 'latin1');
        const after = changes.reduce(mutated, before);
        fc.pre(!after.equals(before));
        if (place === 'body') good.body = after;
        else good.headers.set(place, after.toString('latin1'));
        expect(deliver(good)).toBe(401);
        tried += 1;
      }),
      { numRuns: 2000 },
    );
    expect(tried).toBe(2000);
    expect(inbox.counts().pending).toBe(0);
    expect(deliver(signed(SALE)), 'control: the good one is accepted').toBe(202);
  });
});

describe('a letter that cannot be booked', () => {
  it('is tried five times, then waits for a person and holds up no other', () => {
    deliver(signed(SALE, 'bad'));
    deliver(signed({ ...SALE, sourceId: '1002' }, 'good'));
    const failing = (orders: OutsideOrder[]): { added: number; unchanged: number } => {
      if (orders[0]?.sourceId === '1001') throw new Error('no such thing');
      return bookOrders(orders);
    };
    for (let i = 0; i < 5; i += 1)
      processPending({ letters: inbox, bookOrders: failing, bookSnapshots, now: () => NOW });
    expect(booked.map((order) => order.sourceId)).toEqual(['1002']);
    const [letter] = inbox.deadLetters();
    expect(letter).toMatchObject({ status: 'dead', problem: 'no such thing' });
    expect(inbox.settle(letter?.id ?? '', 'rung by hand', NOW)).toBe(true);
    expect(inbox.settle(letter?.id ?? '', 'again', NOW)).toBe(false);
    expect(inbox.counts()).toEqual({ pending: 0, unsettled: 0 });
  });

  it('can be put back and tried again', () => {
    deliver(signed(SALE));
    const [letter] = inbox.pending(1);
    inbox.bury(letter?.id ?? '', 'sku unknown');
    expect(inbox.retry(letter?.id ?? '')).toBe(true);
    expect(work().done).toBe(1);
  });
});

it('bodies are forgotten after a while, and a repeat is still known as one', () => {
  deliver(signed(SALE));
  work();
  expect(inbox.blank(NOW)).toBe(0);
  expect(inbox.blank(NOW + 1)).toBe(1);
  expect(deliver(signed(SALE))).toBe(202);
  expect(inbox.counts().pending).toBe(0);
});

function mutated(bytes: Buffer, { how, at, byte }: { how: string; at: number; byte: number }): Buffer {
  if (bytes.length === 0) return Buffer.from([byte]);
  const i = at % bytes.length;
  const j = (at * 7 + byte) % bytes.length;
  const copy = Buffer.from(bytes);
  switch (how) {
    case 'flip':
      copy[i] = (copy[i] ?? 0) ^ byte;
      return copy;
    case 'insert':
      return Buffer.concat([copy.subarray(0, i), Buffer.from([byte]), copy.subarray(i)]);
    case 'delete':
      return Buffer.concat([copy.subarray(0, i), copy.subarray(i + 1)]);
    default:
      copy[i] = bytes[j] ?? 0;
      copy[j] = bytes[i] ?? 0;
      return copy;
  }
}

it('signed right with a stamp far off is refused, and the clock is named; a forged one is not explained (CON-14)', () => {
  expect(deliver(signed(SALE, 'msg_1', SECRET, NOW - 20 * 60_000))).toBe(401);
  expect(deliver(signed(SALE, 'msg_1', SECRET, NOW + 7 * 60_000))).toBe(401);
  expect(clock).toEqual([expect.stringContaining('20 min ahead'), expect.stringContaining('7 min behind')]);
  expect(deliver(signed(SALE, 'msg_1', OLD_SECRET, NOW - 20 * 60_000))).toBe(401);
  expect(clock).toHaveLength(2);
  expect(deliver(signed(SALE))).toBe(202);
  expect(clock.at(-1)).toBeNull();
});
