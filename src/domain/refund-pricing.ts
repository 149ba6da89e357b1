import type { SaleLine } from './facts/sale-facts.ts';
import { type TaxMode, allocate, share } from './money.ts';
import { type SaleRecord, backUnits, perUnit } from './sale-record.ts';
import { unitMoney } from './unit-money.ts';
import type { Minor } from './units.ts';

/** So many units of one line, or of one part of it, that are to come back. */
export interface Back {
  /** index of the line in the sale */
  index: number;
  /** as it was asked for: the line's own sku, or one of its parts' */
  sku: string;
  quantity: number;
  /** units by part index */
  parts: { part: number; units: number }[];
  /** money as the buyer paid it, tax on top included */
  amountMinor: Minor;
  taxMinor: Minor;
}

/** Finds the units asked for in a sale's lines: whole lines first, then parts of bundles. */
export function findBacks(
  sale: SaleRecord,
  asked: readonly { sku: string; quantity: number }[],
  mode: TaxMode,
): { backs: Back[] } | { sku: string; left: number } {
  const taken = new Map<string, number>();
  const backs: Back[] = [];
  for (const { sku, quantity } of asked) {
    const found = [...wholes(sale, sku, taken), ...partsOf(sale, sku, taken)];
    let open = quantity;
    for (const source of found) {
      const units = Math.min(open, source.left());
      // A line without units (money alone) has no number of them.
      if (!(units > 0)) continue;
      backs.push(source.take(units, mode));
      open -= units;
    }
    if (open > 0) return { sku, left: quantity - open };
  }
  return { backs };
}

/** Everything that has not come back yet. */
export function allThatIsLeft(sale: SaleRecord): { sku: string; quantity: number }[] {
  const left: { sku: string; quantity: number }[] = [];
  sale.lines.forEach((line, index) => {
    const units = line.parts.map((part, i) => part.quantity - backUnits(sale, index, i));
    const whole = Math.min(...units.map((unit, i) => Math.floor(unit / perUnit(line, i))));
    const sku = line.sku ?? line.foreignSku ?? '';
    if (whole > 0) left.push({ sku, quantity: whole });
    line.parts.forEach((part, i) => {
      const rest = (units[i] ?? 0) - whole * perUnit(line, i);
      if (rest > 0) left.push({ sku: part.sku, quantity: rest });
    });
  });
  return left;
}

/**
 * Sets what is really given back: the units' worth, or the amount the seller names, spread over the lines by worth.
 * Tax follows in proportion, up to `taxLimit`.
 */
export function payBack<T extends { amountMinor: Minor; taxMinor: Minor }>(
  backs: readonly T[],
  amountMinor: Minor,
  taxLimit: Minor,
): T[] {
  const worth = sumOf(backs, (back) => back.amountMinor);
  if (worth === amountMinor) return [...backs];
  const tax = sumOf(backs, (back) => back.taxMinor);
  const due = worth === 0 ? 0 : share(tax, BigInt(amountMinor), BigInt(worth));
  const weights = backs.map((back) => back.amountMinor);
  const amounts = allocate(amountMinor, weights);
  const taxes = allocate(Math.min(due, amountMinor, taxLimit), amounts);
  return backs.map((back, i) => ({ ...back, amountMinor: amounts[i] ?? 0, taxMinor: taxes[i] ?? 0 }));
}

interface BackSource {
  left: () => number;
  take: (units: number, mode: TaxMode) => Back;
}

function wholes(sale: SaleRecord, sku: string, taken: Map<string, number>): BackSource[] {
  return sale.lines.flatMap((line, index): BackSource[] => {
    if ((line.sku ?? line.foreignSku) !== sku) return [];
    const each = line.parts.map((_, part) => ({ part, units: perUnit(line, part) }));
    return [sourceOf(sale, index, sku, each, taken)];
  });
}

function partsOf(sale: SaleRecord, sku: string, taken: Map<string, number>): BackSource[] {
  return sale.lines.flatMap((line, index): BackSource[] => {
    const part = line.parts.findIndex((each) => each.sku === sku);
    return part < 0 || line.sku === sku ? [] : [sourceOf(sale, index, sku, [{ part, units: 1 }], taken)];
  });
}

function sourceOf(
  sale: SaleRecord,
  index: number,
  sku: string,
  each: { part: number; units: number }[],
  taken: Map<string, number>,
): BackSource {
  const line = sale.lines[index] as SaleLine;
  const backSoFar = (part: number): number => backUnits(sale, index, part) + (taken.get(`${index}.${part}`) ?? 0);
  return {
    left: () =>
      Math.min(
        ...each.map(({ part, units }) => Math.floor(((line.parts[part]?.quantity ?? 0) - backSoFar(part)) / units)),
      ),
    take: (quantity, mode) => {
      const parts = each.map(({ part, units }) => ({ part, units: units * quantity }));
      let amountMinor = 0;
      let taxMinor = 0;
      for (const { part, units } of parts) {
        const money = unitMoney(line, part, backSoFar(part), units);
        taxMinor += money.taxMinor;
        amountMinor += money.netMinor + (mode === 'exclusive' ? money.taxMinor : 0);
        taken.set(`${index}.${part}`, (taken.get(`${index}.${part}`) ?? 0) + units);
      }
      return { index, sku, quantity, parts, amountMinor, taxMinor };
    },
  };
}

function sumOf<T>(list: readonly T[], pick: (item: T) => number): number {
  return list.reduce((sum, item) => sum + pick(item), 0);
}
