import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byCard, expectFilesAgree, lines, Market, rowsOf } from './commerce-kit.ts';
import { INGEST_SECRET, lettersIn, tellGeneric } from './outside-kit.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { until } from '../kit/hub.ts';
import type { Phone } from '../kit/phone.ts';

/** Acceptance 1, 2 and 21: the two worked examples of the spec, figure by figure, through the outer doors. */
const SET = {
  sku: 'SET',
  name: 'Peeler and board',
  parts: [
    { sku: 'PEELER', quantity: 1 },
    { sku: 'BOARD', quantity: 1 },
  ],
};

describe('example B, stock', () => {
  let market: Market;
  let till: Phone;
  const order = (version: number, more: object) => ({
    type: 'order.snapshot',
    source: 'market',
    orderId: '7',
    version,
    updatedAt: new Date(1_800_000_000_000 + version * 1000).toISOString(),
    currency: 'USD',
    paid: true,
    lines: [{ lineId: '1', sku: 'PEELER', sold: 5, grossMinor: 9500, ...more }],
  });
  const tell = async (body: object, id: string): Promise<void> => {
    expect(await tellGeneric(market.hub.ready.ingest ?? '', body, id)).toBe(202);
  };
  const row = async () => [
    await market.cell('PEELER'),
    (await market.cell('PEELER', 'till:till-1')).split('/')[0],
    (await market.cell('PEELER', 'quarantine')).split('/')[0],
    await market.cell('BOARD'),
  ];

  beforeAll(async () => {
    market = await Market.open(
      {
        show: { name: 'Example B', timeZone: 'Europe/Lisbon', currency: 'USD' },
        products: [
          { sku: 'PEELER', name: 'Peeler', price: '19.00', tillLease: 2 },
          { sku: 'BOARD', name: 'Board', price: '36.00', tillLease: 0 },
        ],
        bundles: [{ ...SET, price: '49.99' }],
        tills: [{ id: 'till-1', name: 'Front table' }],
      },
      { args: ['--ingest-port', '0'] },
    );
    await market.hub.do('set-setting', { key: 'secret.ingest.secret', value: INGEST_SECRET });
  });
  afterAll(async () => {
    till.close();
    await market.end();
  });

  test('each row stands in the state after its step', { timeout: 60_000 }, async () => {
    const { hub } = market;
    await hub.do('receive-stock', { sku: 'PEELER', quantity: 10 });
    await hub.do('receive-stock', { sku: 'BOARD', quantity: 6 });
    expect(await row()).toEqual(['10/0/0/10', '0', '0', '6/0/0/6']);

    till = await market.pairTill('till-1');
    await until('the lease of 2', async () => (await row())[1] === '2');
    expect(await row()).toEqual(['8/0/0/8', '2', '0', '6/0/0/6']);

    const { holdId } = await hub.do('place-hold', lines(['SET', 2]));
    expect(await row()).toEqual(['8/2/0/6', '2', '0', '6/2/0/4']);

    await hub.do('record-sale', { ...lines(['PEELER', 3]), ...byCard });
    const short = await market.refuses('record-sale', { ...lines(['PEELER', 4]), ...byCard }, 'out-of-stock');
    expect(short).toMatchObject({ sku: 'PEELER', available: 3 });
    const state = await hub.state();
    expect(state.stock['SET']).toMatchObject({ available: 3, bundle: true });
    expect(await row()).toEqual(['5/2/0/3', '2', '0', '6/2/0/4']);

    const held = { ...lines(['SET', 2]), ...byCard, hold: holdId, pickup: 'later' };
    const pickup = await hub.do('record-sale', held);
    expect(await row()).toEqual(['5/0/2/3', '2', '0', '6/0/2/4']);

    till.close();
    const cutOff = { ...lines(['PEELER', 2]), ...byCard, offline: true, madeAt: new Date().toISOString() };
    const sale = { ...cutOff, till: 'till-1' };
    const offline = await hub.do('record-sale', sale);
    expect(await row()).toEqual(['5/0/2/3', '0', '0', '6/0/2/4']);

    await tell(order(2, {}), 'b-1');
    await until('the order', async () => (await hub.state()).shortfalls.length === 1);
    expect((await hub.state()).shortfalls).toMatchObject([{ sku: 'PEELER', quantity: 2 }]);
    expect(await row()).toEqual(['2/0/2/0', '0', '0', '6/0/2/4']);
    const { seq } = await hub.state();
    await tell(order(2, {}), 'b-1');
    await tell(order(2, {}), 'b-2');
    await tell(order(1, { sold: 9 }), 'b-3');
    await until('all read', () => lettersIn(market.data).every(({ status }) => status !== 'pending'));
    const since = await hub.get<{ entries: Entry[] }>(`/api/ledger?after=${seq}`);
    expect(since.entries.filter(({ kind }) => !kind.startsWith('alarm.'))).toEqual([]);
    expect((await hub.state()).sales.units).toBe(3 + 2 + 2 + 5);

    const back = { ...lines(['PEELER', 1]), reason: 'damaged-item' };
    await hub.do('refund-sale', { ...back, saleId: offline['saleId'], restock: 'quarantine' });
    expect(await row()).toEqual(['2/0/2/0', '0', '1', '6/0/2/4']);
    await hub.do('refund-sale', { ...back, saleId: offline['saleId'], restock: 'reserve' });
    expect(await row()).toEqual(['3/0/2/1', '0', '1', '6/0/2/4']);

    const [owed] = (await hub.state()).shortfalls;
    expect(await hub.do('resolve-shortfall', { shortfall: owed?.id, how: 'fulfilled' })).toMatchObject({ open: 1 });
    expect((await hub.state()).shortfalls).toMatchObject([{ quantity: 1 }]);
    expect(await row()).toEqual(['2/0/2/0', '0', '1', '6/0/2/4']);

    await hub.do('hand-over-pickup', { code: pickup['pickupCode'] });
    expect(await row()).toEqual(['0/0/0/0', '0', '1', '4/0/0/4']);
    await market.expectSound();
  });
});

