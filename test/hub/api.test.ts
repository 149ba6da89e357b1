import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeskState } from '../../src/contract/desk-state.ts';
import { smallPlan, planFile, tempFolder, TestHub } from '../kit/hub.ts';

/** The desk API of a real hub, as scripts and Companion use it (DESIGN §5, contract §2-4). */
const folder = tempFolder('api');
let hub: TestHub;
beforeAll(async () => {
  hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path)] });
});
afterAll(async () => {
  await hub.stop();
  folder.remove();
});
const mug = (quantity: number, more: object = {}) => ({
  lines: [{ sku: 'MUG', quantity }],
  channel: 'in-person',
  tender: 'cash',
  ...more,
});

test('the ready line names version, desk and token, and health needs no token', async () => {
  expect(hub.ready).toMatchObject({ ready: true, contractVersion: 1, floor: null, ingest: null });
  expect(hub.ready.desk).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(hub.ready.token).toMatch(/^[\w-]{43}$/);
  const health = await fetch(`${hub.ready.desk}/api/health`);
  expect(await health.json()).toMatchObject({ ok: true, contractVersion: 1, seq: 1 });
});

test('a sale before opening is refused in words, and opening twice too', async () => {
  expect(await hub.ask('record-sale', mug(1))).toMatchObject({ ok: false, refusal: { code: 'show-not-open' } });
  await hub.do('open-show');
  expect(await hub.ask('open-show')).toMatchObject({ ok: false, refusal: { code: 'already-open' } });
});

test('a sale takes stock, and its repeat is answered from store without taking more', async () => {
  const first = await hub.ask('record-sale', { id: 'sale-1', ...mug(2) });
  expect(first).toMatchObject({ ok: true, totalMinor: 3600, remaining: { MUG: 8 } });
  expect(await hub.ask('record-sale', { id: 'sale-1', ...mug(2) })).toEqual({ ...first, repeated: true });
  expect(await hub.ask('record-sale', { id: 'sale-1', ...mug(3) })).toMatchObject({
    ok: false,
    refusal: { code: 'id-reused' },
  });
  expect((await hub.state()).stock['MUG']).toMatchObject({ available: 8, sold: 2 });
});

test('more than there is: refused with what is left, remembered, and counted as missed demand', async () => {
  const refused = await hub.ask('record-sale', { id: 'greedy', ...mug(9) });
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'out-of-stock', sku: 'MUG', available: 8 } });
  await hub.do('receive-stock', { sku: 'MUG', quantity: 5 });
  expect(await hub.ask('record-sale', { id: 'greedy', ...mug(9) })).toMatchObject({ ok: false, repeated: true });
  await hub.do('move-stock', { sku: 'MUG', quantity: 5, from: 'reserve', to: 'quarantine' });
  expect((await hub.state()).sales.missed['MUG']).toBe(9);
});

test('a bundle is exploded to its parts and its part counts against it', async () => {
  const before = (await hub.state()).stock;
  const sold = await hub.do('record-sale', { lines: [{ sku: 'SET', quantity: 2 }], channel: 'stream', tender: 'card' });
  const after = (await hub.state()).stock;
  expect(sold['totalMinor']).toBe(7600);
  expect((before['MUG']?.available ?? 0) - (after['MUG']?.available ?? 0)).toBe(2);
  expect((before['APRON']?.available ?? 0) - (after['APRON']?.available ?? 0)).toBe(2);
  const whole = await hub.ask('record-sale', {
    lines: [
      { sku: 'SET', quantity: 1 },
      { sku: 'APRON', quantity: 3 },
    ],
    channel: 'in-person',
    tender: 'cash',
  });
  expect(whole).toMatchObject({ ok: false, refusal: { code: 'out-of-stock' } });
  expect((await hub.state()).stock['MUG']?.available).toBe(after['MUG']?.available);
});

test('void and refund give back exactly what was taken', async () => {
  const { available } = (await hub.state()).stock['MUG'] ?? {};
  const sale = await hub.do('record-sale', mug(2));
  await hub.do('void-sale', { saleId: sale['saleId'], reason: 'wrong button' });
  expect((await hub.state()).stock['MUG']?.available).toBe(available);
  expect(await hub.ask('void-sale', { saleId: sale['saleId'] })).toMatchObject({ refusal: { code: 'already-voided' } });
  const other = await hub.do('record-sale', mug(2));
  const back = await hub.do('refund-sale', {
    saleId: other['saleId'],
    lines: [{ sku: 'MUG', quantity: 1 }],
    reason: 'changed-mind',
    restock: 'reserve',
  });
  expect(back['refundedMinor']).toBe(1800);
  expect((await hub.state()).stock['MUG']?.available).toBe((available ?? 0) - 1);
  expect(
    await hub.ask('refund-sale', {
      saleId: other['saleId'],
      lines: [{ sku: 'MUG', quantity: 2 }],
      reason: 'late',
      restock: 'no',
    }),
  ).toMatchObject({
    refusal: { code: 'more-than-sold' },
  });
});

test('32 clients race for the last unit: one gets it', async () => {
  const { available = 0 } = (await hub.state()).stock['APRON'] ?? {};
  if (available > 1)
    await hub.do('record-sale', {
      lines: [{ sku: 'APRON', quantity: available - 1 }],
      channel: 'in-person',
      tender: 'cash',
    });
  const replies = await Promise.all(
    Array.from({ length: 32 }, () =>
      hub.ask('record-sale', { lines: [{ sku: 'APRON', quantity: 1 }], channel: 'in-person', tender: 'card' }),
    ),
  );
  expect(replies.filter((reply) => reply.ok)).toHaveLength(1);
  expect(replies.filter((reply) => !reply.ok && reply.refusal.code === 'out-of-stock')).toHaveLength(31);
  expect((await hub.state()).stock['APRON']?.available).toBe(0);
});

