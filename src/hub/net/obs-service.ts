import { asFlag, asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import type { ObsDoor } from '../doors.ts';
import { NoAnswer } from './obs-errors.ts';

const ASK_MS = 1500;

/** Where OBS sends: server and key as OBS holds them. Nothing of it is ever shown: not in a fact, a sentence or a log. */
export interface Service {
  type: string;
  settings: Raw;
}

/** @throws NoAnswer also when OBS answers and does not tell; ObsRefused */
export async function readService(obs: ObsDoor): Promise<Service> {
  const answer = await obs.call('GetStreamServiceSettings', undefined, ASK_MS);
  const service = serviceOf({ type: answer['streamServiceType'], settings: answer['streamServiceSettings'] });
  if (service === null) throw new NoAnswer('OBS does not tell where it sends');
  return service;
}

/** @returns null for anything that is no service, e.g. a text of ours that was cut short */
export function serviceOf(value: unknown): Service | null {
  const record = asRecord(value);
  const [type, settings] = [asText(record?.['type']), asRecord(record?.['settings'])];
  return type === null || settings === null ? null : { type, settings };
}

/** @throws NoAnswer, ObsRefused */
export async function isStreaming(obs: ObsDoor): Promise<boolean> {
  const status = await obs.call('GetStreamStatus', undefined, ASK_MS);
  return asFlag(status['outputActive']) === true;
}

/** JSON that only we have written; null when it is none, or none any more. */
export function readKeptJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null; // a file that was cut short keeps nothing
  }
}
