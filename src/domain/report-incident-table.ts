import type { CloseRecord } from './close-record.ts';
import { deedsDuring, salesDuring } from './incident-sales.ts';
import { cueRunsOf } from './moments-of-record.ts';
import type { MoneyPage } from './report-money-tables.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';
import type { StreamIncident } from './stream-record.ts';
import { type Duration, type Instant, MINUTE, SECOND, toIso } from './units.ts';
import type { FailoverAction } from './words.ts';

/**
 * Every stretch of bad stream: what it was, how long viewers had nothing, what was done, and the money around it
 * (TAB-15, STR-67). Both losses are estimates, say so, and are in no total: one holds the ten minutes before on all screen
 * channels and takes off what was sold all the same, the other is the stream's median minute.
 */
export function incidentsTable(page: MoneyPage): Table {
  const { record } = page;
  const runs = cueRunsOf(record);
  const net = (from: number, to: number, online: boolean): number =>
    page.postings
      .filter(({ channel, at }) => (channel !== 'in-person') === online && at >= from && at < to)
      .reduce((total, posting) => total + posting.netMinor, 0);
  const rows = record.show.stream.incidents.map((incident) => {
    const [from, to] = [incident.startedAt, endOf(incident, record)];
    const before = net(from - 10 * MINUTE, from, true);
    const expected = Math.round((before / (10 * MINUTE)) * (to - from));
    const stretch = { startedAt: from, endedAt: to };
    const sold = salesDuring(record.show, stretch);
    return { incident, from, to, before, expected, during: net(from, to, true), sold, done: doneIn(record, stretch) };
  });
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  return tableOf(rows, [
    f.text('source', 'Where', ({ incident }) => incident.layer),
    f.text('cause', 'Cause', ({ incident }) => incident.cause),
    f.text('level', 'Worst', ({ incident }) => incident.worst),
    f.instant('fromUtc', 'From', ({ from }) => toIso(from)),
    f.instant('toUtc', 'To', ({ incident, to }) => (incident.endedAt === null ? null : toIso(to))),
    f.duration('durationMs', 'Duration', ({ from, to }) => to - from),
    f.money('onlineNetBefore10', 'Online net, 10 min before', ({ before }) => before),
    f.money('onlineNetDuring', 'Online net during', ({ during }) => during),
    f.money('onlineNetAfter10', 'Online net, 10 min after', ({ to }) => net(to, to + 10 * MINUTE, true)),
    f.money('expectedDuring', 'Expected during (estimate)', ({ expected }) => expected),
    f.money('atRisk', 'At risk (estimate)', ({ expected, during }) => Math.max(0, expected - during)),
    f.money('inPersonNetDuring', 'In-person net during', ({ from, to }) => net(from, to, false)),
    f.text('failover', 'Done', ({ done }) => done),
    f.text('cue', 'On air', ({ from }) => runs.find((run) => run.from <= from && from < run.to)?.title ?? null),
    f.text('what', 'What it was', ({ incident }) => sentenceOf(incident)),
    f.duration('darkMs', 'Dark', ({ incident }) => incident.darkMs),
    f.duration('starvedMs', 'Starved', ({ incident }) => incident.starvedMs),
    f.integer('streamSalesDuring', 'Stream sales during', ({ sold }) => sold.stream.count),
    f.integer('streamUnitsDuring', 'Stream units during', ({ sold }) => sold.stream.units),
    f.money('streamNetDuring', 'Stream net during', ({ sold }) => sold.stream.netMinor),
    f.money('streamNetAtRisk', 'Stream net at risk (estimate)', ({ sold }) => sold.netAtRiskMinor),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

/** One that nobody saw the end of ends with the show. */
export function endOf({ startedAt, endedAt }: StreamIncident, { show, at }: CloseRecord): Instant {
  return endedAt ?? Math.max(startedAt, show.closingAt ?? at);
}

/** The cause in words, and for how long the hub itself was away. */
function sentenceOf({ message, blindMs }: StreamIncident): string {
  return blindMs === 0 ? message : `${message} Dropdesk was away for ${Math.round(blindMs / SECOND)} s of it.`;
}

const DEEDS: Record<FailoverAction, string> = {
  'show-slate': 'slate shown',
  'clear-slate': 'slate taken off',
  'switch-ingest': 'ingest switched',
  'retry-ingest': 'reconnected',
  'start-recording': 'recording started',
};

function doneIn(record: CloseRecord, stretch: { startedAt: Instant; endedAt: Instant }): string | null {
  const deeds = deedsDuring(record.show, stretch).map(({ what, to, state, tookMs }) => {
    const deed = what === 'switch-ingest' && to !== null ? `${DEEDS[what]} to ${to}` : DEEDS[what];
    const took = tookMs === null ? '' : ` in ${seconds(tookMs)} s`;
    if (state === 'finished') return `${deed}${took}`;
    return state === 'would-have' ? `would have: ${deed}` : `${deed}: ${state}`;
  });
  return deeds.length === 0 ? null : deeds.join('; ');
}

function seconds(ms: Duration): string {
  return (ms / SECOND).toFixed(1);
}
