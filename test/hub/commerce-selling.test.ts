import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../kit/hub.ts';
import { byCard, lines, Market, nextId } from './commerce-kit.ts';
import { INGEST_SECRET, tellGeneric } from './outside-kit.ts';

/** Acceptance 5–8, 13, 16 and 19: ids, holds, shortfalls, bundles, unknown goods, credit, pickups. */
let market: Market;
beforeAll(async () => {
  market = await Market.open(
    {
      products: [
        { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 10 },
        { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 6 },
        { sku: 'BOWL', name: 'Bowl', price: '9.00', reserve: 3 },
      ],
      bundles: [
        {
          sku: 'SET',
          name: 'Mug and apron',
          price: '38.00',
          parts: [
            { sku: 'MUG', quantity: 2 },
            { sku: 'APRON', quantity: 1 },
          ],
        },
      ],
      people: [
        { id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10' },
        { id: 'ben', name: 'Ben', role: 'co-host', code: 'BEN10' },
      ],
      cues: [
        { id: 'c1', title: 'Bowls', kind: 'talk', sku: 'APRON', owners: ['ben'], durationMs: 900_000 },
        { id: 'c2', title: 'More', kind: 'talk', owners: ['ana'], durationMs: 900_000 },
      ],
    },
    { args: ['--ingest-port', '0'] },
  );
  await market.hub.do('set-setting', { key: 'secret.ingest.secret', value: INGEST_SECRET });
});
afterAll(() => market.end());

const tell = async (body: Record<string, unknown>, id: string): Promise<void> => {
  const whole = { source: 'my-shop', at: new Date().toISOString(), ...body };
  expect(await tellGeneric(market.hub.ready.ingest ?? '', whole, id)).toBe(202);
};

test('5: the same id is one sale with the same seq, another body under it is refused, also after a kill', async () => {
  const { hub } = market;
  const sale = { id: nextId(), ...lines(['MUG', 1]), ...byCard };
  const before = (await hub.state()).seq;
  const first = await hub.do('record-sale', sale);
  expect(await hub.do('record-sale', sale)).toEqual({ ...first, repeated: true });
  const other = { ...sale, ...lines(['MUG', 2]) };
  expect(await market.refuses('record-sale', other, 'id-reused')).toMatchObject({ field: 'id' });
  expect((await hub.state()).seq).toBe(before + 1);
  await market.restart();
  expect(await market.hub.do('record-sale', sale)).toEqual({ ...first, repeated: true });
  await market.refuses('record-sale', other, 'id-reused');
  expect((await market.hub.state()).sales.count).toBe(1);
  await market.expectSound();
});

test('6: a hold of two seconds ends by itself, once, and its goods are back within three', async () => {
  const { hub } = market;
  const asked = performance.now();
  const { holdId } = await hub.do('place-hold', { ...lines(['SET', 1]), ttlMs: 2000 });
  expect(await market.cell('MUG')).toBe('9/2/0/7');
  await until('the goods are back', async () => (await market.cell('MUG')) === '9/0/0/9', 3000);
  expect(performance.now() - asked).toBeGreaterThan(1900);
  const expired = async () => (await market.ledger()).filter((entry) => entry.kind === 'hold.expired');
  await until('the end is written', async () => (await expired()).length > 0, 3000);
  expect((await expired()).map(({ body }) => body)).toMatchObject([{ holdId }]);
  await market.refuses('extend-hold', { holdId }, 'unknown-hold');
  const late = { ...lines(['SET', 1]), ...byCard, hold: holdId };
  expect(await hub.do('record-sale', late)).toMatchObject({ retaken: true, remaining: { SET: 3 } });
});

test('7: an order of 5 against 3 is money for 5, a shortfall of 2, an alarm, and a blocker until it is resolved', async () => {
  const { hub } = market;
  const before = (await hub.state()).sales;
  await tell(
    { type: 'sale.recorded', sourceId: '5-3', lines: [{ sku: 'BOWL', quantity: 5, unitPriceMinor: 900 }] },
    '7a',
  );
  const state = await until('the order', async () => {
    const now = await hub.state();
    return now.shortfalls.length > 0 && now;
  });
  expect(state.sales.netMinor - before.netMinor).toBe(4500);
  expect(state.sales.units - before.units).toBe(5);
  expect(state.shortfalls).toMatchObject([{ sku: 'BOWL', quantity: 2 }]);
  expect(await market.cell('BOWL')).toBe('0/0/0/0');
  const alarm = await until('the alarm', async () =>
    (await hub.state()).alarms.find(({ kind, priority }) => kind === 'oversold' && priority === 1),
  );
  expect(alarm.message).toMatch(/bowl/i);
  const closing = await hub.do('close-show');
  expect(closing['blockers']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: 'shortfalls', count: 1, items: [state.shortfalls[0]?.id] }),
    ]),
  );
  await hub.do('reopen-show', { reason: 'more to sell' });
  const asked = { shortfall: state.shortfalls[0]?.id, how: 'fulfilled' };
  expect(await market.refuses('resolve-shortfall', asked, 'out-of-stock')).toMatchObject({ available: 0 });
  await hub.do('receive-stock', { sku: 'BOWL', quantity: 2 });
  expect(await hub.do('resolve-shortfall', asked)).toMatchObject({ settled: 2, open: 0 });
  expect((await hub.state()).shortfalls).toEqual([]);
  await market.refuses('resolve-shortfall', asked, 'unknown-shortfall');
  await until(
    'the alarm is over',
    async () => !(await hub.state()).alarms.some(({ id, clearedAt }) => id === alarm.id && clearedAt === null),
  );
});

