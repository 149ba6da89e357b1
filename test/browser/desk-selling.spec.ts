import { expect, test, type Page } from '@playwright/test';
import { Phone } from '../kit/phone.ts';
import { until } from '../kit/hub.ts';
import { ControlRoom, LAPTOP } from './desk-kit.ts';
import { expectAccessible, expectNothingOverlaps } from './page-kit.ts';

let room: ControlRoom;
test.afterEach(async () => {
  await room.close();
});

const dialog = (page: Page) => page.getByRole('dialog');
const choice = (page: Page, name: string) => dialog(page).getByRole('combobox', { name, exact: true });
const sell = (lines: { sku: string; quantity: number }[], more: object = {}) =>
  room.hub.do('record-sale', { lines, channel: 'in-person', tender: 'card', ...more });
const waiting = async () => (await room.hub.state()).settle.rows.map(({ kind }) => kind);

test('a sale is opened by key, refunded in part, exchanged and counted elsewhere, all on its sheet', async ({
  browser,
}) => {
  room = await ControlRoom.open('live');
  const { saleId } = await sell([{ sku: 'MUG', quantity: 3 }]);
  await sell([{ sku: 'APRON', quantity: 1 }]);
  const page = await room.desk(browser);
  const first = page.getByRole('button', { name: 'Apron', exact: true });
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const sheet = dialog(page);
  await expect(sheet.getByRole('row', { name: /Blue mug/ })).toContainText('€54.00');
  await expectAccessible(page);

  await sheet.getByRole('button', { name: 'Refund', exact: true }).click();
  await sheet.getByLabel(/^Blue mug/).fill('1');
  await choice(page, 'Why').selectOption('damaged-item');
  await choice(page, 'The goods').selectOption('quarantine');
  await sheet.getByRole('form', { name: 'Refund' }).getByRole('button', { name: 'Refund' }).click();
  await expect(sheet.getByRole('status')).toContainText('Refunded €18.00: Card €18.00');
  await expect(sheet.getByRole('row', { name: /Blue mug/ })).toContainText('1 came back');
  expect((await room.hub.state()).stock['MUG']).toMatchObject({ available: 7, pools: { quarantine: { physical: 1 } } });

  await sheet.getByRole('button', { name: 'Exchange', exact: true }).click();
  await sheet.getByLabel(/^Blue mug/).fill('1');
  await choice(page, 'What the buyer takes instead').selectOption('APRON');
  await sheet.getByRole('form', { name: 'Exchange' }).getByRole('button', { name: 'Exchange' }).click();
  await expect(sheet.getByRole('status')).toContainText('The buyer pays €6.00: Card');

  await sheet.getByRole('button', { name: 'Channel and creator' }).click();
  await choice(page, 'Channel').selectOption('stream');
  await choice(page, 'Creator').selectOption('ana');
  await sheet.getByLabel('Reason').fill('came from the stream');
  await sheet.getByRole('button', { name: 'Count it there' }).click();
  await expect(sheet.getByRole('status')).toContainText('Counted there from now on.');
  const channelOf = async () =>
    (await room.hub.state()).sales.latest.find((sale) => sale.saleId === saleId)?.attribution;
  expect(await channelOf()).toMatchObject({ channel: 'stream', creator: 'ana', rule: 'manual' });
  await sheet.getByRole('button', { name: 'Undo' }).last().click();
  await until('the former channel', async () => (await channelOf())?.channel === 'in-person');
  await expectAccessible(page);
  await expectNothingOverlaps(page);
});

test('an older sale is found by its receipt and undone, and the sheet says that nothing brings it back', async ({
  browser,
}) => {
  room = await ControlRoom.open('live');
  await sell([{ sku: 'MUG', quantity: 1 }], { receipt: 'till-1-000042' });
  for (let n = 0; n < 21; n += 1) await sell([{ sku: 'SET', quantity: 1 }], { paid: true });
  const page = await room.desk(browser);
  await page.keyboard.press('f');
  await dialog(page).getByRole('textbox').fill('000042');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('heading', { name: /^Sale till-1-000042/ })).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(dialog(page)).toContainText('It cannot be brought back.');
  await dialog(page).getByRole('button', { name: 'Void it' }).click();
  await expect(dialog(page)).toContainText('voided');
  expect((await room.hub.state()).sales.voids).toBe(1);
});

