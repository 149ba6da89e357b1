import { expect, test } from 'vitest';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import orderFixture from '../../../test/fixtures/vendors/square-order.json' with { type: 'json' };
import { iso, sourcesOf, squareOrder, squarePayment, squareSnapshot } from './square-order.ts';

const NOW = Date.parse('2026-11-24T18:30:00Z');
const usd = (amount: number): { amount: number; currency: string } => ({ amount, currency: 'USD' });
const [item] = orderFixture.line_items;

function snapshotOf(order: Record<string, unknown>, payment: Record<string, unknown> = {}): OrderSnapshot {
  const [tender] = orderFixture.tenders;
  return squareSnapshot({
    order: squareOrder.parse({ ...orderFixture, ...order }),
    payments: [squarePayment.parse({ id: tender?.payment_id, status: 'COMPLETED', ...payment })],
    returns: [],
    skuOf: () => 'MUG-BLUE',
    now: NOW,
    isSandbox: false,
    currency: 'EUR',
  });
}

test('inclusive tax: the gross is what the buyer saw, whether Square took the tax out of it or not', () => {
  const taxes = [{ uid: 'vat', type: 'INCLUSIVE' }];
  const line = { ...item, total_discount_money: usd(0), total_tax_money: usd(700), total_money: usd(3800) };
  for (const gross of [3800, 3100]) {
    const made = snapshotOf({ taxes, line_items: [{ ...line, gross_sales_money: usd(gross) }] });
    expect([made.taxIncluded, made.lines[0]?.grossMinor, made.lines[0]?.taxMinor]).toEqual([true, 3800, 700]);
  }
  const mixed = snapshotOf({ taxes: [...taxes, { uid: 'city', type: 'ADDITIVE' }], line_items: [line] });
  expect([mixed.taxIncluded, mixed.lines[0]?.grossMinor]).toEqual([false, 3100]);
});

test.each([
  ['2', 'MUG-BLUE', 2, 'Mug, Blue'],
  ['2.00000', 'MUG-BLUE', 2, 'Mug, Blue'],
  ['2.5', null, 1, 'Mug, Blue (2.5: not whole units)'],
  ['0.25', null, 1, 'Mug, Blue (0.25: not whole units)'],
  ['many', null, 1, 'Mug, Blue (many: not whole units)'],
])('quantity "%s" is of sku %s, %i units', (quantity, sku, sold, name) => {
  expect(snapshotOf({ line_items: [{ ...item, quantity }] }).lines).toMatchObject([
    { sku, sold, name, grossMinor: 3800, discountMinor: 250 },
  ]);
});

test('a line of nothing is left out', () => {
  expect(snapshotOf({ line_items: [{ ...item, quantity: '0' }] }).lines).toEqual([]);
});

test('an open order is paid when all of it came or is held for certain', () => {
  const open = { state: 'OPEN' };
  const held = { status: 'APPROVED', delayed_until: '2026-11-24T18:31:00Z', delay_action: 'CANCEL' };
  expect(snapshotOf(open).paid).toBe(true);
  expect(snapshotOf(open, held).paid).toBe(true);
  expect(snapshotOf(open, { ...held, delayed_until: '2026-11-24T18:29:00Z' }).paid).toBe(false);
  expect(snapshotOf(open, { ...held, delayed_until: '2026-11-24T18:29:00Z', delay_action: 'COMPLETE' }).paid).toBe(
    true,
  );
  for (const status of ['PENDING', 'CANCELED', 'FAILED']) expect(snapshotOf(open, { status }).paid).toBe(false);
  expect(snapshotOf({ ...open, total_money: usd(9999) }).paid).toBe(false);
  expect(snapshotOf({ ...open, tenders: [] }).paid).toBe(false);
});

test('a completed order is paid though its tenders are less (an exchange, or a gift), unless one failed', () => {
  expect(snapshotOf({ tenders: [] }).paid).toBe(true);
  expect(snapshotOf({ total_money: usd(9999) }).paid).toBe(true);
  expect(snapshotOf({}, { status: 'FAILED' }).paid).toBe(false);
  expect(snapshotOf({ state: 'CANCELED' }).cancelled).toBe(true);
});

test('gratuity is a tip, other service charges are charges', () => {
  const service_charges = [
    { type: 'AUTO_GRATUITY', total_money: usd(300) },
    { type: 'CUSTOM', total_money: usd(499) },
  ];
  expect(snapshotOf({ service_charges })).toMatchObject({ tipMinor: 500, shippingMinor: 499 });
});

test('what its metadata declares is taken as declared', () => {
  const metadata = { channel: 'stream', creator: 'ANA', utm_source: 'instagram', link: 'https://x.example.org/ana' };
  expect(snapshotOf({ metadata, source: { name: 'My site' } }).hints).toEqual({
    channel: 'stream',
    isPos: false,
    codes: ['ANA10', 'ANA'],
    link: 'https://x.example.org/ana',
    utm: ['instagram'],
  });
  expect(
    snapshotOf({ source: { name: 'My site' } }, { card_details: { entry_method: 'CONTACTLESS' } }).hints.isPos,
  ).toBe(true);
  expect(snapshotOf({ metadata: { channel: 'stage' } }).hints.channel).toBeNull();
});

test('times of both forms compare, and a source never names itself', () => {
  expect(iso('2026-11-24T18:10:00Z')).toBe('2026-11-24T18:10:00.000Z');
  const own = squareOrder.parse({ ...orderFixture, returns: [{ source_order_id: orderFixture.id }, {}] });
  expect(sourcesOf(own)).toEqual([]);
});

test('a buyer’s name on a ticket is not the order’s name', () => {
  expect(snapshotOf({ ticket_name: 'Mara', reference_id: null }, { receipt_number: 'R2B3' }).name).toBe('#R2B3');
});
