import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { ControlRoom, LAPTOP } from './desk-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';

let room: ControlRoom;
test.afterEach(async () => {
  await room.close();
});

test('a show is closed: stopped, counted blind, explained, written, and its figures are the file’s', async ({
  browser,
}) => {
  // Reserves like no other number on the page, so that what is found is the expected figure and nothing else.
  room = await ControlRoom.open('live', {
    products: [
      { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 739 },
      { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 841 },
    ],
  });
  const { hub } = room;
  await hub.do('record-sale', { lines: [{ sku: 'MUG', quantity: 2 }], channel: 'in-person', tender: 'cash' });
  await hub.do('record-sale', { lines: [{ sku: 'APRON', quantity: 1 }], channel: 'stream', tender: 'card' });
  const page = await room.desk(browser, LAPTOP);
  await page.keyboard.press('Control+3');

  const hold = page.getByRole('button', { name: /stop selling$/i }).last();
  await hold.focus();
  await page.keyboard.press('Enter');
  expect((await hub.state()).show?.phase).toBe('live');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Count', exact: true })).toBeVisible();
  await expect(page.getByText('2 products not counted.')).toBeVisible();
  const html = await page.content();
  expect(html).toContain('Blue mug');
  expect(html).not.toMatch(/737|739|840|841/);
  await expectAccessible(page);
  await expectNothingOverlaps(page);

  await page.getByLabel('Counted: Blue mug').fill('736');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Counted: Apron')).toBeFocused();
  await page.keyboard.type('840');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row', { name: /Apron/ })).toContainText('as expected');
  await expect(page.getByRole('row', { name: /Blue mug/ })).toContainText('−1');
  await page.getByLabel('Reason for the difference: Blue mug').selectOption('damage');
  await page.getByRole('button', { name: 'Book the difference: Blue mug' }).click();
  await expect(page.getByRole('button', { name: /^Count.*done/ })).toBeVisible();

  await page.getByRole('button', { name: /Write/ }).first().click();
  await page.getByRole('button', { name: 'Write the files' }).click();
  await expect(page.getByRole('heading', { name: 'Done', exact: true })).toBeVisible({ timeout: 20_000 });

  const files = (await hub.state()).close?.files ?? [];
  const row = page.getByRole('row', { name: /report\.json/ });
  await expect(page.getByRole('row', { name: /report\.xlsx/ })).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), row.getByRole('button').click()]);
  const report = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
    totals: { netMinor: number; sales: number; units: number };
  };
  expect(files.some(({ path }) => path.endsWith(download.suggestedFilename()))).toBe(true);
  const { sales } = await hub.state();
  expect(report.totals).toMatchObject({ netMinor: sales.netMinor, sales: 2, units: 3 });
  const summary = page.getByRole('region', { name: 'Summary' });
  await expect(summary.getByRole('row', { name: /^Net / })).toContainText('€60.00');
  await expect(summary.getByRole('row', { name: /^Units / })).toContainText('3');
  expect(sales.netMinor).toBe(6000);
  await expectAccessible(page);
  await expectNothingOverlaps(page);
});
