import { expect, test, type Page } from '@playwright/test';
import { until } from '../kit/hub.ts';
import { Floor } from './floor-kit.ts';
import { expectAccessible, expectNothingOverlaps, framesOf } from './page-kit.ts';

const CUES = {
  // Nothing lies with a till, so that what is left is what was not sold.
  products: [
    { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 10, lowAt: 3, tillLease: 0 },
    { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 5, tillLease: 0 },
  ],
  cues: [
    {
      id: 'c1',
      title: 'Drop 1: blue mug',
      kind: 'drop',
      start: { rule: 'soft', at: '2026-11-28T19:05:00+00:00' },
      durationMs: 900_000,
      owners: ['ana'],
      offer: 'drop-1',
      sku: 'MUG',
      priceNote: '16 euros tonight',
      points: [
        { id: 'p1', text: 'Show the glaze close up' },
        { id: 'p2', text: 'Ships from Friday', mustSay: true },
      ],
    },
    {
      id: 'c2',
      title: 'Apron demo',
      kind: 'talk',
      start: { rule: 'linked' },
      durationMs: 600_000,
      owners: ['ben'],
      sku: 'APRON',
      points: [{ id: 'p1', text: 'Pockets first' }],
    },
  ],
};

let floor: Floor;
test.beforeEach(async () => {
  floor = await Floor.open(CUES);
});
test.afterEach(async () => {
  await floor.close();
});

const band = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('heading', { level: 1 });

test('GO reaches two phones, an answer reaches the desk, and both come through a killed hub', async ({ browser }) => {
  const { hub } = floor;
  const ana = await floor.join(browser, { role: 'co-host', person: 'ana' });
  const ben = await floor.join(browser, { role: 'co-host', person: 'ben' });
  await expect(band(ana)).toHaveText('WAIT');

  await hub.do('start-cue', { overrideReason: 'no stream in this test' });
  await expect(band(ana)).toHaveText('ON AIR', { timeout: 1000 });
  await expect(ben.getByText('Now Ana, Drop 1: blue mug')).toBeVisible({ timeout: 1000 });
  await expect(ana.getByText('Show the glaze close up')).toBeVisible();
  await expect(ana.getByText('16 euros tonight, 10 left')).toBeVisible();
  await expect(ana.getByText('ANA10')).toBeVisible();
  await expectNothingOverlaps(ana);
  await expectAccessible(ana);

  await hub.do('standby-cue');
  await expect(band(ben)).toHaveText('STANDBY');
  await until('Ben has seen the call', () => dispatchState('seen'));
  await expectAccessible(ben);
  await ben.getByRole('button', { name: 'Got it' }).click();
  await until('Ben has accepted', () => dispatchState('accepted'));
  await expect(ben.getByRole('button', { name: /Got it ✓ .*, change/ })).toBeVisible();
  await expectNothingOverlaps(ben);

  await ana.getByLabel('Show the glaze close up').check();
  await until('the tick is in the ledger', async () => {
    const { entries } = await floor.hub.get<{ entries: { kind: string }[] }>('/api/ledger?limit=500');
    return entries.some(({ kind }) => kind === 'point.ticked');
  });
  await floor.kill();
  for (const page of [ana, ben]) await expect(page.getByText(/^No link \d+ s$/)).toBeVisible({ timeout: 10_000 });
  const before = await ana.getByRole('timer').textContent();
  await expect(ana.getByRole('timer')).not.toHaveText(before ?? '', { timeout: 2000 });
  await expect(ana.getByText('Show the glaze close up')).toBeVisible();
  await ana.getByRole('button', { name: 'Mark moment' }).click();
  await expect(ana.getByText(/^Marked \d\d:\d\d:\d\d$/)).toBeVisible();
  await expect(ana.getByText('1 waiting')).toBeVisible();
  await expectNothingOverlaps(ana);

  await floor.comeBack();
  for (const page of [ana, ben]) {
    await expect(page.getByText('Connected')).toBeVisible({ timeout: 8000 });
    await expect(page.getByText(/^No link/)).toHaveCount(0);
  }
  await expect(band(ana)).toHaveText('ON AIR');
  await expect(ana.getByLabel('Show the glaze close up')).toBeChecked();
  await until('the mark has come in', async () => (await floor.hub.state()).moments.length === 1);
  await expect(ana.getByText('1 waiting')).toHaveCount(0);

  async function dispatchState(wanted: string): Promise<boolean> {
    const { cues } = await floor.hub.state();
    return cues.list.some((cue) => cue.dispatches.some(({ person, state }) => person === 'ben' && state === wanted));
  }
});

