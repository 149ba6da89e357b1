import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../kit/hub.ts';
import { byCard, inCash, lines, Market } from './commerce-kit.ts';

/** Offers, gates, perks, preorders before the doors, exchanges and card promises, through the desk's API. */
let market: Market;
beforeAll(async () => {
  market = await Market.open(
    {
      products: [
        { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 40, cost: '7.50' },
        { sku: 'LAMP', name: 'Lamp', price: '90.00', reserve: 0 },
        { sku: 'VASE', name: 'Vase', price: '60.00', reserve: 4, flags: ['limited', 'no-restock'] },
        { sku: 'KNIFE', name: 'Knife', price: '30.00', reserve: 4, flags: ['age-check'] },
        { sku: 'CHAIR', name: 'Chair', price: '120.00', reserve: 4, flags: ['pickup-only'] },
        { sku: 'LID', name: 'Lid', price: '5.00', reserve: 4, flags: ['bundle-only'] },
      ],
      bundles: [
        {
          sku: 'POT',
          name: 'Mug with lid',
          price: '20.00',
          parts: [
            { sku: 'MUG', quantity: 1 },
            { sku: 'LID', quantity: 1 },
          ],
        },
      ],
      people: [{ id: 'ana', name: 'Ana', role: 'co-host' }],
      offers: [
        { id: 'pre', kind: 'preorder', sku: 'LAMP', price: '80.00', deposit: '25.00', cap: 3 },
        { id: 'drop', kind: 'drop', sku: 'MUG', price: '16.00', cap: 6, perBuyer: 2, holdTtlMs: 300_000 },
        { id: 'code', kind: 'drop', sku: 'MUG', price: '12.00', gate: 'code', codes: ['ONE-1'], codeUse: 'once' },
        { id: 'fans', kind: 'drop', sku: 'VASE', gate: 'signup', perBuyer: 1 },
        { id: 'sample', kind: 'perk', sku: 'MUG' },
      ],
      signups: [{ id: 's-1', email: 'a@mail.example', at: '2026-11-20T10:00:00Z' }],
    },
    { live: false },
  );
});
afterAll(() => market.end());

test('before the doors only promises are sold, up to their cap, with a deposit and a rest', async () => {
  const { hub } = market;
  await market.refuses('record-sale', { ...lines(['MUG', 1]), ...byCard }, 'show-not-open');
  await market.refuses('open-offer', { offer: 'drop' }, 'show-not-open');
  // Without a window of its own a promise may be made from the first day, until somebody shuts it.
  await hub.do('open-offer', { offer: 'pre' });
  await hub.do('close-offer', { offer: 'pre' });
  await market.refuses('record-sale', { ...lines(['LAMP', 1]), ...byCard, offer: 'pre' }, 'offer-closed');
  await hub.do('open-offer', { offer: 'pre' });
  const sale = { ...lines(['LAMP', 2]), channel: 'social', tender: 'card', offer: 'pre' };
  const mixed = { ...lines(['LAMP', 1], ['MUG', 1]), ...byCard, offer: 'pre' };
  await market.refuses('record-sale', mixed, 'show-not-open');
  const sold = await hub.do('record-sale', sale);
  expect(sold).toMatchObject({ totalMinor: 16_000, dueMinor: 11_000, pickupCode: expect.any(String) });
  expect(await market.refuses('record-sale', sale, 'cap-reached')).toMatchObject({ available: 1 });
  expect((await hub.state()).stock['LAMP']?.physical).toBe(0);
  expect((await hub.state()).sales.byTender.card.amountMinor).toBe(5000);
  await hub.do('change-offer', { offer: 'pre', cap: 4 });
  await hub.do('record-sale', sale);
  await market.refuses('change-offer', { offer: 'pre', cap: 3 }, 'bad-value');
  await hub.do('open-show');
  const given = await hub.do('hand-over-pickup', { code: sold['pickupCode'], tender: 'cash' });
  expect(given).toMatchObject({ paidMinor: 11_000, dueMinor: 0, handedOver: [{ sku: 'LAMP', quantity: 2 }] });
  await market.refuses('hand-over-pickup', { code: sold['pickupCode'] }, 'already-handed-over');
  const { sales } = await hub.state();
  expect(sales.byTender.cash.amountMinor).toBe(11_000);
  expect(sales.collectedMinor).toBe(21_000);
  await market.expectSound();
});

