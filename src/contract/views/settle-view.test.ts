import { describe, expect, it } from 'vitest';
import { type TestShow, given, liveShow, now, plan, product, run, till, wait } from '../../domain/testing.ts';
import { closeView } from './close-view.ts';
import { quietLive } from './live-testing.ts';
import { pickupsView } from './pickups-view.ts';
import { settleView } from './settle-view.ts';

const settle = (show: TestShow, live = quietLive()) => settleView(show.state, live, now(show));
const mugs = (quantity: number) => [{ sku: 'MUG', quantity }];
function sold(show: TestShow, quantity: number, more: object = {}): string {
  const lines = mugs(quantity);
  const reply = run(show, { kind: 'record-sale', channel: 'in-person', tender: 'card', lines, ...more });
  return String(reply.ok ? reply['saleId'] : reply.code);
}

describe('what is to be settled', () => {
  it('is nothing in a show where nothing waits', () => {
    const show = liveShow();
    sold(show, 1);
    expect(settle(show)).toEqual({ count: 0, counts: {}, rows: [] });
    expect(settleView(null, quietLive(), now(show))).toEqual({ count: 0, counts: {}, rows: [] });
  });

  it('names every kind once, the urgent first and then the newest, with buttons that work as they are', () => {
    const show = liveShow();
    const short = sold(show, 12, { paid: true });
    show.at += 1000;
    const pickup = sold(show, 1, { lines: [{ sku: 'APRON', quantity: 1 }], pickup: 'later' });
    run(show, { kind: 'note-authorisation', provider: 'stripe', ref: 'pi_1', amountMinor: 2500, saleId: pickup });
    run(show, { kind: 'open-drawer', floatMinor: 0 });
    const wish = { kind: 'request-approval', what: 'refund', amountMinor: 1800, saleId: short } as const;
    run(show, wish, { actor: till() });
    const letters = [{ id: 'l7', source: 'generic', problem: 'lines is missing', at: show.at }];
    const live = quietLive({ letters, unsettledLetters: 3 });
    const { rows, counts, count } = settle(show, live);
    expect(rows.map(({ kind }) => kind)).toEqual(['approval', 'shortfall', 'authorisation', 'letter']);
    expect(counts).toEqual({ approval: 1, shortfall: 1, authorisation: 1, letter: 3 });
    expect(count).toBe(6);
    expect(rows[0]).toMatchObject({ what: `Front table asks for money back: ${short}.`, amountMinor: 1800 });
    expect(rows[1]).toMatchObject({ amountMinor: 3600, subject: { saleId: short, sku: 'MUG', quantity: 2 } });

    run(show, { kind: 'close-show' });
    const closing = settle(show, live);
    expect(closing.rows.map(({ kind }) => kind)).toContain('drawer');
    expect(closing.rows.find(({ kind }) => kind === 'pickup')).toMatchObject({ subject: { saleId: pickup } });
    // The same things keep the show from closing.
    const blocked = closeView(show.state, live, now(show))?.blockers.map(({ code }) => code) ?? [];
    for (const code of ['shortfalls', 'authorisations-open', 'pickups-open', 'drawer-uncounted', 'dead-letters'])
      expect(blocked).toContain(code);

    // Every button's command is accepted with what a person adds; the first one of each row settles it.
    const adds = { reason: 'as agreed', sku: 'APRON', amountMinor: 2500, countedMinor: 0, tender: 'cash' };
    for (const { kind, actions } of closing.rows.filter(({ kind }) => kind !== 'letter')) {
      const [action] = kind === 'shortfall' ? actions.filter(({ label }) => label === 'refund') : actions;
      if (!action) throw new Error(`no button for ${kind}`);
      const added = Object.fromEntries(action.needs.map((key) => [key, adds[key]]));
      const command = { kind: action.command, ...action.body, ...added } as never;
      expect({ kind, reply: run(show, command) }).toMatchObject({ reply: { ok: true } });
    }
    expect(settle(show).rows).toEqual([]);
  });

  it('shows a promise whose money did not come, with the button that frees it', () => {
    const show = liveShow();
    const saleId = sold(show, 2, { pickup: 'later' });
    run(show, { kind: 'note-authorisation', provider: 'stripe', ref: 'pi_1', amountMinor: 3600, saleId });
    const [authorisation = ''] = show.state.authorisations.open;
    given(show, { kind: 'authorisation.expired', body: { authorisation } });
    expect(settle(show).rows).toMatchObject([
      {
        kind: 'authorisation',
        priority: 1,
        actions: [{ command: 'release-promise', body: { saleId }, needs: ['reason'] }],
      },
    ]);
  });

  it('stays small however much waits, and still counts all', () => {
    const show = liveShow();
    for (let n = 0; n < 100; n += 1)
      run(show, { kind: 'note-authorisation', provider: 'square', ref: `p${n}`, amountMinor: 100 });
    const { rows, count } = settle(show);
    expect([rows.length, count]).toEqual([60, 100]);
    expect(JSON.stringify(rows).length).toBeLessThan(40_000);
  });

  it('counts every pickup of a closing show, and shows the newest', () => {
    const show = liveShow(plan({ products: [product('MUG', { reserve: 500 })] }));
    for (let n = 0; n < 70; n += 1) {
      wait(show, 1000);
      sold(show, 0, { lines: mugs(1), pickup: 'later' });
    }
    run(show, { kind: 'close-show', overrideReason: 'the market closes' });
    const { rows, count, counts } = settle(show);
    expect([rows.length, count, counts.pickup]).toEqual([60, 70, 70]);
    expect(rows[0]?.subject['saleId']).toBe([...show.state.sales.byId.keys()].at(-1));
  });
});

it('a connector that was not read since the close is named as a blocker, and passed with a reason', () => {
  const show = liveShow();
  run(show, { kind: 'close-show' });
  const blockers = closeView(show.state, quietLive({ behind: ['Shopify'] }), now(show))?.blockers;
  expect(blockers).toMatchObject([{ code: 'connector-behind', count: 1, items: ['Shopify'], hard: false }]);
});

describe('pickups', () => {
  it('are listed by code with what is left of each and what is due', () => {
    const show = liveShow();
    const lines = [...mugs(2), { sku: 'APRON', quantity: 1 }];
    const saleId = sold(show, 0, { lines, pickup: 'later' });
    run(show, { kind: 'hand-over-pickup', saleId, lines: [2] });
    run(show, { kind: 'ready-pickup', saleId });
    expect(pickupsView(show.state)).toMatchObject({
      waiting: 0,
      ready: 1,
      list: [
        { saleId, standing: 'ready', lines: [{ line: 1, sku: 'MUG', quantity: 2 }], dueMinor: 0, isPreorder: false },
      ],
    });
    expect(pickupsView(show.state).list[0]?.code).toMatch(/^[2-9C-Y]{6}$/);
    run(show, { kind: 'hand-over-pickup', saleId });
    expect(pickupsView(show.state)).toEqual({ waiting: 0, ready: 0, missed: 0, list: [] });
    expect(pickupsView(null).list).toEqual([]);
  });
});
