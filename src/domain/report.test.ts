import { DEFAULT_COHORTS } from './show-cohorts.ts';
import { DEFAULT_RULES } from './decide/rules.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialRecord, takeEntry } from './close-record.ts';
import type { OutsideOrder } from './commands.ts';
import { bookOutside } from './decide/sell.ts';
import { DESK } from './actor.ts';
import { MOMENT_DEFAULTS } from './moments-input.ts';
import { inputOfRecord } from './moments-of-record.ts';
import { salesModel } from './moments-model.ts';
import { columnSum } from './report-checks.ts';
import { makeReport } from './report.ts';
import { given, liveShow, now, offer, plan, product, run, type TestShow, wait } from './testing.ts';
import { toIso } from './units.ts';

function reportOf(show: TestShow) {
  const record = initialRecord('test-show');
  for (const entry of show.entries) takeEntry(record, entry);
  const model = salesModel(inputOfRecord(record, []), MOMENT_DEFAULTS);
  return makeReport({
    record,
    moments: [],
    clips: [],
    segments: [],
    model,
    viewers: [],
    notes: [],
    cohorts: DEFAULT_COHORTS,
  });
}

type Step =
  | {
      do: 'sell';
      sku: string;
      quantity: number;
      channel: 'in-person' | 'stream' | 'social';
      discount: number;
      tip: number;
      code: boolean;
      later: boolean;
    }
  | { do: 'outside'; sku: string | null; quantity: number; price: number; channel: 'stream' | null }
  | { do: 'void' | 'refund' | 'loose-refund'; pick: number; quantity: number; restock: 'reserve' | 'quarantine' | 'no' }
  | { do: 'promise' | 'hand-over' | 'exchange' | 'lose'; pick: number; quantity: number }
  | { do: 'wait'; ms: number };

const rules = { ...DEFAULT_RULES, cashRoundingMinor: 5 };

const sku = fc.constantFrom('MUG', 'APRON', 'SET');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('sell' as const),
      sku,
      quantity: fc.integer({ min: 1, max: 4 }),
      channel: fc.constantFrom('in-person' as const, 'stream' as const, 'social' as const),
      discount: fc.integer({ min: 0, max: 999 }),
      tip: fc.integer({ min: 0, max: 500 }),
      code: fc.boolean(),
      later: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('outside' as const),
      sku: fc.option(sku, { nil: null }),
      quantity: fc.integer({ min: 1, max: 9 }),
      price: fc.integer({ min: 0, max: 99_999 }),
      channel: fc.constantFrom('stream' as const, null),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('void' as const, 'refund' as const, 'loose-refund' as const),
      pick: fc.nat(50),
      quantity: fc.integer({ min: 1, max: 3 }),
      restock: fc.constantFrom('reserve' as const, 'quarantine' as const, 'no' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('promise' as const, 'hand-over' as const, 'exchange' as const, 'lose' as const),
      pick: fc.nat(50),
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 1_800_000 }) }) },
);

function play(show: TestShow, one: Step, index: number): void {
  const sales = [...show.state.sales.byId.values()];
  const picked = 'pick' in one ? sales[one.pick % Math.max(1, sales.length)] : undefined;
  switch (one.do) {
    case 'wait':
      wait(show, one.ms);
      break;
    case 'sell':
      run(
        show,
        {
          kind: 'record-sale',
          lines: [{ sku: one.sku, quantity: one.quantity, discountMinor: one.discount }],
          channel: one.channel,
          tender: one.channel === 'in-person' ? 'cash' : 'card',
          tipMinor: one.tip,
          pickup: one.later ? 'later' : 'now',
          ...(one.code ? { creatorCode: 'ANA10' } : {}),
        },
        { rules },
      );
      break;
    case 'promise': {
      const lines = [{ sku: 'LATER', quantity: one.quantity }];
      const sale = { kind: 'record-sale' as const, lines, channel: 'social' as const, offer: 'pre' };
      run(show, { ...sale, tender: 'cash' }, { rules });
      break;
    }
    case 'hand-over':
      if (picked) run(show, { kind: 'hand-over-pickup', saleId: picked.saleId, tender: 'cash' }, { rules });
      break;
    case 'exchange':
      if (picked?.lines[0]?.sku) {
        const lines = [{ sku: picked.lines[0].sku, quantity: 1 }];
        const take = [{ sku: 'APRON', quantity: one.quantity }];
        const swap = { lines, take, reason: 'size-or-colour' as const, restock: 'reserve' as const };
        run(show, { kind: 'exchange-items', saleId: picked.saleId, ...swap, tender: 'cash' }, { rules });
      }
      break;
    case 'lose':
      run(show, { kind: 'write-off-stock', sku: 'MUG', quantity: one.quantity, reason: 'damage' });
      run(show, { kind: 'give-back-stock', sku: 'APRON', quantity: one.quantity });
      break;
    case 'outside': {
      const order: OutsideOrder = {
        type: 'sale',
        source: 'generic:shop',
        sourceId: `o${index}`,
        at: toIso(show.at),
        channel: one.channel,
        creatorCode: null,
        tender: 'card',
        tipMinor: 0,
        personRef: null,
        lines: [
          {
            sku: one.sku,
            name: one.sku === null ? 'Mystery' : null,
            quantity: one.quantity,
            unitPriceMinor: one.price,
            discountMinor: 0,
          },
        ],
      };
      given(
        show,
        ...bookOutside(show.state, order, {
          id: 'o',
          actor: DESK,
          now: now(show),
          seq: show.entries.length + 1,
          refOf: (contact) => contact,
          rules,
        }),
      );
      break;
    }
    case 'void':
      if (picked) run(show, { kind: 'void-sale', saleId: picked.saleId });
      break;
    case 'refund': {
      const line = picked?.lines[0];
      if (picked && line?.sku)
        run(show, {
          kind: 'refund-sale',
          saleId: picked.saleId,
          lines: [{ sku: line.sku, quantity: one.quantity }],
          reason: 'changed-mind',
          restock: one.restock,
        });
      break;
    }
    case 'loose-refund':
      run(show, {
        kind: 'refund-sale',
        saleId: null,
        lines: [{ sku: 'MUG', quantity: 1 }],
        reason: 'late',
        restock: one.restock,
      });
      break;
  }
}