test('8: a bundle and its part beyond the stock together are refused whole', async () => {
  const before = await market.cell('MUG');
  expect(before).toBe('7/0/0/7');
  const basket = { ...lines(['SET', 2], ['MUG', 4]), ...byCard };
  const refusal = await market.refuses('record-sale', basket, 'out-of-stock');
  expect(refusal).toMatchObject({ sku: 'MUG', available: 7 });
  expect(refusal.message).toContain('7');
  await market.refuses('place-hold', lines(['SET', 2], ['MUG', 4]), 'out-of-stock');
  expect([await market.cell('MUG'), (await market.cell('APRON')).split('/')[0]]).toEqual([before, '5']);
  expect(await market.hub.do('record-sale', { ...lines(['SET', 2], ['MUG', 3]), ...byCard })).toMatchObject({
    remaining: { SET: 0, MUG: 0 },
  });
});

test('13: goods that nobody knows are money, a parked line and a blocker, until somebody says what they were', async () => {
  const { hub } = market;
  await hub.do('receive-stock', { sku: 'MUG', quantity: 5 });
  const before = (await hub.state()).sales.netMinor;
  const line = { sku: 'mug-blau', quantity: 2, unitPriceMinor: 1500 };
  await tell({ type: 'sale.recorded', sourceId: '13', channel: 'social', lines: [line] }, '13a');
  const [parked] = await until('parked', async () => {
    const { parked: list } = await hub.state();
    return list.length > 0 && list;
  });
  expect((await hub.state()).sales.netMinor - before).toBe(3000);
  expect(parked).toMatchObject({ foreignSku: 'mug-blau', quantity: 2 });
  const closing = await hub.do('close-show');
  expect(closing['blockers']).toEqual(
    expect.arrayContaining([expect.objectContaining({ code: 'parked-lines', items: [parked?.id] })]),
  );
  await hub.do('reopen-show', { reason: 'more to sell' });
  expect(await market.refuses('map-sku', { line: parked?.id, sku: 'NOPE' }, 'unknown-sku')).toMatchObject({
    field: 'sku',
  });
  expect(await hub.do('map-sku', { line: parked?.id, sku: 'MUG', remember: true })).toMatchObject({ taken: 2 });
  expect(await market.cell('MUG')).toBe('3/0/0/3');
  await market.refuses('map-sku', { line: parked?.id, sku: 'MUG' }, 'unknown-line');
  await tell({ type: 'sale.recorded', sourceId: '14', channel: 'social', lines: [{ ...line, quantity: 1 }] }, '13b');
  await until('taken without asking', async () => (await market.cell('MUG')) === '2/0/0/2');
  expect((await hub.state()).parked).toEqual([]);
  const { byProduct, byChannel, netMinor } = (await hub.state()).sales;
  const sum = (rows: { netMinor: number }[]) => rows.reduce((all, row) => all + row.netMinor, 0);
  expect([sum(Object.values(byChannel)), sum(Object.values(byProduct))]).toEqual([netMinor, netMinor]);
});

