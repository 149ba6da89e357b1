import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CloseView } from '../../src/contract/desk-state.ts';
import type { Report } from '../../src/contract/report-file.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { Phone } from '../kit/phone.ts';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';

/** Bought now, fetched later: codes, a till that hands over, refunds before and after, and what the close asks for. */
const folder = tempFolder('pickups');
let hub: TestHub;
let till: Phone;
/** No goods are set apart for the till: when they move is the hub's own affair, and the figures here are exact. */
const products = [
  { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 10, tillLease: 0 },
  { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 5, tillLease: 0 },
];
const start = () =>
  TestHub.start({
    data: folder.path,
    args: ['--plan', planFile(folder.path, { products }), '--floor-host', '127.0.0.1', '--floor-port', '0'],
  });
const line = (sku: string, quantity: number) => ({ lines: [{ sku, quantity }] });
const later = { channel: 'stream', tender: 'card', pickup: 'later' };
const stockOf = async (sku: string) => {
  const { physical, committed, available } = (await hub.state()).stock[sku] ?? {};
  return { physical, committed, available };
};

beforeAll(async () => {
  hub = await start();
  await hub.do('open-show');
  const { url } = await hub.do('invite-device', { role: 'till', till: 'till-1' });
  till = await Phone.pair(String(url), 'Front table');
  await hub.do('approve-device', { device: till.id, code: till.code });
  await till.connect();
});
afterAll(async () => {
  till.close();
  await hub.stop();
  folder.remove();
});

test('a code that nobody can work out hands the goods over once, at a till, and the second scan says when and where', async () => {
  const sold = await hub.do('record-sale', { ...line('SET', 2), ...later });
  const code = String(sold['pickupCode']);
  expect(code).toMatch(/^[23456789CDFGHJKMNPQRTVWXY]{6}$/);
  expect(await stockOf('MUG')).toEqual({ physical: 10, committed: 2, available: 8 });
  await hub.do('ready-pickup', { saleId: sold['saleId'] });
  expect((await hub.state()).pickups).toMatchObject({ ready: 1, list: [{ code, standing: 'ready', dueMinor: 0 }] });

  const given = await till.send('hand-over-pickup', { code: code.toLowerCase() });
  expect(given).toMatchObject({ ok: true, handedOver: [{ line: 1, sku: 'SET', quantity: 2 }], left: [] });
  expect(await stockOf('MUG')).toEqual({ physical: 8, committed: 0, available: 8 });
  const entries = await hub.get<{ entries: Entry[] }>('/api/ledger?after=0&limit=1000');
  const handed = entries.entries.find(({ kind }) => kind === 'pickup.handed-over');
  expect(await hub.ask('hand-over-pickup', { code })).toMatchObject({
    refusal: { code: 'already-handed-over', device: till.id, at: new Date(handed?.at ?? 0).toISOString() },
  });
  expect((await hub.state()).pickups.list).toEqual([]);
});

test('a refund before pickup frees the unit, and the hand-over gives what is left', async () => {
  const sold = await hub.do('record-sale', { ...line('APRON', 2), ...later });
  const { saleId, pickupCode: code } = sold;
  await hub.do('refund-sale', { saleId, ...line('APRON', 1), reason: 'changed-mind', restock: 'no' });
  expect(await stockOf('APRON')).toEqual({ physical: 3, committed: 1, available: 2 });
  expect(await hub.do('hand-over-pickup', { code })).toMatchObject({ handedOver: [{ line: 1, quantity: 1 }] });
  expect(await stockOf('APRON')).toEqual({ physical: 2, committed: 0, available: 2 });
});

test('a till gives money back when the producer has said yes, and an exchange moves the difference alone', async () => {
  const sold = await till.send('record-sale', { ...line('MUG', 1), channel: 'in-person', tender: 'card' });
  const saleId = String(sold.ok ? sold['saleId'] : '');
  const back = { saleId, ...line('MUG', 1), reason: 'wrong-item', restock: 'reserve' };
  expect(await till.send('refund-sale', back)).toMatchObject({ refusal: { code: 'needs-approval' } });
  const asked = await till.send('request-approval', { what: 'refund', amountMinor: 1800, saleId });
  const [row] = (await hub.state()).settle.rows;
  expect(row).toMatchObject({ kind: 'approval', amountMinor: 1800, subject: { till: 'till-1', saleId } });
  await hub.do('answer-approval', { approval: asked.ok ? asked['approval'] : '', approved: true });
  expect(await till.send('refund-sale', back)).toMatchObject({ ok: true, refundedMinor: 1800 });

  const other = await hub.do('record-sale', { ...line('MUG', 1), channel: 'in-person', tender: 'card' });
  const before = (await hub.state()).sales;
  const exchange = await hub.do('exchange-items', {
    saleId: other['saleId'],
    ...line('MUG', 1),
    reason: 'changed-mind',
    restock: 'reserve',
    take: [{ sku: 'APRON', quantity: 1 }],
    tender: 'cash',
  });
  expect(exchange).toMatchObject({ differenceMinor: 600 });
  const after = (await hub.state()).sales;
  expect(after.netMinor - before.netMinor).toBe(600);
  expect(after.byTender.cash.amountMinor - before.byTender.cash.amountMinor).toBe(600);
  expect(after.byTender.card.amountMinor).toBe(before.byTender.card.amountMinor);
});

test('what is promised survives a kill, codes included', async () => {
  const sold = await hub.do('record-sale', { ...line('MUG', 1), ...later });
  await hub.do('note-authorisation', { provider: 'stripe', ref: 'pi_9', amountMinor: 1800, saleId: sold['saleId'] });
  const before = await hub.state();
  till.close();
  await hub.kill();
  hub = await TestHub.start({ data: folder.path, args: ['--floor-host', '127.0.0.1', '--floor-port', '0'] });
  const { pickups, settle, sales } = await hub.state();
  expect({ pickups, settle, net: sales.netMinor }).toEqual({
    pickups: before.pickups,
    settle: before.settle,
    net: before.sales.netMinor,
  });
  expect(pickups.list).toMatchObject([{ code: sold['pickupCode'], saleId: sold['saleId'] }]);
});

test('the close names the pickup, the promise of the card and the drawer, and an override stands in the exceptions', async () => {
  await hub.do('open-drawer', { floatMinor: 1000 });
  const closing = await hub.do('close-show');
  const codes = (closing['blockers'] as CloseView['blockers']).map(({ code }) => code);
  expect(codes).toEqual(['uncounted', 'drawer-uncounted', 'authorisations-open', 'pickups-open']);
  const { settle } = await hub.state();
  expect(settle.counts).toMatchObject({ authorisation: 1, drawer: 1, pickup: 1 });
  expect(await hub.ask('finish-close')).toMatchObject({ refusal: { code: 'blocked' } });
  for (const { kind, actions } of settle.rows) {
    const [action] = actions;
    if (!action || kind === 'pickup') continue;
    await hub.do(action.command, { ...action.body, ...(kind === 'drawer' ? { countedMinor: 1000 } : {}) });
  }
  expect((await hub.state()).settle.rows).toMatchObject([{ kind: 'pickup' }]);
  const finished = await hub.do('finish-close', { overrideReason: 'fetched tomorrow at the studio' });
  expect(finished['failedChecks']).toEqual([]);
  const report = await hub.get<Report>('/api/files/close-v1/report.json');
  const exceptions = JSON.stringify(report.tables.exceptions);
  expect(exceptions).toContain('fetched tomorrow at the studio');
  expect(exceptions).toContain('pickups-open');
});
