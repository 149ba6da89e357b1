import type { Offer } from './plan.ts';

/** Codes are the same in small and capital letters and with spaces round them. */
export function foldCode(code: string): string {
  return code.normalize('NFKC').trim().toLowerCase();
}

/** Key under which the use of a code is remembered. */
export function codeKey(offer: string, code: string): string {
  return `${offer}\n${foldCode(code)}`;
}

export function isCodeOf(offer: Pick<Offer, 'codes'>, code: string): boolean {
  const folded = foldCode(code);
  return offer.codes.some((each) => foldCode(each) === folded);
}
