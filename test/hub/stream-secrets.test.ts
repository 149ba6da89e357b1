import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/contract/commands.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { TestHub, smallPlan, tempFolder, until } from '../kit/hub.ts';

/**
 * Row 19 of specs/stream.md: keys that can be told apart stand wherever a key may stand (the settings, OBS's own service,
 * the plan's addresses, what servers answer), a show goes through every trouble, and then everything is searched.
 */
const CANARIES = {
  password: 'canary-obs-password-81',
  primary: 'canary+prim/ary=key-92',
  backup: 'canary-backup-key-73',
  own: 'canary-key-that-obs-has-64',
};

const data = tempFolder('secrets');
const replies: unknown[] = [];
let hub: TestHub;
let obs: FakeObs;
let web: Server;
let isBroken = false;
const asked = new Set<string>();

/** A streaming server whose stream's name is the key, and whose error pages quote what they were asked for. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(request.url ?? '');
  asked.add(path);
  if (isBroken) {
    response.writeHead(500).end(`cannot serve ${path} (${request.url ?? ''})`);
  } else if (path.startsWith('/stat')) {
    const client = `<client><timestamp>1000</timestamp><publishing/></client>`;
    const stream = `<stream><name>${CANARIES.primary}</name><bytes_in>${Math.round(performance.now() * 700)}</bytes_in>${client}<nclients>1</nclients><publishing/><active/></stream>`;
    response.end(
      `<rtmp><pid>9</pid><server><application><name>live</name><live>${stream}</live></application></server></rtmp>`,
    );
  } else {
    const sequence = Math.floor(Date.now() / 2000);
    const segments = [0, 1, 2].map((n) => `#EXTINF:2.0,\n${CANARIES.primary}-${sequence + n}.ts`).join('\n');
    response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n${segments}\n`);
  }
}

async function ask(kind: string, body: Record<string, unknown> = {}): Promise<Reply> {
  const reply = await hub.ask(kind, body);
  replies.push(reply);
  return reply;
}

function plan(stream: Record<string, unknown>): Record<string, unknown> {
  return { ...smallPlan(), stream };
}

beforeAll(async () => {
  web = createServer(answer).listen(0, '127.0.0.1');
  await until('the server', () => web.listening);
  const { port } = web.address() as AddressInfo;
  const service = { type: 'rtmp_custom', settings: { server: '', key: CANARIES.own, use_auth: false } };
  obs = await startFakeObs({ password: CANARIES.password, figures: { service, streaming: true, startMs: 50 } });
  const given = join(data.path, 'given.json');
  writeFileSync(given, JSON.stringify({ 'obs.password': CANARIES.password }), { mode: 0o600 });
  hub = await TestHub.start({ data: join(data.path, 'hub'), env: { DROPDESK_SECRETS: given } });
  await ask('set-setting', { key: 'secret.stream.primary.key', value: CANARIES.primary });
  await ask('set-setting', { key: 'secret.stream.backup.key', value: CANARIES.backup });
  const here = `http://127.0.0.1:${port}`;
  const adopted = await ask('adopt-plan', {
    plan: plan({
      obs: { url: obs.url },
      rtmpStat: { url: `${here}/stat`, application: 'live', name: '{key}' },
      // Held literally, by mistake: it must not get into the ledger.
      hls: { url: `${here}/hls/${encodeURIComponent(CANARIES.primary)}.m3u8` },
      edge: { url: `${here}/edge/{key}.m3u8` },
      backupIngest: `rtmp://127.0.0.1:${port}/live/{key}`,
      liveScene: 'Live',
      slateScene: 'Slate',
    }),
  });
  expect(adopted).toMatchObject({ ok: true });
  expect(JSON.stringify(adopted)).toMatch(/stream\.hls\.url held the stream key/);
}, 60_000);

afterAll(async () => {
  await hub.stop();
  await obs.close().catch(() => undefined);
  web.closeAllConnections();
  web.close();
  data.remove();
});

/** The ways in which a key can be written; the search is for all of them, in all that was written or said. */
function formsOf(key: string): string[] {
  const bytes = Buffer.from(key);
  const forms = [key, encodeURIComponent(key), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  return [...forms, bytes.toString('base64url'), JSON.stringify(key).slice(1, -1)];
}

function hitsIn(where: string, text: string): string[] {
  return Object.entries(CANARIES).flatMap(([name, key]) =>
    formsOf(key).flatMap((form) => (text.includes(form) ? [`${where}: ${name} as ${form.slice(0, 12)}…`] : [])),
  );
}

/** Every file of the data folder; the one place where a secret may lie is left out. */
function hitsInFiles(): string[] {
  const root = join(data.path, 'hub');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.json')
    .map(({ parentPath, name }) => join(parentPath, name))
    .flatMap((path) => hitsIn(relative(root, path), readFileSync(path).toString('latin1')));
}

async function hitsInAnswers(): Promise<string[]> {
  const paths = ['/api/state', '/api/ledger?after=0&limit=1000', '/api/plan', '/api/files', '/api/health'];
  paths.push(...['obs', 'rtmp', 'hls', 'edge', 'network'].map((source) => `/api/samples?source=${source}`));
  const { files } = await hub.get<{ files: { path: string }[] }>('/api/files');
  paths.push(...files.map(({ path }) => `/api/files/${path}`));
  const hits = await Promise.all(
    paths.map(async (path) => {
      const response = await hub.fetch(path);
      expect([path, response.status]).toEqual([path, 200]);
      return hitsIn(path, Buffer.from(await response.arrayBuffer()).toString('latin1'));
    }),
  );
  return [...hits.flat(), ...hitsIn('replies', JSON.stringify(replies)), ...hitsIn('log', hub.stderr.join('\n'))];
}

describe('a key', () => {
  it('reaches the servers that it belongs to', async () => {
    await ask('open-show', { overrideReason: 'secrets test' });
    const watched = await until('the stream', async () => {
      const { stream } = await hub.state();
      return stream.sources.rtmp?.level === 'ok' && stream.sources.hls?.ageMs !== null ? stream : null;
    });
    expect(watched.sources.rtmp?.metrics['ingestStallMs']).not.toBeNull();
    expect([...asked]).toContain(`/hls/${CANARIES.primary}.m3u8`);
    expect([...asked]).toContain(`/edge/${CANARIES.primary}.m3u8`);
  }, 30_000);

  it('is nowhere else, whatever goes wrong', { timeout: 150_000 }, async () => {
    // People put keys into the oddest places.
    obs.emit('CurrentProgramSceneChanged', { sceneName: `Cam ${CANARIES.own}`, sceneUuid: 'x' });
    obs.set({ recording: true });
    const outputPath = `/rec/${CANARIES.primary}.mkv`;
    obs.emit('RecordStateChanged', { outputActive: true, outputState: 'OBS_WEBSOCKET_OUTPUT_STARTED', outputPath });
    const heard = async (kind: string): Promise<boolean> =>
      (await hub.get<{ entries: Entry[] }>('/api/ledger?after=0&limit=1000')).entries.some(
        (entry) => entry.kind === kind && JSON.stringify(entry.body).includes('‹key›'),
      );
    await until('both to be told', async () => (await heard('scene.changed')) && (await heard('recording.started')));
    await ask('run-preflight');
    for (const mode of ['observe', 'confirm', 'auto']) await ask('arm-failover', { mode });
    for (const kind of ['show-slate', 'clear-slate', 'retry-ingest', 'start-recording']) await ask(kind);
    await ask('switch-ingest', { to: 'backup' });
    isBroken = true;
    obs.freeze();
    await until('the alarm', async () => (await hub.state()).alarms.some(({ kind }) => kind === 'stream-down'), 20_000);
    await ask('switch-ingest', { to: 'primary' });
    obs.thaw();
    isBroken = false;
    await until('calm', async () => (await hub.state()).stream.layers.obs?.level === 'ok', 30_000);
    await ask('mark-moment', {});
    await ask('close-show');
    expect(await ask('finish-close', { overrideReason: 'secrets test' })).toMatchObject({ ok: true });
    const state = await hub.state();
    expect(state.plan?.stream.hls?.url).toMatch(/\/hls\/\{key\}\.m3u8$/);
    expect(state.settings['secret.stream.primary.key']).toEqual({ set: true });
    expect(state.stream.incidents.length).toBeGreaterThan(0);
    expect([...hitsInFiles(), ...(await hitsInAnswers())]).toEqual([]);
  });

  it('would have been found: a planted one is', async () => {
    writeFileSync(join(data.path, 'hub', 'planted.txt'), Buffer.from(CANARIES.own).toString('hex'));
    writeFileSync(join(data.path, 'hub', 'planted.json'), JSON.stringify({ url: `x/${CANARIES.primary}` }));
    expect(hitsInFiles().map((hit) => hit.split(':')[0])).toEqual(
      expect.arrayContaining(['planted.txt', 'planted.json']),
    );
    await ask('set-setting', { key: 'failover.contact', value: `Ring ${CANARIES.backup}` });
    expect(await hitsInAnswers()).toContainEqual(expect.stringMatching(/^\/api\/state: backup/));
  });
});
