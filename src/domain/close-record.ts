import type { ClosePin } from './closing.ts';
import type { Entry, EntryOf, FactKind } from './ledger.ts';
import { evolve, initialShow, type ShowState } from './show.ts';
import { available } from './stock.ts';
import { fromIso, type Instant } from './units.ts';

/**
 * A show as its files tell it: the fold of every entry up to the pin, and beside it the entries by kind, for what a
 * report tells that nobody needs while the show runs (when an offer opened and closed, who counted, how long an answer took).
 */
export interface CloseRecord {
  show: ShowState;
  entries: EntryIndex;
  /** a sale took the last unit; in the order it was booked */
  stockOuts: { sku: string; saleId: string; at: Instant }[];
  /** hash of the last entry taken */
  ledgerHash: string;
  /** wall time of the last entry taken; once the pin was taken, the time the files carry */
  at: Instant;
  pin: ClosePin | null;
}

export class EntryIndex {
  readonly #byKind = new Map<FactKind, Entry[]>();

  add(entry: Entry): void {
    const list = this.#byKind.get(entry.kind);
    if (list) list.push(entry);
    else this.#byKind.set(entry.kind, [entry]);
  }

  /** In order of seq. */
  of<K extends FactKind>(kind: K): EntryOf<K>[] {
    return (this.#byKind.get(kind) ?? []) as unknown as EntryOf<K>[];
  }
}

export function initialRecord(showId: string): CloseRecord {
  return { show: initialShow(showId), entries: new EntryIndex(), stockOuts: [], ledgerHash: '', at: 0, pin: null };
}

/** Takes in one entry, in order. Sales themselves stand in the fold, so only the rest is kept. */
export function takeEntry(record: CloseRecord, entry: Entry): void {
  const { show } = record;
  const before = entry.kind === 'sale.recorded' ? leftOf(show, entry) : [];
  evolve(show, entry);
  if (entry.kind === 'sale.recorded') {
    const at = Math.min(fromIso(entry.body.madeAt), entry.at);
    for (const { sku, left } of before) {
      if (left > 0 && available(show.stock, sku) <= 0) record.stockOuts.push({ sku, saleId: entry.body.saleId, at });
    }
  } else record.entries.add(entry);
  record.ledgerHash = entry.hash;
  record.at = entry.at;
  if (entry.kind === 'close.pinned') record.pin = show.close.pinned;
}

function leftOf(show: ShowState, entry: EntryOf<'sale.recorded'>): { sku: string; left: number }[] {
  const skus = new Set(
    entry.body.lines.flatMap(({ taken }) => taken.filter(({ pool }) => pool !== 'preorder').map(({ sku }) => sku)),
  );
  const hold = entry.body.hold === null ? undefined : show.stock.holds.get(entry.body.hold);
  return [...skus].map((sku) => {
    // A sale of held goods frees its hold and takes the same units: the last unit goes by this sale all the same.
    const held = hold?.held.filter((part) => part.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0) ?? 0;
    return { sku, left: available(show.stock, sku) + held };
  });
}
