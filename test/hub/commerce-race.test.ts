import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reply } from '../../src/contract/commands.ts';
import { until } from '../kit/hub.ts';
import { byCard, lines, Market, nextId } from './commerce-kit.ts';

/** Acceptance 3 and 9 without a browser: eight clients and a thousand units; a till that is cut off and one that is lost. */
const CLIENTS = 8;
const EACH = 1000;
let market: Market;
beforeAll(async () => {
  market = await Market.open({
    products: [
      { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 1000, tillLease: 0 },
      { sku: 'BOWL', name: 'Bowl', price: '9.00', reserve: 20, tillLease: 4 },
    ],
    tills: [
      { id: 'till-1', name: 'Front table' },
      { id: 'till-2', name: 'Back table' },
    ],
  });
});
afterAll(() => market.end());

function post(agent: Agent, body: object): Promise<Reply> {
  const { ready } = market.hub;
  return new Promise((done, fail) => {
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${ready.token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const asked = request(`${ready.desk}/api/commands`, { method: 'POST', agent, headers }, (answer) => {
      let reply = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (reply += chunk));
      answer.on('end', () => done(JSON.parse(reply) as Reply));
    });
    asked.on('error', fail);
    asked.end(text);
  });
}

test(
  '3: eight clients ask for one unit a thousand times each: 1,000 sold, 7,000 told that none is left',
  { timeout: 120_000 },
  async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const refused: string[] = [];
    let sold = 0;
    const client = async (): Promise<void> => {
      for (let n = 0; n < EACH; n += 1) {
        const id = nextId();
        const reply = await post(agent, { id, kind: 'record-sale', ...lines(['MUG', 1]), ...byCard });
        if (reply.ok) sold += 1;
        else refused.push(`${reply.refusal.code} ${String(reply.refusal['available'])} ${id}`);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    agent.destroy();
    expect(sold).toBe(1000);
    expect(refused).toHaveLength(7000);
    expect(refused.filter((each) => !each.startsWith('out-of-stock 0 '))).toEqual([]);
    const entries = await market.expectSound();
    const missed = entries.filter((entry) => entry.kind === 'demand.missed').map(({ originId }) => originId);
    expect(missed.sort()).toEqual(refused.map((each) => `missed:${each.split(' ')[2]}#0`).sort());
    expect((await market.hub.state()).stock['MUG']).toMatchObject({ physical: 0, held: 0, committed: 0, available: 0 });
  },
);

test('9: a till that is cut off sells its lease and what it has in its hand, and comes back without a double', async () => {
  const { hub } = market;
  const till = await market.pairTill('till-1');
  await until('the lease', async () => (await market.cell('BOWL', 'till:till-1')) === '4/0/0/4');
  till.close();
  await hub.do('record-sale', { ...lines(['BOWL', 16]), ...byCard });
  const more = await market.refuses('record-sale', { ...lines(['BOWL', 1]), ...byCard }, 'out-of-stock');
  expect(more).toMatchObject({ available: 0 });
  expect(more.message).toContain('4 left, leased to Front table');
  const lease = { sku: 'BOWL', quantity: 1, from: 'till:till-1', to: 'reserve' };
  await market.refuses('move-stock', lease, 'not-allowed');
  await market.refuses(
    'write-off-stock',
    { sku: 'BOWL', quantity: 1, pool: 'till:till-1', reason: 'theft' },
    'not-allowed',
  );
  await till.connect();
  const sale = { ...lines(['BOWL', 1]), ...byCard, offline: true, madeAt: new Date(Date.now() - 60_000).toISOString() };
  const kept = Array.from({ length: 5 }, (_, n) => ({
    ...sale,
    id: nextId(),
    receipt: `till-1-${String(n + 1).padStart(6, '0')}`,
    ...(n === 4 ? { beyondLease: true } : {}),
  }));
  for (const command of [...kept, ...kept]) expect(await till.send('record-sale', command)).toMatchObject({ ok: true });
  const changed = { ...kept[0], ...lines(['BOWL', 2]) };
  expect(await till.send('record-sale', changed)).toMatchObject({ refusal: { code: 'id-reused' } });
  const { stock, shortfalls } = await hub.state();
  expect(stock['BOWL']).toMatchObject({ physical: 0, available: 0, sold: 21 });
  expect(shortfalls).toMatchObject([{ sku: 'BOWL', quantity: 1 }]);
  const entries = await market.expectSound();
  const receipts = entries.flatMap((entry) => (entry.kind === 'sale.recorded' ? (entry.body.receipt ?? []) : []));
  expect(receipts).toEqual(kept.map(({ receipt }) => receipt));
  expect(await till.send('return-lease', {})).toMatchObject({ ok: true });
  till.close();
});

test('a lost till’s lease is frozen: nobody sells from it, its products are counted, and what it sold is still taken in', async () => {
  const { hub } = market;
  await hub.do('receive-stock', { sku: 'BOWL', quantity: 20 });
  const till = await market.pairTill('till-2');
  await until('the lease', async () => (await market.cell('BOWL', 'till:till-2')) === '4/0/0/4');
  till.close();
  expect(await hub.do('declare-till-lost', { till: 'till-2' })).toMatchObject({ lease: { BOWL: 4 } });
  await market.refuses('declare-till-lost', { till: 'till-2' }, 'already-lost');
  await market.refuses('declare-till-lost', { till: 'till-9' }, 'unknown-till');
  await market.refuses('return-lease', {}, 'not-allowed');
  await hub.do('move-stock', {
    sku: 'BOWL',
    quantity: 3,
    from: 'till:till-2',
    to: 'reserve',
    reason: 'found in the bag',
  });
  expect(await market.cell('BOWL', 'till:till-2')).toBe('1/0/0/1');
  const late = { ...lines(['BOWL', 1]), ...byCard, offline: true, till: 'till-2' };
  expect(await hub.do('record-sale', late)).toMatchObject({ ok: true });
  await market.expectSound();
});
