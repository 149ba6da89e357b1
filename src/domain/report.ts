import type { Clip } from './clips.ts';
import type { CloseRecord } from './close-record.ts';
import type { Segment } from './media-time.ts';
import type { SalesModel } from './moments-model.ts';
import { cueRunsOf } from './moments-of-record.ts';
import type { Moment } from './moments.ts';
import { currencyDigits } from './money.ts';
import { type Check, checksOf, checksTable } from './report-checks.ts';
import { clipsTable } from './report-clip-table.ts';
import { cuesTable } from './report-cue-table.ts';
import { auditTable } from './report-audit.ts';
import { exceptionsTable } from './report-exceptions.ts';
import {
  channelsTable,
  type MoneyPage,
  productsTable,
  type QuarterContext,
  quarterHoursTable,
  tendersTable,
} from './report-money-tables.ts';
import { postingsOf } from './report-postings.ts';
import { linesTable, salesTable } from './report-sale-tables.ts';
import { incidentsTable } from './report-incident-table.ts';
import { creatorsTable, offersTable, stockTable } from './report-show-tables.ts';
import {
  darkMsOf,
  meanViewers,
  type StreamSpan,
  streamSpans,
  uptimeOf,
  type ViewerCount,
  worstIn,
} from './report-stream.ts';
import { definitionsTable, summaryTable, type Totals, totalsOf } from './report-summary.ts';
import { costsTable, giveBackTable, promisesTable } from './report-owed-tables.ts';
import type { Table, TableName } from './report-table.ts';
import { type CohortSettings, showCohorts } from './show-cohorts.ts';
import type { VerdictReason } from './verdict.ts';
import { type Instant, type Iso, type Minor, MINUTE, toIso } from './units.ts';
import type { Level } from './words.ts';

/** The sales report before it is hashed (closing spec, section 8): everything html, xlsx and csv are made from. */
export interface ReportBody {
  closeVersion: number;
  ledgerSeq: number;
  ledgerHash: string;
  /** `at` of the pin: the same ledger gives the same bytes whenever it is written */
  generatedAt: Iso;
  show: ReportShow;
  warnings: ReportWarning[];
  totals: Totals;
  tables: Record<TableName, Table>;
  series: ReportSeries;
  verdict: { word: 'SCALE' | 'STOP' | 'KEEP TESTING'; reasons: string[] };
  overrides: { code: string; reason: string; by: string; at: Iso }[];
}

export interface ReportShow {
  id: string;
  name: string;
  series: string | null;
  timeZone: string;
  currency: string;
  currencyDigits: number;
  taxMode: 'inclusive' | 'exclusive';
  language: string;
  plannedStart: Iso | null;
  plannedEnd: Iso | null;
  openedAt: Iso;
  closedAt: Iso;
  demo: boolean;
}

export interface ReportWarning {
  code: string;
  message: string;
  severity: 1 | 2 | 3;
}

export interface ReportSeries {
  stepMs: number;
  from: Iso;
  onlineNetMinor: Minor[];
  inPersonNetMinor: Minor[];
  viewers: (number | null)[];
  streamLevel: Level[];
  /** what was on air, for the chart's bands */
  cues: { from: Iso; to: Iso; title: string }[];
}

export interface ReportInput {
  record: CloseRecord;
  moments: readonly Moment[];
  clips: readonly Clip[];
  segments: readonly Segment[];
  model: SalesModel;
  viewers: readonly ViewerCount[];
  notes: readonly { code: string; message: string }[];
  cohorts: CohortSettings;
}

export function makeReport(input: ReportInput): { report: ReportBody; checks: Check[] } {
  const { record, clips, moments, segments } = input;
  const { show } = record;
  const plan = show.plan?.show;
  const currency = plan?.currency ?? 'EUR';
  const timeZone = plan?.timeZone ?? 'UTC';
  const page: MoneyPage = {
    record,
    postings: postingsOf(record),
    currency,
    timeZone,
    exclusive: plan?.taxMode === 'exclusive',
  };
  const spans = streamSpans(record);
  const totals = totalsOf(page);
  const money = {
    channels: channelsTable(page),
    products: productsTable(page),
    quarterHours: quarterHoursTable(page, quarterContext(input, spans)),
    creators: creatorsTable(page, clips),
    tenders: tendersTable(page),
    sales: salesTable(page),
    lines: linesTable(page),
  };
  const checks = checksOf(page, money);
  const tables: Record<TableName, Table> = {
    summary: summaryTable(page, totals, clips, {
      uptime: uptimeOf(spans),
      darkMs: darkMsOf(record, spans),
      viewers: meanViewers(input.viewers, show.openedAt ?? 0, record.at),
    }),
    channels: money.channels,
    products: money.products,
    offers: offersTable(page),
    promises: promisesTable(page),
    creators: money.creators,
    costs: costsTable(page),
    quarterHours: money.quarterHours,
    tenders: money.tenders,
    stock: stockTable(page),
    giveBack: giveBackTable(page),
    cues: cuesTable(page, input.model),
    audit: auditTable(record),
    incidents: incidentsTable(page),
    clips: clipsTable(clips, moments, segments, { timeZone, currency }),
    sales: money.sales,
    lines: money.lines,
    exceptions: exceptionsTable(page),
    checks: checksTable(checks),
    definitions: definitionsTable(page),
  };
  const report: ReportBody = {
    closeVersion: record.pin?.version ?? 0,
    ledgerSeq: show.seq,
    ledgerHash: record.ledgerHash,
    generatedAt: toIso(record.at),
    show: {
      id: show.id,
      name: plan?.name ?? show.id,
      series: plan?.series ?? null,
      timeZone,
      currency,
      currencyDigits: currencyDigits(currency) ?? 2,
      taxMode: page.exclusive ? 'exclusive' : 'inclusive',
      language: plan?.language ?? 'en',
      plannedStart: plan?.startsAt ?? null,
      plannedEnd: plan?.endsAt ?? null,
      openedAt: toIso(show.openedAt ?? record.at),
      closedAt: toIso(record.at),
      demo: show.demo,
    },
    warnings: warningsOf(input, checks),
    totals,
    tables,
    series: seriesOf(page, input, spans),
    verdict: verdictOfShow(input),
    overrides: show.close.overrides.flatMap(({ codes, reason, by, at }) =>
      codes.map((code) => ({ code, reason, by, at: toIso(at) })),
    ),
  };
  return { report, checks };
}

