import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SettleRow } from '../../src/contract/settle-state.ts';
import { until } from '../kit/hub.ts';
import type { Phone } from '../kit/phone.ts';
import { byCard, lines, Market } from './commerce-kit.ts';
import { INGEST_SECRET, tellGeneric } from './outside-kit.ts';

/** "To settle": every kind of row comes about, and every button of every row is a command that the hub takes. */
let market: Market;
let till: Phone;
beforeAll(async () => {
  market = await Market.open(
    {
      products: [
        { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 60 },
        { sku: 'BOWL', name: 'Bowl', price: '9.00', reserve: 0 },
      ],
      tills: [{ id: 'till-1', name: 'Front table' }],
    },
    { args: ['--ingest-port', '0'] },
  );
  await market.hub.do('set-setting', { key: 'secret.ingest.secret', value: INGEST_SECRET });
  till = await market.pairTill('till-1');
});
afterAll(async () => {
  till.close();
  await market.end();
});

let told = 0;
async function tell(body: Record<string, unknown>): Promise<void> {
  told += 1;
  const whole = { source: 'my-shop', at: new Date().toISOString(), channel: 'social', ...body };
  expect(await tellGeneric(market.hub.ready.ingest ?? '', whole, `settle-${told}`)).toBe(202);
}

/** Something to settle, as it comes about on a day. */
const CAUSES: Record<string, () => Promise<unknown>> = {
  approval: () => till.send('request-approval', { what: 'discount', amountMinor: 900, sku: 'MUG' }),
  shortfall: () => tell({ type: 'sale.recorded', sourceId: `s${told}`, lines: [{ sku: 'BOWL', quantity: 2 }] }),
  parked: () => {
    const line = { sku: `WHO-${told}`, quantity: 1, unitPriceMinor: 500 };
    return tell({ type: 'sale.recorded', sourceId: `p${told}`, lines: [line] });
  },
  authorisation: () =>
    market.hub.do('note-authorisation', { provider: 'stripe', ref: `pi_${told++}`, amountMinor: 1800 }),
  drawer: () => market.hub.do('open-drawer', { floatMinor: 1000 }),
  pickup: () => market.hub.do('record-sale', { ...lines(['MUG', 1]), ...byCard, pickup: 'later' }),
};

const rows = async (kind: string): Promise<SettleRow[]> =>
  (await market.hub.state()).settle.rows.filter((row) => row.kind === kind);

const NEEDED = { reason: 'settled by the test', sku: 'MUG', countedMinor: 1000 };

test.each(['approval', 'shortfall', 'parked', 'authorisation'])('%s: each button settles its row', async (kind) => {
  await CAUSES[kind]?.();
  const [first] = await until('the row', async () => (await rows(kind)).length > 0 && rows(kind));
  const labels = (first?.actions ?? []).map(({ label }) => label);
  expect(labels.length).toBeGreaterThan(0);
  expect(first?.what).toMatch(/\w+ \w+/);
  for (const label of labels) {
    if ((await rows(kind)).length === 0) await CAUSES[kind]?.();
    const [row] = await until('another row', async () => (await rows(kind)).length > 0 && rows(kind));
    const action = row?.actions.find((each) => each.label === label);
    if (!row || !action) throw new Error(`${kind} has no button ${label} any more`);
    if (label === 'fulfil') await market.hub.do('receive-stock', { sku: 'BOWL', quantity: 2 });
    const needs = Object.fromEntries(
      action.needs.flatMap((key) => (key in NEEDED ? [[key, NEEDED[key as keyof typeof NEEDED]]] : [])),
    );
    await market.hub.do(action.command, { ...action.body, ...needs });
    if (label === 'refund') continue;
    expect(
      (await rows(kind)).map(({ id }) => id),
      `${kind} ${label}`,
    ).not.toContain(row.id);
  }
  await market.expectSound();
});

test('pickups and drawers come in at the close, and their buttons settle them', async () => {
  const { hub } = market;
  await CAUSES['pickup']?.();
  await CAUSES['pickup']?.();
  await CAUSES['drawer']?.();
  await hub.do('close-show');
  for (const label of ['hand-over', 'missed', 'count']) {
    const all = (await hub.state()).settle.rows;
    const row = all.find(({ actions }) => actions.some((action) => action.label === label));
    const action = row?.actions.find((each) => each.label === label);
    if (!row || !action) throw new Error(`no row has the button ${label}`);
    await hub.do(action.command, { ...action.body, ...(label === 'count' ? { countedMinor: 1000 } : {}) });
    expect((await hub.state()).settle.rows.map(({ id }) => id)).not.toContain(row.id);
  }
  expect((await hub.state()).settle.rows).toEqual([]);
  const codes = (await hub.state()).close?.blockers.map(({ code }) => code);
  expect(codes).toEqual(['uncounted']);
  await market.expectSound();
});

test('a letter that cannot be booked waits for a person, blocks the close, and is settled with a reason', async () => {
  const { hub } = market;
  await tell({
    type: 'sale.recorded',
    sourceId: 'y',
    lines: [{ sku: 'MUG', quantity: 100_000, unitPriceMinor: 1e13 }],
  });
  // Whatever comes after it is booked, and each arrival tries it again until it is given up.
  const before = (await hub.state()).sales.count;
  const letters = await until('a letter', async () => {
    await tell({ type: 'sale.recorded', sourceId: `z${told}`, lines: [{ sku: 'MUG', quantity: 1 }] });
    return (await rows('letter')).length > 0 && rows('letter');
  });
  expect((await hub.state()).sales.count).toBeGreaterThan(before);
  expect((await hub.state()).close?.blockers.map(({ code }) => code)).toContain('dead-letters');
  const settle = letters[0]?.actions.find(({ label }) => label === 'settle');
  await market.refuses('settle-letter', { letter: '999', reason: 'a mistake' }, 'unknown-letter');
  await hub.do('settle-letter', { ...settle?.body, reason: 'a slip of the shop' });
  expect(await rows('letter')).toEqual([]);
  await market.expectSound();
});
