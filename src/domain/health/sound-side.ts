import { type HealthSample, asNumber, asRecord, asText } from './sample.ts';

/** What the viewers would hear: the loudest of each second of the chosen inputs (STR-7, STR-34). */
export interface SoundSide {
  inputs: Map<string, { firstMs: number; lastMs: number; loudMs: number | null }>;
  lastMs: number | null;
}

export function initialSound(): SoundSide {
  return { inputs: new Map(), lastMs: null };
}

/** dBFS below which an input counts as silent */
const SILENT_DB = -50;

/** A peak without a number is the silence of a muted input: minus infinity, which JSON cannot write. */
export function observeSound(sound: SoundSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  const input = asText(data?.['input']);
  if (sample.error !== undefined || data === null || input === null || data['peakDb'] === undefined) return;
  const heard = sound.inputs.get(input) ?? { firstMs: sample.ms, lastMs: sample.ms, loudMs: null };
  const loud = (asNumber(data['peakDb']) ?? -Infinity) >= SILENT_DB;
  sound.inputs.set(input, { ...heard, lastMs: sample.ms, loudMs: loud ? sample.ms : heard.loudMs });
  sound.lastMs = sample.ms;
}

/** An input that is no longer spoken of is no longer chosen. */
const FORGOTTEN_MS = 5000;

/**
 * For how long every chosen input has been silent.
 *
 * @returns ms; 0 while any is loud; null when none is listened to
 */
export function silentForMs(sound: SoundSide, now: number): number | null {
  if (sound.lastMs === null || now - sound.lastMs > FORGOTTEN_MS) return null;
  let loudest = -Infinity;
  for (const { firstMs, lastMs, loudMs } of sound.inputs.values()) {
    if (sound.lastMs - lastMs <= FORGOTTEN_MS) loudest = Math.max(loudest, loudMs ?? firstMs);
  }
  return Math.max(0, sound.lastMs - loudest);
}

/** Names of the inputs that are listened to, in the order in which they were first heard. */
export function inputsHeard({ inputs, lastMs }: SoundSide): string[] {
  return [...inputs].filter(([, input]) => (lastMs ?? 0) - input.lastMs <= FORGOTTEN_MS).map(([name]) => name);
}
