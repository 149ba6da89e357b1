import type { TillItem } from '../../../../contract/floor-views.ts';

/** Between two keys of a scanner that types; people need three times as long. */
const BURST_MS = 50;
const SHORTEST = 3;

/**
 * Tells a keyboard-wedge scanner from a person: keys that follow each other faster than fingers, ended by Enter.
 *
 * @param at monotonic ms of the key
 */
export class Burst {
  #text = '';
  #at = -Infinity;

  /** @returns the scanned code when this key ended one, else null */
  key(key: string, at: number): string | null {
    const isFast = at - this.#at <= BURST_MS;
    this.#at = at;
    if (key === 'Enter') {
      const code = isFast && this.#text.length >= SHORTEST ? this.#text : null;
      this.#text = '';
      return code;
    }
    if (key.length === 1) this.#text = isFast ? this.#text + key : key;
    return null;
  }
}

/** The product that a code names: its barcode, else its sku in any case. */
export function itemOfCode(items: readonly TillItem[], code: string): TillItem | undefined {
  const wanted = code.trim().toLowerCase();
  return (
    items.find(({ barcode }) => barcode?.toLowerCase() === wanted) ??
    items.find(({ sku }) => sku.toLowerCase() === wanted)
  );
}
