import { DEFAULT_RULES } from './rules.ts';
import { describe, expect, it } from 'vitest';
import { closeBlockers, NOTHING_UNDELIVERED } from '../close-blockers.ts';
import { leaseSize, leaseWanted, leaseWantedBack } from '../leases.ts';
import type { Plan } from '../plan.ts';
import { available } from '../stock.ts';
import { type TestShow, given, liveShow, makeShow, now, plan, product, run, till } from '../testing.ts';
import { planFinish } from './close.ts';
import { dueLeases } from './lease.ts';
import { DESK } from '../actor.ts';

const tills = Array.from({ length: 8 }, (_, n) => ({ id: `till-${n + 1}`, name: `Table ${n + 1}` }));

function shopOf(reserve: number, tillLease: number | null = null): Plan {
  const one = product('MUG', { name: 'Blue mug', reserve, tillLease });
  return plan({ products: [one], bundles: [], tills });
}

/** Joins tills; their devices are called `device-till-1` … */
function join(show: TestShow, count: number): Set<string> {
  const joined = tills.slice(0, count);
  for (const { id } of joined) {
    const body = { device: `device-${id}`, role: 'till' as const, name: id, person: null, till: id };
    given(show, { kind: 'device.joined', body: { ...body, state: 'joined' } });
  }
  return new Set(joined.map(({ id }) => `device-${id}`));
}

function settle(show: TestShow, online: ReadonlySet<string>): void {
  given(show, ...dueLeases(show.state, now(show), { online }));
}

const leases = (show: TestShow) => tills.map(({ id }) => available(show.state.stock, 'MUG', `till:${id}`));
const reserve = (show: TestShow) => available(show.state.stock, 'MUG');
const sell = (show: TestShow, quantity: number, more: object = {}, actor = DESK) =>
  run(
    show,
    { kind: 'record-sale', channel: 'in-person', tender: 'cash', lines: [{ sku: 'MUG', quantity }], ...more },
    { actor },
  );

describe('a lease', () => {
  it('is 3 units at most, a tenth of the reserve, and none below ten', () => {
    const sizes = [9, 10, 19, 20, 29, 30, 300].map((units) => leaseSize({ reserve: units, leased: 0, override: null }));
    expect(sizes).toEqual([0, 1, 1, 2, 2, 3, 3]);
  });

  it('is granted when a till is online, never while it is cut off or the show is not live', () => {
    const planned = makeShow(shopOf(100));
    settle(planned, join(planned, 1));
    expect(leases(planned)[0]).toBe(0);

    const show = liveShow(shopOf(100));
    const online = join(show, 2);
    online.delete('device-till-2');
    settle(show, online);
    expect(leases(show).slice(0, 2)).toEqual([3, 0]);
    expect(reserve(show)).toBe(97);
  });

  it('of all tills together is at most a quarter of what the reserve has', () => {
    for (const units of [10, 12, 30, 40, 55, 100]) {
      const show = liveShow(shopOf(units));
      settle(show, join(show, 8));
      const leased = leases(show).reduce((sum, each) => sum + each, 0);
      expect(leased).toBeGreaterThan(0);
      expect(leased * 4).toBeLessThanOrEqual(reserve(show));
    }
  });

  it('is topped up when nothing is left of it, not before, and once however often it is asked', () => {
    const show = liveShow(shopOf(100));
    const online = join(show, 1);
    settle(show, online);
    sell(show, 2, { offline: true }, till());
    settle(show, online);
    expect(leases(show)[0]).toBe(1);
    sell(show, 1, { offline: true }, till());
    const once = dueLeases(show.state, now(show), { online });
    expect(dueLeases(show.state, now(show), { online })).toEqual(once);
    expect(once).toMatchObject([{ body: { quantity: 3, to: 'till:till-1', why: 'lease' }, origin: 'timer' }]);
  });

  it('is the plan’s own figure where it has one, as long as no less stays for everybody else', () => {
    const granted = (units: number, tillLease: number, count: number) => {
      const show = liveShow(shopOf(units, tillLease));
      settle(show, join(show, count));
      return [reserve(show), ...leases(show).slice(0, count)];
    };
    expect(granted(10, 2, 1)).toEqual([8, 2]);
    expect(granted(6, 3, 3)).toEqual([3, 3, 0, 0]);
    expect(granted(100, 0, 1)).toEqual([100, 0]);
    expect(granted(1, 1, 1)).toEqual([1, 0]);
  });

  it('is spared while the till is connected and sold first while it is cut off', () => {
    const show = liveShow(shopOf(30));
    settle(show, join(show, 1));
    expect([reserve(show), leases(show)[0]]).toEqual([27, 3]);
    sell(show, 26, {}, till());
    expect([reserve(show), leases(show)[0]]).toEqual([1, 3]);
    sell(show, 2, {}, till());
    expect([reserve(show), leases(show)[0]]).toEqual([0, 2]);
    sell(show, 1, { offline: true }, till());
    expect([reserve(show), leases(show)[0]]).toEqual([0, 1]);
  });
});

