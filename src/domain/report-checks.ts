import { isGoods } from './stock.ts';
import { chargedOf, liveSales, type MoneyPage } from './report-money-tables.ts';
import { type Figures, sumOf } from './report-postings.ts';
import { type Cell, fieldsOf, type Table, tableOf } from './report-table.ts';

export interface Check {
  check: string;
  left: number;
  right: number;
}

/** Rows and columns of tables as they will be printed: what a reader would add up. */
type Tables = Readonly<Record<string, Table>>;

/**
 * The tie-out block (I5, I17, I18, Σ tenders). Left is what the tables say, right is what the fold has kept by itself;
 * one minor unit off is a bug and stands in red at the top of the report.
 */
export function checksOf(page: MoneyPage, tables: Tables): Check[] {
  const { show } = page.record;
  const { takings } = show.sales;
  const total = sumOf(page.postings);
  const column = (table: string, key: string, keep: (row: Cell[]) => boolean = () => true): number =>
    columnSum(tables[table], key, keep);
  const notTotal = (row: Cell[]): boolean => row[0] !== 'total';
  const byKey = (key: keyof Figures, name: string): Check[] => [
    { check: `I18 ${name}: channels`, left: column('channels', name, notTotal), right: total[key] },
    { check: `I18 ${name}: sales`, left: column('sales', name), right: total[key] },
  ];
  const money = show.sales.byId.size === 0 ? [] : liveSales(page.record);
  return [
    { check: 'sales = ledger', left: column('channels', 'sales', notTotal), right: takings.count },
    { check: 'units = ledger', left: total.units, right: takings.units },
    { check: 'gross = ledger', left: total.grossMinor, right: takings.grossMinor },
    { check: 'discounts = ledger', left: total.discountMinor, right: takings.discountMinor },
    { check: 'returns = ledger', left: total.returnsMinor, right: takings.refundedMinor },
    { check: 'net = ledger', left: total.netMinor, right: takings.netMinor },
    { check: 'tax = ledger', left: total.taxMinor, right: takings.taxMinor },
    {
      check: 'gross − discounts − returns = net',
      left: total.grossMinor - total.discountMinor - total.returnsMinor,
      right: total.netMinor,
    },
    ...byKey('grossMinor', 'gross'),
    ...byKey('discountMinor', 'discounts'),
    ...byKey('returnsMinor', 'returns'),
    ...byKey('netMinor', 'net'),
    ...byKey('units', 'units'),
    { check: 'I18 net: products', left: column('products', 'net'), right: total.netMinor },
    { check: 'I18 units: products', left: column('products', 'unitsSold'), right: total.units },
    { check: 'I18 net: lines', left: column('lines', 'net'), right: total.netMinor },
    { check: 'I18 net: quarterHours', left: column('quarterHours', 'net'), right: total.netMinor },
    { check: 'I18 sales: quarterHours', left: column('quarterHours', 'sales'), right: takings.count },
    {
      check: 'I18 net: creators and none',
      left: column('creators', 'netConfirmed') + creditedToNobody(page),
      right: total.netMinor,
    },
    {
      check: 'I17 Σ lines = sale',
      left: sum(money.flatMap(({ lines }) => lines.map(({ netMinor }) => netMinor))),
      right: sum(money.map(({ netMinor }) => netMinor)),
    },
    {
      check: 'I17 Σ parts = line',
      left: sum(
        money.flatMap(({ lines }) =>
          lines.flatMap(({ parts, netMinor }) => (parts.length > 0 ? parts.map((part) => part.netMinor) : [netMinor])),
        ),
      ),
      right: sum(money.map(({ netMinor }) => netMinor)),
    },
    {
      check: 'tenders = total collected',
      left: column('tenders', 'amount') - column('tenders', 'refunded'),
      right: column('sales', 'totalCollected'),
    },
    {
      check: 'charged + tips + shipping + rounding − due = collected',
      left:
        chargedOf(total, page.exclusive) +
        column('sales', 'tips') +
        column('sales', 'shipping') +
        column('sales', 'rounding') -
        column('sales', 'due'),
      right: column('sales', 'totalCollected'),
    },
    { check: 'rounding = ledger', left: column('sales', 'rounding'), right: takings.roundingMinor },
    { check: 'due = ledger', left: column('sales', 'due'), right: takings.dueMinor },
    { check: 'total collected = ledger', left: column('sales', 'totalCollected'), right: takings.collectedMinor },
    stockCheck(page),
  ];
}

function creditedToNobody(page: MoneyPage): number {
  const people = new Set((page.record.show.plan?.people ?? []).map(({ id }) => id));
  return sumOf(page.postings.filter(({ creator }) => creator === null || !people.has(creator))).netMinor;
}

/** I5 over all products: what came = what is here and what went, movement by movement. A sale's lines hold all they ever took. */
function stockCheck({ record: { show, entries } }: MoneyPage): Check {
  let came = sum([...show.stock.planned.values()]);
  for (const { body } of entries.of('stock.received')) if (isGoods(body.pool)) came += body.quantity;
  for (const { body } of entries.of('stock.adjusted')) if (isGoods(body.pool)) came += body.delta;
  for (const { body } of entries.of('sale.voided')) came += goodsIn(body.restocked);
  for (const { body } of entries.of('sale.refunded')) for (const line of body.lines) came += goodsIn(line.restocked);
  for (const { body } of entries.of('sale.amended')) for (const line of body.lines) came += goodsIn(line.restocked);
  let went = 0;
  for (const sale of show.sales.byId.values())
    if (sale.pickup === 'now') for (const line of sale.lines) went += goodsIn(line.taken);
  for (const { body } of entries.of('pickup.handed-over')) went += goodsIn(body.taken) + goodsIn(body.goods ?? []);
  for (const { body } of entries.of('shortfall.resolved')) if (!body.committed) went += goodsIn(body.taken);
  for (const { body } of entries.of('perk.redeemed')) went += goodsIn(body.taken);
  for (const { body } of entries.of('stock.given-back')) went += body.quantity;
  for (const { body } of entries.of('stock.written-off')) went += body.quantity;
  let here = 0;
  for (const pools of show.stock.cells.values())
    for (const [pool, cell] of pools) if (isGoods(pool)) here += cell.physical;
  return { check: 'I5 stock: opening + in = here + out', left: came, right: here + went };
}

function goodsIn(taken: readonly { pool: string; quantity: number }[]): number {
  return sum(taken.filter(({ pool }) => isGoods(pool)).map(({ quantity }) => quantity));
}

export function checksTable(checks: readonly Check[]): Table {
  const f = fieldsOf<Check>();
  return tableOf(checks, [
    f.text('check', 'Check', ({ check }) => check),
    f.integer('left', 'Left', ({ left }) => left),
    f.integer('right', 'Right', ({ right }) => right),
    f.integer('difference', 'Difference', ({ left, right }) => left - right),
    f.flag('ok', 'OK', ({ left, right }) => left === right),
  ]);
}

export function columnSum(table: Table | undefined, key: string, keep: (row: Cell[]) => boolean): number {
  const index = table?.columns.findIndex((column) => column.key === key) ?? -1;
  return sum((table?.rows ?? []).filter(keep).map((row) => (typeof row[index] === 'number' ? row[index] : 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
