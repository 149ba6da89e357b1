import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from './base64url.ts';
import { KEY_BYTES } from './device-proof.ts';
import type { DeviceRole } from '../domain/words.ts';

/**
 * How a phone becomes a device (trust.md PAI-1..6), one implementation for the hub and the join page. The invite travels
 * in the QR code's fragment and never on the air; X25519 makes the key, the invite vouches for it, and the hub commits to
 * its half before it sees the phone's, so that nobody in between can search for a pair of equal six-digit codes.
 * Pure JS, because a page on plain HTTP has no crypto.subtle.
 *
 *   phone                                   hub
 *   pair-ask   { iid, deviceId, name }  →   knows the invite by iid
 *                                       ←   { commit, role }
 *   pair-key   { publicKey, nonce }     →
 *                                       ←   { publicKey, nonce }      phone compares with commit
 *   pair-prove { proof }                →   burns the invite
 *                                       ←   { proof, state }          phone compares, then keeps the key
 */
export interface KeyPair {
  privateKey: Uint8Array;
  publicKey: Uint8Array;
}

/** Everything both ends must have seen alike; any difference makes another key. */
export interface Transcript {
  host: string;
  iid: string;
  role: DeviceRole;
  deviceId: string;
  name: string;
  devicePublicKey: Uint8Array;
  deviceNonce: Uint8Array;
  hubPublicKey: Uint8Array;
  hubNonce: Uint8Array;
}

export interface Agreement {
  /** 32 bytes */
  deviceKey: Uint8Array;
  /** six digits, no space */
  code: string;
}

export const INVITE_BYTES = 16;
export const NONCE_BYTES = 16;

export function newKeyPair(): KeyPair {
  const { secretKey, publicKey } = x25519.keygen();
  return { privateKey: secretKey, publicKey };
}

export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return x25519.getPublicKey(privateKey);
}

/** Looks an invite up without showing it. */
export function inviteId(invite: Uint8Array): string {
  return toBase64Url(hmac(sha256, invite, utf8ToBytes('dropdesk/1 invite')).subarray(0, 9));
}

export function commitment(hubPublicKey: Uint8Array, hubNonce: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes('dropdesk/1 commit'), hubPublicKey, hubNonce));
}

export function transcriptHash(t: Transcript): Uint8Array {
  const b64 = toBase64Url;
  const seen = ['dropdesk/1 pair', t.host, t.iid, t.role, t.deviceId, t.name];
  const keys = [t.devicePublicKey, t.deviceNonce, t.hubPublicKey, t.hubNonce].map(b64);
  return sha256(utf8ToBytes(JSON.stringify([...seen, ...keys])));
}

/** @throws when the other side's public key is of low order (it would fix the shared secret) */
export function agree(
  privateKey: Uint8Array,
  theirPublicKey: Uint8Array,
  invite: Uint8Array,
  th: Uint8Array,
): Agreement {
  const ikm = concatBytes(x25519.getSharedSecret(privateKey, theirPublicKey), invite);
  const deviceKey = hkdf(sha256, ikm, th, utf8ToBytes('dropdesk/1 device-key'), KEY_BYTES);
  const [a = 0, b = 0, c = 0, d = 0] = hkdf(sha256, ikm, th, utf8ToBytes('dropdesk/1 code'), 4);
  const code = (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % 1_000_000;
  return { deviceKey, code: String(code).padStart(6, '0') };
}

export function deviceProof(invite: Uint8Array, th: Uint8Array): Uint8Array {
  return hmac(sha256, invite, concatBytes(utf8ToBytes('dropdesk/1 device-proof'), th));
}

export function hubProof(invite: Uint8Array, th: Uint8Array): Uint8Array {
  return hmac(sha256, invite, concatBytes(utf8ToBytes('dropdesk/1 hub-proof'), th));
}

/** Takes as long for a wrong byte at the front as for one at the end. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** `382735` → `382 735`, as both screens show it. */
export function spacedCode(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}
