import { describe, expect, it } from 'vitest';
import { DESK } from '../../src/domain/actor.ts';
import type { OutsideSale } from '../../src/domain/commands.ts';
import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { bookOutside } from '../../src/domain/decide/sell.ts';
import type { BodyOf, Entry, EntryMeta, Fact, FactKind } from '../../src/domain/ledger.ts';
import { type Day, cutOff, comeBack, deliver, leaseBreaches, makeDay, sellCutOff, send, tick } from './day.ts';
import { DAY_PLAN } from './day-dice.ts';
import { breaches } from '../../src/domain/testing-invariants.ts';
import { drawerBreaches, expiredHoldBreaches, reportBreaches } from './reading.ts';
import { type TestShow, given, now, refold, wait } from '../../src/domain/testing.ts';
import { evolve } from '../../src/domain/show.ts';
import { walkBreaches } from './walk.ts';

/**
 * Each invariant of specs/commerce.md §3 with a defect that its check is seen to hear; without the defect nothing is
 * heard. I14, I16 and I20 are the hub's: test/hub/api.test.ts, test/faults/kill.test.ts and test/hub/close-files.test.ts.
 */

/** A short day with something of everything. */
function aDay(): Day {
  const day = makeDay(DAY_PLAN);
  tick(day);
  const sell = (sku: string, quantity: number, more: object = {}) =>
    send(day, {
      kind: 'record-sale',
      channel: 'in-person',
      tender: 'cash',
      lines: [{ sku, quantity, ageChecked: true }],
      ...more,
    });
  send(day, { kind: 'open-drawer', floatMinor: 10_000 });
  sell('MUG', 2);
  sell('SET', 1, { pickup: 'later', creatorCode: 'ANA10' });
  const sold = sell('APRON', 1);
  send(day, {
    kind: 'refund-sale',
    saleId: String(sold['saleId']),
    lines: [{ sku: 'APRON', quantity: 1 }],
    reason: 'changed-mind',
    restock: 'reserve',
  });
  const { holdId } = send(day, { kind: 'place-hold', lines: [{ sku: 'SET', quantity: 1 }] }) as unknown as {
    holdId: string;
  };
  sell('SET', 1, { hold: holdId });
  send(day, { kind: 'place-hold', lines: [{ sku: 'MUG', quantity: 1 }], ttlMs: 60_000 });
  send(day, { kind: 'give-back-stock', sku: 'CARD', quantity: 2 });
  send(day, { kind: 'write-off-stock', sku: 'CARD', quantity: 1, reason: 'sample' });
  send(day, { kind: 'move-stock', sku: 'CARD', quantity: 2, from: 'reserve', to: 'allot:drop' });
  given(day.show, ...bookOutside(day.show.state, outsideOrder('1', 8), askOf(day.show)));
  const [first] = day.tills;
  if (first) {
    cutOff(day, first);
    sellCutOff(day, first, { sku: 'MUG', quantity: 2 }, false);
    comeBack(day, first);
  }
  return day;
}

function outsideOrder(sourceId: string, quantity: number): OutsideSale {
  return {
    type: 'sale',
    source: 'shop',
    sourceId,
    at: '2026-11-28T18:00:00Z',
    channel: 'stream',
    lines: [{ sku: 'WINE', name: null, quantity, unitPriceMinor: 990, discountMinor: 0 }],
    creatorCode: null,
    tender: 'card',
    tipMinor: 0,
    personRef: null,
  };
}

function askOf(show: TestShow) {
  const seq = show.entries.length + 1;
  return { id: 'x', actor: DESK, now: now(show), seq, refOf: String, rules: DEFAULT_RULES };
}

/** Every check there is, over a day as it stands. */
function heard(day: Day): string[] {
  const { show } = day;
  return [
    ...breaches(show.state, show.entries),
    ...expiredHoldBreaches(show.state, now(show)),
    ...drawerBreaches(show.state, show.entries),
    ...leaseBreaches(day),
    ...walkBreaches(show.state, show.entries, evolve),
    ...reportBreaches(show.state.id, show.entries),
  ];
}

type Written = EntryMeta & { kind: FactKind; body: unknown };

function entryOf<K extends FactKind>(day: Day, kind: K, last = false): { body: BodyOf<K>; seq: number } {
  const all: Written[] = day.show.entries.filter((entry) => entry.kind === kind);
  const found = last ? all.at(-1) : all[0];
  if (!found) throw new Error(`the day has no ${kind}`);
  return { seq: found.seq, body: found.body as BodyOf<K> };
}