test('a shortfall and an unknown product are settled from the one list, which the alarm opens', async ({ browser }) => {
  room = await ControlRoom.open('live');
  await room.shopSells([{ sku: 'mug', quantity: 2, unitPriceMinor: 1800, discountMinor: 0 }]);
  await room.oversell('APRON');
  await until('both in the list', async () => (await waiting()).length === 2);
  const page = await room.desk(browser);
  await expect(page.getByRole('button', { name: 'To settle 2' })).toBeVisible();
  await page.getByRole('button', { name: 'Resolve' }).click();
  const list = dialog(page).getByRole('list', { name: 'To settle' });
  await expect(list.getByRole('listitem').first()).toContainText('Oversold');
  await expectAccessible(page);

  await list.getByRole('button', { name: 'Name the product' }).click();
  // The near match is offered, and never taken alone.
  await expect(choice(page, 'Which product was it')).toHaveValue('');
  await expect(dialog(page).locator('optgroup[label=Perhaps] option')).toHaveText('Blue mug, MUG');
  await expectAccessible(page);
  await choice(page, 'Which product was it').selectOption('MUG');
  await dialog(page).getByRole('form').getByRole('button', { name: 'Name the product' }).click();
  await until('its goods are taken', async () => (await room.hub.state()).stock['MUG']?.available === 8);

  await list.getByRole('button', { name: 'Sent later' }).click();
  await expect(dialog(page)).toContainText('Nothing waits for you.');
  expect(await waiting()).toEqual([]);
  await expect(page.getByRole('button', { name: 'To settle 0' })).toBeVisible();
});

test('a till that waits for a yes gets it from the list', async ({ browser }) => {
  room = await ControlRoom.open('live');
  const { url } = await room.hub.do('invite-device', { role: 'till', till: 'till-1' });
  const till = await Phone.pair(String(url), 'Front table');
  await room.hub.do('approve-device', { device: till.id, code: till.code });
  await till.connect();
  try {
    const ask = { what: 'discount', amountMinor: 900, sku: 'MUG', note: 'scratched' };
    const asked = await till.send('request-approval', ask);
    const page = await room.desk(browser);
    await page.keyboard.press('w');
    const row = dialog(page).getByRole('listitem').filter({ hasText: 'Front table asks for a discount' });
    await expect(row).toContainText('€9.00');
    await row.getByRole('button', { name: 'Yes' }).click();
    await expect(dialog(page)).toContainText('Nothing waits for you.');
    const sale = { lines: [{ sku: 'MUG', quantity: 1, discountMinor: 900 }], channel: 'in-person', tender: 'card' };
    const approval = asked.ok ? asked['approval'] : '';
    expect(await till.send('record-sale', { ...sale, priceReason: 'scratched', approval })).toMatchObject({
      ok: true,
      totalMinor: 900,
    });
  } finally {
    till.close();
  }
});

test('a pickup is looked up by its code and handed over once', async ({ browser }) => {
  room = await ControlRoom.open('live');
  const { pickupCode } = await sell([{ sku: 'SET', quantity: 1 }], { pickup: 'later' });
  const page = await room.desk(browser);
  await page.getByRole('button', { name: 'Pickups 1' }).click();
  const code = dialog(page).getByLabel('Scan or type the code');
  await expect(code).toBeFocused();
  await page.keyboard.type(String(pickupCode).toLowerCase());
  await page.keyboard.press('Enter');
  const found = dialog(page).getByRole('region', { name: 'Under this code' });
  await expect(found).toContainText('Mug and apron');
  await expectAccessible(page);
  await found.getByRole('button', { name: 'Hand over' }).click();
  await expect(dialog(page)).toContainText('Handed over.');
  await expect(code).toBeFocused();
  await page.keyboard.type(String(pickupCode));
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('Handed over already');
  expect((await room.hub.state()).stock['MUG']).toMatchObject({ physical: 9, committed: 0 });
});

