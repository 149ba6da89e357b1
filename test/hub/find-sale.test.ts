import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SaleSheet } from '../../src/contract/views/sale-sheet-view.ts';
import { Phone } from '../kit/phone.ts';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';

/** Older sales by what the buyer holds, on a real hub. */
const folder = tempFolder('find-sale');
let hub: TestHub;
const found = async (text: string, more: object = {}) => {
  const { sales, more: others } = await hub.do('find-sale', { text, ...more });
  return { sales: sales as SaleSheet[], others };
};
const ids = async (text: string, more: object = {}) => (await found(text, more)).sales.map(({ saleId }) => saleId);
const sell = async (more: object = {}) => {
  const lines = [{ sku: 'MUG', quantity: 1 }];
  return hub.do('record-sale', { lines, channel: 'in-person', tender: 'card', paid: true, ...more });
};

beforeAll(async () => {
  hub = await TestHub.start({
    data: `${folder.path}/data`,
    args: ['--plan', planFile(folder.path), '--floor-host', '127.0.0.1', '--floor-port', '0'],
  });
  await hub.do('open-show');
});
afterAll(async () => {
  await hub.stop();
  folder.remove();
});

test('a sale is found by its id, receipt, payment and pickup code, and a whole id names it alone', async () => {
  const tender = [{ kind: 'card', amountMinor: 1800, ref: 'pi_42' }];
  const { saleId, pickupCode } = await sell({ receipt: 'till-1-000123', tender, pickup: 'later' });
  await sell({ receipt: 'till-1-000124' });
  for (const text of [String(saleId), String(pickupCode).toLowerCase(), '000123', 'PI_42'])
    expect(await ids(text)).toEqual([saleId]);
  expect(await ids('till-1-0001')).toHaveLength(2);
  expect(await ids('nothing of ours')).toEqual([]);
  const [sheet] = (await found(String(saleId))).sales;
  expect(sheet).toMatchObject({
    refundableMinor: 1800,
    state: 'sold',
    pickup: { code: pickupCode, standing: 'waiting' },
  });
  // A payment's own id is searched for and never handed out.
  expect(JSON.stringify(sheet)).not.toContain('pi_42');
});

test('no more than twenty come, the newest first, and the reply says that there are others', async () => {
  for (let n = 0; n < 21; n += 1) await sell();
  const { sales, others } = await found('');
  expect([sales.length, others]).toEqual([20, true]);
  const seqs = sales.map(({ saleId }) => Number(saleId.slice(1)));
  expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
});

test('what is suggested to a creator is listed until it is accepted', async () => {
  await hub.do('set-setting', { key: 'stream.delayMs', value: 0 });
  await hub.do('start-cue', { cue: 'c2' });
  const { saleId } = await sell({ channel: 'stream' });
  expect(await ids('', { suggestedTo: 'ben' })).toEqual([saleId]);
  expect(await ids('', { suggestedTo: 'ana' })).toEqual([]);
  await hub.do('accept-suggestion', { saleId });
  expect(await ids('', { suggestedTo: 'ben' })).toEqual([]);
});

test('the floor may not look through sales', async () => {
  const { url } = await hub.do('invite-device', { role: 'till', till: 'till-1' });
  const till = await Phone.pair(String(url), 'Front table');
  await hub.do('approve-device', { device: till.id, code: till.code });
  await till.connect();
  try {
    expect(await till.send('find-sale', { text: '' })).toMatchObject({ ok: false });
  } finally {
    till.close();
  }
});
