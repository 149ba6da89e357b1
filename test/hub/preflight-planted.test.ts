import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_CHECKS, DESK_CHECKS } from '../../src/domain/audit/catalogue.ts';
import type { HealthSample } from '../../src/domain/health/sample.ts';
import { observe } from '../../src/domain/health.ts';
import { type Health, initialHealth } from '../../src/domain/health/state.ts';
import type { StreamPlan } from '../../src/domain/plan.ts';
import { given, makeShow, plan } from '../../src/domain/testing.ts';
import type { AuditOutcome } from '../../src/domain/words.ts';
import { type FakeWeb, type WebManner, startFakeWeb } from '../fakes/fake-web-edge.ts';
import { end, freePorts } from '../stream/processes.ts';
import { startNginx } from '../stream/real-nginx.ts';
import { until } from '../kit/hub.ts';
import { isPrivate } from '../../src/hub/preflight/dead-publisher.ts';
import { knock } from '../../src/hub/net/knock.ts';
import { Authority, type Situation, findingOf } from './preflight-kit.ts';
import { openDoor, portOf } from '../kit/door.ts';
import { NGINX } from './stream-sources-kit.ts';

/**
 * Planted mistakes (STR-74): each must be caught by the check whose matter it is, and a rig without a mistake must fail in
 * none. Ingests are real nginx-rtmp, web servers and certificates are made here; OBS's own are planted next door.
 */
const isRig = existsSync(NGINX.program) && existsSync(NGINX.module);
const KEY = 'live_7Zq-secret';

let folder: string;
let authority: Authority;
let origin: FakeWeb;
let edge: FakeWeb;
const nginx: Record<'good' | 'backup' | 'stock', { rtmp: number; http: number; child: ChildProcess | null }> = {
  good: { rtmp: 0, http: 0, child: null },
  backup: { rtmp: 0, http: 0, child: null },
  stock: { rtmp: 0, http: 0, child: null },
};
const stops: (() => Promise<void> | void)[] = [];
const table: { check: string; mistake: string; wanted: string; found: string; evidence: string }[] = [];

async function serve(name: keyof typeof nginx, host: string, patience: 'stock' | 'hardened'): Promise<void> {
  const [rtmp = 0, http = 0] = await freePorts(2);
  nginx[name] = { rtmp, http, child: startNginx(join(folder, name), { rtmp, http, host }, patience) };
  await until(name, async () => 'handshakeMs' in (await knock(new URL(`rtmp://${host}:${rtmp}/`))));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dropdesk-planted-'));
  authority = new Authority();
  setDefaultCACertificates([...getCACertificates('default'), authority.cert]);
  [origin, edge] = [await startFakeWeb(), await startFakeWeb()];
  if (!isRig) return;
  for (const name of ['good', 'backup', 'stock']) mkdirSync(join(folder, name));
  await serve('good', '127.0.0.1', 'hardened');
  await serve('backup', '127.1.0.1', 'hardened');
  await serve('stock', '127.0.0.1', 'stock');
}, 30_000);

afterAll(async () => {
  for (const stop of stops) await stop();
  for (const { child } of Object.values(nginx)) if (child) await end(child);
  await Promise.all([origin.stop(), edge.stop()]);
  authority.remove();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const line = (cells: string[]): string => cells.map((cell, i) => cell.padEnd([8, 46, 9, 9, 0][i] ?? 0)).join(' ');
  const rows = table.map(({ check, mistake, wanted, found, evidence }) =>
    line([check, mistake, wanted, found, evidence]),
  );
  process.stdout.write(`${[line(['check', 'planted', 'wanted', 'found', 'evidence']), ...rows].join('\n')}\n`);
});

