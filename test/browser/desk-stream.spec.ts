import { expect, test, type Page } from '@playwright/test';
import { until } from '../kit/hub.ts';
import { alarmBar, ControlRoom, tile } from './desk-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';
import { startStreamStand, type StreamStand } from './stream-stand.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 640 },
];

let stand: StreamStand;
let room: ControlRoom;
test.beforeEach(async () => {
  stand = await startStreamStand();
});
test.afterEach(async () => {
  await room.close();
  await stand.stop();
});

async function live(): Promise<void> {
  room = await ControlRoom.open('live', { stream: stand.plan });
  await until('a stream that is well', async () => (await room.hub.state()).stream.level === 'ok', 15_000);
}

const path = (page: Page) => page.getByRole('region', { name: 'Stream path' });
const stage = (page: Page, name: string) => path(page).getByRole('row', { name: new RegExp(`^. ?${name}|^${name}`) });
const charts = (page: Page) => page.getByRole('dialog', { name: 'Stream', exact: true });
const range = (page: Page) => charts(page).locator('.range');
const bitrate = (page: Page) => charts(page).getByRole('img', { name: /^Bitrate from/ });

async function openCharts(page: Page): Promise<void> {
  await page.keyboard.press('y');
  await expect(bitrate(page)).toBeVisible();
}

async function expectNoPageScroll(page: Page): Promise<void> {
  const room = await page.evaluate('document.scrollingElement.scrollHeight - window.innerHeight');
  expect(room).toBeLessThanOrEqual(0);
}

test('a stream that dies on its way is drawn stage by stage, named, and well again', async ({ browser }) => {
  test.slow(); // a trouble ends after ten clean seconds, and two sizes are looked at meanwhile
  await live();
  const page = await room.desk(browser);
  for (const name of ['Computer, OBS', 'Network', 'Ingest', 'Origin', 'Edge']) {
    await expect(stage(page, name)).toContainText('OK');
  }
  await expect(stage(page, 'Viewers')).toBeVisible();
  await expect(stage(page, 'Recording')).toContainText('On');
  await expect(path(page)).not.toContainText('Where:');
  await expect(tile(page, 'Stream')).toContainText(/viewer/i);

  stand.stall();
  await expect(stage(page, 'Ingest')).toContainText('Down');
  await expect(stage(page, 'Computer, OBS')).toContainText('OK');
  await expect(stage(page, 'Edge')).toContainText('Follows');
  await expect(path(page)).toContainText('The way to the streaming server is broken.');
  await expect(path(page)).toContainText('Where:');
  await expect(alarmBar(page)).toContainText('Critical');
  for (const size of SIZES) {
    await page.setViewportSize(size);
    if (size.width < 1360) await page.getByRole('tab', { name: 'Stream' }).click();
    await expect(stage(page, 'Ingest')).toContainText('Down');
    await expectNothingOverlaps(page);
    await expectNoPageScroll(page);
    await expectAccessible(page);
  }

  stand.flow();
  await expect(path(page)).not.toContainText('Where:', { timeout: 30_000 });
  await expect(stage(page, 'Ingest')).toContainText('OK');
});

test('a source that does not answer is grey, and says for how long', async ({ browser }) => {
  await live();
  const page = await room.desk(browser);
  await expect(stage(page, 'Edge')).toContainText('OK');
  stand.silence('/edge.m3u8');
  await expect(stage(page, 'Edge')).toContainText(/No answer for \d+ s/, { timeout: 15_000 });
  await expect(stage(page, 'Edge')).toHaveClass(/faded/);
  await expect(stage(page, 'Origin')).toContainText('OK');
});

test('the charts have the points, the cue, the trouble and what changed, on one axis', async ({ browser }) => {
  await live();
  await room.hub.do('start-cue');
  await room.hub.do('mark-moment', { note: 'Glaze reveal' });
  const page = await room.desk(browser);
  stand.stall();
  await until('trouble', async () => (await room.hub.state()).stream.level === 'critical');
  await openCharts(page);
  // The sentence is made of the points that are drawn.
  await expect(bitrate(page)).toHaveAttribute('aria-label', /sent near [456]\.\d\d Mb\/s, least .*, last [456]\./);
  await expect(bitrate(page)).toHaveAttribute('aria-label', /Trouble (once|\d times) in this stretch/);
  await expect(charts(page).getByRole('img', { name: /^Playlist age from/ })).toBeVisible();
  const changed = charts(page).getByRole('region', { name: 'What changed when' });
  await expect(changed).toContainText('Transport: The way to the streaming server is broken.');
  await expect(changed).toContainText('Cue on air: Welcome');
  await expect(changed).toContainText('Moment: Glaze reveal');
  await expect(changed).toContainText('Stream started');

  await charts(page).getByRole('button', { name: 'Table: Bitrate' }).click();
  const rows = charts(page).getByRole('group', { name: 'Table: Bitrate' }).getByRole('row');
  await expect(rows.first()).toContainText('sent, Mb/s');
  await expect(rows.nth(1)).toContainText(/\d\d:\d\d:\d\d/);
  expect(await rows.count()).toBeLessThanOrEqual(61);

  for (const size of SIZES) {
    await page.setViewportSize(size);
    await expectNothingOverlaps(page);
    await expectNoPageScroll(page);
    await expectAccessible(page);
  }
});