test('a sale at the desk knows offers, discounts, split money, change and a later pickup', async ({ browser }) => {
  room = await ControlRoom.open('live');
  await room.hub.do('open-offer', { offer: 'drop-1' });
  await room.hub.do('open-drawer', { floatMinor: 5000 });
  const page = await room.desk(browser);
  await page.keyboard.press('n');
  await dialog(page)
    .getByRole('button', { name: /^Blue mug/ })
    .click();
  await dialog(page)
    .getByRole('button', { name: /^Apron/ })
    .click();
  await expect(choice(page, 'Offer')).toHaveValue('drop-1');
  await dialog(page).getByText('Codes, discount, pickup later').click();
  await dialog(page).getByRole('textbox', { name: 'Discount' }).fill('10');
  await dialog(page).getByLabel('Why another price').fill('friends of the house');
  await dialog(page).getByLabel('Pick up later').check();
  await dialog(page).getByLabel('Several').check();
  await dialog(page).getByLabel('Card', { exact: true }).last().fill('20');
  await dialog(page).getByLabel('Cash', { exact: true }).last().fill('16');
  await dialog(page).getByLabel('Cash given').fill('20');
  await expect(dialog(page)).toContainText('Change €4.00');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Record sale, €36.00' }).click();
  await expect(dialog(page).getByRole('status')).toContainText(
    /Sale recorded: €36.00 Change €4.00. Pickup code [23456789CDFGHJKMNPQRTVWXY]{6}/,
  );
  const { sales, offers } = await room.hub.state();
  expect(sales).toMatchObject({ netMinor: 3600, discountMinor: 400, byTender: { cash: { amountMinor: 1600 } } });
  expect(offers['drop-1']).toMatchObject({ sold: 1, remaining: 3 });
});

test('an offer is opened, made longer and taken back; stock is moved and moved back', async ({ browser }) => {
  room = await ControlRoom.open('live');
  const page = await room.desk(browser);
  await page.getByRole('tab', { name: 'Offers' }).click();
  await page.getByRole('button', { name: 'Open drop-1' }).click();
  await expect(page.getByRole('button', { name: 'Close drop-1' })).toBeVisible();
  await page.getByRole('button', { name: 'Change drop-1' }).click();
  await dialog(page).getByLabel('Units in all').fill('9');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(page).getByRole('status')).toContainText('Changed.');
  expect((await room.hub.state()).offers['drop-1']?.cap).toBe(9);
  await dialog(page).getByRole('button', { name: 'Undo' }).click();
  await until('the former cap', async () => (await room.hub.state()).offers['drop-1']?.cap === 4);
  await dialog(page).getByRole('button', { name: '+5 min' }).click();
  await until('an end', async () => (await room.hub.state()).offers['drop-1']?.closesAt !== null);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Receive stock' }).click();
  await dialog(page).getByRole('button', { name: 'Move', exact: true }).first().click();
  await dialog(page).getByLabel('Units').fill('3');
  await choice(page, 'To').selectOption('quarantine');
  await dialog(page).getByRole('form', { name: 'Move' }).getByRole('button', { name: 'Move' }).click();
  await expect(dialog(page).getByRole('row', { name: /^Set aside/ })).toContainText('3');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Undo' }).click();
  await until('all back', async () => (await room.hub.state()).stock['MUG']?.available === 10);
});

