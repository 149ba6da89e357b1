import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';

/** Channel and creator of sales, and what becomes of the people who signed up, through the desk's API. */
const folder = tempFolder('attribution');
let hub: TestHub;
beforeAll(async () => {
  hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path, CREW)] });
  await hub.do('open-show');
});
afterAll(async () => {
  await hub.stop();
  folder.remove();
});

const CREW = {
  people: [
    { id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10', fee: '50.00' },
    { id: 'ben', name: 'Ben', role: 'co-host', code: 'BEN10' },
  ],
  cues: [{ id: 'c1', title: 'Mugs', kind: 'drop', sku: 'MUG', offer: 'drop-1', owners: ['ben'], durationMs: 900000 }],
};

async function sell(more: Record<string, unknown> = {}): Promise<string> {
  const lines = [{ sku: 'MUG', quantity: 1 }];
  const reply = await hub.do('record-sale', { lines, channel: 'stream', tender: 'card', ...more });
  return String(reply['saleId']);
}

describe('a sale with a creator code', () => {
  it('is credited by rule code, moves when a person says so, and its fee stands in the state', async () => {
    const saleId = await sell({ creatorCode: 'ana10' });
    const before = await hub.state();
    expect(before.sales.latest[0]?.attribution).toMatchObject({ creator: 'ana', creatorRule: 'code', rule: 'till' });
    expect(before.sales.byCreator['ana']).toEqual({
      confirmed: { units: 1, netMinor: 1800, newBuyers: 0, feeMinor: 5000 },
      suggested: { units: 0, netMinor: 0 },
      self: { units: 0, netMinor: 0 },
    });
    await hub.do('reattribute-sale', { saleId, channel: 'social', creator: 'ben', reason: 'his post' });
    const after = await hub.state();
    expect(after.sales.byChannel.social).toEqual({ count: 1, units: 1, netMinor: 1800 });
    expect(after.sales.byChannel.stream.netMinor).toBe(0);
    expect(after.sales.byCreator['ben']?.confirmed.netMinor).toBe(1800);
    expect(after.sales.latest[0]?.attribution).toMatchObject({ channel: 'social', rule: 'manual', evidence: 'desk' });
  });

  it('is refused by field when there is nobody by that name', async () => {
    const saleId = await sell();
    const reply = await hub.ask('reattribute-sale', { saleId, creator: 'zoe', reason: 'her post' });
    expect(reply).toMatchObject({ ok: false, refusal: { code: 'unknown-person', field: 'creator' } });
  });
});

describe('a sale during a creator’s cue, without a code', () => {
  it('stands in suggested only, until it is accepted', async () => {
    await hub.do('set-setting', { key: 'stream.delayMs', value: 0 });
    await hub.do('start-cue', { cue: 'c1' });
    const confirmed = (await hub.state()).sales.byCreator['ben']?.confirmed;
    const saleId = await sell();
    const suggested = await hub.state();
    expect(suggested.sales.latest[0]?.attribution).toMatchObject({ creator: null, suggested: 'ben' });
    expect(suggested.sales.byCreator['ben']).toMatchObject({ confirmed, suggested: { units: 1, netMinor: 1800 } });
    await hub.do('accept-suggestion', { saleId });
    const accepted = await hub.state();
    expect(accepted.sales.latest[0]?.attribution).toMatchObject({ creator: 'ben', creatorRule: 'suggested-accepted' });
    expect(accepted.sales.byCreator['ben']?.suggested).toEqual({ units: 0, netMinor: 0 });
  });
});

describe('funnel and verdict', () => {
  it('count who signed up and bought so far, and print rates with their limits', async () => {
    const { funnel } = await hub.state();
    expect(funnel?.state).toBe('so-far');
    expect(funnel?.total.bought.text).toBe('–');
    expect(funnel?.cohort.repeats.map(({ days, state }) => [days, state])).toEqual([
      [7, 'young'],
      [30, 'young'],
      [90, 'young'],
    ]);
    expect(funnel?.verdict).toMatchObject({
      verdict: 'KEEP TESTING',
      reason: 'no-control',
      changedAfterOpening: false,
    });
  });

  it('take a control from a file of orders and keep totals only', async () => {
    const day = (n: number) => `2026-05-${String(n).padStart(2, '0')}T10:00:00Z`;
    const rows = [
      `A@example.org,${day(1)},18.00`,
      `a@example.org,${day(5)},2.00`,
      `b@example.org,${day(1)},30.00`,
      `c@example.org,${day(31)},9.00`,
      `d@example.org,yesterday,9.00`,
    ];
    const file = { name: 'May', text: ['Email,Created at,Total', ...rows].join('\n') };
    const totals = { buyers: 2, repeats: 1, sumMinor: 5000, sumSquaresMinor: '13000000', young: 1 };
    const dry = await hub.do('import-control', { ...file, dryRun: true });
    expect(dry).toMatchObject({ rows: 5, orders: 4, ...totals, problemCount: 1 });
    expect((await hub.state()).funnel?.verdict.control).toBeNull();
    await hub.do('import-control', file);
    expect((await hub.state()).funnel?.verdict).toMatchObject({
      control: { name: 'May', buyers: 2 },
      reason: 'not-matured',
    });
    const ledger = JSON.stringify(await hub.get('/api/ledger?after=0&limit=1000'));
    expect(ledger.includes('control.set')).toBe(true);
    expect(ledger.includes('example.org')).toBe(false);
  });

  it('know 1,200 people in a file of 1,207 rows, and who of them bought', async () => {
    const email = (n: number) => `s-${String(n).padStart(4, '0')}@example.org`;
    const before = (await hub.state()).funnel?.total.signedUp ?? NaN;
    const rows = Array.from({ length: 1200 }, (_, i) => `${email(i + 1)},stream,2026-05-01T10:00:00Z`);
    const again = Array.from({ length: 7 }, (_, i) => `${email(i + 1).toUpperCase()},social,2026-05-02T10:00:00Z`);
    const text = ['email,channel,at', ...rows, ...again].join('\n');
    await hub.do('import-file', { what: 'signups', name: 'rsvp.csv', text });
    await sell({ signup: 'S-0001@example.org' });
    const { funnel } = await hub.state();
    expect((funnel?.total.signedUp ?? NaN) - before).toBe(1200);
    expect(funnel?.byChannel.stream.bought).toMatchObject({ count: 1, text: '0.1 %' });
    expect(funnel?.byChannel.social.signedUp).toBe(0);
  });

  it('say when the bar was moved after opening', async () => {
    await hub.do('set-setting', { key: 'verdict.minBuyers', value: 20 });
    const { funnel } = await hub.state();
    expect(funnel?.verdict).toMatchObject({ changedAfterOpening: true, thresholds: { minBuyers: 100 } });
  });

  it('refuse settings that are none', async () => {
    for (const [key, value] of [
      ['attribution.sourceDefault', { square: 'market' }],
      ['verdict.repeatWindow', 14],
      ['funnel.clock', 'noon'],
    ] as const)
      expect(await hub.ask('set-setting', { key, value })).toMatchObject({ ok: false, refusal: { code: 'bad-value' } });
    await hub.do('set-setting', { key: 'attribution.sourceDefault', value: { square: 'in-person' } });
  });
});
