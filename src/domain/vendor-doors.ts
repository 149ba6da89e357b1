/**
 * A vendor tells of the same orders at two doors: its connector, and the file that a person exports there. The connector
 * knows more (units that came back, what is on sale again), so it leads; the file then only adds what it knows newer.
 */
const FILE_OF: Readonly<Record<string, string>> = { shopify: 'csv:shopify-orders', square: 'csv:square' };
const VENDOR_OF = new Map(Object.entries(FILE_OF).map(([vendor, file]) => [file, vendor]));

export function isVendorFile(source: string): boolean {
  return VENDOR_OF.has(source);
}

/** @returns source of the vendor's other door; null: this source has one door only */
export function otherDoor(source: string): string | null {
  return VENDOR_OF.get(source) ?? FILE_OF[source] ?? null;
}

/** Under which a further name of an order is kept for both doors; null: this source has one door only. */
export function aliasKey(source: string, name: string): string | null {
  const vendor = VENDOR_OF.get(source) ?? (source in FILE_OF ? source : null);
  return vendor === null ? null : `${vendor}\n${name}`;
}

/** Whom a name names when this order bears it, too; both doors of a vendor may bear it. */
export function keptAs(held: string | null | undefined, key: string): string | null {
  if (held === undefined || held === null) return held === undefined ? key : null;
  const sourceOf = (of: string): string => of.slice(0, of.indexOf('\n'));
  return held === key || sourceOf(held) !== sourceOf(key) ? held : null;
}
