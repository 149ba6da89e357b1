import { looksLikeCard } from './card-number.ts';

/**
 * What people type stays in the ledger for ever, so an address or a card number must not get there with it (CON-11,
 * STK-10). A name cannot be told from any other word; these two can.
 */
const EMAIL = /[^\s@<>()"',;:]+@[^\s@<>()"',;:]+\.\p{L}{2,}/gu;
/** 13 to 19 digits in a row, blanks and dashes between them aside; longer rows are ids */
const DIGITS = /(?<![\d])\d(?:[ -]?\d){12,18}(?![ -]?\d)/g;
/** as many digits as a phone number has, in a word that should be a code */
const PHONE = /^\+?[\d\s().\-/]{9,}$/;

/** Does the text hold an e-mail address or a card number? */
export function holdsPersonalText(text: string): boolean {
  return text.search(EMAIL) >= 0 || [...text.matchAll(DIGITS)].some(([digits]) => looksLikeCard(digits));
}

/** The text with every e-mail address and card number blotted out; all else as it was. */
export function withoutPersonalText(text: string): string {
  return text.replace(EMAIL, BLOT).replace(DIGITS, (digits) => (looksLikeCard(digits) ? BLOT : digits));
}

/** A code as a buyer typed it, for keeping: null when it is no code but how to reach somebody. */
export function keptCode(code: string | null): string | null {
  return code === null || holdsPersonalText(code) || PHONE.test(code.trim()) ? null : code;
}

const BLOT = '…';
