import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/contract/commands.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { nextId, planFile, tempFolder, TestHub, until } from '../kit/hub.ts';
import { Phone } from '../kit/phone.ts';

/** The last unit and many tills; a till that was away for hours. Through a real hub: its queue, its disk, its sockets. */
const TILLS = 32;
/** 1,000 with DROPDESK_RACES=1000, which takes 40 s */
const ROUNDS = Number(process.env['DROPDESK_RACES'] ?? 200);
/** rounds over the tills' own sockets, which are paced to 60 commands a second each */
const SOCKET_ROUNDS = 40;
const AWAY = 300;

const folder = tempFolder('race');
let hub: TestHub;

beforeAll(async () => {
  const plan = planFile(folder.path, {
    products: [
      { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 0 },
      { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 1000, tillLease: AWAY },
    ],
    bundles: [],
    offers: [],
    cues: [],
    tills: Array.from({ length: TILLS }, (_, n) => ({ id: `till-${n + 1}`, name: `Table ${n + 1}` })),
  });
  hub = await TestHub.start({
    data: folder.path,
    args: ['--plan', plan, '--floor-host', '127.0.0.1', '--floor-port', '0'],
  });
  await hub.do('open-show');
});

afterAll(async () => {
  await hub.stop();
  folder.remove();
});

async function joinTill(n: number): Promise<Phone> {
  const { url } = await hub.do('invite-device', { role: 'till', till: `till-${n}` });
  const phone = await Phone.pair(String(url), `Table ${n}`);
  await hub.do('approve-device', { device: phone.id, code: phone.code });
  await phone.connect();
  return phone;
}

async function ledger(): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const { entries: page } = await hub.get<{ entries: Entry[] }>(
      `/api/ledger?after=${entries.at(-1)?.seq ?? 0}&limit=1000`,
    );
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

const countOf = (entries: readonly Entry[], kind: string): number =>
  entries.filter((entry) => entry.kind === kind).length;

/** Exactly one reply is a sale, and every other says that nothing is left. */
function expectOneWinner(replies: readonly Reply[]): void {
  const outcomes = replies.map((reply) =>
    reply.ok ? 'sold' : `${reply.refusal.code} ${String(reply.refusal['sku'])} ${String(reply.refusal['available'])}`,
  );
  const losers = Array.from({ length: replies.length - 1 }, () => 'out-of-stock MUG 0');
  // One comparison a round: 32,000 would take longer than the race.
  expect(outcomes.sort().join()).toBe([...losers, 'sold'].join());
}

const last = {
  kind: 'record-sale',
  lines: [{ sku: 'MUG', quantity: 1 }],
  channel: 'in-person',
  tender: 'cash',
} as const;

describe('a till that was cut off for a day’s work', () => {
  it(
    `sells its lease, sends ${AWAY} sales in order within 5 s, and nothing is sold twice`,
    { timeout: 60_000 },
    async () => {
      const phone = await joinTill(TILLS);
      const pool = `till:till-${TILLS}`;
      const lease = await until('the lease', async () => {
        const units = (await hub.state()).stock['APRON']?.pools[pool]?.available ?? 0;
        return units > 0 && units;
      });
      expect(lease).toBe(AWAY);
      const heldSince = Date.now() - 8 * 3_600_000;
      phone.close();

      // Meanwhile everybody else sells all that there is; the lease is not theirs.
      const { available = 0 } = (await hub.state()).stock['APRON'] ?? {};
      const sale = { channel: 'in-person', tender: 'card' };
      await hub.do('record-sale', { ...sale, lines: [{ sku: 'APRON', quantity: available }] });
      const beyond = await hub.ask('record-sale', { ...sale, lines: [{ sku: 'APRON', quantity: 1 }] });
      expect(beyond).toMatchObject({
        ok: false,
        refusal: { code: 'out-of-stock', message: expect.stringContaining(`${lease} left, leased to Table ${TILLS}`) },
      });

      await phone.connect();
      const startedAt = performance.now();
      for (let n = 0; n < AWAY; n += 1) {
        const command = {
          ...sale,
          id: nextId(),
          lines: [{ sku: 'APRON', quantity: 1 }],
          offline: true,
          madeAt: new Date(heldSince + n * 90_000).toISOString(),
          receipt: `till-${TILLS}-${String(n + 1).padStart(6, '0')}`,
        };
        await untilTaken(phone, command);
      }
      const seconds = (performance.now() - startedAt) / 1000;
      console.log(`${AWAY} sales of a till that was cut off: ${seconds.toFixed(2)} s`);
      expect(seconds).toBeLessThan(5);

      const { stock, shortfalls } = await hub.state();
      expect(shortfalls).toEqual([]);
      expect(stock['APRON']).toMatchObject({ physical: 0, available: 0, sold: available + AWAY });
      const receipts = (await ledger()).flatMap((entry) =>
        entry.kind === 'sale.recorded' && entry.body.offline ? [entry.body.receipt] : [],
      );
      expect(receipts).toEqual(
        Array.from({ length: AWAY }, (_, n) => `till-${TILLS}-${String(n + 1).padStart(6, '0')}`),
      );
      phone.close();
    },
  );
});

