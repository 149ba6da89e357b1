import type { Clip } from './clips.ts';
import { runTimes } from './cue-times.ts';
import { clockText } from './local-time.ts';
import { formatDecimal } from './money.ts';
import { collectedOf, collectedOfReturn, looseReturns, sumCollected } from './report-collected.ts';
import { liveSales, type MoneyPage, quarterOf } from './report-money-tables.ts';
import { groupBy, sumOf } from './report-postings.ts';
import { fieldsOf, ratio, type Table, tableOf } from './report-table.ts';
import { type Duration, type Minor, SECOND } from './units.ts';

export interface Totals {
  sales: number;
  units: number;
  refundedUnits: number;
  grossMinor: Minor;
  discountMinor: Minor;
  refundedMinor: Minor;
  netMinor: Minor;
  taxMinor: Minor;
  tipMinor: Minor;
  shippingMinor: Minor;
  giftCardMinor: Minor;
  roundingMinor: Minor;
  /** sold against a deposit and not paid yet */
  dueMinor: Minor;
  collectedMinor: Minor;
  voids: number;
  otherCurrencies: { currency: string; collectedMinor: Minor }[];
}

export function totalsOf(page: MoneyPage): Totals {
  const sum = sumOf(page.postings);
  const live = liveSales(page.record);
  const money = sumCollected([...live.map(collectedOf), ...looseReturns(page.record).map(collectedOfReturn)]);
  return {
    sales: live.length,
    units: sum.units,
    refundedUnits: sum.refundedUnits,
    grossMinor: sum.grossMinor,
    discountMinor: sum.discountMinor,
    refundedMinor: sum.returnsMinor,
    netMinor: sum.netMinor,
    taxMinor: sum.taxMinor,
    ...money,
    giftCardMinor: 0,
    voids: page.record.show.sales.byId.size - live.length,
    otherCurrencies: [],
  };
}

interface Line {
  key: string;
  value: string | null;
  unit: string;
  note: string;
}

/** What the summary says of the stream; null: not watched, not told. */
export interface StreamSummary {
  uptime: number | null;
  darkMs: Duration | null;
  viewers: number | null;
}

function darkNote({ record: { show, at } }: MoneyPage, darkMs: Duration | null): string {
  if (darkMs === null) return 'no stream was watched';
  const lasted = (show.closingAt ?? at) - (show.openedAt ?? at);
  const share = lasted > 0 ? Math.round((darkMs / lasted) * 1000) / 10 : 0;
  return `viewers got nothing; ${share} % of the show`;
}

export function summaryTable(page: MoneyPage, totals: Totals, clips: readonly Clip[], stream: StreamSummary): Table {
  const { show } = page.record;
  const money = (minor: Minor | null): string | null => (minor === null ? null : formatDecimal(minor, page.currency));
  const text = (value: number | null): string | null => (value === null ? null : String(value));
  const target = show.plan?.show.salesTargetMinor ?? null;
  const stocked = [...show.stock.planned.values()].reduce((sum, units) => sum + units, 0);
  const sold = [...show.sales.takings.byPart.values()].reduce((sum, part) => sum + part.sold - part.refunded, 0);
  const received = page.record.entries.of('stock.received').reduce((sum, { body }) => sum + body.quantity, 0);
  const { currency } = page;
  const { uptime, darkMs, viewers } = stream;
  const rows: Line[] = [
    { key: 'sales', value: text(totals.sales), unit: 'sales', note: `${totals.voids} voided, in no figure` },
    { key: 'units', value: text(totals.units), unit: 'units', note: `as sold; ${totals.refundedUnits} came back` },
    { key: 'gross', value: money(totals.grossMinor), unit: currency, note: 'before discounts' },
    { key: 'discounts', value: money(totals.discountMinor), unit: currency, note: '' },
    { key: 'returns', value: money(totals.refundedMinor), unit: currency, note: 'money given back for goods' },
    { key: 'net', value: money(totals.netMinor), unit: currency, note: 'gross − discounts − returns' },
    { key: 'tax', value: money(totals.taxMinor), unit: currency, note: page.exclusive ? 'added on top' : 'of which' },
    { key: 'tips', value: money(totals.tipMinor), unit: currency, note: '' },
    { key: 'shipping', value: money(totals.shippingMinor), unit: currency, note: '' },
    { key: 'rounding', value: money(totals.roundingMinor), unit: currency, note: 'of cash' },
    { key: 'due', value: money(totals.dueMinor), unit: currency, note: 'of preorders, not paid yet' },
    {
      key: 'totalCollected',
      value: money(totals.collectedMinor),
      unit: currency,
      note: `net + ${page.exclusive ? 'tax + ' : ''}tips + shipping + rounding − due`,
    },
    {
      key: 'aov',
      value: money(totals.sales === 0 ? null : Math.round(totals.netMinor / totals.sales)),
      unit: currency,
      note: 'net / sales',
    },
    { key: 'unitsPerSale', value: text(ratio(totals.units, totals.sales)), unit: '', note: '' },
    {
      key: 'sellThrough',
      value: text(ratio(sold, stocked + received)),
      unit: 'share',
      note: 'units kept by buyers / units for sale',
    },
    { key: 'refundRate', value: text(ratio(totals.refundedUnits, totals.units)), unit: 'share', note: '' },
    { key: 'target', value: money(target), unit: currency, note: target === null ? 'none set' : '' },
    {
      key: 'targetShare',
      value: text(target === null ? null : ratio(totals.netMinor, target)),
      unit: 'share',
      note: '',
    },
    { key: 'peakQuarterHour', value: peakQuarter(page), unit: 'local time', note: 'most net' },
    { key: 'streamUptime', value: text(uptime), unit: 'share', note: uptime === null ? 'no stream was watched' : '' },
    {
      key: 'streamDark',
      value: text(darkMs === null ? null : darkMs / SECOND),
      unit: 's',
      note: darkNote(page, darkMs),
    },
    {
      key: 'viewersMean',
      value: text(viewers),
      unit: 'viewers',
      note:
        viewers === null ? 'not known: nobody counted or told how many watched' : 'mean of what was counted and told',
    },
    { key: 'cuesOnTime', value: text(cuesOnTime(page)), unit: 'share', note: 'started within 60 s of the plan' },
    { key: 'clips', value: text(clips.length), unit: 'clips', note: '' },
    { key: 'verdict', value: 'KEEP TESTING', unit: '', note: 'repeat buyers are not known yet' },
  ];
  const f = fieldsOf<Line>();
  return tableOf(rows, [
    f.text('key', 'Figure', ({ key }) => key),
    f.text('value', 'Value', ({ value }) => value),
    f.text('unit', 'Unit', ({ unit }) => unit),
    f.text('note', 'Note', ({ note }) => note),
  ]);
}

