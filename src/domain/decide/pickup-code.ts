import type { ShowState } from '../show.ts';
import type { Ask } from './ask.ts';

/** No two look alike, and no words come out of them. */
const LETTERS = '23456789CDFGHJKMNPQRTVWXY';
const LENGTH = 6;
/** bytes from here on would favour the first letters */
const FAIR = 256 - (256 % LETTERS.length);

/**
 * Six characters that hand the goods of a sale over once (STK-11). They follow from the sale's id and the hub's key, so
 * nobody works them out, and a sale that is decided again gets the same ones.
 */
export function pickupCodeFor(show: ShowState, ask: Pick<Ask, 'codeOf'>, saleId: string): string {
  for (let attempt = 0; ; attempt += 1) {
    const code = codeFrom((ask.codeOf ?? plainBytes)(`pickup ${show.id} ${saleId} ${attempt}`));
    if (code !== null && !show.pickups.byCode.has(code)) return code;
  }
}

/** As it was read or typed: small letters, spaces and dashes do not matter. */
export function readPickupCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '');
}

/** @returns null when too few of the bytes could be used */
function codeFrom(bytes: Iterable<number>): string | null {
  let code = '';
  for (const byte of bytes) {
    if (byte < FAIR) code += LETTERS[byte % LETTERS.length] ?? '';
    if (code.length === LENGTH) return code;
  }
  return null;
}

/** Without a key: spread well, but anybody could work them out. For shows without a hub, which are tests. */
export function plainBytes(text: string): number[] {
  let hash = 0x811c9dc5;
  const bytes: number[] = [];
  for (let i = 0; i < text.length + 24; i += 1) {
    hash = Math.imul(hash ^ (i < text.length ? text.charCodeAt(i) : i), 0x01000193);
    if (i >= text.length) bytes.push((hash >>> 13) & 0xff);
  }
  return bytes;
}
