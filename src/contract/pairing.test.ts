import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { connectProof } from './device-proof.ts';
import {
  agree,
  commitment,
  deviceProof,
  equalBytes,
  hubProof,
  inviteId,
  newKeyPair,
  publicKeyOf,
  spacedCode,
  transcriptHash,
} from './pairing.ts';

const fill = (byte: number, length: number): Uint8Array => new Uint8Array(length).fill(byte);
const b64 = toBase64Url;

/** Vectors of trust.md §17. */
const invite = Uint8Array.from({ length: 16 }, (_, i) => i);
const device = { privateKey: fill(0x11, 32), publicKey: publicKeyOf(fill(0x11, 32)) };
const hub = { privateKey: fill(0x22, 32), publicKey: publicKeyOf(fill(0x22, 32)) };
const hubNonce = fill(0xaa, 16);
const th = transcriptHash({
  host: '192.168.1.20:7701',
  iid: inviteId(invite),
  role: 'till',
  deviceId: 'dev-1',
  name: 'Front table',
  devicePublicKey: device.publicKey,
  deviceNonce: fill(0xbb, 16),
  hubPublicKey: hub.publicKey,
  hubNonce,
});

describe('pairing', () => {
  it('gives the published vectors', () => {
    expect(inviteId(invite)).toBe('Kvsk4ZKoRmA7');
    expect(b64(device.publicKey)).toBe('e06Qm75__kTEZaIgA31gjuNYl9Me-XLwf3SJLLD3PxM');
    expect(b64(hub.publicKey)).toBe('D6poTtKIZ7l_Smot7l34zpdOdrcBjj8iocTPJnhXDyA');
    expect(b64(commitment(hub.publicKey, hubNonce))).toBe('LSgDEdtUdLHfAY5V3UBIAPpAzsYxJXhMB8dmaliSZ38');
    expect(b64(th)).toBe('MLS9wxMnAWS-Lqcy5uRyyhDSWwsqeGgF8fGNeruSvAI');
    const agreed = agree(device.privateKey, hub.publicKey, invite, th);
    expect(b64(agreed.deviceKey)).toBe('soYCgJsIJ2BAMYCv-o2D_GHbLXIxvmYYZf3SpUmPH7w');
    expect(agreed.code).toBe('382735');
    expect(b64(deviceProof(invite, th))).toBe('1uFOcB78s8hJJlaKBfj6LCFsGeQkOsIBEBQJpkIhw1M');
    expect(b64(hubProof(invite, th))).toBe('E2tZE-m22MaJM6ueEmTChWW9OSCpGdEH3wVsJluL1Ak');
  });

  it('agrees on both ends', () => {
    const phone = newKeyPair();
    const desk = newKeyPair();
    expect(agree(phone.privateKey, desk.publicKey, invite, th)).toEqual(
      agree(desk.privateKey, phone.publicKey, invite, th),
    );
  });

  it('refuses a public key that would fix the secret', () => {
    expect(() => agree(device.privateKey, fill(0, 32), invite, th)).toThrow();
  });

  it('shows the code in two groups', () => {
    expect(spacedCode('382735')).toBe('382 735');
  });

  it('compares bytes by value and length', () => {
    expect(equalBytes(fill(1, 4), fill(1, 4))).toBe(true);
    expect(equalBytes(fill(1, 4), fill(2, 4))).toBe(false);
    expect(equalBytes(fill(1, 4), fill(1, 5))).toBe(false);
  });
});

describe('device proof', () => {
  const key = fromBase64Url('soYCgJsIJ2BAMYCv-o2D_GHbLXIxvmYYZf3SpUmPH7w', 32) ?? fill(0, 32);
  const connect = { sid: 'A'.repeat(22), cn: b64(fill(0xcc, 16)), did: 'dev-1', host: '192.168.1.20:7701' };

  it('gives the published vector', () => {
    expect(connectProof(key, connect)).toBe('jGmHoRKVFlbeIbgGzRgnLectThUGvKpec2rRvIwI90Q');
  });

  it('differs for another connection, nonce, device or address', () => {
    const others = [
      { sid: 'B'.repeat(22) },
      { cn: b64(fill(0xcd, 16)) },
      { did: 'dev-2' },
      { host: '192.168.1.20:7702' },
    ];
    for (const other of others)
      expect(connectProof(key, { ...connect, ...other })).not.toBe(connectProof(key, connect));
  });
});

describe('base64url', () => {
  it('reads back what it wrote, for every length', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
      expect(fromBase64Url(b64(bytes), length)).toEqual(bytes);
    }
  });

  it('refuses what is not text, of another length, or of another alphabet', () => {
    for (const text of [null, 7, 'AAAA', '+/AAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAA='])
      expect(fromBase64Url(text, 16)).toBeNull();
  });
});
