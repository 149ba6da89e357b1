import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reply } from '../../src/contract/commands.ts';
import { COMMAND_KINDS, type CommandKind } from '../../src/contract/commands.ts';
import type { Phone } from '../kit/phone.ts';
import { Market } from './commerce-kit.ts';

/** Who may ask what, over real sockets: every command of the contract by desk, till, co-host and viewer (contract §6). */
const MAY: Record<'till' | 'co-host' | 'viewer', readonly CommandKind[]> = {
  'co-host': ['answer-cue', 'request-help', 'mark-moment', 'tick-point', 'read-cue'],
  till: [
    'record-sale',
    'place-hold',
    'extend-hold',
    'release-hold',
    'void-sale',
    'refund-sale',
    'return-lease',
    'hand-over-pickup',
    'open-drawer',
    'pay-in',
    'pay-out',
    'count-drawer',
    // Beyond the contract's first list: asking for a yes, a pickup's goods before they leave, a buyer's contact (write-only),
    // and what every phone on the floor may say.
    'request-approval',
    'read-pickup',
    'attach-buyer',
    'answer-cue',
    'request-help',
  ],
  viewer: [],
};
/** Bodies that pass the schema and reach the role's rule; everything that a domain decides about stays unknown here. */
const L = [{ sku: 'NOPE', quantity: 1 }];
const CUE = { id: 'x', title: 'X' };
const BODIES: Record<string, Record<string, unknown>> = {
  'reopen-show': { reason: 'because' },
  'count-stock': { sku: 'NOPE', counted: 1 },
  'adjust-stock': { sku: 'NOPE', delta: 1, reason: 'found' },
  'record-sale': { lines: L, channel: 'stream', tender: 'card' },
  'void-sale': { saleId: 's0' },
  'refund-sale': { saleId: 's0', lines: L, reason: 'late', restock: 'no' },
  'exchange-items': { saleId: 's0', lines: L, reason: 'late', restock: 'no', take: L, tender: 'card' },
  'ready-pickup': { saleId: 's0' },
  'hand-over-pickup': { code: 'AAAAAA' },
  'miss-pickup': { saleId: 's0' },
  'note-authorisation': { provider: 'x', ref: 'pi', amountMinor: 1 },
  'settle-authorisation': { authorisation: 'a0', how: 'voided' },
  'reattribute-sale': { saleId: 's0', reason: 'because' },
  'accept-suggestion': { saleId: 's0' },
  'set-control': { name: 'x', buyers: 0, repeats: 1, sumMinor: 0, sumSquaresMinor: '0' },
  'cover-orders': { source: 'x', until: '2999-01-01T00:00:00Z' },
  'release-promise': { saleId: 's0', reason: 'because' },
  'open-drawer': { floatMinor: 1 },
  'pay-in': { amountMinor: 1, reason: 'because' },
  'pay-out': { amountMinor: 1, reason: 'because' },
  'count-drawer': { countedMinor: 1 },
  'request-approval': { what: 'refund', amountMinor: 1 },
  'answer-approval': { approval: 'ap0', approved: true },
  'give-back-stock': { sku: 'NOPE', quantity: 1 },
  'write-off-stock': { sku: 'NOPE', quantity: 1, reason: 'sample' },
  'declare-till-lost': { till: 'nobody' },
  'tick-item': { item: 'x', done: true },
  'note-cost': { label: 'x', costKind: 'other', amountMinor: 1, creator: 'nobody' },
  'place-hold': { lines: L },
  'extend-hold': { holdId: 'h0' },
  'release-hold': { holdId: 'h0' },
  'receive-stock': { sku: 'NOPE', quantity: 1 },
  'move-stock': { sku: 'NOPE', quantity: 1, from: 'reserve', to: 'quarantine' },
  'resolve-shortfall': { shortfall: 'o0', how: 'refunded' },
  'map-sku': { line: 'l0', sku: 'NOPE' },
  'dismiss-duplicate': { saleId: 's0' },
  'open-offer': { offer: 'nope' },
  'close-offer': { offer: 'nope' },
  'change-offer': { offer: 'nope' },
  'check-in': { code: 'nobody' },
  'redeem-perk': { offer: 'nope' },
  'add-time': { ms: 1 },
  'add-cue': { cue: { ...CUE, offer: 'nope' } },
  'edit-cue': { cue: CUE },
  'move-cue': { cue: 'nope' },
  'remove-cue': { cue: 'nope' },
  'tick-point': { cue: 'nope', point: 'p1' },
  'send-message': { to: ['nobody'], text: 'x' },
  'answer-cue': { dispatch: 'd0', answer: 'seen' },
  'request-help': { what: 'help' },
  'answer-request': { request: 'r0', answer: 'no' },
  'acknowledge-alarm': { alarm: 'x' },
  'shelve-alarm': { alarm: 'x', untilMs: 1000 },
  'adopt-clock': { as: 'ignore' },
  'adopt-plan': { plan: {} },
  'new-show': { plan: {} },
  'load-show': { show: 'nope' },
  'invite-device': { role: 'till', till: 'nobody' },
  'approve-device': { device: 'nobody' },
  'revoke-device': { device: 'nobody' },
  'read-cue': { cue: 'nope' },
  'read-pickup': { code: 'AAAAAA' },
  'find-sale': { text: 'x' },
  'import-till-sales': { text: 'x' },
  'import-file': { what: 'sales', name: 'x.csv', text: '' },
  'cancel-action': { action: 'x' },
  'confirm-action': { action: 'x' },
  'arm-failover': { mode: 'observe' },
  'note-viewers': { count: 1 },
  'record-signup': { email: 'a@example.org', perk: 'nope' },
  'find-people': { text: 'x' },
  'attach-buyer': { saleId: 's0', email: 'a@example.org' },
  'erase-person': { signup: 'nobody' },
  'import-control': { name: 'x', text: '' },
  'settle-letter': { letter: '0', reason: 'because' },
  'retry-letter': { letter: '0' },
  'set-setting': { key: 'nope', value: 1 },
};