test('keys zoom and move the time, a line of the list leads there, and now is one press away', async ({ browser }) => {
  await live();
  const page = await room.desk(browser);
  await openCharts(page);
  await expect(range(page)).toContainText('to now');
  const pressed = (name: string) => charts(page).getByRole('button', { name, exact: true });
  await expect(pressed('10 min')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Home');
  await expect(pressed('8 h')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('0');
  await expect(pressed('10 min')).toHaveAttribute('aria-pressed', 'true');
  for (const key of ['+', '+', '+', '+', '+']) await page.keyboard.press(key);
  await expect(pressed('10 min')).toHaveAttribute('aria-pressed', 'false');
  expect(await spanOf(page)).toBe(30);
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
  await expect(range(page)).not.toContainText('now');
  expect(await spanOf(page)).toBe(30);
  await page.keyboard.press('-');
  expect(await spanOf(page)).toBe(60);
  await pressed('Now').click();
  await expect(range(page)).toContainText('to now');
  await charts(page)
    .getByRole('button', { name: /Stream started/ })
    .click();
  await expect(charts(page).getByRole('button', { name: /Stream started/ })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(charts(page)).toBeHidden();
});

/** Seconds between the two ends of the window, as the first chart's sentence says them. */
async function spanOf(page: Page): Promise<number> {
  const said = (await bitrate(page).getAttribute('aria-label')) ?? '';
  const [from = 0, to = 0] = [...said.matchAll(/(\d\d):(\d\d):(\d\d)/g)].map(
    ([, hours, minutes, seconds]) => Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
  );
  return (to - from + 86_400) % 86_400;
}

test('dragging over a chart chooses a stretch', async ({ browser }) => {
  await live();
  const page = await room.desk(browser);
  await openCharts(page);
  const box = await bitrate(page).boundingBox();
  if (!box) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20, { steps: 4 });
  await page.mouse.move(box.x + box.width * 0.75, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(range(page)).not.toContainText('now');
  const span = await spanOf(page);
  expect(span).toBeGreaterThan(120);
  expect(span).toBeLessThan(220);
});

test('viewers that nobody counts are said to be unknown, and can be noted', async ({ browser }) => {
  room = await ControlRoom.open('live', { stream: { obs: stand.plan['obs'] } });
  const page = await room.desk(browser);
  await until('OBS', async () => (await room.hub.state()).stream.level === 'ok', 15_000);
  await expect(tile(page, 'Stream')).toContainText('Viewers unknown');
  await expect(stage(page, 'Viewers')).toContainText('Not counted');
  await openCharts(page);
  await expect(charts(page)).toContainText('Viewers unknown');
  await charts(page).getByRole('spinbutton', { name: 'Viewers now' }).fill('87');
  await charts(page).getByRole('button', { name: 'Note' }).click();
  await expect(charts(page).getByRole('region', { name: 'What changed when' })).toContainText('87 viewers noted');
  await expect(charts(page)).toContainText(/87 noted at \d\d:\d\d/);
});

test('the stream is set up part by part, keys go in and never come back', async ({ browser }) => {
  room = await ControlRoom.open('planned');
  const page = await room.desk(browser);
  await page.getByRole('button', { name: /^4? ?Stream/ }).click();
  await page.getByRole('textbox', { name: 'OBS address' }).fill(stand.obs.url);
  await page.getByRole('button', { name: 'Save: OBS', exact: true }).click();
  await expect(page.locator('summary').filter({ hasText: 'OBS' }).first()).toContainText('Computer, OBS:');

  const part = page.locator('details').filter({ hasText: 'Ingests and their keys' });
  await part.locator('summary').click();
  await part.getByRole('textbox', { name: 'Primary ingest' }).fill('gopher://a.example/live');
  await part.getByRole('button', { name: 'Save: Ingests and their keys' }).click();
  await expect(part.getByRole('alert')).toContainText('stream.primaryIngest');
  await expect(part.getByRole('textbox', { name: 'Primary ingest' })).toHaveAttribute('aria-invalid', 'true');
  await part.getByRole('textbox', { name: 'Primary ingest' }).fill('rtmp://a.example/live');
  await part.getByRole('button', { name: 'Save: Ingests and their keys' }).click();
  await expect(part.getByText('Saved').first()).toBeVisible();
  await expect(part).toContainText('Not set.');
  await part.getByRole('textbox', { name: 'Stream key of the primary' }).fill('k-canary-7');
  await part.getByRole('button', { name: 'Save: Stream key of the primary' }).click();
  await expect(part).toContainText('Set. Kept on this computer');
  await expectAccessible(page);
  await expectNothingOverlaps(page);
  const { plan, settings } = await room.hub.state();
  expect(plan?.stream).toMatchObject({ obs: { url: stand.obs.url }, primaryIngest: 'rtmp://a.example/live' });
  expect(JSON.stringify(settings)).not.toContain('canary');
});