describe('a lease comes back', () => {
  function soldOut(): { show: TestShow; online: Set<string> } {
    const show = liveShow(shopOf(30));
    const online = join(show, 2);
    settle(show, online);
    sell(show, reserve(show));
    return { show, online };
  }

  it('when the till is asked because the reserve is empty; until then the refusal says where the rest is', () => {
    const { show } = soldOut();
    expect(leases(show).slice(0, 2)).toEqual([3, 2]);
    expect(leaseWantedBack(show.state, 'till-1')).toEqual(['MUG']);
    expect(sell(show, 1)).toMatchObject({
      ok: false,
      code: 'out-of-stock',
      available: 0,
      message: 'Blue mug: 5 left, leased to Table 1 and Table 2.',
    });
    expect(run(show, { kind: 'return-lease' }, { actor: till('till-1') })).toMatchObject({ returned: { MUG: 3 } });
    expect(leaseWanted(show.state, 'till-1')).toBe(false);
    expect(sell(show, 4)).toMatchObject({
      available: 3,
      message: 'Blue mug: only 3 are left in reserve; 2 left, leased to Table 2.',
    });
    expect(sell(show, 3)).toMatchObject({ ok: true });
  });

  it('and is not leased anew at once, or units would go to and fro', () => {
    const { show, online } = soldOut();
    run(show, { kind: 'return-lease', skus: ['MUG'] }, { actor: till('till-1') });
    settle(show, online);
    expect([reserve(show), leases(show)[0]]).toEqual([3, 0]);
    const scarce = liveShow(shopOf(4, 2));
    const tillOnline = join(scarce, 1);
    settle(scarce, tillOnline);
    sell(scarce, reserve(scarce));
    run(scarce, { kind: 'return-lease' }, { actor: till('till-1') });
    settle(scarce, tillOnline);
    expect([reserve(scarce), leases(scarce)[0]]).toEqual([1, 0]);
  });

  it('from nobody but the till itself', () => {
    const { show } = soldOut();
    expect(run(show, { kind: 'return-lease' })).toMatchObject({ ok: false, code: 'not-allowed' });
    const take = { sku: 'MUG', quantity: 1, pool: 'till:till-1' };
    const move = { kind: 'move-stock', sku: 'MUG', quantity: 1, from: 'till:till-1', to: 'reserve' } as const;
    expect(run(show, move)).toMatchObject({ ok: false, code: 'not-allowed', field: 'from' });
    expect(run(show, { kind: 'give-back-stock', ...take })).toMatchObject({ code: 'not-allowed', field: 'pool' });
    expect(run(show, { kind: 'write-off-stock', ...take, reason: 'damage' })).toMatchObject({ code: 'not-allowed' });
    expect(leases(show)[0]).toBe(3);
  });

  it('with what a buyer holds at the till left where it is', () => {
    const show = liveShow(shopOf(30));
    settle(show, join(show, 1));
    sell(show, 26);
    run(show, { kind: 'place-hold', lines: [{ sku: 'MUG', quantity: 2 }] }, { actor: till() });
    expect(run(show, { kind: 'return-lease' }, { actor: till() })).toMatchObject({ returned: { MUG: 2 } });
    expect(leases(show)[0]).toBe(0);
  });

  it('when the close is finished, so that the give-back list has every unit in the reserve', () => {
    const { show } = soldOut();
    run(show, { kind: 'close-show' });
    expect(leaseWanted(show.state, 'till-1')).toBe(true);
    const ask = {
      id: 'x',
      actor: DESK,
      now: now(show),
      seq: show.entries.length + 1,
      refOf: String,
      rules: DEFAULT_RULES,
    };
    const decision = planFinish(show.state, 'nobody counts', ask);
    expect(decision.ok).toBe(true);
    given(show, ...(decision.facts ?? []));
    expect([reserve(show), ...leases(show).slice(0, 2)]).toEqual([5, 0, 0]);
    const kinds = (decision.facts ?? []).map(({ kind }) => kind);
    expect(kinds.lastIndexOf('stock.moved')).toBeLessThan(kinds.indexOf('close.reconciled'));
  });
});