const REASONS: Record<VerdictReason, string> = {
  'both-better':
    'More buyers came back than after the control, and their first week was worth more, both beyond chance.',
  'worse-than-control': 'Buyers came back less often, or spent less, than the control’s, beyond chance.',
  'third-show-without-scale': 'This is the third show of the series that is no better than the control.',
  'no-control': 'There is no control to compare with.',
  'not-matured': 'Whether buyers come back is not known yet.',
  'feed-incomplete': 'Later orders are not known to the end of the time that counts.',
  'too-few-buyers': 'There are too few known buyers to tell.',
  'interval-spans-threshold': 'The difference to the control may be chance.',
};

/** Scale it, stop it, or keep testing (VER-10), as of the closing entry. */
function verdictOfShow({ record, cohorts }: ReportInput): ReportBody['verdict'] {
  const verdict = showCohorts(record.show, record.at, cohorts)?.verdict;
  if (!verdict) return { word: 'KEEP TESTING', reasons: [REASONS['not-matured']] };
  const moved = verdict.changedAfterOpening
    ? ['The bar was changed after the show had opened; the first one counts.']
    : [];
  return { word: verdict.verdict, reasons: [REASONS[verdict.reason], ...moved] };
}

function warningsOf({ record, notes }: ReportInput, checks: readonly Check[]): ReportWarning[] {
  const failed = checks.filter(({ left, right }) => left !== right);
  const codes = record.show.close.overrides.flatMap((override) => override.codes);
  return [
    ...failed.map((check): ReportWarning => ({
      code: 'check-failed',
      severity: 1,
      message: `${check.check}: ${check.left} is not ${check.right}`,
    })),
    ...(codes.length > 0
      ? [
          {
            code: 'overridden',
            severity: 2,
            message: `Closed with open points passed by reason: ${[...new Set(codes)].join(', ')}`,
          } as const,
        ]
      : []),
    ...(record.show.demo
      ? [{ code: 'demo', severity: 3, message: 'This is a demo show; nothing of it was sold.' } as const]
      : []),
    ...notes.map(({ code, message }): ReportWarning => ({ code, message, severity: 3 })),
  ];
}

function quarterContext({ record, viewers }: ReportInput, spans: readonly StreamSpan[]): QuarterContext {
  const runs = cueRunsOf(record);
  return {
    viewersMean: (from, to) => meanViewers(viewers, from, to),
    cueIn(from, to) {
      const shared = (run: { from: Instant; to: Instant }): number => Math.min(run.to, to) - Math.max(run.from, from);
      const best = runs.filter((run) => shared(run) > 0).sort((a, b) => shared(b) - shared(a) || a.from - b.from)[0];
      return best?.title ?? null;
    },
    streamLevel: (from, to) => worstIn(spans, from, to),
  };
}

/** One step a minute from opening to the last money or the close, whichever is later. */
function seriesOf(page: MoneyPage, { record, viewers }: ReportInput, spans: readonly StreamSpan[]): ReportSeries {
  const start = Math.floor((record.show.openedAt ?? record.at) / MINUTE) * MINUTE;
  const end = Math.max(record.show.closingAt ?? record.at, start + MINUTE);
  const steps = Math.min(24 * 60, Math.ceil((end - start) / MINUTE));
  const series: ReportSeries = {
    stepMs: MINUTE,
    from: toIso(start),
    onlineNetMinor: new Array<number>(steps).fill(0),
    inPersonNetMinor: new Array<number>(steps).fill(0),
    viewers: new Array<number | null>(steps).fill(null),
    streamLevel: Array.from({ length: steps }, (_, index) =>
      worstIn(spans, start + index * MINUTE, start + (index + 1) * MINUTE),
    ),
    cues: cueRunsOf(record).map(({ from, to, title }) => ({ from: toIso(from), to: toIso(to), title })),
  };
  // Money made before the opening or after the close stands in the first or last minute: the sum of the series is net.
  for (const { at, channel, netMinor } of page.postings) {
    const list = channel === 'in-person' ? series.inPersonNetMinor : series.onlineNetMinor;
    const step = Math.min(steps - 1, Math.max(0, Math.floor((at - start) / MINUTE)));
    list[step] = (list[step] ?? 0) + netMinor;
  }
  for (const { at, count } of viewers) {
    const step = Math.floor((at - start) / MINUTE);
    if (step >= 0 && step < steps) series.viewers[step] = count;
  }
  return series;
}
