import { currencyDigits, type TaxMode } from '../../domain/money.ts';
import type { OrderSnapshot, SnapshotLine } from '../../domain/order-snapshot.ts';
import type { OutsideOrder } from '../../domain/commands.ts';
import type { Iso, Minor } from '../../domain/units.ts';
import type { TenderKind } from '../../domain/words.ts';
import { foldHeading } from './csv-headings.ts';
import type { CsvRow, CsvTable, Problem } from './csv-table.ts';
import { dateOrderIn, decimalMarkOf, readAmount, readCount, readInstant } from './csv-values.ts';
import type { DateOrder, DecimalMark, Read } from './csv-values.ts';

/** The known exports of shops, row by row. Columns are found by their headings; a file may have any others beside them. */
export interface OrderFileOptions {
  currency: string;
  timeZone: string;
  taxMode: TaxMode;
  /** field → heading, as a person chose; `dateOrder` → `day-first` or `month-first` */
  mapping?: Record<string, string>;
  /** when the file is read: the time of rows that name none */
  at: Iso;
}

/** A whole order as the shop has it, or one that can only be booked as it stands (our own files, mapped ones, returns). */
export type FileOrder = OrderSnapshot | OutsideOrder;

export interface ShopOrders {
  orders: FileOrder[];
  problems: Problem[];
  /** dates may be read in two ways and nothing in the file proves one: a person has to say */
  asksDateOrder: boolean;
}

/** One row's cells by heading, and the problems that reading them has brought. */
export class ShopRow {
  readonly row: CsvRow;
  readonly #file: ShopRows;
  isBad = false;

  constructor(row: CsvRow, file: ShopRows) {
    this.row = row;
    this.#file = file;
  }

  /** The first of these columns that the file has; TikTok ends its cells with a tab, which goes. */
  text(...headings: string[]): string {
    return (this.row.cells[this.#file.column(headings)] ?? '').trim();
  }

  /** Minor units; 0 when the cell is empty. */
  amount(heading: string, currency = this.#file.options.currency): Minor {
    return this.#take<Minor>(heading, (text) => readAmount(text, this.#file.mark, currency), 0);
  }

  /** Exports write discounts and refunds with either sign. */
  size(heading: string, currency?: string): Minor {
    return Math.abs(this.amount(heading, currency));
  }

  count(heading: string): number {
    return this.#take(heading, readCount, 0);
  }

  /** @param date heading of the date, or of date and time; `time`: of the time, if it has a column of its own */
  at(date: string, { time = '', timeZone = this.#file.options.timeZone } = {}): Iso | null {
    const clock = time === '' ? '' : this.text(time);
    return this.#take<Iso | null>(
      date,
      (text) => readInstant(clock === '' ? text : `${text} ${clock}`, timeZone, this.#file.dateOrder),
      null,
    );
  }

  fault(heading: string, message: string): void {
    this.isBad = true;
    this.#file.problems.push({ row: this.row.row, column: heading, message });
  }

  #take<T>(heading: string, read: (text: string) => Read<T>, whenEmpty: T): T {
    const text = this.text(heading);
    if (text === '') return whenEmpty;
    const result = read(text);
    if ('value' in result) return result.value;
    this.fault(heading, result.problem);
    return whenEmpty;
  }
}

export class ShopRows {
  readonly options: OrderFileOptions;
  readonly problems: Problem[] = [];
  readonly mark: DecimalMark;
  readonly dateOrder: DateOrder;
  readonly rows: ShopRow[];
  readonly asksDateOrder: boolean;
  readonly #columns: Map<string, number>;
  /** as asked for → column; folding a heading again at every cell would cost more than reading the file */
  readonly #asked = new Map<string, number>();

  /** @param amounts headings of the columns that hold money; together they say which mark is the decimal one */
  constructor(table: CsvTable, options: OrderFileOptions, { amounts, dates }: { amounts: string[]; dates: string[] }) {
    this.options = options;
    this.#columns = new Map(table.headings.map((heading, index) => [foldHeading(heading), index] as const).reverse());
    this.rows = table.rows.map((row) => new ShopRow(row, this));
    const cells = (headings: string[]): string[] =>
      headings
        .filter((heading) => this.column([heading]) >= 0)
        .flatMap((heading) => this.rows.map((row) => row.text(heading)));
    this.mark = decimalMarkOf(cells(amounts));
    const { order, asks } = dateOrderIn(cells(dates), options.mapping?.['dateOrder']);
    this.dateOrder = order;
    this.asksDateOrder = asks;
  }

  /** @returns −1 when the file has none of them */
  column(headings: readonly string[]): number {
    for (const heading of headings) {
      let index = this.#asked.get(heading);
      if (index === undefined) this.#asked.set(heading, (index = this.#columns.get(foldHeading(heading)) ?? -1));
      if (index >= 0) return index;
    }
    return -1;
  }
}

/** Rows with the same key, in the order in which the keys first appear. */
export function groupedBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

/** Names equal lines of one order `… 1`, `… 2`, so that a line keeps its name when the rows come in another order. */
export function lineNamer(): (...parts: string[]) => string {
  const seen = new Map<string, number>();
  return (...parts) => {
    const base = parts.join(' | ');
    const ordinal = (seen.get(base) ?? 0) + 1;
    seen.set(base, ordinal);
    return `${base} ${ordinal}`;
  };
}

/** The same order is the same snapshot, in whatever order its rows stand in the file. */
export function inLineOrder(lines: SnapshotLine[]): SnapshotLine[] {
  return lines.sort((a, b) => (a.lineId < b.lineId ? -1 : 1));
}

export function tenderOf(method: string): TenderKind {
  if (/cash app/i.test(method)) return 'other';
  if (/\bcash\b/i.test(method)) return 'cash';
  return /card|visa|master|amex|american express|discover|shopify payments|stripe|debit|credit/i.test(method)
    ? 'card'
    : 'other';
}

export function isKnownCurrency(code: string): boolean {
  return currencyDigits(code) !== null;
}

/** What stands in every snapshot that comes from a file. */
export function fileOrder(
  source: string,
  orderId: string,
  at: Iso,
): Pick<OrderSnapshot, 'source' | 'account' | 'orderId' | 'createdAt' | 'test' | 'shippingMinor' | 'person'> {
  return { source, account: '', orderId, createdAt: at, test: false, shippingMinor: 0, person: null };
}
