import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { ControlRoom } from './desk-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';

/** Order files on the desk: looked through, mapped, imported with progress, stopped. */
const PLAN = {
  show: { name: 'Test market', timeZone: 'America/New_York', currency: 'USD', startsAt: '2026-11-28T19:00:00Z' },
  products: [
    { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 100_000 },
    { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 100 },
  ],
};
const fixture = (name: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: readFileSync(join(import.meta.dirname, '../fixtures/csv', name)),
});

let room: ControlRoom;
let page: Page;
test.beforeEach(async ({ browser }) => {
  room = await ControlRoom.open('planned', PLAN);
  page = await room.desk(browser);
  // A button that is just turning enabled has a colour in between, which nobody reads.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page
    .getByRole('button', { name: /Products/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Import sales' }).click();
});
test.afterEach(() => room.close());

const dialog = () => page.getByRole('dialog', { name: 'Import sales' });
const picture = async (name: string): Promise<void> => {
  const folder = process.env['DROPDESK_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
};

test('a file of Shopify is recognised and previewed, its bad row named, and booked', async () => {
  await dialog().locator('input[type=file]').setInputFiles(fixture('shopify-orders.csv'));
  await expect(dialog().getByRole('status')).toContainText('Orders from Shopify');
  await expect(dialog().getByRole('row', { name: /#1001/ })).toContainText('1 × Apron, 2 × Blue mug');
  await expect(dialog().getByRole('row', { name: /#1005/ })).toContainText('not in the plan: Linen tea towel');
  await expect(dialog().getByRole('listitem')).toHaveText([/row 6, Lineitem quantity: "two" is no whole number/]);
  await picture('import-preview');
  await expectNothingOverlaps(page);
  await expectAccessible(page);
  await dialog().getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog().getByText(/3 imported, 0 brought up to date/)).toBeVisible();
  expect((await room.hub.state()).sales.count).toBe(3);
});

test('a file of an unknown form asks for its columns and remembers the answer', async () => {
  const file = fixture('whatnot-mapped.csv');
  await dialog().locator('input[type=file]').setInputFiles(file);
  await expect(dialog().getByRole('alert')).toContainText('needed are: SKU, Quantity');
  await expect(dialog().getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await dialog().getByLabel('SKU').selectOption('Stk code');
  await dialog().getByLabel('Quantity').selectOption('How many');
  await dialog().getByLabel('Unit price').selectOption('Hammer price');
  await dialog().getByLabel('Item name').selectOption('Show item');
  await dialog().getByLabel('Time').selectOption('Sold when');
  await expect(dialog().getByRole('row', { name: /Blue mug/ })).toContainText('$14.00');
  await picture('import-mapping');
  await expectNothingOverlaps(page);
  await expectAccessible(page);
  await dialog().getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog().getByText(/2 imported/)).toBeVisible();
  await dialog()
    .locator('input[type=file]')
    .setInputFiles({ ...file, name: 'again.csv' });
  await expect(dialog().getByLabel('SKU')).toHaveValue('Stk code');
  await expect(dialog().getByRole('status')).toContainText('2 that change nothing');
});

test('a long import shows how far it is, can be stopped, and the same file brings the rest', async () => {
  const rows = Array.from({ length: 30_000 }, (_, n) => `w-${n},MUG,1,18.00`);
  const file = {
    name: 'long.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`order,sku,qty,price\n${rows.join('\n')}`),
  };
  await dialog().locator('input[type=file]').setInputFiles(file);
  await expect(dialog().getByText('30000 new')).toBeVisible({ timeout: 20_000 });
  await dialog().getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog().getByRole('progressbar')).toBeVisible();
  await picture('import-progress');
  await dialog().getByRole('button', { name: 'Stop' }).click();
  await expect(dialog().getByText(/Stopped after \d+ of 30000/)).toBeVisible();
  const booked = (await room.hub.state()).sales.count;
  expect(booked).toBeGreaterThan(0);
  expect(booked).toBeLessThan(30_000);
  await dialog()
    .locator('input[type=file]')
    .setInputFiles({ ...file, name: 'long-again.csv' });
  await expect(dialog().getByText(`${30_000 - booked} new`)).toBeVisible({ timeout: 20_000 });
  await dialog().getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog().getByText(`${30_000 - booked} imported`)).toBeVisible({ timeout: 30_000 });
  expect((await room.hub.state()).sales.count).toBe(30_000);
});