function peakQuarter(page: MoneyPage): string | null {
  let best: { from: number; net: Minor } | null = null;
  for (const [from, group] of [...groupBy(page.postings, ({ at }) => quarterOf(at, page.timeZone))].sort(
    ([a], [b]) => a - b,
  )) {
    const net = sumOf(group).netMinor;
    if (!best || net > best.net) best = { from, net };
  }
  return best ? clockText(best.from, page.timeZone).slice(0, 5) : null;
}

function cuesOnTime({ record: { show } }: MoneyPage): number | null {
  const timed = show.cues.runs.filter((run) => !run.withdrawn && run.plannedStart !== null);
  const moment = { t: show.clock.lastT, clock: show.clock };
  const good = timed.filter(
    (run) => Math.abs(runTimes(show.cues, run, moment).startedAt - (run.plannedStart ?? 0)) <= 60_000,
  );
  return ratio(good.length, timed.length);
}

const DEFINITIONS: readonly [string, string][] = [
  ['gross', 'Σ quantity × unit price, before discounts.'],
  ['discounts', 'Taken off the price of a line or a basket.'],
  ['returns', 'Money given back for goods.'],
  ['net', 'gross − discounts − returns.'],
  ['tax', 'Exclusive mode: added on top of net. Inclusive mode: the part of net that is tax.'],
  ['total collected', 'net + exclusive tax + tips + shipping + gift cards sold + rounding − what is still due.'],
  ['voids', 'Sales taken back as if they had never been: in no figure, listed under exceptions.'],
  ['average order', 'net / sales not voided.'],
  ['sell-through', '(sold − refunded) / (reserve + received later − given back), bundles counted as their parts.'],
  [
    'channel',
    'in-person, stream, social, or unattributed: a sale from outside whose channel nobody declared is never guessed.',
  ],
  ['confirmed', 'Credited by a code, a link or an offer. Suggested credit stands apart and is never summed with it.'],
  ['expected (stock)', 'What the ledger says is there in all pools of goods, before adjustments.'],
  ['variance', 'counted − expected.'],
  ['quarter hour', 'From the show’s local quarter hour. What comes back lowers the quarter hour that sold it.'],
  ['at risk', 'Estimate: online net of the 10 minutes before, held through the incident, less what was sold.'],
  ['dark', 'No media reached the viewers for 1.5 s or longer, from the last byte to the next.'],
  ['starved', 'Media came, but less than half of the usual.'],
  [
    'stream net at risk',
    'Estimate: the stream’s median net of the minutes before, held for as long as the incident. In no total.',
  ],
  ['attributed', 'Sales of the product while buyers could answer the moment. It fits, it is not proof of a cause.'],
];

export function definitionsTable({ exclusive }: MoneyPage): Table {
  const f = fieldsOf<readonly [string, string]>();
  const mode: [string, string] = [
    'tax mode',
    exclusive ? 'exclusive: prices without tax' : 'inclusive: prices with tax',
  ];
  return tableOf(
    [...DEFINITIONS, mode],
    [f.text('term', 'Term', ([term]) => term), f.text('meaning', 'Meaning', ([, meaning]) => meaning)],
  );
}
