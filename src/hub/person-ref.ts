import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { normalContact } from '../domain/contact.ts';

/**
 * First 22 characters of a keyed hash: the same contact gives the same reference in every show of this installation, and
 * nobody without the key can tell whose it is (CON-12).
 */
export function personRef(key: Buffer, contact: string): string {
  return createHmac('sha256', keyObjectOf(key)).update(normalContact(contact)).digest('base64url').slice(0, 22);
}

/** Made once a key: a large file asks for tens of thousands of references, and wrapping the bytes costs more than the hash. */
const wrapped = new WeakMap<Buffer, KeyObject>();

function keyObjectOf(key: Buffer): KeyObject {
  let object = wrapped.get(key);
  if (!object) wrapped.set(key, (object = createSecretKey(key)));
  return object;
}
