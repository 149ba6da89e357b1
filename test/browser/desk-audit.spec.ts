import { expect, test, type Page } from '@playwright/test';
import { until } from '../kit/hub.ts';
import { alarmBar, ControlRoom, go, tabTo } from './desk-kit.ts';
import { expectGood, keepPicture } from './page-kit.ts';
import { startStreamStand, type StreamStand } from './stream-stand.ts';

/** The audit before the show, and what its word does to the doors. */

let stand: StreamStand;
let room: ControlRoom;
test.beforeEach(async () => {
  stand = await startStreamStand();
});
test.afterEach(async () => {
  await room.close();
  await stand.stop();
});

/** A show whose slate OBS has under exactly this name, or has not. */
async function planned(slateScene = 'Slate'): Promise<void> {
  room = await ControlRoom.open('planned', { stream: { ...stand.plan, liveScene: 'Live', slateScene } });
  await until('OBS', async () => (await room.hub.state()).stream.sources.obs?.level === 'ok', 15_000);
}

const audit = (page: Page) => page.getByRole('dialog', { name: 'Pre-flight', exact: true });
const row = (page: Page, what: string) =>
  audit(page)
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name: `Run again: ${what}`, exact: true }) });
const top = (page: Page, name: string) => audit(page).getByRole('button', { name: new RegExp(`^${name} `) });
const summary = (page: Page) => page.getByRole('region', { name: 'Pre-flight of the stream' });

