import { describe, expect, it } from 'vitest';
import { type TestShow, liveShow, run, till, wait } from '../testing.ts';

const by = { actor: till('till-1') };
const sell = (show: TestShow, more = {}) =>
  run(
    show,
    {
      kind: 'record-sale',
      channel: 'in-person',
      lines: [{ sku: 'MUG', quantity: 1 }],
      tender: 'cash',
      basketDiscount: { percent: '50' },
      priceReason: 'last one, scratched',
      ...more,
    },
    by,
  );

function asked(show: TestShow): string {
  return String(run(show, { kind: 'request-approval', what: 'discount', amountMinor: 900 }, by)['approval']);
}

describe('more off than a till may give', () => {
  it('waits for the producer’s yes and then serves once', () => {
    const show = liveShow();
    expect(sell(show)).toMatchObject({ code: 'needs-approval', field: 'basketDiscount', limitMinor: 360 });
    const approval = asked(show);
    expect(sell(show, { approval })).toMatchObject({ code: 'needs-approval' });
    expect(run(show, { kind: 'answer-approval', approval, approved: true })).toMatchObject({ ok: true });
    expect(sell(show, { approval })).toMatchObject({ ok: true, totalMinor: 900 });
    expect(sell(show, { approval })).toMatchObject({ code: 'needs-approval' });
    expect(run(show, { kind: 'answer-approval', approval, approved: true })).toMatchObject({
      code: 'unknown-approval',
    });
  });

  it('is good for what was asked, for ten minutes, at the till that asked', () => {
    const show = liveShow();
    const approval = asked(show);
    run(show, { kind: 'answer-approval', approval, approved: true });
    expect(sell(show, { approval, basketDiscount: { amountMinor: 901 } })).toMatchObject({ limitMinor: 900 });
    const other = { actor: till('till-2') };
    const lines = [{ sku: 'MUG', quantity: 1, discountMinor: 900 }];
    const sale = { kind: 'record-sale' as const, channel: 'in-person' as const, lines, tender: 'cash' as const };
    expect(run(show, { ...sale, approval, priceReason: 'scratched' }, other)).toMatchObject({ code: 'needs-approval' });
    wait(show, 600_001);
    expect(sell(show, { approval })).toMatchObject({ code: 'needs-approval' });
  });

  it('is not given by a no', () => {
    const show = liveShow();
    const approval = asked(show);
    run(show, { kind: 'answer-approval', approval, approved: false });
    expect(sell(show, { approval })).toMatchObject({ code: 'needs-approval' });
  });
});
