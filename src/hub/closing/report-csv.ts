import { type CsvColumn, csvText } from '../../contract/csv.ts';
import type { Cell, Column, Table } from '../../contract/report-file.ts';
import { formatDecimal } from '../../domain/money.ts';

/** One table as CSV: English keys as header, money as decimal text, numbers never touched by the formula rule. */
export function tableCsv(table: Table, currency: string): string {
  return csvText(
    table.rows,
    table.columns.map((column, index): CsvColumn<Cell[]> => ({
      name: column.key,
      kind: isNumber(column) ? 'number' : 'text',
      of: (row) => shown(column, row[index] ?? null, currency),
    })),
  );
}

function isNumber({ type }: Column): boolean {
  return type === 'integer' || type === 'money' || type === 'ratio' || type === 'duration';
}

function shown({ type }: Column, value: Cell, currency: string): Cell {
  return type === 'money' && typeof value === 'number' ? formatDecimal(value, currency) : value;
}
