import { expect, test } from '@playwright/test';
import { until } from '../kit/hub.ts';
import { alarmBar, ControlRoom, go, tabTo, tile } from './desk-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';

let room: ControlRoom;
test.afterEach(async () => {
  await room.close();
});

test('a show is opened and run without a mouse', async ({ browser }) => {
  room = await ControlRoom.open('planned');
  const { hub } = room;
  const page = await room.desk(browser);
  const { keyboard } = page;
  const cues = async () => (await hub.state()).cues;

  await tabTo(page, page.getByRole('button', { name: /Go live/ }).first());
  await keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Go live', exact: true }));
  await keyboard.press('Enter');
  await expect(go(page)).toContainText('Go: Welcome');

  await keyboard.press('Space');
  await expect(go(page)).toContainText('Go: Drop 1');
  // Half a second after a GO the hub takes none, so that a bouncing key never skips a cue.
  await keyboard.press('Space');
  await expect(page.getByText('A cue was started less than half a second ago.')).toBeVisible();
  await new Promise((done) => setTimeout(done, 500));
  await keyboard.press('Space');
  await expect(go(page)).toContainText('Go: Thanks');
  expect(await cues()).toMatchObject({ current: 'c2', next: 'c3' });
  await keyboard.press('Shift+Space');
  await expect(go(page)).toContainText('Go: Drop 1');

  const before = await hub.state();
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  const after = await hub.state();
  expect([after.seq, after.cues.current]).toEqual([before.seq, 'c1']);

  await keyboard.press('m');
  await expect(page.getByText(/^Moment marked at/)).toBeVisible();
  expect((await hub.state()).moments).toHaveLength(1);

  await keyboard.press('n');
  await expectAccessible(page);
  await keyboard.press('Enter');
  await tabTo(page, page.getByLabel('Creator code'));
  await keyboard.type('ANA10');
  await tabTo(page, page.getByRole('button', { name: /^Record sale/ }));
  await keyboard.press('Enter');
  await expect(page.getByText(/^Sale recorded: €1\d\.00$/)).toBeVisible();
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect((await hub.state()).sales.latest[0]).toMatchObject({ creator: 'ana', units: 1, state: 'sold' });

  await tabTo(page, page.getByRole('button', { name: 'Void last' }));
  await keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Void it' }));
  await keyboard.press('Enter');
  await expect(page.getByRole('row', { name: /voided/ })).toBeVisible();
  expect((await hub.state()).sales.netMinor).toBe(0);

  await room.oversell('APRON');
  await expect(alarmBar(page)).toContainText('Critical');
  await keyboard.press('z'); // a critical alarm cannot be shelved, and says so beside the button
  await expect(alarmBar(page).getByRole('alert')).toBeVisible();
  await keyboard.press('a');
  const alarm = await until('the alarm is acknowledged', async () =>
    (await hub.state()).alarms.find(({ kind, acknowledgedAt }) => kind === 'oversold' && acknowledgedAt !== null),
  );
  expect(alarm.clearedAt).toBeNull();
  await expect(alarmBar(page).getByRole('button', { name: /Acknowledge/ })).toHaveCount(0);
});

test('Space types a blank in a field, and starts a cue only once however fast it is pressed', async ({ browser }) => {
  room = await ControlRoom.open('live');
  const page = await room.desk(browser);
  await page.keyboard.press('t');
  const text = page.getByRole('dialog').getByRole('textbox').last();
  await text.focus();
  await page.keyboard.type('one more');
  await expect(text).toHaveValue('one more');
  expect((await room.hub.state()).cues.current).toBeNull();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await page.keyboard.press('Space');
  await page.keyboard.press('Space');
  await expect(go(page)).toContainText('Go: Drop 1');
  await new Promise((done) => setTimeout(done, 300));
  expect((await room.hub.state()).cues).toMatchObject({ current: 'c1', next: 'c2' });
});

test('a sale beyond stock names what is left beside the button and keeps the basket', async ({ browser }) => {
  room = await ControlRoom.open('live');
  const page = await room.desk(browser);
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  for (let units = 0; units < 6; units += 1) await dialog.getByRole('button', { name: /^Apron/ }).click();
  await dialog.getByRole('button', { name: /^Record sale/ }).click();
  await expect(dialog.getByRole('alert')).toContainText(/\b5\b/);
  await expect(dialog.getByRole('button', { name: 'One Apron fewer' })).toBeVisible();
  await expectNothingOverlaps(page);
  await expectAccessible(page);
  expect((await room.hub.state()).sales.count).toBe(0);

  await dialog.getByRole('button', { name: 'One Apron fewer' }).click();
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await dialog.getByRole('button', { name: /^Record sale/ }).click();
  await expect(tile(page, 'Selling')).toContainText('€120');
});
