import { DEFAULT_RULES } from './decide/rules.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutsideOrder } from './commands.ts';
import { bookOutside } from './decide/sell.ts';
import { dueHolds } from './decide/stock.ts';
import { dueOffers } from './decide/offer.ts';
import type { Fact } from './ledger.ts';
import { bookedKey } from './sales.ts';
import { DESK } from './actor.ts';
import {
  type TestShow,
  given,
  liveShow,
  now,
  offer,
  plan,
  product,
  refold,
  restart,
  run,
  till,
  wait,
} from './testing.ts';
import { breaches } from './testing-invariants.ts';

/** Random commands against the invariants of specs/commerce.md §3. fast-check prints seed and path of a failure. */
const RUNS = 150;
const STEPS = 120;

const shop = plan({
  show: { taxMode: 'exclusive' },
  products: [
    product('MUG', { priceMinor: 1799, reserve: 12, taxRate: '0.23' }),
    product('APRON', { priceMinor: 2501, reserve: 8, taxRate: '0.0825' }),
    product('CARD', { priceMinor: 0, reserve: 5 }),
  ],
  bundles: [
    {
      sku: 'SET',
      name: 'Set',
      priceMinor: 3999,
      taxRate: '0.23',
      parts: [
        { sku: 'MUG', quantity: 2 },
        { sku: 'APRON', quantity: 1 },
      ],
    },
  ],
  offers: [
    offer('drop', 'MUG', { priceMinor: 1501, cap: 6, perBuyer: 3, closesAt: '2026-11-28T18:20:00Z' }),
    offer('pre', 'SET', { kind: 'preorder', cap: 9 }),
  ],
});

