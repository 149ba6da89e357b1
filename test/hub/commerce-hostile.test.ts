import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byCard, lines, Market, nextId } from './commerce-kit.ts';

/** Bad input at every command that this capability adds: a no in words, nothing written, no invariant broken. */
const NEW = {
  'extend-hold': { holdId: 'h1' },
  'release-hold': { holdId: 'h1' },
  'give-back-stock': { sku: 'MUG', quantity: 1 },
  'write-off-stock': { sku: 'MUG', quantity: 1, reason: 'sample' },
  'receive-stock': { sku: 'MUG', quantity: 1 },
  'move-stock': { sku: 'MUG', quantity: 1, from: 'reserve', to: 'quarantine' },
  'adjust-stock': { sku: 'MUG', delta: 1, reason: 'found' },
  'return-lease': { skus: ['MUG'] },
  'declare-till-lost': { till: 'till-1' },
  'record-sale': { ...lines(['MUG', 1]), ...byCard },
  'void-sale': { saleId: 's1' },
  'place-hold': { ...lines(['MUG', 1]) },
  'ready-pickup': { saleId: 's1' },
  'hand-over-pickup': { code: 'AAAAAA' },
  'miss-pickup': { saleId: 's1' },
  'refund-sale': { saleId: 's1', ...lines(['MUG', 1]), reason: 'late', restock: 'no' },
  'exchange-items': {
    saleId: 's1',
    ...lines(['MUG', 1]),
    reason: 'late',
    restock: 'no',
    take: [{ sku: 'MUG', quantity: 1 }],
    tender: 'card',
  },
  'note-authorisation': { provider: 'stripe', ref: 'pi_1', amountMinor: 100 },
  'settle-authorisation': { authorisation: 'a1', how: 'captured' },
  'release-promise': { saleId: 's1', reason: 'never came' },
  'resolve-shortfall': { shortfall: 'o1', how: 'fulfilled' },
  'map-sku': { line: 'p1', sku: 'MUG' },
  'dismiss-duplicate': { saleId: 's1' },
  'settle-letter': { letter: '1', reason: 'spam' },
  'retry-letter': { letter: '1' },
  'reattribute-sale': { saleId: 's1', channel: 'stream', reason: 'seen there' },
  'accept-suggestion': { saleId: 's1' },
  'check-in': { code: 'AAAAAA' },
  'record-signup': { email: 'a@example.org' },
  'attach-buyer': { saleId: 's1', email: 'a@example.org' },
  'redeem-perk': { offer: 'sample', signup: 's-1' },
  'open-offer': { offer: 'drop-1' },
  'close-offer': { offer: 'drop-1' },
  'change-offer': { offer: 'drop-1', cap: 3 },
  'open-drawer': { floatMinor: 1000 },
  'pay-in': { amountMinor: 100, reason: 'change' },
  'pay-out': { amountMinor: 100, reason: 'bank' },
  'count-drawer': { countedMinor: 1000 },
  'request-approval': { what: 'discount', amountMinor: 100 },
  'answer-approval': { approval: 'ap1', approved: true },
  'set-control': { name: 'before', buyers: 2, repeats: 1, sumMinor: 10, sumSquaresMinor: '60' },
  'cover-orders': { source: 'csv', until: '2026-01-01T00:00:00Z' },
  'erase-person': { signup: 's-1' },
  'tick-item': { item: 'listing', done: true },
  'note-cost': { label: 'Booth', costKind: 'venue', amountMinor: 100 },
  'find-sale': { text: 's1' },
  'find-people': { text: 'a' },
  'read-pickup': { code: 'AAAAAA' },
} as const satisfies Record<string, Record<string, unknown>>;

/** Values that no key of any command may make an exception of. */
const ODD: unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  '',
  '\u0000',
  '__proto__',
  '😀'.repeat(30),
  'x'.repeat(5000),
  [null],
  {},
];

