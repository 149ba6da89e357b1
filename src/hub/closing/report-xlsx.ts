import { type Cell, type Column, type Report, type Table, TABLE_NAMES } from '../../contract/report-file.ts';
import { formatDecimal } from '../../domain/money.ts';
import { esc } from './markup.ts';
import { zipOf } from './zip.ts';

/**
 * report.xlsx: one sheet a table, real numbers and dates, text always as text, no formula, no macro, no link.
 *
 * Written here and not by a package: the hub must keep answering while 250,000 cells are written, and equal reports must
 * be equal bytes. Rows are made in slices, the packing runs off the thread, and the archive carries no time.
 */
const MOST_TEXT = 32_767;
const SLICE = 1000;
const DAY_MS = 86_400_000;
/** 1970-01-01 as spreadsheets count days */
const EPOCH_DAY = 25_569;
const LOCAL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
/** places in cellXfs below */
const STYLE = { header: 1, money: 2, ratio: 3, date: 4 };
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const LINKS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export async function reportXlsx({ tables, show }: Report): Promise<Uint8Array> {
  const sheets: { path: string; content: string }[] = [];
  for (const [index, name] of TABLE_NAMES.entries())
    sheets.push({ path: `xl/worksheets/sheet${index + 1}.xml`, content: await sheetXml(tables[name], show.currency) });
  return zipOf([
    { path: '[Content_Types].xml', content: contentTypes() },
    {
      path: '_rels/.rels',
      content: `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    { path: 'xl/workbook.xml', content: workbookXml(tables) },
    { path: 'xl/_rels/workbook.xml.rels', content: workbookLinks() },
    { path: 'xl/styles.xml', content: stylesXml(show.currencyDigits) },
    ...sheets,
  ]);
}

async function sheetXml(table: Table, currency: string): Promise<string> {
  const letters = table.columns.map((_, index) => columnLetters(index + 1));
  const last = letters.at(-1) ?? 'A';
  const widths = table.columns.map(
    (column, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widthOf(column, index, table)}" customWidth="1"/>`,
  );
  const head = table.columns.map(({ title }, index) => textCell(`${letters[index] ?? ''}1`, title, STYLE.header));
  const parts = [
    `${XML}<worksheet xmlns="${MAIN}"><dimension ref="A1:${last}${table.rows.length + 1}"/><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths.join('')}</cols><sheetData><row r="1">${head.join('')}</row>`,
  ];
  for (const [index, row] of table.rows.entries()) {
    const cells = table.columns.map((column, place) =>
      cellXml(`${letters[place] ?? ''}${index + 2}`, column, row[place] ?? null, currency),
    );
    parts.push(`<row r="${index + 2}">${cells.join('')}</row>`);
    if (index % SLICE === SLICE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  parts.push(
    `</sheetData><autoFilter ref="A1:${last}${table.rows.length + 1}"/><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/></worksheet>`,
  );
  return parts.join('');
}

function cellXml(at: string, { key, type }: Column, value: Cell, currency: string): string {
  if (value === null) return '';
  if (type === 'money' && typeof value === 'number') return numberCell(at, formatDecimal(value, currency), STYLE.money);
  if (type === 'ratio' && typeof value === 'number') return numberCell(at, String(value), STYLE.ratio);
  if (type === 'instant' && typeof value === 'string') return numberCell(at, dayNumber(value), STYLE.date);
  // The show's wall time: written as the date it reads, whatever zone the spreadsheet is opened in.
  if (key.endsWith('Local') && typeof value === 'string' && LOCAL.test(value))
    return numberCell(at, dayNumber(`${value.replace(' ', 'T')}Z`), STYLE.date);
  if (typeof value === 'number') return numberCell(at, String(value));
  if (typeof value === 'boolean') return textCell(at, value ? 'yes' : 'no');
  return textCell(at, value);
}

function numberCell(at: string, value: string, style = 0): string {
  return `<c r="${at}"${style === 0 ? '' : ` s="${style}"`}><v>${value}</v></c>`;
}

/** Inline text is never a formula, whatever it begins with. */
function textCell(at: string, text: string, style = 0): string {
  const cut = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
  return `<c r="${at}"${style === 0 ? '' : ` s="${style}"`} t="inlineStr"><is><t xml:space="preserve">${esc(cut).replace(/[\ufffe\uffff]/g, '\ufffd')}</t></is></c>`;
}

/** Days since 1899-12-30, to the millisecond. */
function dayNumber(iso: string): string {
  return String(Math.round((Date.parse(iso) / DAY_MS + EPOCH_DAY) * 1e9) / 1e9);
}

function widthOf({ title, type, key }: Column, index: number, table: Table): number {
  if (type === 'instant' || key.endsWith('Local')) return 20;
  const longest = table.rows
    .slice(0, 200)
    .reduce((most, row) => Math.max(most, String(row[index] ?? '').length), title.length);
  return Math.min(48, Math.max(10, longest + 2));
}

/** 1 → A, 27 → AA */
function columnLetters(place: number): string {
  let text = '';
  for (let rest = place; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
}

function contentTypes(): string {
  const sheets = TABLE_NAMES.map(
    (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  );
  return `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${sheets.join('')}</Types>`;
}

/** A filter is a hidden name as well; without it Excel offers to repair the file. */
function workbookXml(tables: Report['tables']): string {
  const sheets = TABLE_NAMES.map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const filters = TABLE_NAMES.map((name, index) => {
    const { columns, rows } = tables[name];
    return `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${name}!$A$1:$${columnLetters(columns.length)}$${rows.length + 1}</definedName>`;
  });
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${LINKS}"><bookViews><workbookView/></bookViews><sheets>${sheets.join('')}</sheets><definedNames>${filters.join('')}</definedNames></workbook>`;
}

function workbookLinks(): string {
  const sheets = TABLE_NAMES.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${LINKS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const styles = `<Relationship Id="rId${TABLE_NAMES.length + 1}" Type="${LINKS}/styles" Target="styles.xml"/>`;
  return `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets.join('')}${styles}</Relationships>`;
}

function stylesXml(digits: number): string {
  const money = digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
  const format = (id: number): string =>
    `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`;
  return `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="${money}"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF2"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>${format(164)}${format(2)}${format(165)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}
