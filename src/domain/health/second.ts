import { isUnknown } from './contact.ts';
import { retryInMs } from './retry.ts';
import type { Health } from './state.ts';

/** STR-53: a second line under what is wrong, when there is one that helps; null: none. */
export function secondLine(health: Health, now: number): string | null {
  const { obs, layers } = health;
  if (layers.transport.grade === 0 || layers.obs.grade === 2 || obs.active !== true) return null;
  if (!obs.reconnecting) return obs.awaitingFlow ? 'Connected again, waiting for the first picture.' : null;
  const waits = Math.ceil((retryInMs(health, now) ?? 0) / 1000);
  if (waits === 0 || !isReachable(health, now)) return null;
  return `The network is back; OBS waits ${waits} s before it tries again.`;
}

/** A connection of our own to the ingest has just gone well. */
function isReachable({ network }: Health, now: number): boolean {
  const ingest = network.get('ingest');
  return ingest !== undefined && ingest.okRunning > 0 && !isUnknown(ingest.contact, now);
}