/** Writes another entry in the place of one, and folds anew: a ledger that was decided wrongly. */
function rewrite<K extends FactKind>(day: Day, kind: K, change: (body: BodyOf<K>) => void, last = false): void {
  const { seq, body: was } = entryOf(day, kind, last);
  const body = JSON.parse(JSON.stringify(was)) as BodyOf<K>;
  change(body);
  const entries: Written[] = day.show.entries.map((each) => (each.seq === seq ? { ...each, body } : each));
  day.show.entries = entries as Entry[];
  day.show.state = refold(day.show.entries);
}

function cellOf(day: Day, sku: string, pool: string) {
  const cell = day.show.state.stock.cells.get(sku)?.get(pool);
  if (!cell) throw new Error(`there is no ${sku} in ${pool}`);
  return cell;
}

const defects: [invariant: string, defect: string, plant: (day: Day) => void][] = [
  ['I1', 'more goods on hold than there are', (day) => void (cellOf(day, 'MUG', 'reserve').held += 500)],
  ['I2', 'a figure that no entry tells', (day) => void day.show.state.sales.missed.set('MUG', 9)],
  ['I3', 'held goods without a hold', (day) => void (cellOf(day, 'MUG', 'reserve').held += 1)],
  ['I4', 'promised goods without a sale', (day) => void (cellOf(day, 'MUG', 'reserve').committed += 1)],
  ['I5', 'a unit that comes from nowhere', (day) => void (cellOf(day, 'CARD', 'reserve').physical += 1)],
  [
    'I5',
    'a write-off that takes nothing from the shelf',
    (day) => {
      day.show.state.stock.cells.get('CARD')?.set('reserve', { ...cellOf(day, 'CARD', 'reserve') });
      cellOf(day, 'CARD', 'reserve').physical += entryOf(day, 'stock.written-off').body.quantity;
    },
  ],
  [
    'I6',
    'a sale that takes from another till’s lease',
    (day) =>
      rewrite(day, 'sale.recorded', ({ lines }) => {
        for (const taken of lines[0]?.taken ?? []) taken.pool = 'till:till-2';
      }),
  ],
  [
    'I6',
    'more taken from a pool than was ever put there',
    (day) =>
      rewrite(day, 'sale.recorded', ({ lines }) => {
        for (const taken of lines[0]?.taken ?? []) taken.pool = 'allot:nothing';
      }),
  ],
  [
    'I9',
    'more given back than was paid',
    (day) =>
      rewrite(day, 'sale.refunded', (body) => {
        body.amountMinor += 100_000;
      }),
  ],
  [
    'I9',
    'more units given back than were sold',
    (day) =>
      rewrite(day, 'sale.refunded', ({ lines }) => {
        for (const line of lines) line.quantity += 1;
      }),
  ],
  [
    'I10',
    'a hold that ends twice',
    (day) => {
      const { hold } = entryOf(day, 'sale.recorded').body;
      const sold = day.show.entries.find((entry) => entry.kind === 'sale.recorded' && entry.body.hold !== null);
      const holdId = sold?.kind === 'sale.recorded' ? sold.body.hold : hold;
      given(day.show, { kind: 'hold.released', body: { holdId: holdId ?? '', why: 'asked', by: 'desk' } });
    },
  ],
  [
    'I11',
    'a hold that goes on holding after its time',
    (day) => {
      const [hold] = day.show.state.stock.holds.values();
      if (hold) day.show.state.stock.holds.set(hold.holdId, { ...hold, deadline: hold.deadline - 3_600_000 });
      wait(day.show, 1);
      // Read by somebody who takes the stored figure and not the deadline.
      day.show.state.stock.holds = new Map([...day.show.state.stock.holds].map(([id, each]) => [id, forgetful(each)]));
    },
  ],
  [
    'I12',
    'a bundle that takes a part too many',
    (day) =>
      rewrite(day, 'sale.recorded', ({ lines }) => {
        for (const taken of lines[0]?.taken ?? []) taken.quantity += 1;
      }),
  ],
  [
    'I13',
    'a lease that is sold by somebody else while its till is cut off',
    (day) =>
      rewrite(
        day,
        'sale.recorded',
        ({ lines }) => {
          for (const taken of lines[0]?.taken ?? []) taken.pool = 'reserve';
        },
        true,
      ),
  ],
  [
    'I15',
    'goods that are owed though they are there',
    (day) =>
      given(day.show, {
        kind: 'shortfall.found',
        body: { shortfallId: 'o9', sku: 'MUG', quantity: 1, saleId: 's0', source: 'shop' },
      }),
  ],
  [
    'I15',
    'a missing part that nobody owes',
    (day) =>
      rewrite(day, 'sale.recorded', ({ lines }) => {
        if (lines[0]) lines[0].taken = [];
      }),
  ],
  [
    'I17',
    'tenders that are short of the total',
    (day) =>
      rewrite(day, 'sale.recorded', ({ tenders }) => {
        if (tenders[0]) tenders[0].amountMinor -= 1;
      }),
  ],
  [
    'I17',
    'a bundle whose parts are worth more than it',
    (day) => {
      const sale = [...day.show.state.sales.byId.values()].find(({ lines }) => lines[0]?.sku === 'SET');
      const line = sale?.lines[0];
      if (sale && line)
        sale.lines = [{ ...line, parts: line.parts.map((part) => ({ ...part, netMinor: part.netMinor + 1 })) }];
    },
  ],
  [
    'I18',
    'a channel that counts a cent too many',
    (day) => void (day.show.state.sales.takings.byChannel.stream.netMinor += 1),
  ],
  [
    'I19',
    'a drawer that forgets a sale',
    (day) => {
      for (const drawer of day.show.state.drawers.byId.values()) drawer.salesMinor -= 1799;
    },
  ],
];