test('what stands between the show and its files is settled on the closing page', async ({ browser }) => {
  room = await ControlRoom.open('live');
  await room.oversell('APRON');
  const { saleId } = await sell([{ sku: 'MUG', quantity: 1 }], { pickup: 'later' });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await room.hub.do('note-authorisation', { provider: 'Stripe', ref: 'pi_1', amountMinor: 1800, saleId, expiresAt });
  await room.hub.do('open-drawer', { floatMinor: 1000 });
  await until('the order', async () => (await room.hub.state()).shortfalls.length === 1);
  await room.hub.do('close-show', {});
  const page = await room.desk(browser, LAPTOP);
  const blockers = page.getByRole('region', { name: 'Stop selling' });
  await expectAccessible(page);
  await expectNothingOverlaps(page);
  await blockers.getByRole('button', { name: 'Found stock' }).click();
  await expect(blockers.getByRole('alert')).toBeVisible();
  await blockers.getByRole('button', { name: 'Refunded' }).click();
  await until('no shortfall', async () => (await room.hub.state()).shortfalls.length === 0);

  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: /Stop selling/ })
    .click();
  await blockers.getByRole('button', { name: 'Money taken' }).click();
  await blockers.getByRole('form').getByRole('button', { name: 'Money taken' }).click();
  await blockers.getByRole('button', { name: 'Nobody came' }).click();
  await until('two settled', async () => (await waiting()).join() === 'drawer');
  await blockers.getByRole('button', { name: 'Count it' }).click();
  await dialog(page).getByLabel('Amount').fill('10');
  await dialog(page).getByRole('button', { name: 'Count and close' }).click();
  await expect(dialog(page).getByRole('status')).toContainText('difference €0.00');
  expect((await room.hub.state()).close?.blockers.map(({ code }) => code)).toEqual(['uncounted']);
});

test('goods without a receipt go back for cash, and only what the drawer has', async ({ browser }) => {
  room = await ControlRoom.open('live');
  await room.hub.do('open-drawer', { floatMinor: 2000 });
  const page = await room.desk(browser);
  await page.keyboard.press('f');
  await dialog(page).getByRole('button', { name: 'Refund without a receipt' }).click();
  await choice(page, 'Product').selectOption('MUG');
  await choice(page, 'Why').selectOption('wrong-item');
  await dialog(page).getByRole('button', { name: 'Refund', exact: true }).click();
  await expect(dialog(page).getByRole('status')).toContainText('€18.00 back in cash.');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Refund', exact: true }).click();
  await expect(dialog(page).getByRole('alert')).toContainText('2.00');
  expect((await room.hub.state()).stock['MUG']?.pools['quarantine']?.physical).toBe(1);
});

test('the counter’s rules and a shop are set up without a file, and a key never comes back', async ({ browser }) => {
  room = await ControlRoom.open('planned');
  const page = await room.desk(browser);
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: /Selling/ })
    .click();
  await page.getByLabel('Smallest coin in EUR').fill('0.05');
  await page.getByLabel('A till may take off').fill('15');
  await page.getByRole('button', { name: 'Save: At the counter' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();

  await page.getByText('Square', { exact: true }).first().click();
  // Nothing of this test leaves the computer: the shop is on, and its address is a port that nobody hears.
  await page.getByLabel('Id of the location').fill('L123');
  await page.getByLabel('Another address').fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Save: Square', exact: true }).click();
  await until('the address', async () => (await room.hub.state()).settings['connectors.square.baseUrl']);
  await page.getByRole('textbox', { name: 'Square: access token' }).fill('sq0-very-secret');
  await page.getByRole('button', { name: 'Save: Square: access token' }).click();
  await expect(page.getByText('Set. Type a new one to replace it.')).toBeVisible();
  await expect(page.locator('summary', { hasText: 'Square' })).not.toContainText('no key yet');
  await page.getByRole('combobox', { name: 'Stripe' }).selectOption('stream');
  const settings = await until('all of it', async () => {
    const { settings: now } = await room.hub.state();
    return now['attribution.sourceDefault'] ? now : null;
  });
  expect(settings).toMatchObject({
    cashRoundingMinor: 5,
    'till.discountPercent': 15,
    'connectors.square.account': 'L123',
    'attribution.sourceDefault': { stripe: 'stream' },
  });
  expect(JSON.stringify(settings) + (await page.content())).not.toContain('sq0-very-secret');
  await expectAccessible(page);
  await expectNothingOverlaps(page);
});