describe('the report', () => {
  it.each([
    ['USD', 'exclusive'],
    ['JPY', 'inclusive'],
    ['KWD', 'exclusive'],
    ['EUR', 'inclusive'],
    ['HUF', 'inclusive'],
  ] as const)('ties every table to the minor unit on any show in %s, tax %s', (currency, taxMode) => {
    const products = [
      product('MUG', { priceMinor: 1799, taxRate: '0.0825', reserve: 40 }),
      product('APRON', { priceMinor: 2501, taxRate: '0.23', reserve: 9 }),
      product('LATER', { priceMinor: 4999, taxRate: '0.23', reserve: 2 }),
    ];
    const offers = [offer('pre', 'LATER', { kind: 'preorder', cap: 9, depositMinor: 1001 })];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const show = liveShow(plan({ products, offers, show: { currency, taxMode } }));
        run(show, { kind: 'open-offer', offer: 'pre' });
        steps.forEach((one, index) => play(show, one, index));
        const { checks, report } = reportOf(show);
        expect(checks.filter(({ left, right }) => left !== right)).toEqual([]);
        const { tables, totals, series } = report;
        for (const name of ['products', 'sales', 'lines', 'quarterHours'] as const)
          expect(columnSum(tables[name], 'net', () => true)).toBe(totals.netMinor);
        expect([...series.onlineNetMinor, ...series.inPersonNetMinor].reduce((sum, net) => sum + net, 0)).toBe(
          totals.netMinor,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('turns red when one minor unit is lost on the way', () => {
    const show = liveShow();
    show.meddle = (fact) =>
      fact.kind === 'sale.recorded' ? { ...fact, body: { ...fact.body, netMinor: fact.body.netMinor - 1 } } : fact;
    run(show, { kind: 'record-sale', lines: [{ sku: 'MUG', quantity: 1 }], channel: 'stream', tender: 'card' });
    const { checks, report } = reportOf(show);
    expect(checks.filter(({ left, right }) => left !== right).map(({ check }) => check)).toContain(
      'I17 Σ lines = sale',
    );
    expect(report.warnings[0]).toMatchObject({ code: 'check-failed', severity: 1 });
  });

  it('lists a voided sale without counting it', () => {
    const show = liveShow();
    const reply = run(show, {
      kind: 'record-sale',
      lines: [{ sku: 'MUG', quantity: 2 }],
      channel: 'stream',
      tender: 'card',
    });
    run(show, { kind: 'void-sale', saleId: String(reply['saleId']), reason: 'mistake' });
    const { totals, tables } = reportOf(show).report;
    expect(totals).toMatchObject({ sales: 0, units: 0, netMinor: 0, voids: 1 });
    expect(tables.sales.rows).toHaveLength(1);
    expect(tables.lines.rows).toHaveLength(0);
    expect(tables.exceptions.rows.map((row) => row.slice(0, 4))).toContainEqual([
      'void',
      3,
      toIso(show.at),
      reply['saleId'],
    ]);
  });

  it('says "not counted" where nobody counted, never 0', () => {
    const { columns, rows } = reportOf(liveShow()).report.tables.stock;
    const at = (key: string) => columns.findIndex((column) => column.key === key);
    expect(rows[0]?.[at('counted')]).toBeNull();
    expect(rows[0]?.[at('reason')]).toBe('not counted');
  });
});

it('the tenders name what offline cards may still be declined', () => {
  const show = liveShow();
  run(show, { kind: 'record-sale', channel: 'in-person', tender: 'card', lines: [{ sku: 'MUG', quantity: 1 }] });
  const sold = show.entries.at(-1);
  if (sold?.kind !== 'sale.recorded') throw new Error('nothing was sold');
  const again = { ...sold.body, saleId: `s${show.entries.length + 1}`, extra: { atRisk: true } };
  given(show, { kind: 'sale.recorded', body: again });
  const { columns, rows } = reportOf(show).report.tables.tenders;
  const at = (key: string): number => columns.findIndex((column) => column.key === key);
  const card = rows.find((row) => row[at('tender')] === 'card' && row[at('till')] === '');
  const one = again.totalMinor;
  expect([card?.[at('amount')], card?.[at('atRisk')], show.state.sales.takings.atRiskMinor]).toEqual([
    2 * one,
    one,
    one,
  ]);
});