/** A rig with nothing wrong. */
function golden(change: Partial<StreamPlan> = {}): Situation {
  const stream: Partial<StreamPlan> = {
    obs: { url: 'ws://127.0.0.1:4455' },
    rtmpStat: { url: `http://127.0.0.1:${nginx.good.http}/stat`, application: 'live', name: 'show' },
    hls: { url: origin.url },
    edge: { url: edge.url },
    backupIngest: `rtmp://127.1.0.1:${nginx.backup.rtmp}/live`,
    shopOrigin: 'https://shop.example',
    ...change,
  };
  const show = makeShow(plan({ stream: { ...plan().stream, ...stream }, tills: [] }));
  given(show, { kind: 'failover.armed', body: { mode: 'confirm', by: 'desk' } });
  return {
    stream,
    show: show.state,
    settings: {
      'failover.contact': 'Ana, 555 0101',
      'failover.confirms': 'the producer',
      'sound.checked': true,
      'preflight.testStream': true,
    },
    secrets: { 'obs.password': 'open-sesame', 'stream.primary.key': KEY },
    obs: obsThatSendsTo(`rtmp://127.0.0.1:${nginx.good.rtmp}/live`),
    health: () => healthOf([listed(false)]),
    logged: ['{"kind":"ready"}', '{"kind":"obs-up"}'],
  };
}

const obsThatSendsTo = (server: string): Situation['obs'] => ({
  GetStreamServiceSettings: { streamServiceType: 'rtmp_custom', streamServiceSettings: { server, key: KEY } },
  GetProfileParameter: (ask) => ({
    parameterValue: { Mode: 'Simple', VBitrate: '6000', ABitrate: '160' }[String(ask?.['parameterName'])] ?? null,
  }),
});

function listed(isThere: boolean): HealthSample {
  const stream = { bytes_in: 1000, nclients: 1, publishing: true, active: true, client: { timestamp: 1 } };
  return { source: 'rtmp', ms: performance.now(), data: { bytes_in: 1000, pid: 7, stream: isThere ? stream : null } };
}

function healthOf(samples: HealthSample[]): Health {
  const health = initialHealth({
    ...{
      fps: null,
      keyframeSeconds: null,
      targetDurationSeconds: null,
      recordingExpected: false,
      retryDelaySeconds: null,
      stillScenes: [],
      wallAheadMs: null,
    },
    sources: new Set(['obs', 'rtmp'] as const),
  });
  const idle = { active: false, reconnecting: false, bytes: 0, skippedFrames: 0, totalFrames: 0, duration: 0 };
  const data = Object.fromEntries(
    Object.entries(idle).map(([key, value]) => [`output${key[0]?.toUpperCase()}${key.slice(1)}`, value]),
  );
  observe(health, {
    source: 'obs',
    ms: performance.now(),
    data: { GetStreamStatus: data, GetStats: {}, GetRecordStatus: {} },
  });
  for (const sample of samples) observe(health, sample);
  return health;
}

interface Plant {
  check: string;
  mistake: string;
  wanted: AuditOutcome;
  says: RegExp;
  situation: () => Situation | Promise<Situation>;
}

const web =
  (manner: Partial<WebManner>, place: 'origin' | 'edge' = 'edge') =>
  (): Situation => {
    (place === 'edge' ? edge : origin).behave(manner);
    return golden();
  };

async function secured(certificate: { key: string; cert: string }): Promise<Situation> {
  const server = await startFakeWeb({}, { tls: certificate });
  stops.push(server.stop);
  return golden({ edge: { url: server.url.replace('127.0.0.1', 'localhost') } });
}

