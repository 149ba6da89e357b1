import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test, type Page } from '@playwright/test';
import { until } from '../kit/hub.ts';
import { alarmBar, ControlRoom, tabTo } from './desk-kit.ts';
import { expectGood } from './page-kit.ts';
import { startStreamStand, type StreamStand } from './stream-stand.ts';

/** Failover at the desk: who may act, what is asked, and what a person's yes and no do to OBS. */

// Each has a hub, an OBS and a stream of its own, and mostly waits for guard times.
test.describe.configure({ mode: 'parallel' });

let stand: StreamStand;
let room: ControlRoom;
let backup: { url: string; close: () => void };
test.beforeEach(async () => {
  [stand, backup] = [await startStreamStand(), await startDoor()];
});
test.afterEach(async () => {
  await room.close();
  await stand.stop();
  backup.close();
});

/** An RTMP door that answers a knock and nothing more. */
async function startDoor(): Promise<{ url: string; close: () => void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(3072)])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `rtmp://127.0.0.1:${port}/live`, close: () => void server.close() };
}

async function live(plan: Record<string, unknown> = {}): Promise<void> {
  const planned = { ...stand.plan, liveScene: 'Live', slateScene: 'Slate', backupIngest: backup.url, ...plan };
  room = await ControlRoom.open('live', { stream: planned });
  await room.hub.do('set-setting', { key: 'secret.stream.backup.key', value: 'canary-backup' });
  await until('a stream that is well', async () => (await room.hub.state()).failover.state === 'live', 15_000);
}

const stream = (page: Page) => page.getByRole('dialog', { name: 'Stream', exact: true });
const bar = (page: Page) => stream(page).getByRole('region', { name: 'Failover', exact: true });
const strip = (page: Page) => page.locator('section.strip');
const server = (): string => String(stand.obs.figures().service.settings['server']);
const failover = async () => (await room.hub.state()).failover;

/** Armed as soon as OBS has told its scenes. */
async function arm(mode: string): Promise<void> {
  await until(`armed to ${mode}`, async () => (await room.hub.ask('arm-failover', { mode })).ok);
}

/** The server that is set is gone, and OBS begins to reconnect. */
function die(): void {
  stand.stall();
  stand.obs.set({ deadServers: [server()] });
  stand.obs.hangUp();
}

test('armed to confirm, a stream that dies is offered the backup, and Confirm by keyboard switches to it', async ({
  browser,
}) => {
  test.slow();
  await live();
  const page = await room.desk(browser);
  await expect(strip(page)).toHaveCount(0);
  await page.keyboard.press('y');
  await expect(bar(page)).toContainText('On air');
  await expect(bar(page)).toContainText('on the primary ingest');
  await tabTo(page, bar(page).getByRole('radio', { name: 'Observe' }));
  await page.keyboard.press('ArrowDown');
  await expect(bar(page).getByRole('radio', { name: 'Confirm' })).toBeChecked();
  await until('armed', async () => (await failover()).mode === 'confirm');
  await expectGood(page, 'armed');
  await page.keyboard.press('Escape');
  await expect(strip(page)).toContainText('Failover asks first');
  await expect(strip(page)).toContainText('On air, on the primary ingest');

  die();
  await expect(strip(page)).toContainText(/Switch of ingest is offered in \d s\./, { timeout: 15_000 });
  await expect(strip(page)).toContainText('Switch to the backup?', { timeout: 20_000 });
  await expect(strip(page)).toContainText('the backup answers');
  // That the stream is down came first; once it is acknowledged, what waits for an answer is on top.
  await expect(alarmBar(page).getByRole('button', { name: 'Switch to backup' })).toBeVisible();
  await page.keyboard.press('a');
  await expect(alarmBar(page).getByRole('button', { name: 'Confirm', exact: true })).toBeVisible();
  await expect(alarmBar(page).getByRole('button', { name: 'Cancel', exact: true })).toBeVisible();
  await expectGood(page, 'proposal');
  const before = server();
  await tabTo(page, strip(page).getByRole('button', { name: /^Confirm/ }));
  await page.keyboard.press('Enter');
  await until('the backup in OBS', () => server() === backup.url);
  expect(before).not.toBe(backup.url);
  await expect(strip(page)).toContainText('on the backup ingest');
  expect(stand.obs.figures().streaming).toBe(true);

  await page.keyboard.press('y');
  await expect(bar(page).getByRole('button', { name: 'Switch to primary' })).toBeVisible();
  await bar(page).locator('summary').click();
  const done = bar(page).getByRole('row').filter({ hasText: 'Switch of ingest: primary to backup' });
  await expect(done).toContainText('Desk');
  await expect(done).toContainText('done');
  await expect(done).toContainText(/\d\.\d s/);
  await expectGood(page, 'after');
  stand.flow();
});