test('the state adds up by channel, product and tender', async () => {
  const { sales } = await hub.state();
  const sum = (rows: Record<string, { netMinor: number }>) =>
    Object.values(rows).reduce((all, { netMinor }) => all + netMinor, 0);
  expect(sum(sales.byChannel)).toBe(sales.netMinor);
  expect(sum(sales.byProduct)).toBe(sales.netMinor);
  expect(Object.values(sales.byTender).reduce((all, { amountMinor }) => all + amountMinor, 0)).toBe(
    sales.collectedMinor,
  );
});

test('malformed asks are answered 400 with the field, and leave nothing behind', async () => {
  const seq = (await hub.state()).seq;
  const post = (body: string) =>
    hub.fetch('/api/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  for (const [body, field] of [
    [
      '{"id":"x","kind":"record-sale","lines":[{"sku":"MUG","quantity":0}],"channel":"in-person","tender":"cash"}',
      'lines[0].quantity',
    ],
    [
      '{"id":"x","kind":"record-sale","lines":[{"sku":"MUG","quantity":1}],"channel":"moon","tender":"cash"}',
      'channel',
    ],
    ['{"id":"x","kind":"fly"}', 'kind'],
    ['{"kind":"open-show"}', 'id'],
    ['{"id":"x","kind":"open-show","surprise":1}', 'surprise'],
  ] as const) {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ field });
  }
  expect((await post('{"id":')).status).toBe(400);
  expect((await post('{"id":"x","kind":"open-show","__proto__":{"a":1}}')).status).toBe(400);
  expect((await hub.state()).seq).toBe(seq);
});

test('without the token, with a wrong one, or from a foreign page there is no state', async () => {
  const at = `${hub.ready.desk}/api/state`;
  expect((await fetch(at)).status).toBe(401);
  expect((await fetch(at, { headers: { authorization: `Bearer ${hub.ready.token.slice(0, -1)}` } })).status).toBe(401);
  expect((await fetch(`${at}?token=${hub.ready.token}`)).status).toBe(401);
  const foreign = await hub.fetch('/api/state', { headers: { origin: 'http://evil.example' } });
  expect(foreign.status).toBe(403);
  expect(await foreign.json()).toEqual({ error: 'origin-not-ours' });
});

test('the ledger can be paged, and its chain verifies', async () => {
  const page = await hub.get<{
    entries: { seq: number; kind: string; at: string; hash: string; prevHash: string }[];
    head: number;
  }>('/api/ledger?after=0&limit=5');
  expect(page.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(page.entries[0]).toMatchObject({ kind: 'plan.adopted', at: expect.stringMatching(/Z$/) });
  expect(page.entries[1]?.prevHash).toBe(page.entries[0]?.hash);
  expect(page.head).toBeGreaterThan(5);
  expect(await hub.do('verify-ledger')).toMatchObject({ firstBadSeq: null, entries: page.head });
});

test('a plan with ten faults is refused with all ten, and the show stays as it is', async () => {
  const bad = smallPlan() as {
    products: Record<string, unknown>[];
    bundles: unknown[];
    cues: Record<string, unknown>[];
    show: Record<string, unknown>;
  } & Record<string, unknown>;
  bad.show = { name: 'Bad', timeZone: 'Mars/Base', currency: 'EUR' };
  bad.products = [
    { sku: 'A', name: 'A', price: '18.005', reserve: 1 },
    { sku: 'A', name: 'again', price: '1.00', reserve: -1 },
    { sku: 'B', name: '', price: 'free', reserve: 1 },
  ];
  bad.bundles = [{ sku: 'X', name: 'X', price: '1.00', parts: [{ sku: 'NOPE', quantity: 1 }] }];
  bad.cues = [
    { id: 'c1', title: 'T', kind: 'drop', start: { rule: 'linked' }, durationMs: 1000, owners: ['nobody'] },
    { id: 'c1', title: 'T', kind: 'talk', start: { rule: 'linked' }, durationMs: 1000, owners: [], offer: 'no-offer' },
  ];
  const reply = await hub.ask('new-show', { plan: bad });
  expect(reply).toMatchObject({ ok: false });
  const fresh = tempFolder('faults');
  const other = await TestHub.start({ data: fresh.path });
  const refused = await other.ask('adopt-plan', { plan: bad });
  await other.stop();
  fresh.remove();
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'plan-invalid' } });
  const faults = (refused as unknown as { refusal: { faults: { path: string; message: string }[] } }).refusal.faults;
  expect(faults.length).toBeGreaterThanOrEqual(10);
  expect(faults.every(({ path, message }) => path.length > 0 && message.length > 0)).toBe(true);
});

test('what was acknowledged is there after a kill, and the state is the same', async () => {
  const before = await hub.state();
  await hub.kill();
  hub = await TestHub.start({ data: folder.path });
  const after = await hub.state();
  const steady = ({ sales, stock, offers, show, cues }: DeskState) => ({
    count: sales.count,
    net: sales.netMinor,
    stock: Object.entries(stock).map(([sku, { available, physical }]) => [sku, available, physical]),
    offers,
    show,
    order: cues.list.map(({ id }) => id),
  });
  expect(steady(after)).toEqual(steady(before));
  expect(after.storage.pragmas).toMatchObject({ journal_mode: 'wal', synchronous: 2 });
  expect(await hub.ask('record-sale', { id: 'sale-1', ...mug(2) })).toMatchObject({ ok: true, repeated: true });
});
