import type { Offer } from './plan.ts';

/** Codes are the same in small and capital letters and with spaces round them. */
export function foldCode(code: string): string {
  return code.normalize('NFKC').trim().toLowerCase();
}

/** Standing sales that used each code of one offer, by the code as it is folded. */
export type UsedCodes = Map<string, Set<string>>;

export function isCodeOf(offer: Pick<Offer, 'codes'>, code: string): boolean {
  return foldedCodes(offer).has(foldCode(code));
}

/** How many of an offer's codes are used up. */
export function usedCount(offer: Pick<Offer, 'codes'>, used: ReadonlyMap<string, ReadonlySet<string>>): number {
  const codes = foldedCodes(offer);
  let count = 0;
  for (const code of used.keys()) if (codes.has(code)) count += 1;
  return count;
}

const folded = new WeakMap<readonly string[], ReadonlySet<string>>();

/** A plan may hold thousands of codes, and gates and views ask at every change: each list is folded once. */
function foldedCodes({ codes }: Pick<Offer, 'codes'>): ReadonlySet<string> {
  let known = folded.get(codes);
  if (!known) folded.set(codes, (known = new Set(codes.map(foldCode))));
  return known;
}
