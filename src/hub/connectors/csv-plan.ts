import { isDeepStrictEqual } from 'node:util';
import { planToFile, readPlan } from '../../contract/plan-file.ts';
import type { Fault, Plan, Product } from '../../domain/plan.ts';
import { columnsOf, mappingOf, PRODUCT_FIELDS } from './csv-headings.ts';
import type { Columns, Fields } from './csv-headings.ts';
import { PLAN_LIMITS, readTable, refused } from './csv-table.ts';
import type { CsvRow, CsvTable, Problem, Unreadable } from './csv-table.ts';
import { decimalMarkOf, readAmount, readCount } from './csv-values.ts';
import type { Read } from './csv-values.ts';
import { formatDecimal } from '../../domain/money.ts';

/**
 * Products from a CSV file (UI-50): whole or not at all, judged by the same rules as a plan file. A product of the plan
 * that the file does not name stays as it is.
 */
export interface PlanRows<T> {
  /** the plan's list after the import; meaningful only without problems */
  items: T[];
  added: string[];
  changed: string[];
  unchanged: string[];
  problems: Problem[];
  rows: number;
  mapping: Record<string, string>;
  headings: string[];
}

export function readProductsCsv(
  bytes: Buffer,
  plan: Plan,
  mapping: Record<string, string> | undefined,
): PlanRows<Product> | Unreadable {
  const table = readTable(bytes, PLAN_LIMITS);
  if ('refusal' in table) return table;
  const columns = columnsOf(table.headings, PRODUCT_FIELDS, mapping);
  const missing = (['name', 'price'] as const).filter((field) => columns[field] === undefined);
  if (missing.length > 0) return noColumn(missing, table);
  const { currency } = plan.show;
  const mark = decimalMarkOf(table.rows.flatMap((row) => [cellOf(row, columns.price), cellOf(row, columns.cost)]));
  const problems: Problem[] = [];
  const file = planToFile(plan);
  const present = new Map((file.products ?? []).map((product) => [product.sku, product]));
  const named = new Set(present.keys());
  const rowOf = new Map<string, number>();
  for (const row of table.rows) {
    const take = taker(row, columns, table.headings, problems);
    const amount = (text: string): Read<string> => {
      const read = readAmount(text, mark, currency);
      return 'value' in read ? { value: formatDecimal(read.value, currency) } : read;
    };
    const name = cellOf(row, columns.name);
    const sku = cellOf(row, columns.sku) || skuFor(name, plan, named);
    if (rowOf.has(sku))
      problems.push({
        row: row.row,
        column: table.headings[columns.sku ?? 0] ?? '',
        message: `"${sku}" is in row ${rowOf.get(sku)} already`,
      });
    rowOf.set(sku, row.row);
    named.add(sku);
    const known = present.get(sku);
    const price = take('price', amount) ?? known?.price;
    if (price === undefined && cellOf(row, columns.price) === '')
      problems.push({ row: row.row, column: table.headings[columns.price ?? 0] ?? '', message: 'is empty' });
    const given = {
      reserve: take('reserve', readCount),
      lowAt: take('lowAt', readCount),
      flags: take('flags', (text) => ({
        value: text
          .split(/[,;|]/)
          .map((flag) => flag.trim())
          .filter((flag) => flag !== ''),
      })),
      taxRate: take('taxRate', readTaxRate),
      barcode: take('barcode', (text) => ({ value: text })),
      cost: take('cost', amount),
    };
    present.set(sku, { ...known, sku, name, price: price ?? '0', ...withoutUndefined(given) });
  }
  const products = [...present.values()];
  const judged = readPlan({ ...file, products });
  if ('faults' in judged && problems.length === 0) {
    problems.push(
      ...problemsOf(
        judged.faults,
        'products',
        (index) => rowOf.get(products[index]?.sku ?? '') ?? 0,
        columns,
        table.headings,
      ),
    );
  }
  const items = 'faults' in judged ? [] : judged.plan.products;
  const news = {
    problems,
    rows: table.rows.length,
    mapping: mappingOf(columns, table.headings),
    headings: table.headings,
  };
  return {
    items,
    ...compared(
      items.filter(({ sku }) => rowOf.has(sku)),
      plan.products,
      ({ sku }) => sku,
    ),
    ...news,
  };
}

