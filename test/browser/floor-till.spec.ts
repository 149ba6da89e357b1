import { expect, test, type Page } from '@playwright/test';
import { until } from '../kit/hub.ts';
import { Floor } from './floor-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';

const TILLS = { tills: [{ id: 'till-1', name: 'Front table' }], offers: [], cues: [] };

let floor: Floor;
test.beforeEach(async () => {
  floor = await Floor.open(TILLS);
});
test.afterEach(async () => {
  await floor.close();
});

const tile = (page: Page, name: string): ReturnType<Page['locator']> =>
  page.locator('.tile', { has: page.getByText(name, { exact: true }) });
const openTill = ({ browser }: { browser: Parameters<Floor['join']>[0] }): Promise<Page> =>
  floor.join(browser, { role: 'till', till: 'till-1' });

test('one item is two taps, and it is on the hub with a receipt of this till', async ({ browser }) => {
  const till = await openTill({ browser });
  await tile(till, 'Apron').click();
  await till.getByRole('button', { name: 'Card' }).click();
  await expect(till.getByText(/^Saved \d\d:\d\d:\d\d, €24\.00, safe on the hub$/)).toBeVisible();
  await expect(till.getByText('Receipt till-1-000001')).toBeVisible();
  await expect(tile(till, 'Apron')).toContainText('4 left');
  await expect(till.getByText('All safe')).toBeVisible();

  const { sales } = await floor.hub.state();
  expect(sales.byChannel['in-person']).toMatchObject({ count: 1, units: 1, netMinor: 2400 });
  await expectNothingOverlaps(till);
});

test('cash shows the change, and undo gives the stock back', async ({ browser }) => {
  const till = await openTill({ browser });
  await tile(till, 'Blue mug').click();
  await till.getByRole('button', { name: 'Cash' }).click();
  await till.getByRole('button', { name: '€20.00' }).click();
  await expect(till.getByText('Change €2.00')).toBeVisible();
  await expectNothingOverlaps(till);
  await expectAccessible(till);

  await till.getByRole('button', { name: 'Undo last sale' }).click();
  await expect(till.getByText('Change €2.00')).toHaveCount(0);
  await till.getByRole('button', { name: 'Undo it' }).click();
  await expect(till.getByText('Undone: €18.00. The stock is back.')).toBeVisible();
  await expect(tile(till, 'Blue mug')).toContainText('10 left');
  expect((await floor.hub.state()).sales.netMinor).toBe(0);
});

test('what is sold out says so, and a refusal keeps the basket', async ({ browser }) => {
  const till = await openTill({ browser });
  await tile(till, 'Apron').click();
  await floor.hub.do('record-sale', { lines: [{ sku: 'APRON', quantity: 5 }], channel: 'stream', tender: 'card' });
  await expect(tile(till, 'Apron')).toContainText('Sold out');
  await till.getByRole('button', { name: 'Card' }).click();
  await expect(till.getByText(/^Not sold\./)).toBeVisible();
  await expect(till.getByRole('button', { name: 'One Apron less' })).toBeVisible();
  expect((await floor.hub.state()).sales.count).toBe(1);

  await till.getByRole('button', { name: 'One Apron less' }).click();
  await tile(till, 'Apron').click();
  await expect(till.getByText('Apron is sold out.')).toBeVisible();
  await expectNothingOverlaps(till);
  await expectAccessible(till);
});

test('a till without a hub sells on, and everything arrives once and in order', async ({ browser }) => {
  const till = await openTill({ browser });
  await expect(tile(till, 'Blue mug')).toContainText('10 left');
  await floor.kill();
  await expect(till.getByText(/^No link/)).toBeVisible({ timeout: 10_000 });

  for (const name of ['Blue mug', 'Apron', 'Blue mug']) {
    await tile(till, name).click();
    const pressed = performance.now();
    await till.getByRole('button', { name: 'Card' }).click();
    await expect(till.getByText(/^Saved here \d\d:\d\d:\d\d/)).toBeVisible();
    expect(performance.now() - pressed).toBeLessThan(1000);
  }
  await expect(till.getByText('3 saved here, waiting')).toBeVisible();
  await expect(tile(till, 'Blue mug')).toContainText('8 left');
  await expectNothingOverlaps(till);

  await floor.comeBack();
  await expect(till.getByText('All safe')).toBeVisible({ timeout: 10_000 });
  const { sales } = await floor.hub.state();
  expect(sales.count).toBe(3);
  const { entries } = await floor.hub.get<{ entries: { kind: string; body: { receipt: string; offline: boolean } }[] }>(
    '/api/ledger?limit=500',
  );
  const booked = entries.filter(({ kind }) => kind === 'sale.recorded').map(({ body }) => body);
  expect(booked.map(({ receipt }) => receipt)).toEqual(['till-1-000001', 'till-1-000002', 'till-1-000003']);
  expect(booked.every(({ offline }) => offline)).toBe(true);
  await expect(tile(till, 'Blue mug')).toContainText('8 left');
});

test('a queue on the device outlives a reload', async ({ browser }) => {
  const till = await openTill({ browser });
  await expect(tile(till, 'Apron')).toBeVisible();
  await floor.kill();
  await expect(till.getByText(/^No link/)).toBeVisible({ timeout: 10_000 });
  await tile(till, 'Apron').click();
  await till.getByRole('button', { name: 'Card' }).click();
  await expect(till.getByText('1 saved here, waiting')).toBeVisible();

  let asked = false;
  till.on('dialog', (dialog) => {
    asked = dialog.type() === 'beforeunload';
    void dialog.dismiss();
  });
  await till.close({ runBeforeUnload: true });
  await until('leaving asks first', () => asked);

  const context = till.context();
  await floor.comeBack();
  const again = await context.newPage();
  await again.goto(till.url());
  await expect(again.getByText('All safe')).toBeVisible({ timeout: 10_000 });
  await until('the sale has come in', async () => (await floor.hub.state()).sales.count === 1);
});
