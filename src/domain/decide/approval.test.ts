import { describe, expect, it } from 'vitest';
import { type TestShow, liveShow, now, run, till, wait } from '../testing.ts';
import { toIso } from '../units.ts';
import { wantedOfPeople } from './alarm-people.ts';
import type { Vitals } from './vitals.ts';

const vitals: Vitals = { cannotSave: null, freeBytes: null, online: new Set(), pending: new Map() };
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

  it('raises an alarm until somebody has answered or the buyer has gone', () => {
    const show = liveShow();
    const alarms = () => wantedOfPeople(show.state, vitals, now(show)).filter(({ kind }) => kind === 'approval-asked');
    const approval = asked(show);
    expect(alarms()).toMatchObject([{ priority: 2, message: 'Front table asks for 9.00 EUR off. Say yes or no.' }]);
    run(show, { kind: 'answer-approval', approval, approved: false });
    expect(alarms()).toEqual([]);
    asked(show);
    wait(show, 600_001);
    expect(alarms()).toEqual([]);
  });

  it('is not given by a no', () => {
    const show = liveShow();
    const approval = asked(show);
    run(show, { kind: 'answer-approval', approval, approved: false });
    expect(sell(show, { approval })).toMatchObject({ code: 'needs-approval' });
  });

  it('is for the article that was asked about, and no reason is made up by a code of nothing', () => {
    const show = liveShow();
    const question = { kind: 'request-approval' as const, what: 'price' as const, amountMinor: 900, sku: 'APRON' };
    const approval = String(run(show, question, by)['approval']);
    run(show, { kind: 'answer-approval', approval, approved: true });
    expect(sell(show, { approval })).toMatchObject({ code: 'needs-approval' });
    const dear = { basketDiscount: { amountMinor: 300 } };
    const without = { ...dear, priceReason: undefined };
    expect(sell(show, { ...without, code: 'ANYTHING' })).toMatchObject({ code: 'reason-required' });
    expect(sell(show, { ...without, creatorCode: 'NOBODY' })).toMatchObject({ code: 'reason-required' });
    expect(sell(show, { ...without, creatorCode: 'ana10' })).toMatchObject({ ok: true, totalMinor: 1500 });
    // Money that was taken is no leave to have taken less of it; a sale that names a yes without having it has none.
    expect(sell(show, { paid: true })).toMatchObject({ code: 'needs-approval' });
    expect(sell(show, { approval, offline: true })).toMatchObject({ ok: true, totalMinor: 900 });
    expect([...show.state.sales.byId.values()].at(-1)?.extra?.approval).toBeUndefined();
    expect(show.state.approvals.byId.get(approval)?.used).toBe(false);
  });

  it('given before a till was cut off still stands in the sale that arrives late', () => {
    const show = liveShow();
    const approval = asked(show);
    run(show, { kind: 'answer-approval', approval, approved: true });
    const madeAt = toIso(show.at + 60_000);
    wait(show, 3_600_000);
    expect(sell(show, { approval, offline: true, madeAt })).toMatchObject({ ok: true });
    expect([...show.state.sales.byId.values()].at(-1)?.extra).toMatchObject({ approval });
    expect(show.state.approvals.byId.get(approval)?.used).toBe(true);
  });
});