test('a message covers the points until it is tapped, and a call for help comes back answered', async ({ browser }) => {
  const ana = await floor.join(browser, { role: 'co-host', person: 'ana' });
  await floor.hub.do('start-cue', { overrideReason: 'no stream in this test' });
  await floor.hub.do('send-message', { to: ['ana'], text: 'Only 6 left, push now', tone: 'hurry' });
  await expect(ana.getByRole('alert')).toContainText('Only 6 left, push now');
  await expect(band(ana)).toBeVisible();
  await expectNothingOverlaps(ana);
  await expectAccessible(ana);
  await ana.getByRole('button', { name: 'OK' }).click();
  await expect(ana.getByRole('alert')).toHaveCount(0);
  await until('the desk knows it was read', async () =>
    (await floor.hub.state()).messages[0]?.receipts.some(({ state }) => state === 'accepted'),
  );

  await ana.getByRole('button', { name: 'Help', exact: true }).click();
  await ana.getByRole('button', { name: 'Stock' }).click();
  const request = await until('the request is on the desk', async () => (await floor.hub.state()).requests[0]);
  expect(request).toMatchObject({ what: 'stock', person: 'ana' });
  await floor.hub.do('answer-request', { request: request.id, answer: 'coming', text: 'two minutes' });
  await expect(ana.getByText('coming: two minutes')).toBeVisible();
  await expectAccessible(ana);
});

const MONEY = /"\w*(Minor|price|total|revenue|gross|net|tender|buyer|sales?)"\s*:/i;

test('no money reaches a co-host, whatever is sold', async ({ browser }) => {
  const ana = await floor.join(browser, { role: 'co-host', person: 'ana' });
  const till = await floor.join(browser, { role: 'till', till: 'till-1' });
  const [told, control] = [framesOf(ana), framesOf(till)];
  await ana.reload();
  await till.reload();
  await floor.hub.do('start-cue', { overrideReason: 'no stream in this test' });
  await floor.hub.do('record-sale', { lines: [{ sku: 'APRON', quantity: 2 }], channel: 'in-person', tender: 'cash' });
  await floor.hub.do('record-sale', {
    lines: [{ sku: 'MUG', quantity: 3 }],
    channel: 'stream',
    tender: 'card',
    creatorCode: 'BEN10',
  });
  await expect(ana.getByText('7 left')).toBeVisible();

  expect(told.join('\n')).toContain('"left":7');
  expect(told.join('\n')).not.toMatch(MONEY);
  expect(told.join('\n')).not.toContain('BEN10');
  // The same look at a till, which must know prices, finds them: the look can see.
  expect(control.join('\n')).toMatch(MONEY);
});

test('a wall screen shows what is on and what is next, without anything to press', async ({ browser }) => {
  const wall = await floor.join(browser, { role: 'viewer' });
  await floor.hub.do('start-cue', { overrideReason: 'no stream in this test' });
  await expect(band(wall)).toHaveText('ON AIR');
  await expect(wall.getByText('Drop 1: blue mug, Ana')).toBeVisible();
  await expect(wall.getByText(/^Apron demo, Ben/)).toBeVisible();
  await expect(wall.getByRole('button')).toHaveCount(0);
});