test('flags are rules', async () => {
  const forbids = (sku: string, more: object = {}) =>
    market.refuses('record-sale', { ...lines([sku, 1]), ...byCard, ...more }, 'flag-forbids');
  expect(await forbids('LID')).toMatchObject({ flag: 'bundle-only', field: 'lines[0].sku' });
  expect(await forbids('CHAIR')).toMatchObject({ flag: 'pickup-only', field: 'pickup' });
  expect(await forbids('KNIFE')).toMatchObject({ flag: 'age-check', field: 'lines[0].ageChecked' });
  const { hub } = market;
  await hub.do('record-sale', { ...lines(['POT', 1]), ...byCard });
  await hub.do('record-sale', { ...lines(['CHAIR', 1]), ...byCard, pickup: 'later' });
  await hub.do('record-sale', { lines: [{ sku: 'KNIFE', quantity: 1, ageChecked: true }], ...byCard });
  const vase = await hub.do('record-sale', { ...lines(['VASE', 1]), ...byCard });
  const back = { saleId: vase['saleId'], ...lines(['VASE', 1]), reason: 'late' };
  const no = await market.refuses('refund-sale', { ...back, restock: 'reserve' }, 'flag-forbids');
  expect(no).toMatchObject({ flag: 'no-restock', field: 'restock' });
  await hub.do('refund-sale', { ...back, restock: 'quarantine' });
  expect(await market.cell('VASE', 'quarantine')).toBe('1/0/0/1');
});

test('a cap, a limit a buyer, a code and a sign-up let nobody past twice', async () => {
  const { hub } = market;
  await hub.do('open-offer', { offer: 'drop' });
  await market.refuses('open-offer', { offer: 'drop' }, 'already-open');
  await market.refuses('open-offer', { offer: 'nope' }, 'unknown-offer');
  const drop = (quantity: number, more: object = {}) => ({
    ...lines(['MUG', quantity]),
    ...byCard,
    offer: 'drop',
    ...more,
  });
  expect(await market.refuses('record-sale', drop(3), 'person-limit')).toMatchObject({ available: 2 });
  await hub.do('record-sale', drop(2, { signup: 's-1' }));
  const asked = await market.refuses('record-sale', drop(1, { signup: 'A@mail.example ' }), 'person-limit');
  expect(asked).toMatchObject({ available: 0 });
  const { holdId } = await hub.do('place-hold', { ...lines(['MUG', 2]), offer: 'drop' });
  expect((await hub.state()).offers['drop']).toMatchObject({ sold: 2, held: 2, remaining: 2 });
  await hub.do('record-sale', drop(2));
  expect(await market.refuses('record-sale', drop(1), 'cap-reached')).toMatchObject({ available: 0 });
  await hub.do('record-sale', drop(2, { hold: holdId }));
  await until('closed by its cap', async () => (await hub.state()).offers['drop']?.closedWhy === 'cap');
  await market.refuses('close-offer', { offer: 'drop' }, 'not-open');

  await hub.do('open-offer', { offer: 'code' });
  const coded = { ...lines(['MUG', 1]), ...inCash, offer: 'code' };
  expect(await market.refuses('record-sale', coded, 'gate-closed')).toMatchObject({ field: 'code' });
  expect(await market.refuses('record-sale', { ...coded, code: 'TWO' }, 'code-unknown')).toMatchObject({
    field: 'code',
  });
  const used = await hub.do('record-sale', { ...coded, code: 'one-1' });
  expect(used).toMatchObject({ totalMinor: 1200 });
  expect(await market.refuses('record-sale', { ...coded, code: 'ONE-1' }, 'code-used')).toMatchObject({
    field: 'code',
  });
  await hub.do('void-sale', { saleId: used['saleId'] });
  await market.refuses('void-sale', { saleId: used['saleId'] }, 'already-voided');
  await hub.do('record-sale', { ...coded, code: 'ONE-1' });

  await hub.do('open-offer', { offer: 'fans' });
  const fan = { ...lines(['VASE', 1]), ...byCard, offer: 'fans' };
  expect(await market.refuses('record-sale', fan, 'gate-closed')).toMatchObject({ field: 'signup' });
  await market.refuses('record-sale', { ...fan, signup: 'stranger@mail.example' }, 'gate-closed');
  await hub.do('record-sale', { ...fan, signup: 's-1' });
});

test('a sample is given once a person, and costs what it costs', async () => {
  const { hub } = market;
  await hub.do('open-offer', { offer: 'sample' });
  await market.refuses('redeem-perk', { offer: 'sample' }, 'gate-closed');
  expect(await market.refuses('redeem-perk', { offer: 'sample', signup: 'nobody' }, 'unknown-signup')).toMatchObject({
    field: 'signup',
  });
  await market.refuses('redeem-perk', { offer: 'drop', signup: 's-1' }, 'bad-value');
  expect(await hub.do('redeem-perk', { offer: 'sample', signup: 's-1' })).toMatchObject({ costMinor: 750 });
  await market.refuses('redeem-perk', { offer: 'sample', signup: 's-1' }, 'person-limit');
  expect((await hub.state()).people.perks['sample']).toMatchObject({ redeemed: 1, costMinor: 750 });
});

