import { existsSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { DeskState } from '../../src/contract/desk-state.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { planFile, tempFolder, TestHub, until } from './hub.ts';

/**
 * Row 15 of specs/stream.md: the hub is killed in a step of a switch, begins again on the same folder, and must only read.
 * OBS (the fake one) lives on in this process and remembers every request.
 */
export const CHANGES = ['StopStream', 'SetStreamServiceSettings', 'StartStream', 'SetCurrentProgramScene'] as const;

/** The request of OBS after which the hub is killed, and how long after. */
export interface Kill {
  after: 'GetStreamServiceSettings' | (typeof CHANGES)[number];
  waitMs: number;
}

export interface Killed {
  /** requests that changed something, after the restart */
  changedAfter: string[];
  mode: string;
  /** ends of the action in the ledger after the restart: `failover.finished` or `failover.failed` */
  ends: string[];
  disarmed: string[];
  /** did the switch really happen, by what OBS is set to and whether it is on air? */
  happened: boolean;
  history: DeskState['failover']['history'];
}

export async function killInSwitch({ after, waitMs }: Kill): Promise<Killed> {
  const obs = await startFakeObs({
    figures: { streaming: true, recording: true, stopMs: 250, startMs: 250, firstByteMs: 250 },
  });
  const door = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.destroy());
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const backupIngest = `rtmp://127.0.0.1:${(door.address() as AddressInfo).port}/live`;
  const folder = tempFolder('failover-kill');
  const plan = planFile(folder.path, {
    stream: { obs: { url: obs.url }, slateScene: 'Slate', liveScene: 'Live', backupIngest },
  });
  const args = ['--plan', plan];
  try {
    const first = await TestHub.start({ data: folder.path, args });
    await first.do('open-show');
    await until('OBS', async () => (await first.state()).failover.can['show-slate'].ready);
    await first.do('arm-failover', { mode: 'confirm' });
    const before = obs.requests().length;
    // The answer never comes: the hub dies over it.
    void first.ask('switch-ingest', { to: 'backup' }).catch(() => undefined);
    await until(after, () => isAsked(obs, before, after));
    await new Promise((done) => setTimeout(done, waitMs));
    await first.kill();
    const asked = obs.requests().length;
    const second = await TestHub.start({ data: folder.path, args });
    const state = await until('the read-back', async () => {
      const now = await second.state();
      return now.failover.history.every((deed) => deed.state !== 'started') && now.failover.ingest !== null && now;
    });
    // Time enough for a second action, if there were one.
    await new Promise((done) => setTimeout(done, 700));
    await second.stop();
    return {
      changedAfter: obs
        .requests()
        .slice(asked)
        .map(({ requestType }) => requestType)
        .filter((request) => (CHANGES as readonly string[]).includes(request)),
      mode: state.failover.mode,
      ...endsIn(folder.path),
      happened: obs.figures().streaming && obs.figures().service.settings['server'] === backupIngest,
      history: state.failover.history,
    };
  } finally {
    await obs.close();
    door.close();
    door.unref();
    folder.remove();
  }
}

function isAsked(obs: FakeObs, from: number, request: string): boolean {
  return obs
    .requests()
    .slice(from)
    .some(({ requestType }) => requestType === request);
}

function endsIn(data: string): { ends: string[]; disarmed: string[] } {
  const [show = ''] = readdirSync(join(data, 'shows'));
  const path = join(data, 'shows', show, 'show.db');
  if (!existsSync(path)) throw new Error(`no ledger in ${path}`);
  const db = new Database(path, { readonly: true });
  const rows = db.prepare('SELECT kind, body FROM ledger ORDER BY seq').all() as { kind: string; body: string }[];
  db.close();
  return {
    ends: rows.map(({ kind }) => kind).filter((kind) => kind === 'failover.finished' || kind === 'failover.failed'),
    disarmed: rows
      .filter(({ kind }) => kind === 'failover.disarmed')
      .map(({ body }) => (JSON.parse(body) as { why: string }).why),
  };
}
