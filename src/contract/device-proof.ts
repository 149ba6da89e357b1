import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from './base64url.ts';

/**
 * How a paired device shows at every connection that it still holds its key (PAI-10). `sid` is the engine session id,
 * 16 random bytes made by the hub for this connection alone, so a proof that was overheard opens nothing later.
 * This file must not import curves: cue and till pages load it on slow phones, only the join page agrees on keys.
 */
export interface Connect {
  sid: string;
  /** nonce of the device, base64url of 16 bytes */
  cn: string;
  /** device id */
  did: string;
  /** `address:port` as in the page's address bar */
  host: string;
}

export const KEY_BYTES = 32;

/** What a device puts into socket.io's `auth`. */
export interface DeviceAuth {
  did: string;
  cn: string;
  proof: string;
}

/** @returns base64url of 32 bytes */
export function connectProof(deviceKey: Uint8Array, { sid, cn, did, host }: Connect): string {
  return toBase64Url(hmac(sha256, deviceKey, utf8ToBytes(`dropdesk/1 connect.${sid}.${cn}.${did}.${host}`)));
}
