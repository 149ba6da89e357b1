import { createHmac } from 'node:crypto';
import { normalContact } from '../domain/contact.ts';

/**
 * First 22 characters of a keyed hash: the same contact gives the same reference in every show of this installation, and
 * nobody without the key can tell whose it is (CON-12).
 */
export function personRef(key: Buffer, contact: string): string {
  return createHmac('sha256', key).update(normalContact(contact)).digest('base64url').slice(0, 22);
}
