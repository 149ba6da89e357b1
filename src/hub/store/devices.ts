import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DeviceRole } from '../../domain/words.ts';
import type { DeviceKeys, PairedDevice } from '../doors.ts';
import type { Db } from './database.ts';

/** Beside the settings in desk.db, because a venue's tills outlive one show. */
export const DEVICES_MIGRATION = `
CREATE TABLE device (
  id TEXT PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, person TEXT, till TEXT,
  sealed_key BLOB, state TEXT NOT NULL CHECK (state IN ('pending', 'joined', 'revoked')), code TEXT,
  address TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
`;

interface DeviceRow {
  id: string;
  role: DeviceRole;
  name: string;
  person: string | null;
  till: string | null;
  sealed_key: Buffer | null;
  state: PairedDevice['state'];
  code: string | null;
  address: string;
  created_at: number;
}

/**
 * Paired devices and their keys. Each key is sealed with AES-256-GCM under the installation's key and bound to its
 * device id, so that a copied desk.db opens nothing and keys cannot be swapped between rows. All rows are few, so they
 * are held in memory too and a connection costs no query.
 */
export class DeviceStore implements DeviceKeys {
  readonly #db: Db;
  readonly #installationKey: Buffer;
  readonly #devices = new Map<string, PairedDevice>();

  /**
   * @param installationKey 32 bytes
   * @throws when a key was sealed under another installation key
   */
  constructor(db: Db, installationKey: Buffer) {
    this.#db = db;
    this.#installationKey = installationKey;
    const rows = db.prepare('SELECT * FROM device ORDER BY created_at, id').all() as DeviceRow[];
    for (const row of rows) this.#devices.set(row.id, this.#fromRow(row));
  }

  find(id: string): PairedDevice | null {
    return this.#devices.get(id) ?? null;
  }

  list(): PairedDevice[] {
    return [...this.#devices.values()];
  }

  save(device: PairedDevice): void {
    this.#db
      .prepare('INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        device.id,
        device.role,
        device.name,
        device.person,
        device.till,
        this.#seal(device.id, device.key),
        device.state,
        device.code,
        device.address,
        device.createdAt,
      );
    this.#devices.set(device.id, device);
  }

  approve(id: string): void {
    const device = this.#known(id);
    this.#db.prepare("UPDATE device SET state = 'joined', code = NULL WHERE id = ?").run(id);
    this.#devices.set(id, { ...device, state: 'joined', code: null });
  }

  revoke(id: string): void {
    const device = this.#known(id);
    this.#db.prepare("UPDATE device SET state = 'revoked', code = NULL, sealed_key = NULL WHERE id = ?").run(id);
    this.#devices.set(id, { ...device, state: 'revoked', code: null, key: new Uint8Array(0) });
  }

  #known(id: string): PairedDevice {
    const device = this.find(id);
    if (!device) throw new Error(`device ${id} is not in desk.db`);
    return device;
  }

  #fromRow(row: DeviceRow): PairedDevice {
    const { sealed_key: sealed, created_at: createdAt, ...rest } = row;
    return { ...rest, createdAt, key: sealed === null ? new Uint8Array(0) : this.#unseal(row.id, sealed) };
  }

  /** iv (12) ‖ tag (16) ‖ text */
  #seal(id: string, key: Uint8Array): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#installationKey, iv).setAAD(Buffer.from(`device ${id}`));
    const text = Buffer.concat([cipher.update(key), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]);
  }

  #unseal(id: string, sealed: Buffer): Uint8Array {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#installationKey, sealed.subarray(0, 12));
      decipher.setAAD(Buffer.from(`device ${id}`)).setAuthTag(sealed.subarray(12, 28));
      return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]));
    } catch (cause) {
      throw new Error(`unseal the key of device ${id}: desk.db belongs to another installation key`, { cause });
    }
  }
}
