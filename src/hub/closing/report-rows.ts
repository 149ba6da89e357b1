import type { Cell, Table } from '../../contract/report-file.ts';

/** Rows by the keys of their columns. */
export function objectsOf(table: Table): Record<string, Cell>[] {
  return table.rows.map((row) => Object.fromEntries(table.columns.map(({ key }, index) => [key, row[index] ?? null])));
}

/** The named columns only, in that order. */
export function pick(table: Table, keys: readonly string[]): Table {
  const places = keys
    .map((key) => table.columns.findIndex((column) => column.key === key))
    .filter((place) => place >= 0);
  return {
    columns: places.flatMap((place) => table.columns[place] ?? []),
    rows: table.rows.map((row) => places.map((place) => row[place] ?? null)),
  };
}
