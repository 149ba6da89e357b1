import { expect, test } from 'vitest';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { type StripeSource, stripeIntent, stripeLines, stripeSnapshot } from './stripe-order.ts';

const CREATED = 1_795_543_800;
const NOW = CREATED * 1000;

function intentOf(more: Record<string, unknown>, charge: Record<string, unknown> = {}): StripeSource['intent'] {
  const latest_charge = { id: 'ch_1', created: CREATED, ...charge };
  const whole = { id: 'pi_1', created: CREATED, livemode: true, status: 'succeeded', currency: 'usd', amount: 1000 };
  return stripeIntent.parse({ ...whole, amount_received: 1000, latest_charge, ...more });
}

function snapshotOf(intent: StripeSource['intent'], more: Partial<StripeSource> = {}): OrderSnapshot {
  const rest = { account: 'acct_1', session: null, lines: [], skuOf: () => 'MUG', toldAt: CREATED, now: NOW };
  return stripeSnapshot({ intent, ...rest, ...more });
}

const line = (id: string, money: Record<string, number>): Record<string, unknown> => ({ id, quantity: 1, ...money });

test('a held card counts until its time is over', () => {
  const held = { status: 'requires_capture', amount_received: 0, amount_capturable: 1000 };
  const until = (seconds: number): StripeSource['intent'] =>
    intentOf(held, { payment_method_details: { type: 'card', card: { capture_before: CREATED + seconds } } });
  expect(snapshotOf(until(60))).toMatchObject({ paid: true, tenders: [{ kind: 'card', amountMinor: 1000 }] });
  expect(snapshotOf(until(-60)).paid).toBe(false);
  expect(snapshotOf(intentOf({ status: 'processing', amount_received: 0 })).paid).toBe(false);
  expect(snapshotOf(intentOf({ status: 'canceled', amount_received: 0 }))).toMatchObject({
    paid: false,
    cancelled: true,
  });
});

test('a card taken offline says so, and was sold when it was taken', () => {
  const offline = { type: 'card_present', card_present: { offline: { stored_at: CREATED - 3600, type: 'deferred' } } };
  const pending = { status: 'requires_capture', amount_received: 0, amount_capturable: 1000 };
  expect(snapshotOf(intentOf(pending, { payment_method_details: offline }))).toMatchObject({
    name: 'pi_1 (card taken offline, not certain yet)',
    createdAt: new Date(NOW - 3_600_000).toISOString(),
    hints: { isPos: true },
    tenders: [{ kind: 'card', amountMinor: 1000, atRisk: true }],
  });
  const certain = snapshotOf(intentOf({}, { payment_method_details: offline }));
  expect(certain.name).toBe('pi_1 (card taken offline)');
  expect(certain.tenders[0]).not.toHaveProperty('atRisk');
});

test('tax within the price and tax on top are told apart; mixed, all lines are given without it', () => {
  const within = line('a', { amount_subtotal: 1230, amount_discount: 0, amount_tax: 230, amount_total: 1230 });
  const onTop = line('b', { amount_subtotal: 1000, amount_discount: 100, amount_tax: 90, amount_total: 990 });
  const of = (...lines: unknown[]): unknown[] => {
    const made = snapshotOf(intentOf({}), { lines: stripeLines.parse(lines) });
    return [made.taxIncluded, ...made.lines.map(({ grossMinor, taxMinor }) => [grossMinor, taxMinor])];
  };
  expect(of(within)).toEqual([true, [1230, 230]]);
  expect(of(onTop)).toEqual([false, [1000, 90]]);
  expect(of(within, onTop)).toEqual([false, [1000, 230], [1000, 90]]);
});

test('metadata that is no whole number of units keeps the money and waits for a person', () => {
  const of = (metadata: Record<string, string>): unknown => snapshotOf(intentOf({ metadata })).lines;
  expect(of({ sku: 'MUG', qty: '3' })).toMatchObject([{ sku: 'MUG', sold: 3, grossMinor: 1000 }]);
  expect(of({ sku: 'MUG' })).toMatchObject([{ sku: 'MUG', sold: 1 }]);
  expect(of({ sku: 'MUG', qty: '1.5' })).toMatchObject([
    { sku: null, sold: 1, name: 'MUG (1.5: not whole units)', grossMinor: 1000 },
  ]);
});

test('a failed refund gives no units back', () => {
  const refund = (status: string): StripeSource['intent'] =>
    intentOf(
      { metadata: { sku: 'MUG', qty: '2' } },
      { amount_refunded: 500, refunds: { data: [{ created: CREATED, status, metadata: { sku: 'MUG', qty: '1' } }] } },
    );
  expect(snapshotOf(refund('succeeded')).lines[0]?.refunded).toBe(1);
  expect(snapshotOf(refund('failed')).lines[0]?.refunded).toBe(0);
});

test('amounts of krónur, a test payment and a wallet', () => {
  const made = snapshotOf(intentOf({ currency: 'isk', amount_received: 50_000, livemode: false }));
  expect(made).toMatchObject({ currency: 'ISK', test: true, tenders: [{ kind: 'other', amountMinor: 500 }] });
});

test('nothing that a person wrote becomes the order’s name', () => {
  const named = intentOf({ description: 'For Mara Example' }, { receipt_number: '1234-5678' });
  expect(snapshotOf(named).name).toBe('#1234-5678');
});
