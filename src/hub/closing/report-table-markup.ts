import type { Table } from '../../contract/report-file.ts';
import { esc, type Markup } from './markup.ts';
import { pick } from './report-rows.ts';
import type { Words } from './report-words.ts';

/** More stand in the csv files and the spreadsheet only, so that the page stays light (RPT-3). */
const MOST_ROWS = 500;

export interface TableOptions {
  lastIsTotal?: boolean;
  /** a flag column: rows where it is false are red */
  badWhen?: string;
  most?: number;
}

/** @param keys columns to show, in that order, parted by spaces */
export function tableMarkup(
  source: Table,
  keys: string,
  words: Words,
  { lastIsTotal = false, badWhen, most = MOST_ROWS }: TableOptions = {},
): Markup {
  const table = pick(source, keys.split(' '));
  if (table.rows.length === 0) return '<p class="notice">Nothing to list.</p>';
  const numeric = table.columns.map(({ type }) => type !== 'text' && type !== 'instant' && type !== 'flag');
  const flag = table.columns.findIndex(({ key }) => key === badWhen);
  const heads = table.columns
    .map(({ title }, index) => `<th scope="col"${numeric[index] ? ' class="n"' : ''}>${esc(title)}</th>`)
    .join('');
  const rows = table.rows.slice(0, most).map((row, index) => {
    const kind =
      lastIsTotal && index === table.rows.length - 1
        ? ' class="total"'
        : flag >= 0 && row[flag] === false
          ? ' class="bad"'
          : '';
    const cells = table.columns.map(
      (column, place) => `<td${numeric[place] ? ' class="n"' : ''}>${esc(words.cell(column, row[place] ?? null))}</td>`,
    );
    return `<tr${kind}>${cells.join('')}</tr>`;
  });
  const rest = table.rows.length - most;
  const more = rest > 0 ? `<p>${rest} more rows stand in the csv files and the spreadsheet.</p>` : '';
  return `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${more}`;
}
