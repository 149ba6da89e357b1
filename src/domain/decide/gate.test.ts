import { describe, expect, it } from 'vitest';
import { deskView } from '../../contract/desk-view.ts';
import { planToFile } from '../../contract/plan-file.ts';
import { floorView } from '../../contract/views/floor-view.ts';
import { quietLive } from '../../contract/views/live-testing.ts';
import { offersView } from '../../contract/views/stock-view.ts';
import type { Offer } from '../plan.ts';
import {
  type TestReply,
  type TestShow,
  given,
  liveShow,
  now,
  offer,
  plan,
  refold,
  run,
  till,
  wait,
} from '../testing.ts';

const gated = (more: Partial<Offer>): TestShow => {
  const show = liveShow(plan({ offers: [offer('drop', 'MUG', { priceMinor: 1600, ...more })] }));
  run(show, { kind: 'open-offer', offer: 'drop' });
  return show;
};
const coded = (more: Partial<Offer> = {}) => gated({ gate: 'code', codes: ['GOLD-1', 'Silber'], ...more });
function sell(show: TestShow, more: object = {}, quantity = 1): TestReply {
  return run(show, {
    kind: 'record-sale',
    channel: 'stream',
    tender: 'card',
    offer: 'drop',
    lines: [{ sku: 'MUG', quantity }],
    ...more,
  });
}
const hold = (show: TestShow, more: object = {}): TestReply =>
  run(show, { kind: 'place-hold', offer: 'drop', lines: [{ sku: 'MUG', quantity: 1 }], ...more });
const signUp = (show: TestShow, ref: string, signup = `su-${ref}`) =>
  given(show, {
    kind: 'signup.recorded',
    body: { ref, signup, channel: 'stream', consent: true, source: 'plan', by: 'desk' },
  });

describe('a gate of codes', () => {
  it('opens for a code in any letters, and says what is wrong with the others', () => {
    const show = coded();
    expect(sell(show)).toMatchObject({ code: 'gate-closed', field: 'code' });
    expect(sell(show, { code: '  ' })).toMatchObject({ code: 'gate-closed', field: 'code' });
    expect(sell(show, { code: 'GOLD-2' })).toMatchObject({ code: 'code-unknown', field: 'code' });
    expect(sell(show, { code: ' gold-1 ' })).toMatchObject({ ok: true, totalMinor: 1600 });
    expect(sell(show, { code: 'GOLD-1' })).toMatchObject({ ok: true });
    expect(show.state.sales.byId.size).toBe(2);
  });

  it('with single-use codes lets each in once; a voided sale frees its code again', () => {
    const show = coded({ codeUse: 'once' });
    const first = sell(show, { code: 'gold-1' });
    expect(sell(show, { code: 'GOLD-1' })).toMatchObject({ code: 'code-used', field: 'code', usedBy: first['saleId'] });
    expect(sell(show, { code: 'silber' })).toMatchObject({ ok: true });
    expect(offersView(show.state, now(show))['drop']).toMatchObject({ gate: 'code', codes: { count: 2, used: 2 } });
    run(show, { kind: 'void-sale', saleId: String(first['saleId']) });
    expect(sell(show, { code: 'GOLD-1' })).toMatchObject({ ok: true });
    expect(refold(show.entries).offers).toEqual(show.state.offers);
  });

  it('lets a hold in by its code, keeps it from everybody else and asks its sale for no code', () => {
    const show = coded({ codeUse: 'once' });
    expect(hold(show)).toMatchObject({ code: 'gate-closed' });
    const { holdId } = hold(show, { code: 'GOLD-1' });
    expect(sell(show, { code: 'gold-1' })).toMatchObject({ code: 'code-used', usedBy: holdId });
    expect(hold(show, { code: 'gold-1' })).toMatchObject({ code: 'code-used' });
    expect(sell(show, { hold: holdId })).toMatchObject({ ok: true });
    expect(sell(show, { code: 'gold-1' })).toMatchObject({ code: 'code-used' });
    const again = hold(show, { code: 'Silber' });
    run(show, { kind: 'release-hold', holdId: String(again['holdId']) });
    expect(sell(show, { code: 'Silber' })).toMatchObject({ ok: true });
  });

  it('asks nothing of a sale that has happened already', () => {
    const show = coded();
    expect(sell(show, { offline: true })).toMatchObject({ ok: true });
  });

  it('never shows its codes, not to the desk’s view and not to any screen of the floor', () => {
    const show = coded();
    const views = (['co-host', 'till', 'viewer'] as const).map((role) => {
      const device = { id: role, role, name: role, person: 'ana', till: 'till-1' };
      return floorView(show.state, quietLive(), device, now(show));
    });
    expect(JSON.stringify([deskView(show.state, quietLive(), now(show)), views])).not.toMatch(/gold|silber/i);
    expect(JSON.stringify(planToFile(show.state.plan ?? plan()))).toMatch(/gold/i);
  });
});

describe('a gate of sign-ups', () => {
  it('opens for who signed up or was checked in, by the hub’s clock alone', () => {
    const show = gated({ gate: 'signup' });
    expect(sell(show)).toMatchObject({ code: 'gate-closed', field: 'signup' });
    expect(sell(show, { signup: 'ana' })).toMatchObject({ code: 'gate-closed', field: 'signup' });
    signUp(show, 'ref:ana');
    given(show, { kind: 'person.checked-in', body: { ref: 'ref:ben', signup: null, by: 'desk' } });
    // A phone that is hours off changes nothing: what it says of the time is advice.
    expect(sell(show, { signup: 'ana', madeAt: '2031-01-01T00:00:00Z' })).toMatchObject({ ok: true });
    expect(sell(show, { signup: 'ben' })).toMatchObject({ ok: true });
    const { holdId } = hold(show, { buyer: 'ana' });
    expect(sell(show, { hold: holdId, signup: 'cy' })).toMatchObject({ code: 'gate-closed' });
    expect(sell(show, { hold: holdId })).toMatchObject({ ok: true });
    expect([...show.state.sales.byId.values()].at(-1)?.personRef).toBe('ref:ana');
  });
});

