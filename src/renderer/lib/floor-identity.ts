import { fromBase64Url, toBase64Url } from '../../contract/base64url.ts';
import { KEY_BYTES } from '../../contract/device-proof.ts';
import type { DeviceRole } from '../../domain/words.ts';

/**
 * Who this device is, for one hub address: the key lives in the storage of the page's origin and leaves it only as
 * proofs. Written by the join page, read by the others.
 */
export interface Identity {
  /** device id, base64url of 16 bytes */
  id: string;
  key: Uint8Array;
  role: DeviceRole;
}

const KEPT = 'dropdesk.device';

export const PAGE_OF: Record<DeviceRole, string> = { 'co-host': '/cue/', till: '/till/', viewer: '/wall/' };

/** @returns null when this device has not joined, or its storage is closed to us */
export function readIdentity(): Identity | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as {
      id?: unknown;
      key?: unknown;
      role?: unknown;
    } | null;
    const key = fromBase64Url(kept?.key, KEY_BYTES);
    if (!key || typeof kept?.id !== 'string' || typeof kept.role !== 'string' || !Object.hasOwn(PAGE_OF, kept.role))
      return null;
    return { id: kept.id, key, role: kept.role as DeviceRole };
  } catch {
    return null;
  }
}

/** @throws when nothing can be kept here (private window, storage switched off) */
export function keepIdentity({ id, key, role }: Identity): void {
  localStorage.setItem(KEPT, JSON.stringify({ id, key: toBase64Url(key), role }));
}