test('16: a code credits; a cue only suggests until somebody accepts it', async () => {
  const { hub } = market;
  await hub.do('set-setting', { key: 'stream.delayMs', value: 0 });
  await hub.do('receive-stock', { sku: 'APRON', quantity: 5 });
  await hub.do('start-cue', { cue: 'c1' });
  const sale = { ...lines(['APRON', 1]), channel: 'stream', tender: 'card' };
  const coded = await hub.do('record-sale', { ...sale, creatorCode: ' ana10 ' });
  const bare = await hub.do('record-sale', sale);
  const { byCreator, latest } = (await hub.state()).sales;
  const of = (saleId: unknown) => latest.find((one) => one.saleId === saleId)?.attribution;
  expect(of(coded['saleId'])).toMatchObject({ creator: 'ana', creatorRule: 'code', suggested: null });
  expect(of(bare['saleId'])).toMatchObject({ creator: null, creatorRule: 'none', suggested: 'ben' });
  expect(byCreator['ben']).toMatchObject({ confirmed: { netMinor: 0 }, suggested: { units: 1, netMinor: 2400 } });
  await hub.do('accept-suggestion', { saleId: bare['saleId'] });
  expect((await hub.state()).sales.byCreator['ben']).toMatchObject({
    confirmed: { units: 1, netMinor: 2400 },
    suggested: { units: 0, netMinor: 0 },
  });
  await market.refuses('accept-suggestion', { saleId: bare['saleId'] }, 'no-suggestion');
  await market.refuses('reattribute-sale', { saleId: 's0', channel: 'stream', reason: 'seen there' }, 'unknown-sale');
});

test('19: a pickup code hands over once, the second scan says when and where; a refund before frees the unit', async () => {
  const { hub } = market;
  const later = { ...lines(['APRON', 1]), channel: 'stream', tender: 'card', pickup: 'later' };
  const one = await hub.do('record-sale', later);
  const two = await hub.do('record-sale', later);
  const start = await market.cell('APRON');
  const [physical = 0, , committed = 0] = start.split('/').map(Number);
  expect(committed).toBe(2);
  await hub.do('hand-over-pickup', { code: one['pickupCode'] });
  const again = await market.refuses('hand-over-pickup', { code: one['pickupCode'] }, 'already-handed-over');
  expect(again).toMatchObject({ by: 'desk', saleId: one['saleId'] });
  expect(again.message).toMatch(/\d\d:\d\d/);
  await market.refuses('hand-over-pickup', { code: '222222' }, 'code-unknown');
  await hub.do('refund-sale', { saleId: two['saleId'], ...lines(['APRON', 1]), reason: 'late', restock: 'reserve' });
  expect(await market.cell('APRON')).toBe(`${physical - 1}/0/0/${physical - 1}`);
  await market.refuses('hand-over-pickup', { code: two['pickupCode'] }, 'nothing-left');
});

describe('after all this', () => {
  test('the ledger alone gives the same show, every invariant holds, and the chain verifies', async () => {
    await market.expectSound();
    expect(await market.hub.do('verify-ledger')).toMatchObject({ firstBadSeq: null });
  });
});