describe('a limit for each buyer', () => {
  it('counts what a known buyer bought, holds and has kept; who is not known is bound sale by sale', () => {
    const show = gated({ perBuyer: 2 });
    expect(sell(show, {}, 3)).toMatchObject({ code: 'person-limit', available: 2 });
    expect(sell(show, {}, 2)).toMatchObject({ ok: true });
    expect(sell(show, {}, 2)).toMatchObject({ ok: true });
    const { saleId } = sell(show, { signup: 'ana' });
    const { holdId } = hold(show, { buyer: 'ana' });
    expect(sell(show, { signup: 'ana' })).toMatchObject({ code: 'person-limit', available: 0 });
    expect(sell(show, { hold: holdId })).toMatchObject({ ok: true });
    expect(hold(show, { buyer: 'ana' })).toMatchObject({ code: 'person-limit' });
    run(show, {
      kind: 'refund-sale',
      saleId: String(saleId),
      lines: [{ sku: 'MUG', quantity: 1 }],
      reason: 'changed-mind',
      restock: 'reserve',
    });
    expect(sell(show, { signup: 'ana' })).toMatchObject({ ok: true });
    expect(sell(show, { signup: 'ana' })).toMatchObject({ code: 'person-limit' });
  });

  it('binds a buyer who became known after paying too', () => {
    const show = gated({ perBuyer: 1 });
    const { saleId } = sell(show);
    given(show, { kind: 'sale.identified', body: { saleId: String(saleId), personRef: 'ref:ana', by: 'desk' } });
    expect(sell(show, { signup: 'ana' })).toMatchObject({ code: 'person-limit' });
    run(show, { kind: 'void-sale', saleId: String(saleId) });
    expect(sell(show, { signup: 'ana' })).toMatchObject({ ok: true });
  });
});

describe('terms changed while the offer runs', () => {
  const change = (show: TestShow, more: object) => run(show, { kind: 'change-offer', offer: 'drop', ...more });

  it('a raised cap is a fact, lets more be sold, and leaves the plan of the opening as it was', () => {
    const show = gated({ cap: 1 });
    sell(show);
    expect(sell(show)).toMatchObject({ code: 'cap-reached' });
    expect(change(show, { cap: 3 })).toMatchObject({ ok: true, remaining: 2, open: true });
    expect(show.entries.at(-1)).toMatchObject({ kind: 'offer.changed', body: { cap: 3, by: 'desk' } });
    expect(sell(show, {}, 2)).toMatchObject({ ok: true });
    expect(show.state.planAtOpen?.offers[0]?.cap).toBe(1);
    expect(change(show, { cap: 2 })).toMatchObject({ code: 'bad-value', field: 'cap', lowest: 3 });
    expect(change(show, { cap: null, perBuyer: 1 })).toMatchObject({ ok: true, remaining: null });
    expect(sell(show, {}, 2)).toMatchObject({ code: 'person-limit' });
    expect(refold(show.entries).plan).toEqual(show.state.plan);
  });

  it('an extended window sells on until its new end, and two seconds more for an open hold', () => {
    const show = gated({ closesAt: '2026-11-28T18:10:00.000Z' });
    wait(show, 9 * 60_000);
    expect(change(show, { closesAt: '2026-11-28T18:20:00+00:00' })).toMatchObject({ ok: true, open: true });
    wait(show, 10 * 60_000);
    const { holdId } = hold(show);
    expect(sell(show)).toMatchObject({ ok: true });
    wait(show, 61_000);
    expect(sell(show)).toMatchObject({ code: 'offer-closed' });
    expect(sell(show, { hold: holdId })).toMatchObject({ ok: true });
    expect(change(show, { closesAt: '2026-11-28T18:00:30Z' })).toMatchObject({ code: 'bad-value', field: 'closesAt' });
  });

  it('nothing, an offer nobody planned, or a show that is over is refused', () => {
    const show = gated({});
    expect(change(show, {})).toMatchObject({ code: 'bad-value' });
    expect(run(show, { kind: 'change-offer', offer: 'dorp', cap: 1 })).toMatchObject({ code: 'unknown-offer' });
    run(show, { kind: 'close-show', overrideReason: 'over' });
    expect(change(show, { cap: 3 })).toMatchObject({ code: 'show-not-open' });
  });

  it('the cap of a preorder moves its promises along', () => {
    const show = gated({ kind: 'preorder', cap: 2 });
    expect(show.state.stock.cells.get('MUG')?.get('preorder')?.physical).toBe(2);
    change(show, { cap: 5 });
    expect(show.state.stock.cells.get('MUG')?.get('preorder')?.physical).toBe(5);
  });
});

describe('demand that could not be met', () => {
  it('counts a known person once with the most they asked for, others at each attempt', () => {
    const show = gated({ cap: 1 });
    sell(show);
    for (const quantity of [1, 2, 1]) sell(show, { signup: 'ana' }, quantity);
    hold(show, { buyer: 'ana' });
    sell(show, {}, 2);
    run(
      show,
      { kind: 'record-sale', channel: 'in-person', tender: 'cash', lines: [{ sku: 'MUG', quantity: 11 }] },
      { actor: till() },
    );
    const missed = show.state.attendance.missed.get('MUG');
    expect([...(missed?.people ?? [])]).toEqual([['ref:ana', 2]]);
    expect(missed).toMatchObject({ attempts: 2, attemptUnits: 13 });
  });
});
