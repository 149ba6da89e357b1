import type { Sha256 } from './moments-input.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `k` and ten letters made from what the moment hangs on, so that a later version of the files finds it again (MOM-14). */
export function momentId(anchor: string, sha256: Sha256): string {
  let bits = 0n;
  for (const byte of sha256(anchor).slice(0, 7)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 6n;
  let text = '';
  for (let place = 0; place < 10; place++) {
    text = (BASE32[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return `k${text}`;
}
