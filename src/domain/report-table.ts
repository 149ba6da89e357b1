/** One cell: money in integer minor units, a ratio 0…1 in six places, an instant as ISO text; null is "not known". */
export type Cell = string | number | boolean | null;
export type ColumnType = 'text' | 'integer' | 'money' | 'ratio' | 'instant' | 'duration' | 'flag';

export interface Column {
  /** English, stable: the csv header, the key in report.json */
  key: string;
  type: ColumnType;
  /** for people, in the show's language */
  title: string;
}

export interface Table {
  columns: Column[];
  rows: Cell[][];
}

/** Order of sheets, csv files and keys. */
export const TABLE_NAMES = [
  'summary',
  'channels',
  'products',
  'offers',
  'promises',
  'creators',
  'costs',
  'quarterHours',
  'tenders',
  'stock',
  'giveBack',
  'cues',
  'incidents',
  'audit',
  'clips',
  'sales',
  'lines',
  'exceptions',
  'checks',
  'definitions',
] as const;
export type TableName = (typeof TABLE_NAMES)[number];

/** A column and how its cell is read from what the row is made of. */
export interface Field<Row> {
  column: Column;
  of: (row: Row) => Cell;
}

type Read<Row> = (row: Row) => Cell;

/** Makes the fields of a table: `f.money('net', 'Net', (row) => row.netMinor)`. */
export function fieldsOf<Row>(): { [T in ColumnType]: (key: string, title: string, of: Read<Row>) => Field<Row> } {
  const make =
    (type: ColumnType) =>
    (key: string, title: string, of: Read<Row>): Field<Row> => ({ column: { key, type, title }, of });
  return {
    text: make('text'),
    integer: make('integer'),
    money: make('money'),
    ratio: make('ratio'),
    instant: make('instant'),
    duration: make('duration'),
    flag: make('flag'),
  };
}

export function tableOf<Row>(rows: Iterable<Row>, fields: Field<Row>[]): Table {
  return {
    columns: fields.map(({ column }) => column),
    rows: Array.from(rows, (row) => fields.map(({ of }) => of(row))),
  };
}

/** @returns null when there is nothing to divide by: not known is not 0 */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6;
}
