import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type TestShow, given, liveShow, now, offer, plan, product, refold, restart, run, wait } from '../testing.ts';
import { breaches } from '../testing-invariants.ts';
import { dueOffers } from './offer.ts';
import { dueHolds } from './stock.ts';

/**
 * Whatever buyers, the door and the desk do in whatever order: no cap is passed, no single-use code opens two standing
 * sales, nobody gets more than the limit or a perk twice, and the ledger folds to the same again.
 */
const PEOPLE = ['ana', 'ben', 'cy'];
const CODES = ['GOLD', 'silver', 'nope'];

type Step = (show: TestShow) => void;
const who = fc.constantFrom(...PEOPLE, undefined);
const code = fc.constantFrom(...CODES, ' gold ', undefined);
const which = fc.constantFrom('coded', 'members', 'gift', 'sample', 'pre');
const skuOf: Record<string, string> = { coded: 'MUG', members: 'MUG', gift: 'APRON', sample: 'MUG', pre: 'APRON' };
const units = fc.constantFrom(1, 1, 1, 2, 3);

function anyOf(show: TestShow, n: number): string {
  const ids = [...show.state.sales.byId.keys()];
  return ids[n % Math.max(1, ids.length)] ?? 's0';
}
function anyHold(show: TestShow, n: number): string | undefined {
  const ids = [...show.state.stock.holds.keys()];
  return ids[n % Math.max(1, ids.length)];
}

const all: fc.Arbitrary<Step>[] = [
  fc
    .record({ id: which, person: who, code, quantity: units, n: fc.nat(), withHold: fc.boolean() })
    .map(({ id, person, code, quantity, n, withHold }): Step => (show) => {
      const hold = withHold ? anyHold(show, n) : undefined;
      run(show, {
        kind: 'record-sale',
        channel: 'stream',
        tender: 'card',
        offer: id,
        lines: [{ sku: skuOf[id] ?? 'MUG', quantity }],
        ...(person === undefined ? {} : { signup: person }),
        ...(code === undefined ? {} : { code }),
        ...(hold === undefined ? {} : { hold }),
      });
    }),
  fc.record({ id: which, person: who, code, quantity: units }).map(
    ({ id, person, code, quantity }): Step =>
      (show) =>
        run(show, {
          kind: 'place-hold',
          offer: id,
          lines: [{ sku: skuOf[id] ?? 'MUG', quantity }],
          ...(person === undefined ? {} : { buyer: person }),
          ...(code === undefined ? {} : { code }),
        }),
  ),
  fc.record({ person: who, n: fc.nat() }).map(({ person, n }): Step => (show) => {
    if (person === undefined) return void run(show, { kind: 'void-sale', saleId: anyOf(show, n) });
    const body = { ref: `ref:${person}`, signup: `su-${person}-${n % 2}`, channel: null, source: 'plan', by: 'desk' };
    given(show, {
      kind: 'signup.recorded',
      body: { ...body, consent: n % 3 === 0, ...(n % 5 ? {} : { perk: 'gift' }) },
    });
  }),
  who.map(
    (person): Step =>
      (show) =>
        run(show, { kind: 'check-in', ref: `ref:${person}` }),
  ),
  who.map(
    (person): Step =>
      (show) =>
        run(show, { kind: 'redeem-perk', offer: 'sample', ref: `ref:${person}` }),
  ),
  fc.record({ id: which, cap: fc.integer({ min: 1, max: 8 }) }).map(
    ({ id, cap }): Step =>
      (show) =>
        run(show, { kind: 'change-offer', offer: id, cap }),
  ),
  fc.record({ n: fc.nat(), id: which }).map(
    ({ n, id }): Step =>
      (show) =>
        run(show, {
          kind: 'refund-sale',
          saleId: anyOf(show, n),
          lines: [{ sku: skuOf[id] ?? 'MUG', quantity: 1 }],
          reason: 'changed-mind',
          restock: n % 2 ? 'reserve' : 'no',
        }),
  ),
  which.map(
    (id): Step =>
      (show) =>
        run(show, { kind: 'open-offer', offer: id }),
  ),
  fc.integer({ min: 1, max: 400_000 }).map((ms): Step => (show) => {
    wait(show, ms);
    given(show, ...dueHolds(show.state, now(show)));
    given(show, ...dueOffers(show.state, now(show)));
  }),
  fc.constant((show: TestShow) => restart(show)),
];

