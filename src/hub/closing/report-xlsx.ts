import { unzipSync, zipSync } from 'fflate';
import writeExcelFile from 'write-excel-file/node';
import {
  findElement,
  getCellAddress,
  getOpeningTagMarkup,
  getClosingTagMarkup,
  getOrderOfSiblings,
  getSelfClosingTagMarkup,
  insertElementMarkupAccordingToOrderOfSiblings,
  replaceElement,
  sanitizeTextContent,
} from 'write-excel-file/utility';
import { type Cell, type Column, type Report, type Table, TABLE_NAMES } from '../../contract/report-file.ts';

/**
 * report.xlsx: one sheet a table, real numbers and dates, text always as text, no formula, no macro, no link. Equal
 * reports are equal bytes: the library writes no author and no date, and its archive is packed again without times.
 * It works in one go, 20,000 rows of 16 cells for 3 s of one processor (a third of it packs twice), so this belongs into a
 * thread of its own.
 */
const MOST_TEXT = 32_767;
const LOCAL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const DATE_FORMAT = 'yyyy-mm-dd hh:mm:ss';
const HEADER = { type: String, fontWeight: 'bold', backgroundColor: '#E8EDF2' } as const;
/** the first day a ZIP can name, as the clock on the wall reads it */
const FIRST_DAY = new Date(1980, 0, 1);

type Book = Parameters<typeof writeExcelFile>;
type Sheet = Book[0][number];
type Feature = NonNullable<NonNullable<Book[1]>['features']>[number];
type SheetCell = Sheet['data'][number][number];
type ToCell = (value: Cell) => SheetCell;

export async function reportXlsx({ tables, show }: Report): Promise<Uint8Array> {
  const sheets = TABLE_NAMES.map((sheet) => sheetOf(sheet, tables[sheet], show));
  const filters = filtersOver(TABLE_NAMES.map((name) => ({ name, table: tables[name] })));
  return withoutTimes(await writeExcelFile(sheets, { features: [filters] }).toBuffer());
}

function sheetOf(sheet: string, table: Table, money: Report['show']): Sheet {
  const toCells = table.columns.map((column) => toCellOf(column, money));
  const header = table.columns.map(({ title }) => ({ ...HEADER, value: title }));
  const rows = table.rows.map((row) => toCells.map((toCell, place) => toCell(row[place] ?? null)));
  const columns = table.columns.map((column, index) => ({ width: widthOf(column, index, table) }));
  return { sheet, data: [header, ...rows], columns, stickyRowsCount: 1 };
}

/** How a column's values become cells. Objects are kept small: the library looks up a style for each that has one. */
function toCellOf({ key, type }: Column, { currency, currencyDigits: digits }: Report['show']): ToCell {
  const date = (iso: string): SheetCell => ({ value: new Date(iso), type: Date, format: DATE_FORMAT });
  const money = `[$${currency}] #,##0${digits === 0 ? '' : `.${'0'.repeat(digits)}`}`;
  return (value) => {
    if (value === null) return null;
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    if (typeof value === 'number') {
      if (type === 'money') return { value: value / 10 ** digits, type: Number, format: money };
      return type === 'ratio' ? { value, type: Number, format: '0.00' } : value;
    }
    if (type === 'instant') return date(value);
    // The show's wall time: written as the date it reads, whatever zone the spreadsheet is opened in.
    if (key.endsWith('Local') && LOCAL.test(value)) return date(`${value.replace(' ', 'T')}Z`);
    return textOf(value);
  };
}

/** Text is never a formula here, whatever it begins with. */
function textOf(text: string): string {
  const cut = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
  // The library keeps texts in a plain object and would find `constructor` there before it was put in.
  return cut in {} ? `${cut} ` : cut.toWellFormed();
}

function widthOf({ title, type, key }: Column, index: number, table: Table): number {
  if (type === 'instant' || key.endsWith('Local')) return 20;
  const longest = table.rows
    .slice(0, 200)
    .reduce((most, row) => Math.max(most, String(row[index] ?? '').length), title.length);
  return Math.min(48, Math.max(10, longest + 2));
}

/** Filters over every table, which the library leaves to features; each is a hidden name as well, as Excel writes it. */
function filtersOver(sheets: readonly { name: string; table: Table }[]): Feature {
  const lastCells = sheets.map(({ table }) => getCellAddress(table.rows.length, table.columns.length - 1));
  const names = sheets.map(({ name }, index) => {
    const attributes = { name: '_xlnm._FilterDatabase', localSheetId: index, hidden: 1 };
    const range = `${name}!$A$1:${(lastCells[index] ?? 'A1').replace(/([A-Z]+)(\d+)/, '$$$1$$$2')}`;
    return (
      getOpeningTagMarkup('definedName', attributes) + sanitizeTextContent(range) + getClosingTagMarkup('definedName')
    );
  });
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, _sheet, { sheetIndex }) =>
            insertElementMarkupAccordingToOrderOfSiblings(
              xml,
              getSelfClosingTagMarkup('autoFilter', { ref: `A1:${lastCells[sheetIndex] ?? 'A1'}` }),
              getOrderOfSiblings('xl/worksheets/sheet{id}.xml', 'worksheet') ?? [],
              'worksheet',
            ),
        },
        'xl/workbook.xml': {
          transform: (xml) => {
            const empty = findElement(xml, 'definedNames');
            const full = getOpeningTagMarkup('definedNames') + names.join('') + getClosingTagMarkup('definedNames');
            return empty ? replaceElement(xml, empty, full) : xml;
          },
        },
      },
    },
  };
}

/** The same archive with every entry of one day, so that it does not tell when it was written. */
function withoutTimes(archive: Uint8Array): Uint8Array {
  return zipSync(unzipSync(archive), { mtime: FIRST_DAY });
}
