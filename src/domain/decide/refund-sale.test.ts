import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedIn, openDrawerOf } from '../drawers.ts';
import { allocate } from '../money.ts';
import { breaches } from '../testing-invariants.ts';
import { type TestReply, type TestShow, liveShow, plan, product, run, till, wait } from '../testing.ts';
import { returnReason } from '../return-reasons.ts';
import { DEFAULT_RULES } from './rules.ts';

const CHF5 = { rules: { ...DEFAULT_RULES, cashRoundingMinor: 5 } };
const sound = (show: TestShow) => expect(breaches(show.state, show.entries)).toEqual([]);

function sold(show: TestShow, more: object = {}, by = {}): string {
  const lines = [{ sku: 'MUG', quantity: 1 }];
  const reply = run(show, { kind: 'record-sale', channel: 'in-person', tender: 'card', lines, ...more }, by);
  return String(reply.ok ? reply['saleId'] : JSON.stringify(reply));
}
function refund(show: TestShow, saleId: string | null, lines: object, more: object = {}, by = {}): TestReply {
  const asked = { saleId, reason: 'changed-mind', restock: 'no', ...more } as const;
  return run(show, { kind: 'refund-sale', lines: lines as [], ...asked }, by);
}
const refunded = (reply: TestReply): number => (reply.ok ? Number(reply['refundedMinor']) : Number.NaN);
const one = (sku: string, quantity = 1) => [{ sku, quantity }];

