import { afterAll, beforeAll, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import type { DeskState } from '../../src/contract/desk-state.ts';
import { nextId, planFile, tempFolder, TestHub, until } from '../kit/hub.ts';

/** Sales that have happened elsewhere: signed webhooks and CSV files, on a real hub with its ingest listener open. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const folder = tempFolder('outside');
let hub: TestHub;
beforeAll(async () => {
  hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path), '--ingest-port', '0'] });
  await hub.do('set-setting', { key: 'secret.ingest.secret', value: SECRET });
  await hub.do('open-show');
});
afterAll(async () => {
  await hub.stop();
  folder.remove();
});

const order = (change: object = {}) => ({
  type: 'sale.recorded',
  source: 'my-shop',
  sourceId: nextId(),
  at: new Date().toISOString(),
  channel: 'stream',
  lines: [{ sku: 'MUG', quantity: 1, unitPriceMinor: 1800, discountMinor: 0 }],
  totalMinor: 1800,
  ...change,
});
interface Delivery {
  id?: string;
  secret?: string;
  at?: Date;
  tamper?: (body: string) => string;
  headers?: Record<string, string | undefined>;
}
async function deliver(
  body: object | string,
  { id = nextId(), secret = SECRET, at = new Date(), tamper = (text) => text, headers = {} }: Delivery = {},
): Promise<number> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signed: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, text),
    ...headers,
  };
  const answer = await fetch(`${hub.ready.ingest}/ingest/generic`, {
    method: 'POST',
    headers: Object.fromEntries(Object.entries(signed).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >,
    body: tamper(text),
  });
  return answer.status;
}
const settled = (look: (state: DeskState) => boolean) =>
  until(
    'the state says so',
    async () => {
      const state = await hub.state();
      return look(state) ? state : null;
    },
    5000,
  );

test('a signed order is booked once, however often it comes', async () => {
  const before = (await hub.state()).sales.count;
  const body = order({ creatorCode: 'ANA10' });
  const id = nextId();
  expect(await deliver(body, { id })).toBe(202);
  expect(await deliver(body, { id })).toBe(202);
  expect(await deliver(body)).toBe(202); // a new delivery of the same order
  const state = await settled(({ sales }) => sales.count === before + 1);
  await new Promise((done) => setTimeout(done, 200));
  expect((await hub.state()).sales.count).toBe(before + 1);
  expect(state.sales.latest[0]).toMatchObject({ channel: 'stream', creator: 'ana', totalMinor: 1800 });
  expect(state.connectors.find(({ id }) => id === 'webhooks')).toMatchObject({
    state: 'up',
    message: expect.stringContaining('3 taken'),
  });
});

test('a forged, stale or changed delivery gets 401 and leaves nothing', async () => {
  const { seq } = await hub.state();
  expect(await deliver(order(), { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })).toBe(401);
  expect(await deliver(order(), { tamper: (text) => text.replace('1800', '1801') })).toBe(401);
  expect(await deliver(order(), { at: new Date(Date.now() - 301_000) })).toBe(401);
  expect(await deliver(order(), { headers: { 'webhook-signature': undefined } })).toBe(401);
  expect(await deliver(order(), { headers: { origin: 'http://evil.example' } })).toBe(403);
  expect((await hub.state()).seq).toBe(seq);
});

test('an order with no shape is refused 400, one of unknown kind too', async () => {
  expect(await deliver('{"type":')).toBe(400);
  expect(await deliver({ ...order(), type: 'party.thrown' })).toBe(400);
});

test('an outside sale beyond stock is kept, the rest is a shortfall with a P1 alarm', async () => {
  const { available = 0 } = (await hub.state()).stock['APRON'] ?? {};
  expect(
    await deliver(
      order({
        lines: [{ sku: 'APRON', quantity: available + 2, unitPriceMinor: 2400, discountMinor: 0 }],
        totalMinor: 2400 * (available + 2),
      }),
    ),
  ).toBe(202);
  const state = await settled(({ shortfalls }) => shortfalls.length > 0);
  expect(state.shortfalls[0]).toMatchObject({ sku: 'APRON', quantity: 2 });
  expect(state.stock['APRON']?.available).toBe(0);
  expect(state.answers.reserve.word).toBe('OVERSOLD');
  const alarmed = await settled(({ alarms }) => alarms.some(({ kind }) => kind === 'oversold'));
  expect(alarmed.alarms.find(({ kind }) => kind === 'oversold')?.priority).toBe(1);
  await hub.do('receive-stock', { sku: 'APRON', quantity: 2 });
  await hub.do('resolve-shortfall', { shortfall: state.shortfalls[0]?.id, how: 'fulfilled' });
  expect((await hub.state()).shortfalls).toEqual([]);
  expect((await hub.state()).stock['APRON']?.available).toBe(0);
});

test('an unknown sku is parked with its money, and mapping it takes the stock', async () => {
  const before = await hub.state();
  expect(
    await deliver(
      order({
        lines: [{ sku: 'CUP-OLD-NAME', quantity: 2, unitPriceMinor: 1800, discountMinor: 0 }],
        totalMinor: 3600,
      }),
    ),
  ).toBe(202);
  const state = await settled(({ parked }) => parked.length > 0);
  expect(state.sales.netMinor).toBe(before.sales.netMinor + 3600);
  expect(state.parked[0]).toMatchObject({ foreignSku: 'CUP-OLD-NAME', quantity: 2 });
  await hub.do('map-sku', { line: state.parked[0]?.id, sku: 'MUG', remember: true });
  const after = await hub.state();
  expect(after.parked).toEqual([]);
  expect(after.stock['MUG']?.available).toBe((before.stock['MUG']?.available ?? 0) - 2);
});

test('a CSV is previewed, imported with its broken row named, and adds nothing the second time', async () => {
  const text = [
    'sale,atUtc,channel,sku,quantity,unitPrice,discount,tender',
    'w-1,2026-11-28T19:10:00Z,social,MUG,1,18.00,0.00,card',
    'w-2,2026-11-28T19:11:00Z,social,MUG,one,18.00,0.00,card',
    'w-3,2026-11-28T19:12:00Z,stream,MUG,1,18.00,2.00,card',
  ].join('\r\n');
  const file = { what: 'sales', name: 'sales.csv', text };
  const before = (await hub.state()).sales;
  const preview = await hub.do('import-file', { ...file, dryRun: true });
  expect(preview).toMatchObject({ rows: 3, added: 2 });
  expect(preview['problems']).toMatchObject([{ row: 3, column: 'quantity' }]);
  expect((await hub.state()).sales.count).toBe(before.count);
  expect(await hub.do('import-file', file)).toMatchObject({ added: 2, unchanged: 0 });
  expect(await hub.do('import-file', file)).toMatchObject({ added: 0, unchanged: 2 });
  const after = (await hub.state()).sales;
  expect(after.count).toBe(before.count + 2);
  expect(after.netMinor).toBe(before.netMinor + 1800 + 1600);
});

test('after all of it every sum still ties, and the chain holds', async () => {
  const { sales } = await hub.state();
  expect(Object.values(sales.byChannel).reduce((all, { netMinor }) => all + netMinor, 0)).toBe(sales.netMinor);
  expect(await hub.do('verify-ledger')).toMatchObject({ firstBadSeq: null });
});

test('no secret is ever given back', async () => {
  const state = JSON.stringify(await hub.state());
  expect(state).not.toContain(SECRET);
  expect(state).not.toContain(hub.ready.token);
  expect(hub.stderr.join('\n')).not.toContain(hub.ready.token);
  expect((await hub.state()).settings['secret.ingest.secret']).toEqual({ set: true });
});