describe(`${TILLS} tills and the last unit`, () => {
  it(`sell it once, ${ROUNDS} times over, and tell the others that none is left`, { timeout: 300_000 }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: TILLS });
    const former = await ledger();
    const [before, missed] = [countOf(former, 'sale.recorded'), countOf(former, 'demand.missed')];
    const startedAt = performance.now();
    const refused: object[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await post(agent, { id: nextId(), kind: 'receive-stock', sku: 'MUG', quantity: 1 });
      const commands = Array.from({ length: TILLS }, (_, n) => ({ ...last, id: nextId(), till: `till-${n + 1}` }));
      const replies = await Promise.all(commands.map((command) => post(agent, command)));
      expectOneWinner(replies);
      refused.push(...commands.filter((_, i) => replies[i]?.ok === false).slice(0, 1));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(
      `${TILLS} tills, ${ROUNDS} last units: ${seconds.toFixed(1)} s, ${((ROUNDS * (TILLS + 1)) / seconds).toFixed(0)} commands/s`,
    );

    const entries = await ledger();
    expect(countOf(entries, 'sale.recorded') - before).toBe(ROUNDS);
    expect(countOf(entries, 'demand.missed') - missed).toBe(ROUNDS * (TILLS - 1));
    expect((await hub.state()).stock['MUG']).toMatchObject({
      physical: 0,
      held: 0,
      committed: 0,
      available: 0,
      sold: ROUNDS,
    });

    // A copy of a refused sale that comes late is refused again, though there is stock now, and misses nothing anew (STK-2).
    await post(agent, { id: nextId(), kind: 'receive-stock', sku: 'MUG', quantity: 1 });
    const again = await Promise.all(refused.slice(-200).map((command) => post(agent, command)));
    expect(again.every((reply) => !reply.ok && reply.refusal.code === 'out-of-stock')).toBe(true);
    expect(countOf(await ledger(), 'demand.missed') - missed).toBe(ROUNDS * (TILLS - 1));
    agent.destroy();
  });

  it('sell it once from their own phones too', { timeout: 60_000 }, async () => {
    const phones = await Promise.all(Array.from({ length: 8 }, (_, n) => joinTill(n + 1)));
    const before = (await hub.state()).stock['MUG']?.sold ?? 0;
    const { available = 0 } = (await hub.state()).stock['MUG'] ?? {};
    if (available > 0) await hub.do('write-off-stock', { sku: 'MUG', quantity: available, reason: 'sample' });
    for (let round = 0; round < SOCKET_ROUNDS; round += 1) {
      await hub.do('receive-stock', { sku: 'MUG', quantity: 1 });
      expectOneWinner(await Promise.all(phones.map((phone) => phone.send(last.kind, { ...last }))));
    }
    expect((await hub.state()).stock['MUG']).toMatchObject({ physical: 0, available: 0, sold: before + SOCKET_ROUNDS });
    for (const phone of phones) phone.close();
  });
});

/** As the till does: one after the other, and what the hub is too busy for is sent again. */
async function untilTaken(phone: Phone, command: Record<string, unknown>): Promise<void> {
  await until(
    'the sale to be taken',
    async () => {
      const reply = await phone.send('record-sale', command);
      if (!reply.ok && reply.refusal.code !== 'too-many-requests') throw new Error(reply.refusal.message);
      return reply.ok;
    },
    20_000,
  );
}

function post(agent: Agent, body: object): Promise<Reply> {
  return new Promise((done, fail) => {
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${hub.ready.token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const asked = request(`${hub.ready.desk}/api/commands`, { method: 'POST', agent, headers }, (answer) => {
      let reply = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (reply += chunk));
      answer.on('end', () => done(JSON.parse(reply) as Reply));
    });
    asked.on('error', fail);
    asked.end(text);
  });
}
