import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PairedDevice } from '../doors.ts';
import { type Db, openDatabase } from './database.ts';
import { DEVICES_MIGRATION, DeviceStore } from './devices.ts';

const installationKey = randomBytes(32);
const key = new Uint8Array(randomBytes(32));
const till: PairedDevice = {
  id: 'dev-1',
  role: 'till',
  name: 'Front table',
  person: null,
  till: 'till-1',
  key,
  state: 'pending',
  code: '382735',
  address: '192.168.1.30',
  createdAt: 1_796_060_700_000,
};

describe('device store', () => {
  let folder: string;
  let db: Db;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'devices-'));
    db = openDatabase(join(folder, 'desk.db'), [DEVICES_MIGRATION]);
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps a device with its key over a restart', () => {
    new DeviceStore(db, installationKey).save(till);
    expect(new DeviceStore(db, installationKey).list()).toEqual([till]);
  });

  it('forgets the code when a till is approved', () => {
    const store = new DeviceStore(db, installationKey);
    store.save(till);
    store.approve('dev-1');
    for (const read of [store, new DeviceStore(db, installationKey)]) {
      expect(read.find('dev-1')).toEqual({ ...till, state: 'joined', code: null });
    }
  });

  it('leaves a tombstone without a key when a device is revoked', () => {
    const store = new DeviceStore(db, installationKey);
    store.save(till);
    store.revoke('dev-1');
    for (const read of [store, new DeviceStore(db, installationKey)]) {
      expect(read.find('dev-1')).toMatchObject({ state: 'revoked', key: new Uint8Array(0) });
    }
  });

  it('never writes a key in the clear', () => {
    new DeviceStore(db, installationKey).save(till);
    db.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(join(folder, 'desk.db')).includes(Buffer.from(key))).toBe(false);
  });

  it('refuses keys of another installation and keys moved to another row', () => {
    const store = new DeviceStore(db, installationKey);
    store.save(till);
    expect(() => new DeviceStore(db, randomBytes(32))).toThrow('another installation key');
    store.save({ ...till, id: 'dev-2', key: new Uint8Array(randomBytes(32)) });
    db.exec("UPDATE device SET sealed_key = (SELECT sealed_key FROM device WHERE id = 'dev-1') WHERE id = 'dev-2'");
    expect(() => new DeviceStore(db, installationKey)).toThrow('dev-2');
  });

  it('says which device it does not know', () => {
    const store = new DeviceStore(db, installationKey);
    expect(store.find('constructor')).toBeNull();
    expect(() => store.approve('nobody')).toThrow('nobody');
  });
});