describe('a close', () => {
  it('waits for a till out of reach that has goods, until it is back or declared lost', () => {
    const show = liveShow(shopOf(30));
    settle(show, join(show, 2));
    run(show, { kind: 'close-show' });
    const out = (online: string[]) =>
      closeBlockers(show.state, { ...NOTHING_UNDELIVERED, online: new Set(online) }).filter(
        ({ code }) => code === 'leases-out',
      );
    expect(out(['device-till-1', 'device-till-2'])).toEqual([]);
    expect(out(['device-till-1'])).toMatchObject([{ items: ['till-2'], hard: false, state: 'closing' }]);
    run(show, { kind: 'declare-till-lost', till: 'till-2' });
    expect(out(['device-till-1'])).toEqual([]);
  });
});

describe('a till that is lost', () => {
  function lost(): { show: TestShow; online: Set<string> } {
    const show = liveShow(shopOf(30));
    const online = join(show, 1);
    settle(show, online);
    expect(run(show, { kind: 'declare-till-lost', till: 'till-1' })).toMatchObject({ ok: true, lease: { MUG: 3 } });
    return { show, online };
  }

  it('is leased nothing more, by the timer or by hand', () => {
    const { show, online } = lost();
    sell(show, 3, { offline: true }, till());
    settle(show, online);
    expect(leases(show)[0]).toBe(0);
    const move = { kind: 'move-stock', sku: 'MUG', quantity: 1, from: 'reserve', to: 'till:till-1' } as const;
    expect(run(show, move)).toMatchObject({ ok: false, code: 'not-allowed', field: 'to' });
    expect(run(show, { ...move, to: 'till:nowhere' })).toMatchObject({ ok: false, code: 'unknown-till' });
    expect(run(show, { kind: 'declare-till-lost', till: 'till-1' })).toMatchObject({ code: 'already-lost' });
    expect(run(show, { kind: 'declare-till-lost', till: 'nowhere' })).toMatchObject({ code: 'unknown-till' });
  });

  it('keeps its units until they are found: then they go back to the reserve by hand', () => {
    const { show } = lost();
    expect(sell(show, 28)).toMatchObject({ ok: false, available: 27 });
    const move = { kind: 'move-stock', sku: 'MUG', quantity: 2, from: 'till:till-1', to: 'reserve' } as const;
    expect(run(show, move)).toMatchObject({ ok: true, available: 29 });
    sell(show, 1, { offline: true }, till());
    expect([reserve(show), leases(show)[0]]).toEqual([29, 0]);
  });

  it('makes a count of its goods that was made before count for nothing', () => {
    const show = liveShow(shopOf(30));
    settle(show, join(show, 1));
    run(show, { kind: 'close-show' });
    run(show, { kind: 'count-stock', sku: 'MUG', counted: 30 });
    run(show, { kind: 'declare-till-lost', till: 'till-1' });
    const { blockers } = run(show, { kind: 'close-show' }) as unknown as {
      blockers: { code: string; items: string[] }[];
    };
    expect(blockers).toMatchObject([{ code: 'uncounted', items: ['MUG'] }]);
  });
});

describe('the desk', () => {
  it('sells nothing of a lease in a till’s name, but may sell what the till has on hold', () => {
    const show = liveShow(shopOf(30));
    settle(show, join(show, 1));
    sell(show, 26);
    expect(sell(show, 2, { till: 'till-1' })).toMatchObject({ ok: false, code: 'out-of-stock', available: 1 });
    const lines = [{ sku: 'MUG', quantity: 2 }];
    const { holdId } = run(show, { kind: 'place-hold', lines }, { actor: till() });
    expect([reserve(show), leases(show)[0]]).toEqual([0, 2]);
    expect(sell(show, 3, { hold: holdId })).toMatchObject({ ok: false, available: 2 });
    expect(sell(show, 2, { hold: holdId })).toMatchObject({ ok: true });
    expect([reserve(show), leases(show)[0]]).toEqual([0, 2]);
  });
});
