import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { TestHub, tempFolder, until } from '../kit/hub.ts';
import {
  bytesGrow,
  calm,
  goOnAir,
  proposal,
  recordedBytes,
  saidAt,
  saidSince,
  serverOf,
} from '../stream/failover-rig.ts';
import { end, freePorts } from '../stream/processes.ts';
import { startNginx } from '../stream/real-nginx.ts';
import { type ShowWish, type StreamShow, startShow } from '../stream/show.ts';

/** What takes its time: switches of a real OBS out of trouble that it has not noticed, outages, and killed hubs. */

let show: StreamShow | null = null;
afterEach(async () => {
  await show?.stop();
  show = null;
});

/** @param keyint frames between keyframes; null: the rig's, one every two seconds */
async function onAir(wish: ShowWish = {}, keyint: number | null = null): Promise<StreamShow> {
  show = await startShow(wish);
  if (keyint !== null) {
    const asked = {
      parameterCategory: 'SimpleOutput',
      parameterName: 'x264Settings',
      parameterValue: `keyint=${keyint}`,
    };
    await show.rig.hand.call('SetProfileParameter', asked, 5000);
  }
  await goOnAir(show);
  await calm(show);
  return show;
}

it('from a stall that OBS has not noticed, bytes are at the backup within 20 s', async () => {
  const show = await onAir();
  await show.hub.do('arm-failover', { mode: 'confirm' });
  const from = show.rig.said.length;
  const recorded = await recordedBytes(show);
  const began = performance.now();
  show.rig.uplink.set({ kind: 'swallow' });
  const { action, what } = await proposal(show, 15_000);
  expect(what).toBe('switch-ingest');
  const proposedMs = Math.round(performance.now() - began);
  // OBS thinks that all is well.
  expect(saidSince(show, from)).toEqual([]);
  const confirmed = performance.now();
  const [reply, flowsAt] = await Promise.all([
    show.hub.ask('confirm-action', { action }),
    bytesGrow(show.rig.backup.statUrl, 40_000, 'bytes at the backup'),
  ]);
  const stoppedMs = Math.round((saidAt(show, from, 'STOPPED') ?? NaN) - confirmed);
  console.log(
    `unnoticed stall: proposed after ${proposedMs} ms, StopStream took ${stoppedMs} ms, confirmed to bytes ` +
      `${Math.round(flowsAt - confirmed)} ms; OBS said ${saidSince(show, from).join(' ')}; ${JSON.stringify(reply)}`,
  );
  expect(reply).toMatchObject({ ok: true });
  expect(flowsAt - confirmed).toBeLessThanOrEqual(20_000);
  expect(await recordedBytes(show)).toBeGreaterThan(recorded);
});

it('in auto, after an outage of 30 s without a backup, bytes are back within 10 s of the network', async () => {
  const show = await onAir({ stream: () => ({ backupIngest: null }) });
  await show.hub.do('arm-failover', { mode: 'auto' });
  const from = show.rig.said.length;
  show.rig.uplink.set({ kind: 'swallow' });
  await show.pause(30_000);
  const healed = performance.now();
  show.rig.uplink.set({ kind: 'none' });
  const flowsAt = await bytesGrow(show.rig.statUrl, 60_000, 'bytes at the ingest');
  const { history } = (await show.hub.state()).failover;
  console.log(
    `outage of 30 s: bytes ${Math.round(flowsAt - healed)} ms after the network; OBS said ${saidSince(show, from).join(' ')}; ` +
      history.map(({ what, state, tookMs }) => `${what} ${state} ${tookMs}`).join(', '),
  );
  expect(flowsAt - healed).toBeLessThanOrEqual(10_000);
});

it.each(['STOPPING', 'STOPPED', 'STARTING'])(
  'a hub that is killed when OBS says %s is back in observe, reads how it ended, and does nothing',
  async (state) => {
    const show = await onAir();
    await show.hub.do('arm-failover', { mode: 'confirm' });
    const from = show.rig.said.length;
    show.rig.uplink.set({ kind: 'reset' });
    const { action } = await proposal(show, 30_000);
    // The answer never comes: the hub dies over it.
    void show.hub.ask('confirm-action', { action }).catch(() => undefined);
    await until(state, () => saidAt(show, from, state) !== null, 20_000);
    await show.hub.kill();
    await show.pause(3000);
    const said = saidSince(show, from).length;
    const server = await serverOf(show);
    const env = { DROPDESK_SECRETS: join(show.dataFolder, 'given-secrets.json') };
    const second = await TestHub.start({ data: join(show.dataFolder, 'hub'), env });
    try {
      const read = await until(
        'the read-back',
        async () => {
          const { failover } = await second.state();
          return failover.ingest !== null && failover.history.every((deed) => deed.state !== 'started') && failover;
        },
        20_000,
      );
      await show.pause(5000);
      expect(read.mode).toBe('observe');
      const acted = saidSince(show, from).slice(said);
      expect(acted.filter((word) => word === 'STOPPING' || word === 'STARTING')).toEqual([]);
      expect(await serverOf(show)).toBe(server);
      console.log(`killed at ${state}: ${read.history[0]?.state}, ${saidSince(show, from).join(' ')}`);
    } finally {
      await second.stop();
    }
  },
);

it('behind a relay the whole hub moves the leg within three seconds, and OBS says nothing', async () => {
  const folder = tempFolder('relay-primary');
  const [rtmp = 0, http = 0] = await freePorts(2);
  const primary = startNginx(folder.path, { rtmp, http, host: '127.2.0.1' });
  try {
    // What OBS sends to is the relay. A leg begins at a keyframe, so their distance decides: bytes came after 1.3 s with
    // one every half second, after 3.8 s with one every two.
    const relayed: ShowWish = {
      picture: { width: 320, height: 180, fps: 24, kbps: 400 },
      stream: (rig) => ({
        relay: { url: `${rig.ingestUrl}/{key}` },
        primaryIngest: `rtmp://127.2.0.1:${rtmp}/live`,
        backupIngest: rig.backup.ingestUrl,
      }),
    };
    const show = await onAir(relayed, 24);
    await bytesGrow(`http://127.2.0.1:${http}/stat`, 15_000, 'bytes at the primary');
    const from = show.rig.said.length;
    const began = performance.now();
    const [reply, flowsAt] = await Promise.all([
      show.hub.ask('switch-ingest', { to: 'backup' }),
      bytesGrow(show.rig.backup.statUrl, 15_000, 'bytes at the backup'),
    ]);
    console.log(`relay: bytes ${Math.round(flowsAt - began)} ms after the command; ${JSON.stringify(reply)}`);
    expect(reply).toMatchObject({ ok: true });
    expect((await show.hub.state()).failover).toMatchObject({ tier: 'relay', ingest: 'backup' });
    expect(flowsAt - began).toBeLessThanOrEqual(3000);
    expect(saidSince(show, from)).toEqual([]);
  } finally {
    await end(primary);
    folder.remove();
  }
});
