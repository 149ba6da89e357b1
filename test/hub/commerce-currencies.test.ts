import { afterEach, describe, expect, test } from 'vitest';
import { formatDecimal } from '../../src/domain/money.ts';
import { expectFilesAgree, lines, Market, rowsOf } from './commerce-kit.ts';
import { until } from '../kit/hub.ts';

/** Acceptance 15: five currencies from the plan and a file of orders to the report, tied to the smallest unit. */
let market: Market;
afterEach(() => market.end());

const CURRENCIES = [
  { currency: 'EUR', mug: '18.05', apron: '24.99', cents: 2 },
  { currency: 'USD', mug: '19.99', apron: '7.01', cents: 2 },
  { currency: 'JPY', mug: '1801', apron: '2499', cents: 0 },
  { currency: 'KWD', mug: '5.505', apron: '0.001', cents: 3 },
  { currency: 'HUF', mug: '7299.99', apron: '1.01', cents: 2 },
];

describe.each(CURRENCIES)('$currency', ({ currency, mug, apron, cents }) => {
  test('plan, tills, a file and the report agree', async () => {
    market = await Market.open({
      show: { name: `Market in ${currency}`, timeZone: 'Europe/Lisbon', currency, taxMode: 'exclusive' },
      products: [
        { sku: 'MUG', name: 'Mug', price: mug, reserve: 100, taxRate: '0.0825' },
        { sku: 'APRON', name: 'Apron', price: apron, reserve: 100, taxRate: '0.05' },
      ],
      bundles: [
        {
          sku: 'SET',
          name: 'Set',
          price: mug,
          taxRate: '0.0825',
          parts: [
            { sku: 'MUG', quantity: 2 },
            { sku: 'APRON', quantity: 3 },
          ],
        },
      ],
    });
    const { hub } = market;
    const minor = (text: string) => Number(text.replace('.', ''));
    expect((await hub.state()).show?.currencyDigits).toBe(cents);
    expect((await hub.state()).plan?.products.map(({ priceMinor }) => priceMinor)).toEqual([
      minor(mug),
      minor(apron),
      minor(mug),
    ]);
    const one = await hub.do('record-sale', {
      ...lines(['SET', 1], ['MUG', 3]),
      channel: 'in-person',
      tender: 'cash',
      basketDiscount: { percent: '7.77' },
    });
    await hub.do('record-sale', {
      lines: [{ sku: 'APRON', quantity: 7, discountMinor: 1 }],
      channel: 'stream',
      tender: 'card',
      tipMinor: 3,
    });
    await hub.do('refund-sale', { saleId: one['saleId'], ...lines(['APRON', 2]), reason: 'late', restock: 'reserve' });
    await hub.do('refund-sale', { saleId: one['saleId'], ...lines(['MUG', 1]), reason: 'late', restock: 'no' });

    const csv = [
      'Order,Sku,Qty,Price,When,Where',
      `1001,MUG,2,${mug},2026-11-20T10:00:00Z,social`,
      `1002,APRON,1,${apron},2026-11-20T10:01:00Z,stream`,
      `1003,MUG,1,${mug}${cents === 0 ? '.5' : '5'},2026-11-20T10:01:00Z,stream`,
    ].join('\r\n');
    const mapping = { orderId: 'Order', sku: 'Sku', quantity: 'Qty', unitPrice: 'Price', at: 'When', channel: 'Where' };
    const file = { what: 'sales', name: 'orders.csv', text: csv, mapping };
    const before = (await hub.state()).sales.netMinor;
    const dry = await hub.ask('import-file', { ...file, dryRun: true });
    expect(dry, JSON.stringify(dry)).toMatchObject({ ok: true });
    const imported = await hub.ask('import-file', file);
    expect(imported).toMatchObject({ ok: true, added: 2 });
    if (imported.ok) expect(JSON.stringify(imported['problems'])).toMatch(/4/);
    await until('booked', async () => (await hub.state()).sales.netMinor - before === 2 * minor(mug) + minor(apron));
    expect(await hub.ask('import-file', file)).toMatchObject({ ok: true, added: 0 });

    await market.expectSound();
    const { sales } = await hub.state();
    const sum = (rows: object, key: string) =>
      Object.values(rows as Record<string, Record<string, number>>).reduce((all, row) => all + (row[key] ?? 0), 0);
    expect([sum(sales.byChannel, 'netMinor'), sum(sales.byProduct, 'netMinor')]).toEqual([
      sales.netMinor,
      sales.netMinor,
    ]);
    expect(sum(sales.byTender, 'amountMinor')).toBe(sales.collectedMinor);
    await market.close();
    const report = await expectFilesAgree(market);
    const total = rowsOf(report, 'channels').find(({ channel }) => channel === 'total');
    expect(total?.['net']).toBe(sales.netMinor);
    const summary = rowsOf(report, 'summary').find(({ key }) => key === 'net');
    expect(summary?.['value']).toBe(formatDecimal(sales.netMinor, currency));
  });
});

test('a price with more digits than the currency has is refused by its path', async () => {
  market = await Market.open({ products: [{ sku: 'MUG', name: 'Mug', price: '18.00' }] }, { live: false });
  const show = { name: 'M', timeZone: 'Europe/Lisbon' };
  const plan = (currency: string, price: string) => ({
    plan: {
      format: 'dropdesk-plan',
      version: 1,
      show: { ...show, currency },
      products: [{ sku: 'A', name: 'A', price }],
    },
  });
  const bad = await market.refuses('adopt-plan', plan('USD', '18.005'), 'plan-invalid');
  expect(bad['faults']).toEqual([{ path: 'products[0].price', message: expect.stringContaining('18.005') }]);
  await market.refuses('adopt-plan', plan('JPY', '18.5'), 'plan-invalid');
  await market.refuses('adopt-plan', plan('KWD', '1.2345'), 'plan-invalid');
  expect(await market.hub.ask('adopt-plan', plan('HUF', '1.010'))).toMatchObject({ ok: true });
  expect(await market.hub.ask('adopt-plan', plan('JPY', '18.000'))).toMatchObject({ ok: true });
  expect((await market.hub.state()).plan?.products[0]?.priceMinor).toBe(18);
});
