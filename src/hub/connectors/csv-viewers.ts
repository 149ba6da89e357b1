import { fromIso, type Instant } from '../../domain/units.ts';
import type { ViewersState } from '../../domain/viewers.ts';
import { columnsOf, mappingOf } from './csv-headings.ts';
import { cellOf, noColumn, type PlanRows, taker } from './csv-plan.ts';
import { type Problem, readTable, type Unreadable } from './csv-table.ts';
import { dateOrderIn, readCount, readInstant } from './csv-values.ts';

export interface ViewerRow {
  at: Instant;
  count: number;
  source: string;
}

const FIELDS = {
  at: ['at', 'atutc', 'time', 'timestamp', 'date', 'datetime', 'minute', 'zeit', 'heure', 'hora', 'ora', '時刻'],
  count: [
    'count',
    'viewers',
    'concurrentviewers',
    'averageviewers',
    'avgviewers',
    'ccv',
    'zuschauer',
    'spectateurs',
    'espectadores',
    'spettatori',
    '視聴者数',
  ],
  source: ['source', 'platform', 'channel', 'plattform', 'plateforme', 'plataforma', 'piattaforma'],
};
/** A day of counts, one every ten seconds. */
const LIMITS = { bytes: 2 * 1024 * 1024, rows: 10_000 };
const LONGEST_SOURCE = 40;

/**
 * How many watched, as a platform's page exports it: a time and a count a row, perhaps where. Whole or not at all; what
 * was told before of the same moment and source is unchanged, so that the same file twice tells nothing twice.
 *
 * @param source of rows that name none
 */
export function readViewersCsv(
  bytes: Buffer,
  known: ViewersState,
  options: { timeZone: string; mapping: Record<string, string> | undefined; source: string },
): PlanRows<ViewerRow> | Unreadable {
  const table = readTable(bytes, LIMITS);
  if ('refusal' in table) return table;
  const columns = columnsOf(table.headings, FIELDS, options.mapping);
  const missing = (['at', 'count'] as const).filter((field) => columns[field] === undefined);
  if (missing.length > 0) return noColumn(missing, table);
  const times = table.rows.map((row) => cellOf(row, columns.at));
  const { order } = dateOrderIn(times, options.mapping?.['dateOrder']);
  const told = new Set(known.notes.map(keyOf));
  const problems: Problem[] = [];
  const items: ViewerRow[] = [];
  const unchanged: string[] = [];
  for (const row of table.rows) {
    const take = taker(row, columns, table.headings, problems);
    const at = take('at', (text) => readInstant(text, options.timeZone, order));
    const count = take('count', readCount);
    if (at === undefined || count === undefined) {
      if (cellOf(row, columns.at) === '' || cellOf(row, columns.count) === '')
        problems.push({ row: row.row, column: '', message: 'needs a time and a count' });
      continue;
    }
    const source = (cellOf(row, columns.source) || options.source).slice(0, LONGEST_SOURCE);
    const note = { at: fromIso(at), count, source };
    if (told.has(keyOf(note))) unchanged.push(at);
    else items.push(note);
    told.add(keyOf(note));
  }
  return {
    items,
    added: items.map(({ at }) => new Date(at).toISOString()),
    changed: [],
    unchanged,
    problems,
    rows: table.rows.length,
    mapping: mappingOf(columns, table.headings),
    headings: table.headings,
  };
}

function keyOf({ at, source }: ViewerRow): string {
  return `${at} ${source}`;
}