let market: Market;
beforeAll(async () => {
  market = await Market.open(
    {
      products: [
        { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 50 },
        { sku: '__proto__', name: 'Proto', price: '1.00', reserve: 5 },
      ],
      offers: [
        { id: 'drop-1', kind: 'drop', sku: 'MUG', price: '16.00', cap: 4 },
        { id: 'sample', kind: 'perk', sku: 'MUG' },
      ],
      checklist: [{ id: 'listing', text: 'Listing' }],
      tills: [{ id: 'till-1', name: 'Front table' }],
      signups: [{ id: 's-1', email: 'a@example.org', at: '2026-11-20T10:00:00Z' }],
    },
    { live: false },
  );
});
afterAll(() => market.end());

/** @returns the status, and the reply when there is one; 500 or a broken connection is a defect */
async function send(kind: string, body: object): Promise<{ status: number; text: string }> {
  const answer = await market.hub.fetch('/api/commands', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: nextId(), kind, ...body }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** Every key of every command with every odd value: a no, or a yes that keeps the show sound, and never an exception. */
async function torture(): Promise<void> {
  const found: string[] = [];
  for (const [kind, body] of Object.entries(NEW)) {
    for (const key of [...Object.keys(body), 'nonsense']) {
      const replies = await Promise.all(ODD.map((odd) => send(kind, { ...body, [key]: odd })));
      replies.forEach(({ status, text }, i) => {
        const said = `${kind}.${key} = ${JSON.stringify(ODD[i])?.slice(0, 40)}: ${status} ${text.slice(0, 200)}`;
        if (status !== 200 && !(status === 400 && text.includes('"field":'))) found.push(said);
        else if (/"code":"failed"|undefined|NaN|\[object/.test(text)) found.push(said);
      });
    }
  }
  expect(found).toEqual([]);
  expect(market.hub.stderr.filter((line) => /command-failed|"level":"error"/.test(line))).toEqual([]);
  await market.expectSound();
}

describe('odd values at every key of every command', () => {
  test('before the show opens', { timeout: 60_000 }, torture);
  test('while it is live', { timeout: 60_000 }, async () => {
    await market.hub.do('open-show');
    await torture();
  });
  test('while it closes, and after', { timeout: 90_000 }, async () => {
    await market.hub.do('close-show');
    await torture();
    await market.hub.do('finish-close', { overrideReason: 'the test is over' });
    await torture();
  });
});

describe('before and after its hours', () => {
  test('a closed show sells, holds, opens and lets in nothing, and says so', async () => {
    const closed = [
      ['record-sale', { ...lines(['MUG', 1]), ...byCard }],
      ['place-hold', lines(['MUG', 1])],
      ['open-offer', { offer: 'drop-1' }],
      ['change-offer', { offer: 'drop-1', cap: 9 }],
      ['redeem-perk', { offer: 'sample', signup: 's-1' }],
      ['request-approval', { what: 'discount', amountMinor: 5 }],
      ['check-in', { code: 's-1' }],
      ['record-signup', { email: 'late@mail.example' }],
    ] as const;
    for (const [kind, body] of closed) await market.refuses(kind, body, 'show-not-open');
    await market.refuses('close-show', {}, 'not-open');
    await market.refuses('count-stock', { sku: 'MUG', counted: 1 }, 'not-closing');
  });

  test('an id that was used once answers for its first body alone, whatever kind comes with it', async () => {
    const id = nextId();
    const cost = { id, label: 'Stand', costKind: 'venue', amountMinor: 100 };
    const first = await market.hub.do('note-cost', cost);
    const again = await Promise.all(Array.from({ length: 20 }, () => market.hub.ask('note-cost', cost)));
    expect(new Set(again.map((reply) => JSON.stringify(reply)))).toEqual(
      new Set([JSON.stringify({ ...first, repeated: true })]),
    );
    await market.refuses('note-cost', { ...cost, amountMinor: 101 }, 'id-reused');
    await market.refuses('tick-item', { id, item: 'listing', done: true }, 'id-reused');
    expect((await market.hub.state()).costs.filter(({ label }) => label === 'Stand')).toHaveLength(1);
  });
});
