import type { DeskState } from '../../src/contract/desk-state.ts';
import { statusOf, waitFor } from './processes.ts';
import { SLATE_SCENE } from './real-obs.ts';
import type { StreamShow } from './show.ts';

/** What failover does to a real OBS, seen from outside: at the ingests, by a second client of OBS, in the ledger. */

const DEADLINE_MS = 5000;

export async function goOnAir({ rig, stream }: StreamShow): Promise<void> {
  await waitFor(async () => ((await stream()).sources.obs?.level === 'off' ? true : null), 15_000, 'the hub at OBS');
  await rig.startStream();
  await rig.hand.call('StartRecord', undefined, DEADLINE_MS);
  await rig.flowing();
}

/** Nothing is wrong on the way out. */
export async function calm({ stream }: StreamShow, ms = 45_000): Promise<void> {
  await waitFor(
    async () => ((await stream()).layers.transport?.level === 'ok' ? true : null),
    ms,
    'calm on the way out',
  );
}

/** @returns bytes that the ingest has received by its own page; 0 while nobody publishes there */
export async function bytesAt(statUrl: string): Promise<number> {
  const page = await (await fetch(statUrl, { signal: AbortSignal.timeout(1000) })).text();
  return Number(/<stream>[\s\S]*?<bytes_in>(\d+)/.exec(page)?.[1] ?? 0);
}

/** @returns monotonic ms at which bytes of a picture have grown there */
export async function bytesGrow(statUrl: string, ms: number, what: string): Promise<number> {
  let first: number | null = null;
  return await waitFor(
    async () => {
      const bytes = await bytesAt(statUrl).catch(() => 0);
      first ??= bytes;
      // Headers and commands take less than this.
      if (bytes > first + 2000) return performance.now();
      first = Math.min(first, bytes);
      return null;
    },
    ms,
    what,
  );
}

/** What OBS has told since `from` (an index of `rig.said`) of its stream. */
export function saidSince({ rig }: StreamShow, from: number): string[] {
  return rig.said.slice(from).flatMap(({ type, state }) => (type === 'StreamStateChanged' ? [state] : []));
}

/** @returns monotonic ms at which OBS told that of its stream, first after `from` */
export function saidAt({ rig }: StreamShow, from: number, state: string): number | null {
  const told = rig.said.slice(from).find((one) => one.type === 'StreamStateChanged' && one.state === state);
  return told?.ms ?? null;
}

export async function programOf({ rig }: StreamShow): Promise<unknown> {
  return (await rig.hand.call('GetCurrentProgramScene', undefined, DEADLINE_MS))['currentProgramSceneName'];
}

/** Asks every 10 ms. @returns ms until the program of OBS is `scene` */
export async function untilProgram(show: StreamShow, scene: string, ms: number): Promise<number> {
  const began = performance.now();
  while ((await programOf(show)) !== scene) {
    if (performance.now() - began > ms) throw new Error(`“${scene}” is not on after ${ms} ms`);
    await show.pause(10);
  }
  return performance.now() - began;
}

export async function toScene({ rig }: StreamShow, sceneName: string): Promise<void> {
  await rig.hand.call('SetCurrentProgramScene', { sceneName }, DEADLINE_MS);
}

export async function serverOf({ rig }: StreamShow): Promise<string> {
  const { streamServiceSettings } = await rig.hand.call('GetStreamServiceSettings', undefined, DEADLINE_MS);
  return String((streamServiceSettings as Record<string, unknown>)['server']);
}

/** The recording as OBS counts it: it must grow through everything. */
export async function recordedBytes({ rig }: StreamShow): Promise<number> {
  const { outputActive, outputBytes } = await rig.hand.call('GetRecordStatus', undefined, DEADLINE_MS);
  if (outputActive !== true) throw new Error('OBS does not record');
  return Number(outputBytes);
}

/** Waits for a proposal that stands, or is counted down to. */
export async function proposal(
  { hub }: StreamShow,
  ms: number,
): Promise<NonNullable<DeskState['failover']['pending']>> {
  return await waitFor(async () => (await hub.state()).failover.pending, ms, 'a proposal');
}

export async function failoverWord({ hub }: StreamShow): Promise<string> {
  return (await hub.state()).failover.state;
}

/** Back to the primary and to the live scene, as the producer would do it. */
export async function settle(show: StreamShow, live: string): Promise<void> {
  if ((await programOf(show)) === SLATE_SCENE) await toScene(show, live);
  if ((await serverOf(show)) !== show.rig.ingestUrl) await show.hub.do('switch-ingest', { to: 'primary' });
  await waitFor(async () => ((await statusOf(show.rig.hlsUrl)) === 200 ? true : null), 20_000, 'the playlist');
  await calm(show);
}
