import { setTimeout as sleep } from 'node:timers/promises';
import { asRecord, asText } from '../../domain/health/sample.ts';
import type { ObsDoor, ReadSecret } from '../doors.ts';
import { ObsRefused } from '../net/obs-errors.ts';
import { isStreaming, readKeptJson, readService, type Service, serviceOf } from '../net/obs-service.ts';

/**
 * Where OBS sends, changed for a test and put back. What it had is kept among the secrets before the first change, so
 * that a hub that is killed in the middle puts it back when it meets OBS again. Nothing in here is ever shown: servers
 * and keys leave this file only towards OBS.
 */

/** Points OBS to a server under a private name, and reads that it is. */
export type SetService = (server: string, key: string) => Promise<void>;
type SaveSecret = (name: string, value: string) => void;

/** JSON of `Kept`; empty: nothing is to be put back. */
export const BEFORE_TEST = 'obs.service.before-test';

interface Kept {
  before: Service;
  /** what a test set, or was about to set: an OBS that has one of these is ours to put back */
  tests: { server: string; key: string }[];
}

const ASK_MS = 1500;
const STOP_MS = 20_000;
const LOOK_AGAIN_MS = 100;

/** OBS under a test of ours: its connection may come and go, and nobody else puts anything back meanwhile. */
const underTest = new WeakSet<ObsDoor>();

/**
 * Does the work while what OBS had is kept, then puts it back and reads that it is.
 *
 * @param work   gets what sets OBS
 * @throws what the work throws; ServiceNotBack when OBS could not be put back now: it will be at its next connection
 */
export async function withTestService<T>(
  doors: { obs: ObsDoor; saveSecret: SaveSecret },
  work: (set: SetService) => Promise<T>,
): Promise<T> {
  const { obs, saveSecret } = doors;
  if (underTest.has(obs)) throw new Error('A test before is still being tidied up.');
  underTest.add(obs);
  try {
    const kept: Kept = { before: await readService(obs), tests: [] };
    const set = async (server: string, key: string): Promise<void> => {
      kept.tests.push({ server, key });
      saveSecret(BEFORE_TEST, JSON.stringify(kept));
      // The operator's name and password at the ingest are for that one alone.
      const login = kept.before.settings['use_auth'] === true ? { use_auth: false } : {};
      await write(obs, { type: 'rtmp_custom', settings: { server, key, ...login } });
    };
    try {
      return await work(set);
    } finally {
      if (kept.tests.length > 0) await putBack(doors, kept);
    }
  } finally {
    underTest.delete(obs);
  }
}

/**
 * Puts OBS back to what it had before a test that nobody finished. To be called whenever OBS is connected.
 *
 * @returns what was done; `not-ours`: somebody has set OBS to something else since, which stays
 * @throws NoAnswer, ObsRefused, ServiceNotBack; then the secret stays for the next connection
 */
export async function restoreService(
  obs: ObsDoor,
  readSecret: ReadSecret,
  saveSecret: SaveSecret,
): Promise<'nothing' | 'busy' | 'restored' | 'not-ours'> {
  const kept = readKept(readSecret(BEFORE_TEST));
  if (kept === null) return 'nothing';
  if (underTest.has(obs)) return 'busy';
  underTest.add(obs);
  try {
    const present = await readService(obs);
    const isOurs = isSame(present, kept.before) || kept.tests.some((test) => isTest(present, test));
    if (isOurs) await putBack({ obs, saveSecret }, kept);
    else saveSecret(BEFORE_TEST, '');
    return isOurs ? 'restored' : 'not-ours';
  } finally {
    underTest.delete(obs);
  }
}

/** OBS does not have again what it had; the secret keeps it. */
export class ServiceNotBack extends Error {}

async function putBack({ obs, saveSecret }: { obs: ObsDoor; saveSecret: SaveSecret }, kept: Kept): Promise<void> {
  if (!isSame(await readService(obs), kept.before)) {
    // A stream to a private name that nobody watches: OBS takes no other service while it sends.
    await stopStream(obs);
    await write(obs, kept.before).catch((error: unknown) => {
      throw new ServiceNotBack('OBS could not be set back to its ingest.', { cause: error });
    });
  }
  saveSecret(BEFORE_TEST, '');
}

/** @returns when OBS does not send any more. @throws NoAnswer, Error when it goes on for 20 s */
export async function stopStream(obs: ObsDoor): Promise<void> {
  const end = performance.now() + STOP_MS;
  if (!(await isStreaming(obs))) return;
  await obs.call('StopStream', undefined, ASK_MS).catch((error: unknown) => {
    // It has stopped by itself in this moment, or is stopping already.
    if (!(error instanceof ObsRefused)) throw error;
  });
  while (await isStreaming(obs)) {
    if (performance.now() > end) throw new Error('OBS does not stop its stream.');
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Sets and reads back. Just after a stop OBS may still refuse, so it is asked again for a moment. */
async function write(obs: ObsDoor, service: Service): Promise<void> {
  const end = performance.now() + 3000;
  const wish = { streamServiceType: service.type, streamServiceSettings: service.settings };
  for (;;) {
    try {
      await obs.call('SetStreamServiceSettings', wish, ASK_MS);
      break;
    } catch (error) {
      if (!(error instanceof ObsRefused) || performance.now() > end) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
  if (!isSame(await readService(obs), service)) throw new Error('OBS did not take the ingest.');
}

/** Every field that was kept is there again; OBS may add defaults of its own. */
function isSame(present: Service, kept: Service): boolean {
  return (
    present.type === kept.type &&
    Object.entries(kept.settings).every(
      ([name, value]) => JSON.stringify(present.settings[name]) === JSON.stringify(value),
    )
  );
}

function isTest({ type, settings }: Service, { server, key }: Kept['tests'][number]): boolean {
  return type === 'rtmp_custom' && settings['server'] === server && settings['key'] === key;
}

function readKept(text: string | null): Kept | null {
  const kept = asRecord(readKeptJson(text));
  const before = serviceOf(kept?.['before']);
  if (before === null) return null;
  const tests = Array.isArray(kept?.['tests']) ? kept['tests'] : [];
  return {
    before,
    tests: tests.flatMap((entry) => {
      const test = asRecord(entry);
      const [server, key] = [asText(test?.['server']), asText(test?.['key'])];
      return server === null || key === null ? [] : [{ server, key }];
    }),
  };
}
