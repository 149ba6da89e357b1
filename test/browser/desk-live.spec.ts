import { expect, test, type Page } from '@playwright/test';
import { until } from '../kit/hub.ts';
import { alarmBar, ControlRoom, go, tile } from './desk-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
  { width: 1280, height: 640 },
];

let room: ControlRoom;
test.afterEach(async () => {
  await room.close();
});

/** Never hidden while live (UI-10): alarm bar, four answers, GO with cue and owner, clock; and the page stands still. */
async function expectOneScreen(page: Page, next: { title: string; owner: string }): Promise<void> {
  const always = [
    alarmBar(page),
    ...['Stream', 'Selling', 'Reserve', 'Now and next'].map((name) => tile(page, name).locator('strong')),
    go(page).getByText(`Go: ${next.title}`, { exact: true }),
    go(page).getByText(next.owner),
    page.getByLabel('Time at the show'),
  ];
  for (const one of always) await expect(one).toBeInViewport({ ratio: 0.99 });
  const room = await page.evaluate('document.scrollingElement.scrollHeight - window.innerHeight');
  expect(room).toBeLessThanOrEqual(0);
  await expectNothingOverlaps(page);
}

test('one press on the start page leads to a selling demo, marked as one', async ({ browser }) => {
  room = await ControlRoom.open('none');
  const page = await room.desk(browser);
  const start = page.getByRole('button', { name: 'Try the demo show' });
  await expect(start).toBeFocused();
  await expectAccessible(page);
  await expectNothingOverlaps(page);

  await page.keyboard.press('Enter');
  const sales = page.getByRole('region', { name: 'Latest sales' }).getByRole('row');
  await expect(sales.nth(1)).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText(/^DEMO:/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Live', exact: true })).toHaveAttribute('aria-current', 'page');
  await expect(tile(page, 'Stream')).toContainText('OK');

  const next = await until('a next cue', async () => {
    const { cues, plan } = await room.hub.state();
    const cue = cues.list.find(({ id }) => id === cues.next);
    const owner = plan?.people.find(({ id }) => id === cue?.owners[0])?.name;
    return cue && owner ? { title: cue.title, owner } : null;
  });
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await expectOneScreen(page, next);
    await expectAccessible(page);
  }
});

test('a critical alarm fits on every size of screen, and so does a preorder', async ({ browser }) => {
  room = await ControlRoom.open('live', {
    products: [
      { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 10, lowAt: 3 },
      { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 5 },
      { sku: 'KETTLE', name: 'Kettle', price: '89.00', reserve: 0 },
    ],
    offers: [
      { id: 'drop-1', kind: 'drop', sku: 'MUG', price: '16.00', cap: 4 },
      { id: 'first', kind: 'preorder', sku: 'KETTLE', price: '79.00', cap: 30 },
    ],
  });
  const page = await room.desk(browser);
  await room.oversell('APRON');
  await expect(alarmBar(page)).toContainText('Critical');
  await expect(tile(page, 'Reserve')).toContainText('OVERSOLD');
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await expectOneScreen(page, { title: 'Welcome', owner: 'Ana' });
  }
  await expectAccessible(page);
  await expect(page.getByRole('row', { name: /^Kettle/ })).toContainText('preorder');
});

test('a cue started in one window runs in the other', async ({ browser }) => {
  room = await ControlRoom.open('live');
  const [one, other] = [await room.desk(browser), await room.desk(browser)];
  await go(one).click();
  const running = other.getByRole('row', { name: /Welcome/ });
  await expect(running).toHaveAttribute('aria-current', 'step');
  await expect(running).toContainText('On air');
  await expect(go(other)).toContainText('Go: Drop 1');
});

test('when the hub dies the tiles say how old they are, and fill again without a click', async ({ browser }) => {
  room = await ControlRoom.open('live');
  const page = await room.desk(browser);
  await room.hub.do('record-sale', { lines: [{ sku: 'MUG', quantity: 1 }], channel: 'in-person', tender: 'card' });
  await expect(tile(page, 'Selling')).toContainText('€18');
  const killed = performance.now();
  await room.kill();
  for (const name of ['Stream', 'Selling', 'Reserve', 'Now and next']) {
    await expect(tile(page, name)).toContainText(/Data is \d\d:\d\d old/);
  }
  expect(performance.now() - killed).toBeLessThan(7500);
  await expect(alarmBar(page)).toContainText('has not heard from the hub');
  await expect(tile(page, 'Selling')).toContainText('€18');
  await expectNothingOverlaps(page);

  await room.comeBack();
  await room.hub.do('record-sale', { lines: [{ sku: 'MUG', quantity: 1 }], channel: 'in-person', tender: 'card' });
  await expect(tile(page, 'Selling')).toContainText('€36');
  await expect(tile(page, 'Selling')).not.toContainText('Data is');
});

test('a show that cannot be read is said on the desk, never shown as an empty one', async ({ browser }) => {
  room = await ControlRoom.open('live');
  await room.kill();
  room.ruinShow();
  await room.comeBack();
  const page = await room.desk(browser);
  const { storage } = await room.hub.state();
  expect(storage.level).toBe('recovering');
  await expect(page.getByRole('status').filter({ hasText: 'Show not readable:' })).toContainText(
    storage.message ?? '–',
  );
  await expectNothingOverlaps(page);
  await expectAccessible(page);
});