let market: Market;
const phones: Partial<Record<keyof typeof MAY, Phone>> = {};
beforeAll(async () => {
  market = await Market.open({
    products: [{ sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 10 }],
    people: [{ id: 'ana', name: 'Ana', role: 'co-host' }],
    tills: [{ id: 'till-1', name: 'Front table' }],
  });
  for (const role of ['till', 'co-host', 'viewer'] as const)
    phones[role] = await market.pairTill('till-1', role, role === 'co-host' ? 'ana' : undefined);
});
afterAll(async () => {
  for (const phone of Object.values(phones)) phone.close();
  await market.end();
});

const isDenied = (reply: Reply): boolean =>
  !reply.ok && reply.refusal.code === 'not-allowed' && reply.refusal.message.startsWith('This device may not');

describe.each(['till', 'co-host', 'viewer'] as const)('a %s', (role) => {
  test('may ask what its row names, and nothing else', { timeout: 60_000 }, async () => {
    const { seq } = await market.hub.state();
    const allowed: string[] = [];
    for (const kind of COMMAND_KINDS) {
      if (kind === 'open-drawer' && role === 'till') continue;
      const reply = await asked(kind, role);
      if (!isDenied(reply)) allowed.push(kind);
    }
    const expected = MAY[role].filter((kind) => kind !== 'open-drawer' || role !== 'till');
    expect(allowed.sort()).toEqual([...expected].sort());
    const { entries } = await market.hub.get<{ entries: { kind: string }[] }>(`/api/ledger?after=${seq}`);
    const kinds = entries.map(({ kind }) => kind).filter((kind) => !kind.startsWith('alarm.'));
    // Nothing that was denied has written anything: only what needs no condition is there.
    const free = role === 'till' ? [/^drawer\.paid-/, /^stock\.moved$/, /^help\./] : [/^help\./, /^moment\./];
    for (const kind of kinds)
      expect(
        free.some((each) => each.test(kind)),
        kind,
      ).toBe(true);
  });
});

/** A phone is paced; what it was too quick for is asked again. */
async function asked(kind: CommandKind, role: keyof typeof MAY): Promise<Reply> {
  for (;;) {
    const reply = await phones[role]?.send(kind, BODIES[kind] ?? {});
    if (!reply || 'error' in reply) throw new Error(`${kind} is new or has changed: say in BODIES how it is asked`);
    if (reply.ok || reply.refusal.code !== 'too-many-requests') return reply;
    await new Promise((done) => setTimeout(done, 100));
  }
}

test('the desk may ask everything', async () => {
  for (const kind of COMMAND_KINDS) {
    if (['open-show', 'close-show', 'start-demo', 'finish-close', 'take-snapshot', 'copy-show'].includes(kind))
      continue;
    const reply = await market.hub.ask(kind, BODIES[kind] ?? {});
    expect(isDenied(reply), kind).toBe(false);
  }
});

test('a till acts as itself: its own drawer, its own holds, its own channel, whatever it claims', async () => {
  const till = phones.till;
  const body = { lines: [{ sku: 'MUG', quantity: 1 }], channel: 'stream', tender: 'cash', till: 'till-9' };
  const sold = await till?.send('record-sale', body);
  expect(sold).toMatchObject({ ok: true });
  const [latest] = (await market.hub.state()).sales.latest;
  expect(latest).toMatchObject({ till: 'till-1', channel: 'in-person', source: 'till' });
  const { holdId } = await market.hub.do('place-hold', { lines: [{ sku: 'MUG', quantity: 1 }] });
  expect(await till?.send('release-hold', { holdId })).toMatchObject({ refusal: { code: 'not-allowed' } });
  expect(await till?.send('open-drawer', { floatMinor: 500, till: 'desk' })).toMatchObject({ ok: true });
  expect((await market.hub.state()).drawers[0]).toMatchObject({ till: 'till-1', floatMinor: 500 });
  const noReceipt = { saleId: null, lines: [{ sku: 'MUG', quantity: 1 }], reason: 'late', restock: 'no' };
  expect(await till?.send('refund-sale', noReceipt)).toMatchObject({
    refusal: { code: 'not-allowed', field: 'saleId' },
  });
  const dear = { ...body, lines: [{ sku: 'MUG', quantity: 1, discountMinor: 361 }] };
  expect(await till?.send('record-sale', dear)).toMatchObject({ refusal: { code: 'reason-required' } });
  const reasoned = { ...dear, priceReason: 'a scratch' };
  expect(await till?.send('record-sale', reasoned)).toMatchObject({
    refusal: { code: 'needs-approval', field: 'lines[0].discountMinor', limitMinor: 360 },
  });
  const yes = await till?.send('request-approval', { what: 'discount', amountMinor: 361 });
  const approval = yes?.ok ? yes['approval'] : '';
  expect(await till?.send('answer-approval', { approval, approved: true })).toMatchObject({
    refusal: { code: 'not-allowed' },
  });
  await market.hub.do('answer-approval', { approval, approved: true });
  await market.refuses('answer-approval', { approval, approved: false }, 'unknown-approval');
  expect(await till?.send('record-sale', { ...reasoned, approval })).toMatchObject({ ok: true, totalMinor: 1439 });
  expect(await till?.send('record-sale', { ...reasoned, approval })).toMatchObject({ ok: false });
  await market.expectSound();
});
