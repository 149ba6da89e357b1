import { afterAll, beforeAll, expect, test } from 'vitest';
import { Market } from './commerce-kit.ts';
import { byCard, lines } from './commerce-kit.ts';

/** The seller's routine: a checklist that keeps the doors shut, costs, the shipped template, and a plan copied forward. */
let market: Market;
beforeAll(async () => {
  market = await Market.open(
    {
      show: {
        name: 'Harbour 1',
        timeZone: 'Europe/Lisbon',
        currency: 'EUR',
        series: 'Harbour nights',
        startsAt: '2026-11-28T19:00:00+00:00',
        endsAt: '2026-11-28T21:00:00+00:00',
      },
      products: [{ sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 10, partner: 'oak', packaging: 'box' }],
      people: [{ id: 'ana', name: 'Ana', role: 'co-host' }],
      partners: [{ id: 'oak', name: 'Oak Studio', rate: '0.3' }],
      packagings: [{ id: 'box', name: 'Box', cost: '0.80', returnRate: '0.02' }],
      checklist: [
        { id: 'stock', text: 'Count the reserve', owner: 'ana', blocks: true, dueMs: -3_600_000 },
        { id: 'later', text: 'Write to buyers' },
      ],
      offers: [
        { id: 'drop', kind: 'drop', sku: 'MUG', opensAt: '2026-11-28T19:10:00Z', closesAt: '2026-11-28T19:20:00Z' },
      ],
      signups: [{ id: 's-1', email: 'a@mail.example', at: '2026-11-20T10:00:00Z' }],
    },
    { live: false },
  );
});
afterAll(() => market.end());

test('an open item that blocks stands in the way of opening, unless somebody says why', async () => {
  const { hub } = market;
  const no = await market.refuses('open-show', {}, 'preflight-blocks');
  expect(JSON.stringify(no)).toContain('Count the reserve');
  await market.refuses('tick-item', { item: 'nope', done: true }, 'unknown-item');
  await hub.do('tick-item', { item: 'stock', done: true, note: '10 mugs' });
  const { seq } = await hub.state();
  await hub.do('tick-item', { item: 'stock', done: true, note: '10 mugs' });
  expect((await hub.state()).seq).toBe(seq);
  expect((await hub.state()).checklist[0]).toMatchObject({
    id: 'stock',
    done: true,
    tickedBy: 'desk',
    note: '10 mugs',
  });
  await hub.do('tick-item', { item: 'stock', done: false });
  await market.refuses('open-show', {}, 'preflight-blocks');
  await hub.do('open-show', { overrideReason: 'counted by eye' });
  await market.refuses('open-show', {}, 'already-open');
});

test('costs are noted in the show’s money, under somebody who exists', async () => {
  const { hub } = market;
  const cost = { label: 'Stand', costKind: 'venue', amountMinor: 12_000 };
  expect(await hub.do('note-cost', cost)).toMatchObject({ cost: expect.any(String) });
  expect(await market.refuses('note-cost', { ...cost, creator: 'zoe' }, 'bad-value')).toMatchObject({
    field: 'creator',
  });
  expect(await market.refuses('note-cost', { ...cost, partner: 'elm' }, 'bad-value')).toMatchObject({
    field: 'partner',
  });
  await hub.do('note-cost', { ...cost, costKind: 'creator', creator: 'ana' });
  expect((await hub.state()).costs.map(({ amountMinor, creator }) => [amountMinor, creator])).toEqual(
    expect.arrayContaining([
      [12_000, null],
      [12_000, 'ana'],
    ]),
  );
});

test('a running show is not copied; a closed one gives its plan to the next, without people and without its stock', async () => {
  const { hub } = market;
  await hub.do('record-sale', { ...lines(['MUG', 4]), ...byCard });
  await market.refuses('copy-show', {}, 'show-is-live');
  await market.refuses('new-show', { name: 'Another' }, 'show-is-live');
  await market.close();
  const former = await hub.state();
  const at = performance.now();
  const made = await hub.do('copy-show', { startsAt: '2026-12-12T19:00:00+00:00', name: 'Harbour 2' });
  expect(performance.now() - at).toBeLessThan(5000);
  expect(made).toMatchObject({ startsAt: '2026-12-12T19:00:00.000Z' });
  const now = await hub.state();
  expect(now.show).toMatchObject({ name: 'Harbour 2', phase: 'planned', startsAt: '2026-12-12T19:00:00.000Z' });
  expect(now.show?.id).not.toBe(former.show?.id);
  expect(now.show?.endsAt).toBe('2026-12-12T21:00:00.000Z');
  expect(now.people.signups).toBe(0);
  expect(now.sales.count).toBe(0);
  expect(now.checklist.map(({ id, done }) => [id, done])).toEqual([
    ['stock', false],
    ['later', false],
  ]);
  const plan = await hub.get<Record<string, Record<string, unknown>[]>>('/api/plan');
  expect(plan['offers']?.[0]).toMatchObject({
    opensAt: '2026-12-12T19:10:00.000Z',
    closesAt: '2026-12-12T19:20:00.000Z',
  });
  expect(plan['partners']).toMatchObject([{ id: 'oak', rate: '0.3' }]);
  expect(JSON.stringify(plan)).not.toContain('mail.example');
  await hub.do('load-show', { show: former.show?.id });
  expect((await hub.state()).sales).toMatchObject({ count: 1, netMinor: 7200 });
});

test('the template of a micro-event brings the playbook’s routine', async () => {
  const { hub } = market;
  await hub.do('new-show', { name: 'Fresh', template: 'micro-event' });
  const { checklist } = await hub.state();
  const text = checklist.map((item) => item.text).join(' | ');
  for (const word of [
    /listing/i,
    /inventory/i,
    /flags/i,
    /stream test/i,
    /micro-offer 1/i,
    /micro-offer 2/i,
    /72-hour/i,
  ])
    expect(text).toMatch(word);
  expect(checklist.some(({ blocks }) => blocks)).toBe(true);
});
