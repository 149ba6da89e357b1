import { expect, test } from 'vitest';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import orderFixture from '../../../test/fixtures/vendors/woocommerce-order.json' with { type: 'json' };
import refundFixture from '../../../test/fixtures/vendors/woocommerce-refund.json' with { type: 'json' };
import { UnreadableAmount, wooOrder, wooRefunds, wooSnapshot } from './woocommerce-order.ts';

const [item] = orderFixture.line_items;

function snapshotOf(order: Record<string, unknown>, refunds: unknown[] = []): OrderSnapshot {
  return wooSnapshot(wooOrder.parse({ ...orderFixture, ...order }), wooRefunds.parse(refunds), 'shop');
}

test('prices without tax are left without it', () => {
  const made = snapshotOf({ prices_include_tax: false });
  expect([made.taxIncluded, made.lines[0]]).toMatchObject([
    false,
    { grossMinor: 2927, discountMinor: 293, taxMinor: 606 },
  ]);
});

test('a shop without decimals, one with three, and an amount with too many', () => {
  const line = { ...item, subtotal: '1800', subtotal_tax: '0', total: '1800', total_tax: '0' };
  const none = { shipping_total: '0', shipping_tax: '0', fee_lines: [], line_items: [line], total: '1800' };
  expect(snapshotOf({ ...none, currency: 'JPY' }).lines[0]?.grossMinor).toBe(1800);
  expect(snapshotOf({ ...none, currency: 'KWD' }).lines[0]?.grossMinor).toBe(1_800_000);
  expect(() => snapshotOf({ total: '18.005' })).toThrow(UnreadableAmount);
});

test('a fee is a tip by its name, a rebate when negative, else a charge like postage', () => {
  const fee = (name: string, total: string): object => ({ id: 1, name, total, total_tax: '0.00' });
  const made = snapshotOf({
    fee_lines: [fee('Tip for the band', '2.00'), fee('Gift wrap', '3.00'), fee('Loyal', '-1.00')],
  });
  expect(made).toMatchObject({ tipMinor: 200, shippingMinor: 800, lines: [{ discountMinor: 460 }] });
});

test('restocked is what the shop’s own tally says, never more than came back', () => {
  const tally = (value: string): unknown[] => [{ ...item, meta_data: [{ key: '_restock_refunded_items', value }] }];
  const back = (line_items: unknown[]): unknown => {
    const { refunded, restocked } = snapshotOf({ line_items }, [refundFixture]).lines[0] ?? {};
    return [refunded, restocked];
  };
  expect(back(tally('1'))).toEqual([1, 1]);
  expect(back(tally('2'))).toEqual([1, 1]);
  expect(back([{ ...item, meta_data: [] }])).toEqual([1, 0]);
});

test.each([
  ['cod', 'cash'],
  ['stripe', 'card'],
  ['woocommerce_payments', 'card'],
  ['square_credit_card', 'card'],
  ['bacs', 'other'],
  ['paypal', 'other'],
])('paid by %s is %s', (payment_method, kind) => {
  expect(snapshotOf({ payment_method }).tenders[0]?.kind).toBe(kind);
});

test('a point of sale, a declared channel and a creator', () => {
  const meta_data = [
    { key: 'dropdesk_channel', value: 'in-person' },
    { key: 'creator', value: 'ANA' },
  ];
  expect(snapshotOf({ created_via: 'pos-rest-api', meta_data, coupon_lines: [] }).hints).toMatchObject({
    isPos: true,
    channel: 'in-person',
    codes: ['ANA'],
  });
});

test('without a way to reach the buyer there is no person', () => {
  expect(snapshotOf({ billing: { first_name: 'Mara', email: ' ' } }).person).toBeNull();
});

test('an order that cost nothing has no tender', () => {
  expect(snapshotOf({ total: '0.00' }).tenders).toEqual([]);
});