test('the audit says three words first, and every check with what was found; one can be run again', async ({
  browser,
}) => {
  test.slow();
  await planned();
  const page = await room.desk(browser);
  await page.keyboard.press('c');
  await expect(audit(page)).toContainText('Never run for this show');
  await expect(top(page, 'Network')).toContainText('NOT RUN');

  await audit(page).getByRole('button', { name: 'Run the audit' }).click();
  await expect(audit(page)).toContainText(/\d+ of 46/);
  await expect(audit(page)).toContainText('Running: ');
  await expect(audit(page).getByRole('button', { name: 'Cancel the run' })).toBeVisible();
  await keepPicture(page, 'running');
  // Nobody is told "not confirmed yet" while the run is seen to go on.
  await new Promise((done) => setTimeout(done, 2500));
  await expect(audit(page)).not.toContainText('Not confirmed yet');
  await expect(audit(page)).toContainText(/Last run \d+ Nov 2026|Last run/, { timeout: 32_000 });
  for (const name of ['Network', 'Caching', 'Failover'])
    await expect(top(page, name)).toContainText(/(GO|CHECK|NO-GO).*\d+ GO, \d+ CHECK, \d+ NO-GO/);

  const scenes = row(page, 'Live and slate scenes');
  await expect(scenes).toContainText('GO');
  await expect(scenes).toContainText('exact names');
  await expect(scenes).toContainText(/\d\.\d s/);
  await expect(row(page, 'Speed of the disk')).toContainText('skipped');
  await expect(row(page, 'Speed of the disk')).toContainText('Not while live.');
  const { checks } = (await room.hub.state()).audit;
  for (const { what, evidence } of checks) await expect(row(page, what)).toContainText(evidence);

  // The slate is gone from OBS: only its row, its section and the whole change their word.
  stand.obs.set({ scenes: ['Live'] });
  await scenes.getByRole('button', { name: 'Run again' }).click();
  await expect(scenes).toContainText('NO-GO');
  await expect(scenes).toContainText('“Slate”');
  await expect(audit(page).getByRole('button', { name: /^Audio and scene/ })).toContainText('NO-GO');
  await expectGood(page, 'audit');

  await page.setViewportSize({ width: 794, height: 1123 });
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await expect(audit(page).getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(audit(page).locator('tr', { hasText: 'Alarm sound' })).toBeVisible();
  await keepPicture(page, 'print');
  const height = await page.evaluate('document.documentElement.scrollHeight');
  expect(height).toBeGreaterThan(1800);
  const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(paper.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
});

test('a run is cancelled, and what was found by then is kept', async ({ browser }) => {
  await planned();
  const page = await room.desk(browser);
  await page.keyboard.press('c');
  await audit(page).getByRole('button', { name: 'Run the audit' }).click();
  await expect(row(page, 'The playlist goes on')).toContainText('running');
  await until('some results', async () => ((await room.hub.state()).audit.running?.done ?? 0) > 5);
  await audit(page).getByRole('button', { name: 'Cancel the run' }).click();
  await expect(audit(page).getByRole('button', { name: 'Run all again' })).toBeVisible();
  const { running, checks } = (await room.hub.state()).audit;
  expect(running).toBeNull();
  expect(checks.some(({ result }) => result === null)).toBe(true);
  expect(checks.some(({ result }) => result !== null)).toBe(true);
  await expect(row(page, 'The playlist goes on')).toContainText('not run');
});

test('a NO-GO keeps the doors shut until it is fixed or has a reason, which is kept', async ({ browser }) => {
  test.slow();
  await planned('Card of the evening');
  const page = await room.desk(browser);
  await page
    .getByRole('button', { name: /Go live/ })
    .first()
    .click();
  await expect(summary(page)).toContainText('NOT RUN');
  await expect(summary(page)).toContainText('Never run.');
  await summary(page).getByRole('button', { name: 'Run the audit' }).click();
  await expect(summary(page)).toContainText(/Running, \d+ of 46/);
  await expect(summary(page)).toContainText('What keeps the doors shut', { timeout: 32_000 });
  await expect(summary(page)).toContainText('NO-GO');
  const blocker = summary(page).getByRole('listitem').filter({ hasText: 'Live and slate scenes.' });
  await expect(blocker).toContainText('Card of the evening');

  const button = page.getByRole('button', { name: 'Go live', exact: true });
  await expect(button).toBeDisabled();
  await expect(page.locator('form')).toContainText(/\d NO-GO: fix (it|them), or give a reason/);
  await expectGood(page, 'go-live');
  const refused = await room.hub.ask('open-show', {});
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'preflight-blocks' } });

  // Fixed in OBS and checked again, it stands in nobody's way.
  stand.obs.set({ scenes: ['Live', 'Card of the evening'] });
  await blocker.getByRole('button', { name: 'Run again' }).click();
  await expect(blocker).toHaveCount(0);
  stand.obs.set({ scenes: ['Live'] });
  await room.hub.do('run-preflight', { checks: ['scn-1'] });
  await expect(blocker).toContainText('Card of the evening');

  await tabTo(page, page.getByRole('textbox', { name: 'Reason for going live all the same' }));
  await page.keyboard.type('The slate comes by hand tonight');
  await page.keyboard.press('Enter');
  await expect(go(page)).toBeVisible();
  const ledger = await room.hub.fetch('/api/ledger?after=0');
  expect(await ledger.text()).toContain('The slate comes by hand tonight');
});

test('a show that was never audited opens with a warning, and the alarm runs the audit', async ({ browser }) => {
  test.slow();
  await planned();
  const page = await room.desk(browser);
  await page
    .getByRole('button', { name: /Go live/ })
    .first()
    .click();
  await expect(summary(page)).toContainText('Never run.');
  await page.getByRole('button', { name: 'Go live', exact: true }).click();
  await expect(go(page)).toBeVisible();
  await expect(alarmBar(page)).toContainText('was not checked');
  await alarmBar(page).getByRole('button', { name: 'Run the audit' }).click();
  await expect(alarmBar(page).getByRole('button', { name: 'Show the checks' })).toBeVisible();
  await alarmBar(page).getByRole('button', { name: 'Show the checks' }).click();
  await expect(audit(page)).toContainText('Last run', { timeout: 32_000 });
  await page.keyboard.press('Escape');
  await expect(alarmBar(page).getByRole('button', { name: 'Run the audit' })).toHaveCount(0);
});
