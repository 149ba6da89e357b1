/**
 * The one CSV writer (FIL-5, EXP-1): UTF-8 with BOM, CRLF, RFC 4180 quoting, the header always there.
 *
 * A spreadsheet runs a text cell that begins like a formula, so such a cell gets a leading `'`; a number never does,
 * or `-12.50` would stop being one. `undefuse` takes off exactly the one `'` that was put on, so files round-trip: a
 * text that itself begins with `'` before a dangerous character gets one more.
 */
export type CsvCell = string | number | boolean | null;

export interface CsvColumn<Row> {
  name: string;
  /** text is defused; a number or a decimal text such as "-12.50" is written as it is; null is an empty cell */
  kind: 'text' | 'number';
  of: (row: Row) => CsvCell;
}

export interface CsvStyle {
  separator: ',' | ';' | '\t';
  decimal: '.' | ',';
}

const PLAIN: CsvStyle = { separator: ',', decimal: '.' };

export function csvText<Row>(rows: Iterable<Row>, columns: CsvColumn<Row>[], style: CsvStyle = PLAIN): string {
  const lines = [columns.map((column) => quoted(column.name, style))];
  for (const row of rows) lines.push(columns.map((column) => cell(column, row, style)));
  return `\uFEFF${lines.map((line) => `${line.join(style.separator)}\r\n`).join('')}`;
}

/** Whether a spreadsheet might run the text: it begins, after spaces, with `= + - @`, a full-width form, TAB, CR, LF or NUL. */
export function looksLikeFormula(text: string): boolean {
  return /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n\0]/.test(text);
}

export function defuse(text: string): string {
  return looksLikeFormula(text.replace(/^'+/, '')) ? `'${text}` : text;
}

/** What `defuse` was given. */
export function undefuse(text: string): string {
  return text.startsWith("'") && looksLikeFormula(text.replace(/^'+/, '')) ? text.slice(1) : text;
}

function cell<Row>(column: CsvColumn<Row>, row: Row, style: CsvStyle): string {
  const value = column.of(row);
  if (value === null) return '';
  if (column.kind === 'number') return quoted(numberText(value, column.name).replace('.', style.decimal), style);
  return quoted(defuse(String(value)), style);
}

/** A text in a number column would slip past `defuse`, so it is a bug and said so. */
function numberText(value: CsvCell, column: string): string {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error(`column ${column} holds "${text}", which is no number`);
  return text;
}

function quoted(text: string, style: CsvStyle): string {
  return /["\r\n]/.test(text) || text.includes(style.separator) || /^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
