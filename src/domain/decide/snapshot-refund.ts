import type { OrderMark, SaleLine, Taken, Tender } from '../facts/sale-facts.ts';
import type { BodyOf } from '../ledger.ts';
import { type TaxMode, share } from '../money.ts';
import { payBack } from '../refund-pricing.ts';
import { evenShare } from '../unit-money.ts';
import { fromIso, toIso, type Minor } from '../units.ts';
import type { Restock, TenderKind } from '../words.ts';
import type { SnapshotStep } from './snapshot-amend.ts';
import { type Standing, type StandingLine, letGo } from './snapshot-standing.ts';
import { type Target, type TargetLine, taxModeOf } from './snapshot-target.ts';

type RefundLine = BodyOf<'sale.refunded'>['lines'][number];
interface Piece extends RefundLine {
  restock: Restock;
  restockedUnits: number;
}

/**
 * Books what an order's newest state gives back beyond what is booked: units that its source put on sale again go to the
 * reserve, others stay with the buyer or are lost. How much money is back in all follows from the newest state alone, so
 * the way there does not matter (I8). Moves `standing` along.
 */
export function refund(step: SnapshotStep, standing: Standing, target: Target): void {
  const mode = taxModeOf(step.show);
  const wanted = standing.lines.map((line) => wantedOf(line, target));
  const due = moneyDue(standing, wanted, target, mode);
  const pieces = standing.lines.flatMap((line, i) => piecesOf(step, standing, line, wanted[i] ?? NOTHING, mode));
  const worth = sum(pieces, (piece) => piece.amountMinor);
  const paid = payBack(pieces, Math.max(0, Math.min(due.goodsMinor, worth)), due.taxMinor);
  // What is given back beyond the units' worth names no line; so does a refund that was taken back.
  const looseMinor = due.goodsMinor - sum(paid, (piece) => piece.amountMinor);
  const looseTax = due.taxMinor - sum(paid, (piece) => piece.taxMinor);
  const back = paid.filter(({ restock }) => restock === 'reserve');
  const gone = paid.filter(({ restock }) => restock === 'no');
  const rest = { amountMinor: looseMinor + due.besideMinor, taxMinor: looseTax, besideMinor: due.besideMinor };
  const isRestOpen = rest.amountMinor !== 0 || rest.taxMinor !== 0 || rest.besideMinor !== 0;
  if (back.length > 0)
    post(step, standing, { pieces: back, restock: 'reserve', rest: gone.length > 0 ? NO_REST : rest });
  if (gone.length > 0 || (back.length === 0 && isRestOpen)) post(step, standing, { pieces: gone, restock: 'no', rest });
}

interface Wanted {
  /** units back in all, and of these: on sale again */
  refunded: number;
  restocked: number;
}
interface Rest {
  amountMinor: Minor;
  taxMinor: Minor;
  besideMinor: Minor;
}
const NOTHING: Wanted = { refunded: 0, restocked: 0 };
const NO_REST: Rest = { amountMinor: 0, taxMinor: 0, besideMinor: 0 };

/** A cancelled order's other goods never left: they go back on sale (CON-3). */
function wantedOf({ key, line, refunded }: StandingLine, target: Target): Wanted {
  const told = key === null ? undefined : target.lines.find((each: TargetLine) => each.key === key);
  const base = told ?? { refunded, restocked: 0 };
  const open = target.isCancelled ? Math.max(0, line.quantity - base.refunded) : 0;
  return {
    refunded: Math.min(line.quantity, base.refunded + open),
    restocked: Math.min(line.quantity, base.restocked + open),
  };
}

/** Money that is still to be given back; negative when the source took a refund back. */
function moneyDue(
  standing: Standing,
  wanted: readonly Wanted[],
  target: Target,
  mode: TaxMode,
): { goodsMinor: Minor; taxMinor: Minor; besideMinor: Minor } {
  const units = standing.lines.map(({ line }, i) => unitsWorth(line, 0, wanted[i]?.refunded ?? 0, mode));
  const worth = sum(units, (each) => each.amountMinor);
  const worthTax = sum(units, (each) => each.taxMinor);
  const goods = standing.netMinor + (mode === 'exclusive' ? standing.taxMinor : 0);
  const told = target.isCancelled ? standing.totalMinor : (target.refundedMinor ?? worth);
  const allMinor = Math.max(0, Math.min(told, standing.totalMinor));
  const goodsMinor = Math.min(allMinor, goods);
  const taxMinor = taxWithin(goodsMinor, { worth, worthTax, goods, tax: standing.taxMinor });
  const besideMinor = allMinor - goodsMinor;
  const { ofSource } = standing;
  const due = {
    goodsMinor: goodsMinor - (ofSource.refundedMinor - ofSource.besideMinor),
    taxMinor: taxMinor - ofSource.refundedTaxMinor,
    besideMinor: besideMinor - ofSource.besideMinor,
  };
  // What the desk has given back itself is what the source now tells of: it is not given back twice.
  const byDesk = standing.refundedMinor - ofSource.refundedMinor;
  if (byDesk <= 0 || due.goodsMinor <= 0) return due;
  const openMinor = Math.max(0, due.goodsMinor - byDesk);
  return { ...due, goodsMinor: openMinor, taxMinor: share(due.taxMinor, BigInt(openMinor), BigInt(due.goodsMinor)) };
}

