import { type Instant, type Minor, fromIso } from '../../domain/units.ts';
import { SALES_FIELDS, SIGNUP_FIELDS, columnsOf } from './csv-headings.ts';
import { cellOf, noColumn, taker } from './csv-plan.ts';
import { ORDER_LIMITS, type Problem, type Unreadable, readTable } from './csv-table.ts';
import { dateOrderIn, decimalMarkOf, readAmount, readInstant } from './csv-values.ts';

/** Orders of other months, one row an order: who, when, how much. Read to be summed up and forgotten (VER-7). */
export interface ControlOrders {
  orders: ControlOrder[];
  problems: Problem[];
  rows: number;
}

export interface ControlOrder {
  email: string;
  at: Instant;
  netMinor: Minor;
}

const FIELDS = {
  email: [...SIGNUP_FIELDS.email, 'customeremail', 'buyeremail', 'customer', 'buyer'],
  at: SALES_FIELDS.at,
  net: ['net', 'netsales', 'netamount', 'subtotal', ...SALES_FIELDS.total],
};

/** A row without an amount is a further line of the order above it, as shops write them, and no order of its own. */
export function readControlCsv(
  bytes: Buffer,
  options: { currency: string; timeZone: string; mapping: Record<string, string> | undefined },
): ControlOrders | Unreadable {
  const table = readTable(bytes, ORDER_LIMITS);
  if ('refusal' in table) return table;
  const columns = columnsOf(table.headings, FIELDS, options.mapping);
  const missing = (['email', 'at', 'net'] as const).filter((field) => columns[field] === undefined);
  if (missing.length > 0) return noColumn(missing, table);
  const cells = (field: keyof typeof FIELDS): string[] => table.rows.map((row) => cellOf(row, columns[field]));
  const mark = decimalMarkOf(cells('net'));
  const { order } = dateOrderIn(cells('at'), options.mapping?.['dateOrder']);
  const [orders, problems]: [ControlOrder[], Problem[]] = [[], []];
  for (const row of table.rows) {
    const take = taker(row, columns, table.headings, problems);
    const email = cellOf(row, columns.email);
    const netMinor = take('net', (text) => readAmount(text, mark, options.currency));
    if (netMinor === undefined || email === '') continue;
    const at = take('at', (text) => readInstant(text, options.timeZone, order));
    if (at !== undefined) orders.push({ email, at: fromIso(at), netMinor });
  }
  return { orders, problems, rows: table.rows.length };
}