/** The first step again: a day is mostly sales. */
const sales = all.slice(0, 1);

const day = (): TestShow => {
  const show = liveShow(
    plan({
      products: [product('MUG', { reserve: 12 }), product('APRON', { priceMinor: 2500, reserve: 6 })],
      offers: [
        offer('coded', 'MUG', { gate: 'code', codes: ['GOLD', 'silver'], codeUse: 'once', cap: 4 }),
        offer('members', 'MUG', { gate: 'signup', perBuyer: 2, cap: 5 }),
        offer('gift', 'APRON', { kind: 'perk', priceMinor: 1000 }),
        offer('sample', 'MUG', { kind: 'perk', cap: 2 }),
        offer('pre', 'APRON', { kind: 'preorder', depositMinor: 500, perBuyer: 1, cap: 3 }),
      ],
    }),
  );
  for (const person of ['ana', 'ben'])
    given(show, {
      kind: 'signup.recorded',
      body: { ref: `ref:${person}`, signup: `su-${person}`, channel: null, consent: true, source: 'plan', by: 'desk' },
    });
  for (const id of ['coded', 'members', 'pre']) run(show, { kind: 'open-offer', offer: id });
  return show;
};

function offerBreaches(show: TestShow): string[] {
  const { state } = show;
  const found: string[] = [];
  const standing = [...state.sales.byId.values()].filter(({ voided }) => voided === null);
  for (const { id, cap, perBuyer, codeUse } of state.plan?.offers ?? []) {
    const lines = standing.flatMap((sale) =>
      sale.lines.flatMap((line, i) => (line.offer === id ? [{ sale, line, back: sale.refundedUnits[i] ?? 0 }] : [])),
    );
    const returned = state.sales.refunds
      .filter(({ restock, lines: back }) => restock === 'reserve' || back.some((each) => each.uncommitted.length > 0))
      .flatMap(({ saleId, lines: back }) => back.map((each) => ({ saleId, ...each })));
    const kept = lines.reduce((sum, { line }) => sum + line.quantity, 0);
    const free = returned.reduce(
      (sum, { saleId, line, quantity }) =>
        sum + (lines.some((each) => each.sale.saleId === saleId && each.line.line === line) ? quantity : 0),
      0,
    );
    const samples = [...(state.attendance.perks.get(id)?.redeemed.values() ?? [])].filter(
      (each) => each.saleId === null,
    );
    if (cap !== null && kept - free + samples.length > cap) found.push(`${id}: ${kept} − ${free} over ${cap}`);
    if (perBuyer !== null)
      for (const person of PEOPLE) {
        const own = lines.filter(({ sale }) => sale.personRef === `ref:${person}`);
        const has = own.reduce((sum, { line, back }) => sum + line.quantity - back, 0);
        if (has > perBuyer) found.push(`${id}: ${person} has ${has} of ${perBuyer}`);
      }
    if (codeUse === 'once') {
      const used = lines.map(({ sale }) => (sale.extra?.code ?? '').trim().toLowerCase());
      if (new Set(used).size !== used.length) found.push(`${id}: a code opened two sales: ${used.join()}`);
    }
    if (id === 'gift')
      for (const person of PEOPLE)
        if (lines.filter(({ sale }) => sale.personRef === `ref:${person}`).length > 1)
          found.push(`${person} has had the gift twice`);
  }
  return found;
}

it('caps, codes, limits and perks hold in every order of events', { timeout: 60_000 }, () => {
  let sold = 0;
  let gifts = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof(...sales, ...sales, ...all), {
        minLength: 40,
        maxLength: 80,
      }),
      (steps) => {
        const show = day();
        for (const step of steps) {
          step(show);
          expect(offerBreaches(show)).toEqual([]);
        }
        expect(breaches(show.state, show.entries)).toEqual([]);
        const again = refold(show.entries);
        expect(again.attendance).toEqual(show.state.attendance);
        expect(again.offers).toEqual(show.state.offers);
        expect(again.sales.takings).toEqual(show.state.sales.takings);
        sold += show.state.sales.byId.size;
        gifts += show.state.attendance.perks.get('gift')?.redeemed.size ?? 0;
      },
    ),
    { numRuns: 300 },
  );
  // The days are worth the name: much was sold, and the perk too.
  expect(sold).toBeGreaterThan(300);
  expect(gifts).toBeGreaterThan(20);
});
