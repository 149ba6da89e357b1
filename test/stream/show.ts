import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamView } from '../../src/contract/stream-state.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import type { Level, StreamLayer } from '../../src/domain/words.ts';
import { TestHub, planFile, tempFolder } from '../kit/hub.ts';
import { LIVE_SCENE, SLATE_SCENE } from './real-obs.ts';
import { type Rig, type RigWish, startRig } from './rig.ts';

/** A real hub watching a real stream, its show open. */
export interface StreamShow {
  rig: Rig;
  hub: TestHub;
  dataFolder: string;
  stream: () => Promise<StreamView>;
  facts: () => Promise<Entry[]>;
  /** ms from now until `layer` has `level` in `GET /api/state`; fails after `withinMs` */
  timeUntil: (layer: StreamLayer, level: Level, withinMs: number) => Promise<number>;
  /** verdicts seen while watching for `ms` that were not ok, oldest first */
  complaints: (ms: number) => Promise<string[]>;
  pause: (ms: number) => Promise<void>;
  stop: () => Promise<void>;
}

const LOOK_MS = 50;

export interface ShowWish extends RigWish {
  /** fields of the plan's stream that differ */
  stream?: (rig: Rig) => Record<string, unknown>;
  /** planned: the show is left unopened, as before an audit */
  phase?: 'open' | 'planned';
  secrets?: Record<string, string>;
}

export async function startShow({ stream: differs, phase = 'open', ...wish }: ShowWish = {}): Promise<StreamShow> {
  const rig = await startRig(wish);
  const data = tempFolder('stream');
  try {
    const secrets = join(data.path, 'given-secrets.json');
    const keys = { 'obs.password': rig.obsPassword, 'stream.primary.key': rig.streamKey };
    writeFileSync(secrets, JSON.stringify({ ...keys, ...wish.secrets }), { mode: 0o600 });
    const stream = {
      obs: { url: rig.obsUrl },
      rtmpStat: { url: rig.statUrl, application: 'live', name: '{key}' },
      hls: { url: rig.hlsUrl.replace(rig.streamKey, '{key}') },
      edge: { url: rig.edgeUrl.replace(rig.streamKey, '{key}') },
      backupIngest: rig.backup.ingestUrl,
      slateScene: SLATE_SCENE,
      liveScene: LIVE_SCENE,
      ...differs?.(rig),
    };
    const args = ['--plan', planFile(data.path, { stream })];
    const hub = await TestHub.start({ data: join(data.path, 'hub'), args, env: { DROPDESK_SECRETS: secrets } });
    if (phase === 'open') await hub.do('open-show', { overrideReason: 'stream test' });
    const view = async (): Promise<StreamView> => (await hub.state()).stream;
    return {
      rig,
      hub,
      dataFolder: data.path,
      stream: view,
      facts: async () => (await hub.get<{ entries: Entry[] }>('/api/ledger?after=0&limit=1000')).entries,
      timeUntil: async (layer, level, withinMs) => {
        const began = performance.now();
        for (;;) {
          const now = await view();
          const ms = performance.now() - began;
          if (now.layers[layer]?.level === level) return Math.round(ms);
          if (ms > withinMs)
            throw new Error(`${layer} is not ${level} after ${withinMs} ms: ${JSON.stringify(now, null, 1)}`);
          await sleep(LOOK_MS);
        }
      },
      complaints: async (ms) => {
        const seen: string[] = [];
        const end = performance.now() + ms;
        while (performance.now() < end) {
          for (const [layer, { level, cause }] of Object.entries((await view()).layers)) {
            const word = `${layer} ${level} ${cause}`;
            if (level !== 'ok' && !seen.includes(word)) seen.push(word);
          }
          await sleep(250);
        }
        return seen;
      },
      pause: (ms) => sleep(ms),
      stop: async () => {
        await hub.stop();
        await rig.stop();
        data.remove();
      },
    };
  } catch (error) {
    await rig.stop();
    data.remove();
    throw error;
  }
}
