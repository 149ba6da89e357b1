import { expect, test } from '@playwright/test';
import { ControlRoom } from './desk-kit.ts';
import { expectAccessible } from './page-kit.ts';

let room: ControlRoom;
test.afterEach(() => room.close());

test('what a platform counted comes in as a file: looked through first, the same file twice tells nothing twice', async ({
  browser,
}) => {
  room = await ControlRoom.open('live');
  const page = await room.desk(browser);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const at = (ago: number): string => new Date(Date.now() - ago * 1000).toISOString();
  const rows = [`${at(20)},120,YouTube`, `${at(10)},many,YouTube`, `${at(5)},131,YouTube`];
  await page.keyboard.press('y');
  await page.getByRole('button', { name: 'Import a file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import viewers' });
  const lookThrough = async (lines: string[]): Promise<void> => {
    await dialog.getByRole('textbox').fill(['time,viewers,platform', ...lines].join('\n'));
    await dialog.getByRole('button', { name: 'Preview' }).click();
  };

  await lookThrough(rows);
  await expect(dialog.getByRole('listitem')).toHaveText([/row 3, viewers: /]);
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await expectAccessible(page);
  const good = rows.filter((row) => !row.includes('many'));
  await lookThrough(good);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText('2 imported');
  await lookThrough(good);
  await expect(dialog.getByRole('status')).toContainText('2 that change nothing');
  await page.keyboard.press('Escape');
  await page.keyboard.press('y');
  const changed = page.getByRole('region', { name: 'What changed when' });
  await expect(changed).toContainText('120 viewers noted');
  await expect(changed).toContainText('131 viewers noted');
});