describe('example A, money', () => {
  let market: Market;
  const taxRate = '0.0825';
  beforeAll(async () => {
    market = await Market.open({
      show: { name: 'Example A', timeZone: 'America/New_York', currency: 'USD', taxMode: 'exclusive' },
      products: [
        { sku: 'PEELER', name: 'Peeler', price: '19.00', reserve: 10, taxRate },
        { sku: 'BOARD', name: 'Board', price: '36.00', reserve: 10, taxRate },
        { sku: 'MUG', name: 'Mug', price: '12.50', reserve: 10, taxRate },
        { sku: 'FORTY', name: 'A thing for 40', price: '40.00', reserve: 10 },
      ],
      bundles: [{ ...SET, price: '49.99', taxRate }],
    });
  });
  afterAll(() => market.end());

  test('the basket is 7306, three refunds leave 0, and the drawer is 218 short', async () => {
    const { hub } = market;
    const basket = { ...lines(['SET', 1], ['MUG', 2]), channel: 'in-person', basketDiscount: { percent: '10' } };
    const cash = { kind: 'cash', amountMinor: 4000 };
    const wrong = { ...basket, tender: [cash, { kind: 'card', amountMinor: 3300 }] };
    const mismatch = await market.refuses('record-sale', wrong, 'tender-mismatch');
    expect(mismatch).toMatchObject({ field: 'tender', totalMinor: 7306, differenceMinor: 6 });
    expect(mismatch.message).toContain('0.06');
    const tender = [cash, { kind: 'card', amountMinor: 3306 }];
    const { saleId, ...sold } = await hub.do('record-sale', { ...basket, tender });
    expect(sold).toMatchObject({ totalMinor: 7306, remaining: { SET: 9, MUG: 8 } });
    const { sales } = await hub.state();
    expect(sales).toMatchObject({ grossMinor: 7499, discountMinor: 750, netMinor: 6749, collectedMinor: 7306 });
    const refund = (...what: [string, number][]) =>
      hub.do('refund-sale', { saleId, ...lines(...what), reason: 'changed-mind', restock: 'reserve' });
    expect(await refund(['PEELER', 1])).toMatchObject({
      refundedMinor: 1682,
      tenders: [{ kind: 'card', amountMinor: 1682 }],
    });
    expect(await refund(['MUG', 1])).toMatchObject({
      refundedMinor: 1218,
      tenders: [{ kind: 'card', amountMinor: 1218 }],
    });
    const tooMuch = { saleId, ...lines(['BOARD', 1]), amountMinor: 4407, reason: 'late', restock: 'no' };
    expect(await market.refuses('refund-sale', tooMuch, 'more-than-paid')).toMatchObject({
      field: 'amountMinor',
      refundableMinor: 4406,
    });
    expect(await refund(['BOARD', 1], ['MUG', 1])).toMatchObject({ refundedMinor: 4406 });
    const left = (await hub.state()).sales;
    expect(left).toMatchObject({ netMinor: 0, collectedMinor: 0, refundedMinor: 6749 });
    expect(left.byTender).toMatchObject({ cash: { amountMinor: 0 }, card: { amountMinor: 0 } });
    const gone = { saleId, ...lines(['MUG', 1]), reason: 'late', restock: 'no' };
    expect(await market.refuses('refund-sale', gone, 'more-than-sold')).toMatchObject({ available: 0 });
    await market.expectSound();
  });

  test('the drawer of its own: 20718 expected, 20500 counted, a reason asked', async () => {
    const { hub } = market;
    await hub.do('open-drawer', { floatMinor: 10_000 });
    await market.refuses('open-drawer', { floatMinor: 1 }, 'drawer-open');
    const cash = (unitPriceMinor: number) => ({
      lines: [{ sku: 'FORTY', quantity: 1, unitPriceMinor }],
      channel: 'in-person',
      tender: 'cash',
    });
    await hub.do('record-sale', cash(4000));
    const { saleId } = await hub.do('record-sale', cash(2436));
    await hub.do('record-sale', cash(5000));
    await hub.do('refund-sale', { saleId, ...lines(['FORTY', 1]), amountMinor: 1218, reason: 'late', restock: 'no' });
    await hub.do('pay-in', { amountMinor: 2000, reason: 'change from the bank' });
    await hub.do('pay-out', { amountMinor: 1500, reason: 'to the bank' });
    expect((await hub.state()).drawers).toMatchObject([{ floatMinor: 10_000, expectedMinor: null }]);
    const asked = await market.refuses('count-drawer', { countedMinor: 20_500 }, 'reason-required');
    expect(asked.field).toBe('reason');
    expect(JSON.stringify(asked)).not.toContain('20718');
    const counted = await hub.do('count-drawer', { countedMinor: 20_500, reason: 'counted twice' });
    expect(counted).toMatchObject({ expectedMinor: 20_718, varianceMinor: -218 });
    await market.refuses('count-drawer', { countedMinor: 1 }, 'drawer-closed');
  });

  test('report.json and the csv files say the same to the cent', async () => {
    await market.close();
    const report = await expectFilesAgree(market);
    expect(rowsOf(report, 'summary')).toEqual(
      expect.arrayContaining([expect.objectContaining({ key: 'net', value: '102.18', unit: 'USD' })]),
    );
    const [cash] = rowsOf(report, 'tenders').filter(({ tender }) => tender === 'cash');
    expect(cash).toMatchObject({ float: 10_000, paidIn: 2000, paidOut: 1500 });
    expect(cash).toMatchObject({ expected: 20_718, counted: 20_500, overShort: -218 });
    const [basket] = rowsOf(report, 'sales');
    expect(basket).toMatchObject({ gross: 7499, discounts: 750, returns: 6749, net: 0, tax: 0 });
  });
});
