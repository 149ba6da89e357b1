import { asRecord, asText } from '../../domain/health/sample.ts';
import type { ObsDoor, ReadSecret } from '../doors.ts';

/** Names of the secrets store that a stream has to do with. */
const NAMES = ['obs.password', 'stream.primary.key', 'stream.backup.key', 'stream.test.key', 'ingest.secret'] as const;

/** Shorter text would be found in every other word. */
const SHORTEST = 4;

/**
 * Every text that must be seen nowhere: our own secrets, and the key that OBS streams with now. For comparing and for
 * redacting only.
 */
export async function knownSecrets(doors: { obs: ObsDoor; readSecret: ReadSecret }): Promise<string[]> {
  const ours = NAMES.map((name) => doors.readSecret(name));
  const known = [...ours, ...(await obsKeys(doors.obs))].filter((text) => text !== null);
  return known.filter((text) => text.length >= SHORTEST);
}

async function obsKeys(obs: ObsDoor): Promise<(string | null)[]> {
  if (!obs.isConnected()) return [];
  try {
    const settings = asRecord((await obs.call('GetStreamServiceSettings', undefined, 1500))['streamServiceSettings']);
    return ['key', 'password', 'bearer_token'].map((field) => asText(settings?.[field]));
  } catch {
    // OBS is silent just now: its key is in no answer of its either.
    return [];
  }
}