/** What an import would do to a list: ids of the rows that are new, other than before, and as before. */
export function compared<T>(
  next: readonly T[],
  before: readonly T[],
  idOf: (item: T) => string,
): { added: string[]; changed: string[]; unchanged: string[] } {
  const known = new Map(before.map((item) => [idOf(item), item]));
  const result: { added: string[]; changed: string[]; unchanged: string[] } = { added: [], changed: [], unchanged: [] };
  for (const item of next) {
    const was = known.get(idOf(item));
    result[was === undefined ? 'added' : isDeepStrictEqual(was, item) ? 'unchanged' : 'changed'].push(idOf(item));
  }
  return result;
}

/** Faults of a plan's list → problems of the rows that made them; faults elsewhere have no row. */
export function problemsOf(
  faults: Fault[],
  list: 'products' | 'cues' | 'signups',
  rowOf: (index: number) => number,
  columns: Partial<Record<string, number>>,
  headings: string[],
): Problem[] {
  return faults.map(({ path, message }) => {
    const [, index, rest] = new RegExp(`^${list}\\[(\\d+)\\]\\.?(.*)$`).exec(path) ?? [];
    if (index === undefined) return { row: 0, column: path, message };
    const field = (rest ?? '').split(/[.[]/)[0] ?? '';
    return { row: rowOf(Number(index)), column: headings[columns[field] ?? -1] ?? field, message };
  });
}

export function taker<F extends Fields>(row: CsvRow, columns: Columns<F>, headings: string[], problems: Problem[]) {
  return <T>(field: keyof F & string, read: (text: string) => Read<T>): T | undefined => {
    const text = cellOf(row, columns[field]);
    if (text === '') return undefined;
    const result = read(text);
    if ('value' in result) return result.value;
    problems.push({ row: row.row, column: headings[columns[field] ?? -1] ?? field, message: result.problem });
    return undefined;
  };
}

export function cellOf(row: CsvRow, column: number | undefined): string {
  return column === undefined ? '' : (row.cells[column] ?? '').trim();
}

export function noColumn(fields: readonly string[], table: CsvTable): Unreadable {
  return refused(
    'unreadable',
    `No column is known to hold ${fields.join(' or ')}. The headings are: ${table.headings.join(', ')}.`,
  );
}

/** `Blue mug` → `BLUE-MUG`; a product of that name keeps its sku, so that the same file twice changes nothing. */
function skuFor(name: string, plan: Plan, taken: ReadonlySet<string>): string {
  const known = plan.products.find((product) => product.name === name);
  if (known) return known.sku;
  const base =
    name
      .normalize('NFKD')
      .toUpperCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60) || 'ITEM';
  for (let n = 1; ; n += 1) {
    const sku = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(sku)) return sku;
  }
}

/** `23 %`, `23` and `0.23` are the same rate; a bare 1 is not clear. */
function readTaxRate(text: string): Read<string> {
  const figure = /^(\d{1,2}(?:[.,]\d{1,4})?)\s*(%?)$/.exec(text);
  if (!figure) return { problem: `"${text}" is no tax rate` };
  const plain = (figure[1] ?? '').replace(',', '.');
  if (figure[2] === '' && /^0(\.|$)/.test(plain)) return { value: plain };
  if (figure[2] === '' && plain === '1') return { problem: '1 may be 1 % or 100 %; write 1% or 100%' };
  const [whole = '', rest = ''] = plain.split('.');
  return { value: `0.${whole.padStart(2, '0')}${rest}`.replace(/0+$/, '').replace(/\.$/, '') };
}

export function withoutUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