describe('n partial refunds', () => {
  it('of bundles are `allocate(line, [1 × n])`, unit by unit', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 7, max: 9999 }),
      (quantity, price) => {
        const show = liveShow();
        const saleId = sold(show, {
          lines: [{ sku: 'SET', quantity, unitPriceMinor: price, discountMinor: price % 7 }],
        });
        const units = new Array<number>(quantity).fill(1);
        const parts = units.map(() => refunded(refund(show, saleId, one('SET'))));
        expect(parts).toEqual(allocate(quantity * price - (price % 7), units));
      },
    );
    fc.assert(property, { numRuns: 100, examples: [[3, 3001]] });
  });

  it('in any order, whole or in parts, by any mode of tax, in coins or cents, are the whole to the minor unit', () => {
    const sale = fc.record({
      quantity: fc.integer({ min: 1, max: 7 }),
      unitPriceMinor: fc.integer({ min: 0, max: 9999 }),
      discountMinor: fc.nat(500),
      more: fc.integer({ min: 1, max: 4 }),
      cash: fc.boolean(),
      mode: fc.constantFrom('inclusive' as const, 'exclusive' as const),
      step: fc.constantFrom(0, 5, 10),
      tipMinor: fc.nat(99),
    });
    const picks = fc.array(fc.tuple(fc.constantFrom('SET', 'MUG', 'APRON'), fc.integer({ min: 1, max: 3 })), {
      maxLength: 12,
    });
    const property = fc.property(sale, picks, (asked, order) => {
      const { quantity, more, mode, step } = asked;
      const taxed = { taxRate: '0.077', reserve: 100 };
      const products = [
        product('MUG', { priceMinor: 1799, ...taxed }),
        product('APRON', { priceMinor: 2503, ...taxed }),
      ];
      const parts = [
        { sku: 'MUG', quantity: 2 },
        { sku: 'APRON', quantity: 1 },
      ];
      const bundles = [{ sku: 'SET', name: 'Set', priceMinor: 3800, parts, taxRate: '0.077' }];
      const show = liveShow(plan({ products, bundles, show: { taxMode: mode } }));
      const by = { rules: { ...DEFAULT_RULES, cashRoundingMinor: step } };
      const { unitPriceMinor, tipMinor } = asked;
      const discountMinor = Math.min(asked.discountMinor, quantity * unitPriceMinor);
      const lines = [{ sku: 'SET', quantity, unitPriceMinor, discountMinor }, ...one('MUG', more)];
      const saleId = sold(show, { lines, tipMinor, tender: asked.cash ? 'cash' : 'card' }, by);
      const paid = show.state.sales.takings.collectedMinor;
      for (const [sku, units] of order) refund(show, saleId, one(sku, units), {}, by);
      for (const sku of ['SET', 'MUG', 'APRON']) while (refund(show, saleId, one(sku), {}, by).ok);
      const { netMinor, taxMinor, collectedMinor, roundingMinor } = show.state.sales.takings;
      expect({ netMinor, taxMinor }).toEqual({ netMinor: 0, taxMinor: 0 });
      // Of what the buyer paid the tip alone is left.
      expect(collectedMinor - tipMinor).toBe(roundingMinor);
      if (tipMinor === 0) expect({ collectedMinor, roundingMinor }).toEqual({ collectedMinor: 0, roundingMinor: 0 });
      expect(paid).toBeGreaterThanOrEqual(collectedMinor);
      expect(breaches(show.state, show.entries)).toEqual([]);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('the money of a refund', () => {
  it('goes to the card first and names its payment, never above what each paid', () => {
    const show = liveShow();
    const tender = [
      { kind: 'cash', amountMinor: 1000 },
      { kind: 'card', amountMinor: 2000, ref: 'pi_1' },
      { kind: 'card', amountMinor: 600, ref: 'pi_2' },
    ];
    const saleId = sold(show, { lines: one('MUG', 2), tender });
    expect(refund(show, saleId, one('MUG'))).toMatchObject({
      tenders: [{ kind: 'card', amountMinor: 1800, ref: 'pi_1' }],
    });
    expect(refund(show, saleId, one('MUG'))).toMatchObject({
      tenders: [
        { kind: 'card', amountMinor: 200, ref: 'pi_1' },
        { kind: 'card', amountMinor: 600, ref: 'pi_2' },
        { kind: 'cash', amountMinor: 1000 },
      ],
    });
    sound(show);
  });

  it('in cash is rounded as coins allow, and the last refund gives back the rest of the rounding', () => {
    const show = liveShow();
    const saleId = sold(show, { lines: [{ sku: 'MUG', quantity: 3, unitPriceMinor: 334 }], tender: 'cash' }, CHF5);
    expect(show.state.sales.takings).toMatchObject({ collectedMinor: 1000, roundingMinor: -2 });
    expect(refund(show, saleId, one('MUG'), {}, CHF5)).toMatchObject({
      refundedMinor: 334,
      roundingMinor: 1,
      tenders: [{ kind: 'cash', amountMinor: 335 }],
    });
    refund(show, saleId, one('MUG'), {}, CHF5);
    expect(refund(show, saleId, one('MUG'), {}, CHF5)).toMatchObject({ tenders: [{ kind: 'cash', amountMinor: 330 }] });
    expect(show.state.sales.takings).toMatchObject({ collectedMinor: 0, roundingMinor: 0, netMinor: 0 });
    sound(show);
  });

  it('leaves the tip: goods come back, service does not', () => {
    const show = liveShow();
    const saleId = sold(show, { tipMinor: 200 });
    expect(refund(show, saleId, one('MUG'))).toMatchObject({ refundedMinor: 1800 });
    expect(refund(show, saleId, one('MUG'), { amountMinor: 1 })).toMatchObject({ code: 'more-than-sold' });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 0, tipMinor: 200, collectedMinor: 200 });
  });

  it('is cash only if the drawer has it, and says how much it has', () => {
    const show = liveShow();
    run(show, { kind: 'open-drawer', floatMinor: 500 });
    const saleId = sold(show, { tender: 'cash' });
    run(show, { kind: 'pay-out', amountMinor: 1500, reason: 'to the bank' });
    expect(refund(show, saleId, one('MUG'))).toMatchObject({ code: 'not-enough-cash', availableMinor: 800, most: 800 });
    expect(refund(show, saleId, one('MUG'), { amountMinor: 800 })).toMatchObject({ ok: true });
    const drawer = openDrawerOf(show.state.drawers, null);
    expect(drawer && expectedIn(drawer)).toBe(0);
    expect(refund(show, null, one('MUG'))).toMatchObject({ code: 'not-enough-cash' });
    run(show, { kind: 'pay-in', amountMinor: 5000, reason: 'change' });
    expect(refund(show, null, one('MUG'))).toMatchObject({ ok: true, refundedMinor: 1800 });
    expect(drawer && expectedIn(drawer)).toBe(3200);
    sound(show);
  });
});

describe('a till', () => {
  const by = { actor: till() };
  const ask = (show: TestShow, saleId: string, amountMinor: number) =>
    String(
      (
        run(show, { kind: 'request-approval', what: 'refund', amountMinor, saleId }, by) as object as {
          approval: string;
        }
      ).approval,
    );

  it('refunds what the producer has allowed, once', () => {
    const show = liveShow();
    const saleId = sold(show, { lines: one('MUG', 2) }, by);
    expect(refund(show, saleId, one('MUG'), {}, by)).toMatchObject({
      code: 'needs-approval',
      amountMinor: 1800,
      saleId,
    });
    const approval = ask(show, saleId, 1800);
    expect(refund(show, saleId, one('MUG'), {}, by)).toMatchObject({ code: 'needs-approval' });
    run(show, { kind: 'answer-approval', approval, approved: true });
    expect(refund(show, saleId, one('MUG', 2), {}, by)).toMatchObject({ code: 'needs-approval' });
    expect(refund(show, saleId, one('MUG'), {}, by)).toMatchObject({ ok: true });
    expect(refund(show, saleId, one('MUG'), { approval }, by)).toMatchObject({ code: 'needs-approval' });
    expect(show.state.sales.refunds).toMatchObject([{ approval, source: 'till' }]);
  });

  it('gives nothing for another sale’s yes, and nothing without a receipt', () => {
    const show = liveShow();
    const [first, second] = [sold(show, {}, by), sold(show, {}, by)];
    run(show, { kind: 'answer-approval', approval: ask(show, first, 9000), approved: true });
    expect(refund(show, second, one('MUG'), {}, by)).toMatchObject({ code: 'needs-approval' });
    wait(show, 11 * 60_000);
    expect(refund(show, first, one('MUG'), {}, by)).toMatchObject({ code: 'needs-approval' });
    expect(refund(show, null, one('MUG'), {}, by)).toMatchObject({ code: 'not-allowed' });
  });
});

describe('the reason', () => {
  it('is wanted, is kept in the words of the list where it is one of them, else as it was said', () => {
    const show = liveShow();
    const saleId = sold(show, { lines: one('MUG', 2) });
    expect(refund(show, saleId, one('MUG'), { reason: '   ' })).toMatchObject({ code: 'reason-required' });
    refund(show, saleId, one('MUG'), { reason: 'Size or color' });
    refund(show, saleId, one('MUG'), { reason: 'smells of fish' });
    const reasons = show.state.sales.refunds.map(({ reason }) => reason);
    expect(reasons).toEqual(['size-or-colour', 'smells of fish']);
    expect(reasons.map(returnReason)).toEqual(['size-or-colour', 'other']);
  });
});

describe('an undo', () => {
  const undo = (show: TestShow, saleId: string) => run(show, { kind: 'void-sale', saleId });

  it('works after nine minutes, and after eleven it is a refund', () => {
    const show = liveShow();
    const [first, second] = [sold(show), sold(show)];
    wait(show, 9 * 60_000);
    expect(undo(show, first)).toMatchObject({ ok: true });
    wait(show, 2 * 60_000);
    expect(undo(show, second)).toMatchObject({ code: 'undo-too-late', saleId: second });
    expect(show.state.sales.takings).toMatchObject({ voids: 1, refundedMinor: 0 });
  });

  it('is too late once the drawer was counted or goods were handed over', () => {
    const show = liveShow();
    run(show, { kind: 'open-drawer', floatMinor: 0 });
    const cash = sold(show, { tender: 'cash' });
    run(show, { kind: 'count-drawer', countedMinor: 1800 });
    expect(undo(show, cash)).toMatchObject({ code: 'undo-too-late' });
    const pickup = sold(show, { pickup: 'later', lines: [...one('MUG'), ...one('APRON')] });
    run(show, { kind: 'hand-over-pickup', saleId: pickup, lines: [1] });
    expect(undo(show, pickup)).toMatchObject({ code: 'undo-too-late' });
    sound(show);
  });
});