/** @param bytesPerSecond how fast it reads; null: as fast as it comes */
async function startSink(bytesPerSecond: number | null): Promise<string> {
  const server: Server = createServer((request, response) => {
    request.on('data', (piece: Buffer) => {
      if (bytesPerSecond === null) return;
      request.pause();
      setTimeout(() => request.resume(), (1000 * piece.length) / bytesPerSecond);
    });
    request.on('end', () => response.writeHead(200).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${portOf(server)}/sink`;
}

const PLANTS: Plant[] = [
  {
    check: 'cache-1',
    mistake: 'the playlist stands still',
    wanted: 'fail',
    says: /stands still/,
    situation: web({ goesOn: false }, 'origin'),
  },
  {
    check: 'cache-1',
    mistake: 'a web page in place of the playlist',
    wanted: 'fail',
    says: /not a playlist/,
    situation: web({ playlistBody: '<html></html>' }, 'origin'),
  },
  {
    check: 'cache-1',
    mistake: 'the playlist is gone while on air',
    wanted: 'fail',
    says: /404/,
    situation: () => ({ ...web({ playlistStatus: 404 }, 'origin')(), isLive: true }),
  },
  {
    check: 'cache-2',
    mistake: 'no Cache-Control on the playlist',
    wanted: 'warn',
    says: /nothing/,
    situation: web({ playlistControl: null }),
  },
  {
    check: 'cache-2',
    mistake: 'the playlist is kept for a minute',
    wanted: 'fail',
    says: /60 s/,
    situation: web({ playlistControl: 'public, max-age=60' }),
  },
  {
    check: 'cache-2',
    mistake: 'shared caches keep it for a segment',
    wanted: 'warn',
    says: /2 s/,
    situation: web({ playlistControl: 'max-age=1, s-maxage=2' }),
  },
  {
    check: 'cache-3',
    mistake: 'no Cache-Control on segments',
    wanted: 'warn',
    says: /nothing/,
    situation: web({ segmentControl: null }),
  },
  {
    check: 'cache-3',
    mistake: 'segments may not be kept',
    wanted: 'fail',
    says: /no-store/,
    situation: web({ segmentControl: 'no-store' }),
  },
  {
    check: 'cache-4',
    mistake: 'a 404 is kept for a minute',
    wanted: 'fail',
    says: /60 s/,
    situation: web({ missingControl: 'max-age=60' }),
  },
  {
    check: 'cache-5',
    mistake: 'no CORS header',
    wanted: 'fail',
    says: /no Access-Control/,
    situation: web({ allowOrigin: null }),
  },
  {
    check: 'cache-5',
    mistake: 'CORS for another page',
    wanted: 'fail',
    says: /another page/,
    situation: web({ allowOrigin: 'https://old.example' }),
  },
  {
    check: 'cache-5',
    mistake: 'the shop’s origin is not planned',
    wanted: 'warn',
    says: /not planned/,
    situation: () => ({ ...web({ allowOrigin: 'https://shop.example' })(), ...golden({ shopOrigin: null }) }),
  },
  { check: 'cache-6', mistake: 'no ETag', wanted: 'warn', says: /neither/, situation: web({ hasTag: false }) },
  {
    check: 'cache-6',
    mistake: 'a conditional question breaks it',
    wanted: 'fail',
    says: /500/,
    situation: web({ conditionalStatus: 500 }),
  },
  {
    check: 'cache-7',
    mistake: 'the edge keeps nothing',
    wanted: 'fail',
    says: /miss twice/,
    situation: web({ cacheSays: 'miss' }),
  },
  {
    check: 'cache-7',
    mistake: 'the edge says nothing of its cache',
    wanted: 'warn',
    says: /do not say/,
    situation: web({ cacheSays: 'nothing' }),
  },
  {
    check: 'cache-8',
    mistake: 'the playlist is plain text',
    wanted: 'fail',
    says: /text\/plain/,
    situation: web({ playlistType: 'text/plain' }),
  },
  {
    check: 'cache-8',
    mistake: 'segments without their type',
    wanted: 'fail',
    says: /octet-stream/,
    situation: web({ segmentType: 'application/octet-stream' }),
  },
  { check: 'cache-8', mistake: 'no gzip', wanted: 'warn', says: /gzip/, situation: web({ gzips: false }) },
  { check: 'cache-8', mistake: 'no ranges', wanted: 'warn', says: /200/, situation: web({ takesRanges: false }) },
  {
    check: 'cache-9',
    mistake: 'the edge is five segments behind',
    wanted: 'fail',
    says: /[456] segments/,
    situation: web({ behind: 5 }),
  },
  {
    check: 'cache-9',
    mistake: 'segments without dates',
    wanted: 'warn',
    says: /without dates/,
    situation: web({ isDated: false }),
  },
  {
    check: 'net-2',
    mistake: 'a name that does not exist',
    wanted: 'fail',
    says: /edge is not found/,
    situation: () => golden({ edge: { url: 'https://edge.invalid/live.m3u8' } }),
  },
  {
    check: 'net-3',
    mistake: 'nobody at the ingest’s port',
    wanted: 'fail',
    says: /None of/,
    situation: async () => ({ ...golden(), obs: obsThatSendsTo(`rtmp://127.0.0.1:${(await freePorts(1))[0]}/live`) }),
  },
  {
    check: 'net-4',
    mistake: 'the upload is too slow',
    wanted: 'fail',
    says: /Upload/,
    situation: async () => ({ ...golden(), settings: { 'preflight.sinkUrl': await startSink(400_000) } }),
  },
  {
    check: 'net-5',
    mistake: 'a login page catches the edge',
    wanted: 'fail',
    says: /another host/,
    situation: web({ leadsTo: 'http://login.hotel.example/' }),
  },
  {
    check: 'net-5',
    mistake: 'a login page in place of the playlist',
    wanted: 'fail',
    says: /web page/,
    situation: web({ playlistType: 'text/html', playlistBody: '<html>login</html>' }),
  },
  {
    check: 'net-5',
    mistake: 'safe lines are opened on the way',
    wanted: 'fail',
    says: /Fortinet/,
    situation: async () => {
      const opener = new Authority('Fortinet');
      stops.push(() => opener.remove());
      return await secured(opener.issue('localhost', 300));
    },
  },
  {
    check: 'net-6',
    mistake: 'the clock is eight seconds off',
    wanted: 'fail',
    says: /8\.\d s off|7\.\d s off/,
    situation: () => {
      edge.behave({ clockAheadMs: 8500 });
      origin.behave({ clockAheadMs: 8500 });
      return golden({ rtmpStat: null });
    },
  },
  {
    check: 'net-7',
    mistake: 'the wrong port',
    wanted: 'fail',
    says: /refuses/,
    situation: async () => ({ ...golden(), obs: obsThatSendsTo(`rtmp://127.0.0.1:${(await freePorts(1))[0]}/live`) }),
  },
  {
    check: 'net-7',
    mistake: 'the wrong application',
    wanted: 'fail',
    says: /application/,
    situation: () => ({ ...golden(), obs: obsThatSendsTo(`rtmp://127.0.0.1:${nginx.good.rtmp}/livee`) }),
  },
  {
    check: 'net-7',
    mistake: 'a server that never answers',
    wanted: 'fail',
    says: /does not shake hands/,
    situation: async () => {
      const door = await openDoor((socket) => socket.resume());
      stops.push(() => door.close());
      return { ...golden(), obs: obsThatSendsTo(`rtmp://127.0.0.1:${door.port}/live`) };
    },
  },
  {
    check: 'net-7',
    mistake: 'a web server’s port',
    wanted: 'fail',
    says: /./,
    situation: () => ({ ...golden(), obs: obsThatSendsTo(`rtmp://127.0.0.1:${nginx.good.http}/live`) }),
  },
  {
    check: 'net-8',
    mistake: 'a self-signed certificate',
    wanted: 'fail',
    says: /SELF_SIGNED/,
    situation: () => secured(authority.selfSigned('localhost')),
  },
  {
    check: 'net-8',
    mistake: 'an expired certificate',
    wanted: 'fail',
    says: /expired [34] days ago/,
    situation: () => secured(authority.issue('localhost', -3)),
  },
  {
    check: 'net-8',
    mistake: 'a certificate for five days more',
    wanted: 'warn',
    says: /valid for 5 days/,
    situation: () => secured(authority.issue('localhost', 5)),
  },
  {
    check: 'net-8',
    mistake: 'a certificate of another name',
    wanted: 'fail',
    says: /ALTNAME/,
    situation: () => secured(authority.issue('other.example', 90)),
  },
  {
    check: 'fail-1',
    mistake: 'no backup',
    wanted: 'fail',
    says: /No backup/,
    situation: () => golden({ backupIngest: null }),
  },
  {
    check: 'fail-1',
    mistake: 'the backup is the first again',
    wanted: 'fail',
    says: /same address/,
    situation: () => golden({ backupIngest: `rtmp://127.0.0.1:${nginx.good.rtmp}/live` }),
  },
  {
    check: 'fail-1',
    mistake: 'the backup lets nobody in',
    wanted: 'fail',
    says: /does not let us in/,
    situation: () => golden({ backupIngest: `rtmp://127.1.0.1:${nginx.backup.rtmp}/nothing` }),
  },
  {
    check: 'fail-2',
    mistake: 'a stock nginx keeps the dead',
    wanted: 'fail',
    says: /112 s/,
    situation: () => ({ ...golden(), obs: obsThatSendsTo(`rtmp://127.0.0.1:${nginx.stock.rtmp}/live`) }),
  },
  {
    check: 'fail-3',
    mistake: 'another encoder publishes',
    wanted: 'fail',
    says: /not OBS/,
    situation: () => ({ ...golden(), health: () => healthOf([listed(true)]) }),
  },
  {
    check: 'fail-7',
    mistake: 'nobody was chosen',
    wanted: 'fail',
    says: /Not chosen/,
    situation: () => ({ ...golden(), settings: {}, show: makeShow(plan()).state }),
  },
  {
    check: 'fail-7',
    mistake: 'no contact',
    wanted: 'warn',
    says: /a contact/,
    situation: () => ({ ...golden(), settings: { 'failover.confirms': 'Ana' } }),
  },
  {
    check: 'sec-1',
    mistake: 'the key stands in the log',
    wanted: 'fail',
    says: /1 log lines/,
    situation: () => ({ ...golden(), logged: [`{"url":"${Buffer.from(KEY).toString('base64')}"}`] }),
  },
  {
    check: 'sec-1',
    mistake: 'OBS without a password',
    wanted: 'fail',
    says: /password is off/,
    situation: () => ({ ...golden(), secrets: { 'stream.primary.key': KEY } }),
  },
  {
    check: 'sec-1',
    mistake: 'the key in an address of the plan',
    wanted: 'fail',
    says: /carries the key/,
    situation: () => golden({ backupIngest: `rtmp://127.1.0.1/live/${KEY}` }),
  },
  {
    check: 'sec-1',
    mistake: 'the key is the stream’s name',
    wanted: 'warn',
    says: /is its key/,
    situation: () => golden({ hls: { url: `${origin.origin}/live/${KEY}.m3u8` } }),
  },
];

describe.skipIf(!isRig)('planted mistakes', () => {
  it('there are at least 25, each of another kind', () => {
    expect(new Set(PLANTS.map(({ check, mistake }) => `${check} ${mistake}`)).size).toBeGreaterThanOrEqual(25);
  });

  it.each(PLANTS)('$check: $mistake', async ({ check, mistake, wanted, says, situation }) => {
    origin.behave({});
    edge.behave({});
    const found = await findingOf(check, await situation());
    table.push({ check, mistake, wanted, found: found.result, evidence: found.evidence });
    expect(found).toMatchObject({ result: wanted, evidence: expect.stringMatching(says) as string });
    expect(found.fix).not.toBe('');
    expect(found.evidence + found.fix).not.toContain(KEY);
    expect(found.evidence.length).toBeLessThanOrEqual(200);
  });

  it('net-5: a proxy is set', async () => {
    process.env['HTTPS_PROXY'] = 'http://user:pass@proxy.example:3128';
    try {
      const found = await findingOf('net-5', golden());
      expect(found.result).toBe('warn');
      expect(found.evidence).toContain('HTTPS_PROXY');
      expect(JSON.stringify(found)).not.toContain('pass@');
    } finally {
      delete process.env['HTTPS_PROXY'];
    }
  });

  it('sec-1: the statistics page is seen from the LAN', async () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const lan = own.filter((one) => !one.internal && one.family === 'IPv4').map(({ address }) => address);
    const page = createServer((_request, response) => response.end('<rtmp></rtmp>')).listen(0, '0.0.0.0');
    await once(page, 'listening');
    const url = `http://127.0.0.1:${portOf(page)}/stat`;
    const found = await findingOf('sec-1', golden({ rtmpStat: { url, application: 'live', name: 'show' } }));
    page.close();
    page.closeAllConnections();
    expect(found.result).toBe(lan.length === 0 ? 'pass' : lan.every(isPrivate) ? 'warn' : 'fail');
  });
});

/** What a machine is and where it hangs is not for a test to say. */
const OF_THE_MACHINE = ['net-1', 'net-2', 'net-3', 'net-4', 'net-5', 'net-6', 'net-7', 'fail-6', 'laptop-1'];

describe.skipIf(!isRig)('a rig without a mistake', () => {
  const ours = [...AUDIT_CHECKS, ...DESK_CHECKS].filter(({ id }) =>
    /^(net|cache|floor|stock|store|laptop|sound|sec)-|^fail-[12367]/.test(id),
  );

  it('fails in no check, and passes in those that a rig can show', { timeout: 40_000 }, async () => {
    origin.behave({});
    edge.behave({});
    const tls = await startFakeWeb({}, { tls: authority.issue('localhost', 90) });
    stops.push(tls.stop);
    const situation: Situation = {
      ...golden({ edge: { url: tls.url.replace('127.0.0.1', 'localhost') } }),
      settings: { ...golden().settings, 'preflight.sinkUrl': await startSink(null) },
    };
    const found = await Promise.all(ours.map(async ({ id }) => ({ id, ...(await findingOf(id, situation)) })));
    for (const { id, result, evidence } of found)
      table.push({ check: id, mistake: '– (golden)', wanted: '–', found: result, evidence });
    expect(found.filter(({ result }) => result === 'fail')).toEqual([]);
    const doubtful = found.filter(
      ({ id, result }) => !OF_THE_MACHINE.includes(id) && (result === 'warn' || result === 'unknown'),
    );
    expect(doubtful).toEqual([]);
  });

  it('a stock nginx for HLS: cache-2 warn, cache-3 warn, cache-5 fail', async () => {
    const url = `http://127.0.0.1:${nginx.stock.http}/hls/show.m3u8`;
    const pieces = [1, 2, 3].map((n) => `#EXTINF:2.0,\nshow-${n}.ts`).join('\n');
    const hls = join(folder, 'stock', 'hls');
    writeFileSync(
      join(hls, 'show.m3u8'),
      `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n${pieces}\n`,
    );
    for (const n of [1, 2, 3]) writeFileSync(join(hls, `show-${n}.ts`), Buffer.alloc(2000, 'G'));
    const situation = golden({ hls: { url }, edge: null });
    const found = await Promise.all(
      ['cache-2', 'cache-3', 'cache-4', 'cache-5', 'cache-6'].map(async (id) => [
        id,
        (await findingOf(id, situation)).result,
      ]),
    );
    expect(Object.fromEntries(found)).toEqual({
      'cache-2': 'warn',
      'cache-3': 'warn',
      'cache-4': 'pass',
      'cache-5': 'fail',
      'cache-6': 'pass',
    });
  });
});
