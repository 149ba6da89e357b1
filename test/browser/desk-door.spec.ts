import { expect, test } from '@playwright/test';
import { ControlRoom } from './desk-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';

/** The door, by keyboard: a guest is found, checked in and given the perk; a walk-in signs up. */
let room: ControlRoom;
test.beforeAll(async () => {
  const signup = (n: number, name: string) => ({
    id: `su-${n}`,
    name,
    email: `guest${n}@example.org`,
    channel: 'stream',
    at: '2026-11-20T10:00:00Z',
    consent: 'yes',
  });
  const names = ['Ana Silva', 'Anabela Souza', 'Bruno Anders', 'Clara Lima'];
  room = await ControlRoom.open('live', {
    offers: [{ id: 'sample-mug', kind: 'perk', sku: 'MUG' }],
    cues: [],
    signups: names.map((name, n) => signup(n + 1, name)),
  });
});
test.afterAll(() => room.close());

test('a guest is found, checked in with Enter and given the perk; the counts follow', async ({ browser }) => {
  const page = await room.desk(browser);
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'Guests at the door' });
  await expect(dialog.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('ana');
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('ArrowDown');
  await expect(dialog.locator('[aria-current=true]')).toContainText('Anabela Souza');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Anabela Souza is in.')).toBeVisible();
  await expect(dialog.locator('dd').nth(1)).toHaveText('1');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/Anabela Souza has been in since/)).toBeVisible();
  await dialog.locator('[aria-current=true]').getByRole('button', { name: 'Give sample-mug' }).click();
  await expect(dialog.getByText('sample-mug given to Anabela Souza.')).toBeVisible();
  await expect(dialog.locator('dd').nth(3)).toHaveText('1 / 4');
  if (process.env['SHOT']) await page.screenshot({ path: `${process.env['SHOT']}/door-found.png` });
  await expectNothingOverlaps(page);
  await expectAccessible(page);
});

test('a scanner’s code and Enter in one breath check in; a walk-in signs up and is in; one is forgotten', async ({
  browser,
}) => {
  const page = await room.desk(browser);
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'Guests at the door' });
  await page.keyboard.insertText('https://shop.example/checkin/su-4');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Clara Lima is in.')).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('Wanda Walkin');
  await dialog.getByLabel('E-mail', { exact: true }).fill('wanda@example.org');
  await dialog.getByLabel('May be written to').check();
  await dialog.getByRole('button', { name: 'Sign up' }).click();
  await expect(dialog.getByText(/Wanda Walkin is signed up\. Code [2-9A-Z]{6}\./)).toBeVisible();
  await expect(dialog.getByRole('listitem')).toContainText('Wanda Walkin');
  await expect(dialog.locator('dd').nth(2)).toHaveText('1');
  if (process.env['SHOT']) await page.screenshot({ path: `${process.env['SHOT']}/door-walkin.png` });
  await dialog.getByRole('button', { name: 'Forget …' }).click();
  await dialog.getByRole('button', { name: 'Delete Wanda Walkin for good?' }).click();
  await expect(dialog.getByText('Wanda Walkin was deleted. The counts stay.')).toBeVisible();
  await expect(dialog.locator('dd').nth(0)).toHaveText('5');
  await dialog.getByRole('searchbox').fill('nobody here');
  await expect(dialog.getByText('Nobody fits “nobody here”.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