test('a slate is shown and cleared, what cannot be done says why, and what a slate cannot do is said', async ({
  browser,
}) => {
  test.slow();
  await live({ backupIngest: null });
  const page = await room.desk(browser);
  await page.keyboard.press('y');
  const button = (name: string) => bar(page).getByRole('button', { name, exact: true });
  await expect(button('Switch to backup')).toBeDisabled();
  await expect(bar(page)).toContainText('The plan names no backup ingest.');
  await expect(bar(page)).toContainText('There is nothing to retry.');
  await expect(bar(page)).toContainText('OBS is recording already.');
  await button('Show slate').click();
  await until('the slate', () => stand.obs.figures().scene === 'Slate');
  await expect(bar(page)).toContainText('The slate is on');
  await button('Clear slate').click();
  await until('the picture', () => stand.obs.figures().scene === 'Live');
  await expect(button('Show slate')).toBeEnabled();

  stand.obs.set({ recording: false });
  await expect(button('Start recording')).toBeEnabled();
  await button('Start recording').click();
  await until('the recording', () => stand.obs.figures().recording);

  stand.stall();
  await expect(bar(page)).toContainText('a slate reaches no viewer now', { timeout: 15_000 });
  await expectGood(page, 'notice');
});

test('arming that cannot be is refused beside the choice, which falls back to what is true', async ({ browser }) => {
  await live({ backupIngest: null, slateScene: 'Card', liveScene: null });
  const page = await room.desk(browser);
  await page.keyboard.press('y');
  await bar(page).getByRole('radio', { name: 'Confirm' }).click();
  await expect(bar(page).getByRole('alert')).toContainText('OBS has no scene named exactly “Card”.');
  await expect(bar(page).getByRole('radio', { name: 'Observe' })).toBeChecked();
});

test('the operator wins: a stop in OBS withdraws what was proposed, disarms, and is said', async ({ browser }) => {
  test.slow();
  await live();
  await arm('confirm');
  const page = await room.desk(browser);
  die();
  await expect(strip(page)).toContainText('Switch to the backup?', { timeout: 30_000 });
  // A no holds while the trouble lasts; a hand on OBS disarms.
  stand.obs.emit('StreamStateChanged', { outputActive: true, outputState: 'OBS_WEBSOCKET_OUTPUT_STOPPING' });
  stand.obs.set({ streaming: false, reconnecting: false });
  stand.obs.emit('StreamStateChanged', { outputActive: false, outputState: 'OBS_WEBSOCKET_OUTPUT_STOPPED' });
  await expect(strip(page)).toHaveCount(0);
  await page.keyboard.press('y');
  await expect(bar(page).getByRole('radio', { name: 'Observe' })).toBeChecked();
  await bar(page).locator('summary').click();
  const withdrawn = bar(page).getByRole('row').filter({ hasText: 'called off' });
  await expect(withdrawn).toContainText('The stream was stopped in OBS.');
  await expect(withdrawn).toContainText('Switch of ingest: primary to backup');
  const stopped = async () => (await room.hub.state()).alarms.find(({ kind }) => kind === 'stream-stopped');
  await until('the alarm', stopped, 20_000);
  await page.keyboard.press('Escape');
  // The older one first: this show was never audited.
  await expect(alarmBar(page).getByRole('button', { name: 'Run the audit' })).toBeVisible();
  await page.keyboard.press('a');
  await expect(alarmBar(page)).toContainText('was stopped in OBS');
  await alarmBar(page).getByRole('button', { name: 'I meant it' }).click();
  await until('the answer', async () => (await stopped())?.acknowledgedAt);
});

test('two switches that fail lock it, and Arm again is one press away', async ({ browser }) => {
  test.slow();
  await live();
  await arm('confirm');
  const page = await room.desk(browser);
  stand.stall();
  stand.obs.set({ deadServers: [''] });
  stand.obs.hangUp();
  await expect(strip(page)).toContainText('Switch to the backup?', { timeout: 30_000 });
  await page.keyboard.press('Shift+Y');
  await expect(strip(page)).toContainText('Switch of ingest under way');
  await expect(strip(page).getByRole('button', { name: 'Cancel' })).toBeVisible();
  await expect(strip(page)).toContainText('Switch to the backup?', { timeout: 60_000 });
  await page.keyboard.press('Shift+Y');
  await expect(strip(page)).toContainText('Failover is locked.', { timeout: 60_000 });
  await expect(strip(page)).toContainText('Two switches have failed.');
  await expectGood(page, 'locked');
  await strip(page).getByRole('button', { name: 'Arm again' }).click();
  await expect(strip(page)).not.toContainText('Failover is locked.');
  expect((await failover()).lockedWhy).toBeNull();
});

test('in auto what is about to happen is counted down, and X stops it', async ({ browser }) => {
  test.slow();
  await live();
  await arm('auto');
  const page = await room.desk(browser);
  await expect(strip(page)).toContainText('Failover acts by itself');
  die();
  await expect(strip(page)).toContainText(/Switches to the backup in [1-3] s\./, { timeout: 30_000 });
  await page.keyboard.press('x');
  await expect(strip(page)).not.toContainText('Switches to the backup');
  await new Promise((done) => setTimeout(done, 4000));
  expect(server()).not.toBe(backup.url);
  expect((await failover()).history[0]).toMatchObject({ what: 'switch-ingest', state: 'cancelled', by: 'desk' });
});
