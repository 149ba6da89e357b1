import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import { Relay } from '../../src/hub/relay/relay.ts';
import { until } from '../kit/hub.ts';
import { childrenOf } from '../stream/processes.ts';

/** The relay's leg when its way cannot be opened; with a real remuxer it is looked at in test/stream/relay.test.ts. */

let folder: string;
let relay: Relay;
let isRefused: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropdesk-relay-'));
  const program = join(folder, 'leg');
  writeFileSync(program, '#!/bin/sh\nexec sleep 60\n');
  chmodSync(program, 0o700);
  isRefused = false;
  relay = new Relay({
    readNow: () => ({ at: 0, mono: performance.now(), t: performance.now(), boot: 'b' }),
    readSecret: () => null,
    setting: () => program,
    measure: () => undefined,
    ownPorts: () => (isRefused ? [1935] : []),
    log: () => undefined,
  });
  const ingests = { primaryIngest: 'rtmp://127.0.0.1:1/live', backupIngest: 'rtmp://127.0.0.1:2/live' };
  relay.plan({ ...NO_STREAM, relay: { url: 'rtmp://127.0.0.1:1935/live/show' }, ...ingests });
});
afterEach(async () => {
  await relay.stop();
  rmSync(folder, { recursive: true, force: true });
});

const legs = (): number => childrenOf(process.pid).length;

it('a leg whose way could not be opened is tried again', async () => {
  const before = legs();
  isRefused = true;
  relay.follow(true);
  await new Promise((done) => setTimeout(done, 300));
  expect(legs()).toBe(before);
  isRefused = false;
  await until('a leg', () => legs() > before, 8000);
});

it('the leg before is ended although the next one cannot begin', async () => {
  const before = legs();
  relay.follow(true);
  await until('a leg', () => legs() > before);
  isRefused = true;
  relay.point('backup');
  await until('its end', () => legs() === before, 5000);
});