const step = fc.record({
  op: fc.constantFrom(
    'sell',
    'sell',
    'sell',
    'sell',
    'hold',
    'hold',
    'void',
    'refund',
    'refund',
    'outside',
    'outside-refund',
    'receive',
    'move',
    'end-hold',
    'resolve',
    'map',
    'offer',
    'time',
    'restart',
  ),
  a: fc.nat(999),
  b: fc.nat(999),
  n: fc.integer({ min: 1, max: 4 }),
  flag: fc.nat(7),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const SKUS = ['MUG', 'APRON', 'CARD', 'SET'] as const;
const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

function play(show: TestShow, { op, a, b, n, flag }: Step): void {
  const { sales, stock, offers } = show.state;
  const sku = pick(SKUS, a) ?? 'MUG';
  const other = pick(SKUS, b) ?? 'MUG';
  const by = { actor: flag === 0 ? till() : DESK };
  switch (op) {
    case 'sell': {
      const fromOffer = flag === 1 ? { offer: 'drop' } : flag === 2 ? { offer: 'pre' } : {};
      const first = flag === 1 ? 'MUG' : flag === 2 ? 'SET' : sku;
      const hold = flag >= 6 ? pick([...stock.holds.keys(), ...stock.endedHolds.keys()], a) : undefined;
      const held = hold === undefined ? undefined : stock.holds.get(hold);
      const lines = held?.lines ?? [
        { sku: first, quantity: n, discountMinor: (a * 7) % 300 },
        ...(b % 3 === 0 ? [{ sku: other, quantity: 1 }] : []),
      ];
      run(
        show,
        {
          kind: 'record-sale',
          channel: a % 2 === 0 ? 'in-person' : 'stream',
          tender: b % 4 === 0 ? 'cash' : 'card',
          lines: lines.map((line) => (line.sku === 'CARD' ? { sku: line.sku, quantity: line.quantity } : line)),
          tipMinor: b % 5 === 0 ? 100 : 0,
          signup: `buyer-${a % 4}`,
          creatorCode: b % 2 === 0 ? ' ana10' : 'nobody',
          ...(hold === undefined ? fromOffer : { hold }),
          ...(flag === 3 ? { pickup: 'later' as const } : {}),
          ...(flag === 4 ? { offline: true, till: 'till-1' } : {}),
          ...(flag === 5 && b % 3 === 0 ? { paid: true, pickup: 'later' as const } : {}),
        },
        by,
      );
      break;
    }
    case 'hold':
      run(
        show,
        {
          kind: 'place-hold',
          lines: [{ sku: flag === 2 ? 'SET' : sku, quantity: n }],
          ttlMs: 60_000 * n,
          ...(flag === 2 ? { offer: 'pre' } : {}),
        },
        by,
      );
      break;
    case 'end-hold': {
      const holdId = pick([...stock.holds.keys()], a) ?? 'h0';
      run(show, flag % 2 === 0 ? { kind: 'release-hold', holdId } : { kind: 'extend-hold', holdId }, by);
      break;
    }
    case 'void':
      run(show, { kind: 'void-sale', saleId: pick([...sales.byId.keys()].slice(-5), a) ?? 's0' }, by);
      break;
    case 'refund': {
      const sale = pick([...sales.byId.values()], a);
      const line = sale && pick(sale.lines, b);
      const part = line && pick(line.parts, n);
      const wanted = flag % 3 === 0 ? part?.sku : line?.sku;
      run(show, {
        kind: 'refund-sale',
        saleId: flag === 7 ? null : (sale?.saleId ?? 's0'),
        lines: [{ sku: wanted ?? 'MUG', quantity: Math.min(n, 2) }],
        reason: 'changed-mind',
        restock: pick(['reserve', 'quarantine', 'no'] as const, b) ?? 'no',
        ...(b % 4 === 0 ? { amountMinor: a } : {}),
      });
      break;
    }
    case 'outside':
      outside(show, {
        type: 'sale',
        source: 'shop',
        sourceId: String(a % 40),
        at: new Date(show.at - b * 1000).toISOString(),
        channel: flag % 2 === 0 ? 'social' : null,
        lines: [
          { sku: flag === 3 ? 'mug' : sku, name: null, quantity: n * 2, unitPriceMinor: 1000 + b, discountMinor: b },
          { sku: other, name: null, quantity: 1, unitPriceMinor: null, discountMinor: 0 },
        ],
        creatorCode: null,
        tender: 'card',
        tipMinor: 0,
        personRef: null,
      });
      break;
    case 'outside-refund':
      outside(show, {
        type: 'refund',
        source: 'shop',
        sourceId: `r${a}`,
        saleSourceId: flag === 0 ? null : String(a % 40),
        at: new Date(show.at).toISOString(),
        channel: null,
        lines: flag === 1 ? [] : [{ sku, quantity: n }],
        amountMinor: flag > 4 ? b * 5 : null,
        tender: 'card',
      });
      break;
    case 'receive':
      run(show, { kind: 'receive-stock', sku, quantity: n * 3 });
      break;
    case 'move': {
      const pools = ['reserve', 'till:till-1', 'allot:drop', 'quarantine'];
      run(show, { kind: 'move-stock', sku, quantity: n, from: pick(pools, b) ?? '', to: pick(pools, flag) ?? '' });
      break;
    }
    case 'resolve': {
      const shortfall = pick([...sales.shortfalls.keys()], a) ?? 'o0';
      const how = pick(['fulfilled', 'refunded', 'substituted', 'backordered'] as const, b) ?? 'fulfilled';
      run(show, { kind: 'resolve-shortfall', shortfall, how, sku: how === 'substituted' ? other : undefined });
      break;
    }
    case 'map':
      run(show, { kind: 'map-sku', line: pick([...sales.parked.keys()], a) ?? 'l0', sku, remember: flag === 0 });
      break;
    case 'offer': {
      const id = a % 2 === 0 ? 'drop' : 'pre';
      run(show, { kind: offers.byId.get(id)?.open === true && flag === 0 ? 'close-offer' : 'open-offer', offer: id });
      break;
    }
    case 'time':
      wait(show, b * 200);
      break;
    case 'restart':
      restart(show, b * 100);
      break;
  }
  // The timer is late now and then.
  if (flag !== 5) given(show, ...dueHolds(show.state, now(show)));
  if (flag !== 5) given(show, ...dueOffers(show.state, now(show)));
}

function outside(show: TestShow, order: OutsideOrder): void {
  const seq = show.entries.length + 1;
  given(
    show,
    ...bookOutside(show.state, order, {
      id: 'x',
      actor: DESK,
      now: now(show),
      seq,
      refOf: (contact) => contact,
      rules: DEFAULT_RULES,
    }),
  );
}

function playAll(steps: readonly Step[], meddle: (fact: Fact) => Fact = (fact) => fact): TestShow {
  const show = liveShow(shop);
  show.meddle = meddle;
  steps.forEach((each, i) => {
    play(show, each);
    const broken = breaches(show.state, show.entries);
    if (broken.length > 0) throw new Error(`after step ${i}, ${each.op}: ${broken.join('; ')}`);
    if (i % 40 === 39) expect(refold(show.entries), 'I2 fold of the prefix').toEqual(show.state);
  });
  return show;
}

const steps = fc.array(step, { minLength: 10, maxLength: STEPS, size: 'max' });

describe('whatever is sold, held, refunded, moved, cut off or booked from outside', () => {
  it(
    `keeps every invariant of stock and money in ${RUNS} shows of up to ${STEPS} commands`,
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(steps, (all) => {
          playAll(all);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it('books an outside order once, however often it comes', () => {
    const show = liveShow(shop);
    const order = { op: 'outside', a: 1, b: 0, n: 2, flag: 0 } as const;
    play(show, order);
    const { length } = show.entries;
    play(show, order);
    expect(show.entries).toHaveLength(length);
    expect(show.state.sales.bySource.has(bookedKey('sale', 'shop', '1'))).toBe(true);
  });

  const defects: [string, (fact: Fact) => Fact][] = [
    [
      'a void that puts nothing back',
      (fact) =>
        fact.kind === 'sale.voided' ? { ...fact, body: { ...fact.body, restocked: [], uncommitted: [] } } : fact,
    ],
    [
      'a refund whose money goes missing',
      (fact) => (fact.kind === 'sale.refunded' ? { ...fact, body: { ...fact.body, tenders: [] } } : fact),
    ],
    [
      'a hold that takes no goods',
      (fact) =>
        fact.kind === 'sale.recorded'
          ? { ...fact, body: { ...fact.body, lines: fact.body.lines.map((line) => ({ ...line, taken: [] })) } }
          : fact,
    ],
  ];
  it.each(defects)('would be heard: %s breaks the property', { timeout: 60_000 }, (_, meddle) => {
    const check = fc.check(
      fc.property(steps, (all) => {
        playAll(all, meddle);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(String(check.errorInstance)).toMatch(/after step .*: I\d+ /);
  });
});
