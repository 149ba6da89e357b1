import { createHmac } from 'node:crypto';

/** Bytes that follow from a text and the installation's key: nobody without the key can work them out (STK-11). */
export function keyedBytes(key: Buffer, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}