/** Tax in so much refunded money: that of the units, scaled where less or more than their worth was given back. */
function taxWithin(
  amount: Minor,
  { worth, worthTax, goods, tax }: { worth: Minor; worthTax: Minor; goods: Minor; tax: Minor },
): Minor {
  if (amount === worth) return worthTax;
  if (amount < worth) return share(worthTax, BigInt(amount), BigInt(worth));
  return worthTax + share(tax - worthTax, BigInt(amount - worth), BigInt(goods - worth));
}

/** Money of the units `from` … `from + units − 1` of a line, as the buyer paid it. */
function unitsWorth(
  line: SaleLine,
  from: number,
  units: number,
  mode: TaxMode,
): { amountMinor: Minor; taxMinor: Minor } {
  if (line.quantity === 0 || units === 0) return { amountMinor: 0, taxMinor: 0 };
  const taxMinor = evenShare(line.taxMinor, line.quantity, from, units);
  const netMinor = evenShare(line.netMinor, line.quantity, from, units);
  return { amountMinor: netMinor + (mode === 'exclusive' ? taxMinor : 0), taxMinor };
}

function piecesOf(step: SnapshotStep, standing: Standing, entry: StandingLine, wanted: Wanted, mode: TaxMode): Piece[] {
  const units = Math.max(0, wanted.refunded - entry.refunded);
  const { refunded, restocked } = entry.ofSource;
  const restockedUnits = Math.max(0, Math.min(wanted.restocked, refunded + units) - restocked);
  const backUnits = Math.min(units, restockedUnits);
  const pieces: Piece[] = [];
  const add = (restock: Restock, quantity: number, returning: number): void => {
    const gone = letGo(standing, entry, { units: quantity, returning }, step.ask.actor.by);
    step.facts.push(...gone.facts);
    const { restocked, uncommitted } = gone;
    step.shelf.put([...restocked, ...uncommitted]);
    pieces.push(pieceOf(entry, { restock, quantity, restockedUnits: returning, restocked, uncommitted }, mode));
    entry.refunded += quantity;
    entry.ofSource.refunded += quantity;
    entry.ofSource.restocked += returning;
  };
  if (restockedUnits > 0) add('reserve', backUnits, restockedUnits);
  if (units > backUnits) add('no', units - backUnits, 0);
  return pieces;
}

function pieceOf(
  { line, refunded }: StandingLine,
  back: { restock: Restock; quantity: number; restockedUnits: number; restocked: Taken[]; uncommitted: Taken[] },
  mode: TaxMode,
): Piece {
  return {
    line: line.line,
    sku: line.sku ?? line.foreignSku ?? '',
    ...back,
    ...unitsWorth(line, refunded, back.quantity, mode),
  };
}

function post(
  step: SnapshotStep,
  standing: Standing,
  { pieces, restock, rest }: { pieces: readonly Piece[]; restock: Restock; rest: Rest },
): void {
  const { ask, source, order, facts } = step;
  const amountMinor = sum(pieces, (piece) => piece.amountMinor) + rest.amountMinor;
  const taxMinor = sum(pieces, (piece) => piece.taxMinor) + rest.taxMinor;
  const tenders = backTenders(standing, amountMinor);
  facts.push({
    kind: 'sale.refunded',
    body: {
      refundId: `r${ask.seq + facts.length}`,
      saleId: standing.saleId,
      lines: pieces.map(({ restock: _, restockedUnits: __, ...line }) => line),
      amountMinor,
      taxMinor,
      tenders,
      channel: standing.channel,
      reason: 'refunded at the source',
      restock,
      madeAt: toIso(fromIso(order.updatedAt)),
      by: ask.actor.by,
      source,
      sourceId: `${order.orderId}~${order.revision}${restock === 'reserve' ? 'r' : ''}`,
      ...(rest.besideMinor === 0 ? {} : { besideMinor: rest.besideMinor }),
      order: { ...order, restocked: restockedOf(pieces) },
    },
  });
  standing.refundedMinor += amountMinor;
  standing.ofSource.refundedMinor += amountMinor;
  standing.ofSource.refundedTaxMinor += taxMinor;
  standing.ofSource.besideMinor += rest.besideMinor;
  standing.refundedTenders.push(...tenders);
}

function restockedOf(
  pieces: readonly Piece[],
): (OrderMark & { restocked: { line: number; units: number }[] })['restocked'] {
  return pieces.flatMap(({ line, restockedUnits }) =>
    line !== null && restockedUnits > 0 ? [{ line, units: restockedUnits }] : [],
  );
}

/** Card first, never above what each paid; a refund that was taken back goes the other way. */
function backTenders(standing: Standing, amountMinor: Minor): Tender[] {
  const order: TenderKind[] = amountMinor < 0 ? ['cash', 'other', 'card'] : ['card', 'other', 'cash'];
  const of = (tenders: readonly Tender[], kind: TenderKind): Minor =>
    sum(tenders, (tender) => (tender.kind === kind ? tender.amountMinor : 0));
  const tenders: Tender[] = [];
  let open = amountMinor;
  for (const kind of order) {
    const back = of(standing.refundedTenders, kind);
    const part = amountMinor < 0 ? Math.max(open, -back) : Math.min(open, of(standing.tenders, kind) - back);
    if (part === 0 || Math.sign(part) !== Math.sign(amountMinor)) continue;
    tenders.push({ kind, amountMinor: part });
    open -= part;
  }
  return tenders;
}

function sum<T>(list: readonly T[], pick: (item: T) => number): number {
  return list.reduce((all, item) => all + pick(item), 0);
}
