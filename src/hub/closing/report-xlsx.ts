import writeExcel, { type Cell as SheetCell, type Sheet } from 'write-excel-file/node';
import { type Cell, type Column, type Report, type Table, TABLE_NAMES } from '../../contract/report-file.ts';
import { formatDecimal } from '../../domain/money.ts';
import { stillZip } from './still-zip.ts';

const MOST_TEXT = 32_767;
const HEADER = { fontWeight: 'bold', backgroundColor: '#e8edf2' } as const;
const DATE_FORMAT = 'yyyy-mm-dd hh:mm:ss';
const LOCAL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** One sheet a table: real numbers and dates, text always as text, no formula; the same report gives the same bytes. */
export async function reportXlsx(report: Report): Promise<Uint8Array> {
  const { currency, currencyDigits } = report.show;
  const sheets = TABLE_NAMES.map((name): Sheet<never> => sheetOf(name, report.tables[name], currency, currencyDigits));
  return stillZip(
    await writeExcel(sheets, { fontFamily: 'Calibri', fontSize: 11, features: [autoFilter] } as never).toBuffer(),
  );
}

function sheetOf(name: string, table: Table, currency: string, digits: number): Sheet<never> {
  const money = digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
  const data = [
    table.columns.map(({ title }): SheetCell => ({ value: title, type: String, ...HEADER })),
    ...table.rows.map((row) =>
      table.columns.map((column, index) => cellOf(column, row[index] ?? null, currency, money)),
    ),
  ];
  return {
    sheet: name,
    data,
    columns: table.columns.map((column, index) => ({ width: widthOf(column, index, table) })),
    stickyRowsCount: 1,
  };
}

function cellOf({ key, type }: Column, value: Cell, currency: string, money: string): SheetCell {
  if (value === null) return null;
  if (type === 'money' && typeof value === 'number')
    return { value: Number(formatDecimal(value, currency)), type: Number, format: money };
  if (type === 'ratio' && typeof value === 'number') return { value, type: Number, format: '0.00' };
  if (type === 'instant' && typeof value === 'string')
    return { value: new Date(value), type: Date, format: DATE_FORMAT };
  // The wall time of the show: written as the date it reads, whatever zone the spreadsheet is opened in.
  if (key.endsWith('Local') && typeof value === 'string' && LOCAL.test(value))
    return { value: new Date(`${value.replace(' ', 'T')}Z`), type: Date, format: DATE_FORMAT };
  if (typeof value === 'number') return { value, type: Number };
  if (typeof value === 'boolean') return { value: value ? 'yes' : 'no', type: String };
  return { value: cleanText(value), type: String };
}

/** XML 1.0 has no place for control characters or half a surrogate pair. */
function cleanText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').toWellFormed();
  return clean.length > MOST_TEXT ? `${clean.slice(0, MOST_TEXT - 1)}…`.toWellFormed() : clean;
}

function widthOf({ title, type, key }: Column, index: number, table: Table): number {
  if (type === 'instant' || key.endsWith('Local')) return 20;
  const longest = table.rows
    .slice(0, 200)
    .reduce((most, row) => Math.max(most, String(row[index] ?? '').length), title.length);
  return Math.min(48, Math.max(10, longest + 2));
}

/** The library writes no filters; this adds one over the header of every sheet. */
const autoFilter = {
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform(content: string, sheet: Sheet<never>): string {
          const columns = sheet.columns?.length ?? 0;
          const rows = content.split('<row ').length - 1;
          const range = `A1:${columnLetters(columns)}${Math.max(1, rows)}`;
          return content.replace('</sheetData>', `</sheetData><autoFilter ref="${range}"/>`);
        },
      },
    },
  },
};

function columnLetters(count: number): string {
  let text = '';
  for (let rest = count; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text === '' ? 'A' : text;
}