test('an exchange moves the difference alone, obeys the stock, and is one append', async () => {
  const { hub } = market;
  const { saleId } = await hub.do('record-sale', { ...lines(['MUG', 2]), ...byCard });
  const swap = { saleId, ...lines(['MUG', 1]), reason: 'size-or-colour', restock: 'reserve', tender: 'card' };
  const many = { ...swap, take: [{ sku: 'VASE', quantity: 50 }] };
  await market.refuses('exchange-items', many, 'out-of-stock');
  await market.refuses('exchange-items', { ...swap, take: [{ sku: 'NOPE', quantity: 1 }] }, 'unknown-sku');
  const before = await market.cell('MUG');
  const done = await hub.do('exchange-items', { ...swap, take: [{ sku: 'VASE', quantity: 1 }] });
  expect(done).toMatchObject({ differenceMinor: 4200 });
  const [physical = 0] = before.split('/').map(Number);
  expect((await market.cell('MUG')).split('/')[0]).toBe(String(physical + 1));
  const last = (await market.ledger()).filter(({ kind }) => /^sale\.(refunded|recorded)$/.test(kind)).slice(-2);
  const ids = last
    .map(({ body }) => body as { exchangeId?: string; extra?: { exchangeId?: string } })
    .map((body) => body.exchangeId ?? body.extra?.exchangeId);
  expect([typeof ids[0], ids[0]]).toEqual(['string', ids[1]]);
  const gone = { ...swap, lines: [{ sku: 'MUG', quantity: 2 }], take: [{ sku: 'VASE', quantity: 1 }] };
  expect(await market.refuses('exchange-items', gone, 'more-than-sold')).toMatchObject({ available: 1 });
  await market.expectSound();
});

test('a card promise that runs out is seen, and its goods are freed by a person and never silently', async () => {
  const { hub } = market;
  const later = { ...lines(['CHAIR', 1]), ...byCard, pickup: 'later' };
  const { saleId } = await hub.do('record-sale', later);
  const before = await market.cell('CHAIR');
  const note = { provider: 'stripe', ref: 'pi_1', amountMinor: 12_000, saleId };
  const expiresAt = new Date(Date.now() + 1200).toISOString();
  const { authorisation } = await hub.do('note-authorisation', { ...note, expiresAt });
  expect(await market.refuses('note-authorisation', note, 'already-noted')).toMatchObject({ authorisation });
  const wait = async () =>
    (await hub.state()).alarms.some(({ kind, clearedAt }) => /authoris/.test(kind) && !clearedAt);
  await until('the alarm', wait);
  const expired = async () => (await market.ledger()).some(({ kind }) => kind === 'authorisation.expired');
  await until('it has run out', expired, 4000);
  expect(await market.cell('CHAIR')).toBe(before);
  await market.refuses('settle-authorisation', { authorisation, how: 'voided' }, 'already-settled');
  await hub.do('release-promise', { saleId, reason: 'the card was never charged' });
  const [physical, , committed = 0] = before.split('/').map(Number);
  expect(await market.cell('CHAIR')).toBe(`${physical}/0/${committed - 1}/${(physical ?? 0) - committed + 1}`);
  await market.refuses('release-promise', { saleId, reason: 'once more' }, 'already-voided');
  const other = await hub.do('note-authorisation', { ...note, ref: 'pi_2', saleId: undefined });
  const part = { authorisation: other['authorisation'], how: 'captured', amountMinor: 12_001 };
  expect(await market.refuses('settle-authorisation', part, 'more-than-authorised')).toMatchObject({
    field: 'amountMinor',
    authorisedMinor: 12_000,
  });
  expect(await hub.do('settle-authorisation', { ...part, amountMinor: 5000 })).toMatchObject({ capturedMinor: 5000 });
  await market.expectSound();
});

test('a kill changes nothing of it', async () => {
  const parts = async () => {
    const { sales, stock, offers, holds, drawers, pickups, settle, people, checklist, costs } =
      await market.hub.state();
    const { perMinute: _, netPerMinuteMinor: __, minutes: ___, ...figures } = sales;
    const goods = Object.fromEntries(
      Object.entries(stock).map(([sku, { pools, sold, refunded }]) => [sku, { pools, sold, refunded }]),
    );
    return { figures, goods, offers, holds, drawers, pickups, settle, people, checklist, costs };
  };
  const before = await parts();
  await market.restart();
  expect(await parts()).toEqual(before);
  await market.expectSound();
});