function lost({ sku, to }: BodyOf<'stock.moved'>): Fact {
  return { kind: 'stock.written-off', body: { sku, pool: to, quantity: 1, reason: 'other', note: null, by: 'nobody' } };
}

/** A hold whose deadline is said to be far away when it is asked, and past when it is compared. */
function forgetful<T extends { deadline: number }>(hold: T): T {
  let reads = 0;
  const past = hold.deadline;
  return Object.defineProperty({ ...hold }, 'deadline', {
    get: () => (reads++ === 0 ? Infinity : past),
    enumerable: true,
  });
}

describe('a planted defect is heard', () => {
  it.each(defects)('%s: %s', (invariant, _, plant) => {
    const day = aDay();
    plant(day);
    expect(heard(day).filter((breach) => breach.startsWith(`${invariant} `))).not.toEqual([]);
  });

  it('I13: a fold that loses a unit of a move on the way', () => {
    const { show } = aDay();
    const found = walkBreaches(show.state, show.entries, (state, entry) => {
      evolve(state, entry);
      if (entry.kind === 'stock.moved') given({ ...show, state, entries: [...show.entries] }, lost(entry.body));
    });
    expect(found.filter((breach) => breach.startsWith('I13 '))).not.toEqual([]);
  });

  it('and a day without one is silent', () => {
    expect(heard(aDay())).toEqual([]);
  });
});

describe('I7: news that comes again', () => {
  it('is booked once: commands by their ids, orders by source and id, time by the origin of its facts', () => {
    const day = aDay();
    const before = day.show.entries.length;
    for (const { command, actor } of [...day.sent]) deliver(day, command, actor);
    given(day.show, ...bookOutside(day.show.state, outsideOrder('1', 8), askOf(day.show)));
    expect(day.show.entries).toHaveLength(before);
  });

  it('would be heard twice by a hub that forgot what it answered', () => {
    const day = aDay();
    const before = day.show.entries.length;
    day.answers.clear();
    day.booked.clear();
    for (const { command, actor } of [...day.sent]) deliver(day, command, actor);
    expect(day.show.entries.length).toBeGreaterThan(before);
  });
});

describe('I8: outside orders in any order', () => {
  const orders = [outsideOrder('1', 3), outsideOrder('2', 2), outsideOrder('3', 4)];
  const booked = (list: readonly OutsideSale[]) => {
    const { show } = makeDay(DAY_PLAN);
    for (const order of list) given(show, ...bookOutside(show.state, order, askOf(show)));
    const { takings, shortfalls } = show.state.sales;
    const owed = [...shortfalls.values()].reduce((sum, { quantity }) => sum + quantity, 0);
    return [takings.netMinor, takings.units, owed, cellOf({ show } as Day, 'WINE', 'reserve').physical];
  };

  it('come to the same money, goods and debts, repeated or not', () => {
    const [a, b, c] = orders as [OutsideSale, OutsideSale, OutsideSale];
    const results = [
      [a, b, c],
      [c, b, a],
      [b, a, c, a, b],
      [c, c, a, c, b, b],
    ].map(booked);
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(results[0]).toEqual([9 * 990, 9, 3, 0]);
  });

  it('would come to more if one of them were taken for another', () => {
    const [a, b, c] = orders as [OutsideSale, OutsideSale, OutsideSale];
    expect(booked([a, b, c, { ...a, sourceId: '1 again' }])).not.toEqual(booked([a, b, c]));
  });
});
