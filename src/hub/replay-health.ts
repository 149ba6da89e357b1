import { readFileSync, writeSync } from 'node:fs';
import { type Verdict, judge, observe } from '../domain/health.ts';
import { type Incident, type IncidentBook, keepIncidents, measured } from '../domain/health/incidents.ts';
import { type HealthSample, type Raw, asFlag, asNumber, asRecord, asText } from '../domain/health/sample.ts';
import { type Health, type HealthConfig, LAYERS, initialHealth } from '../domain/health/state.ts';

/**
 * `npm run replay-health -- TRACE.ndjson [--sidecar FILE]`: feeds a recorded trace to the judge that watches the live
 * stream and prints one line of JSON per change (STR-94). `-` reads stdin. A line that cannot be read: its number on
 * stderr, exit 2.
 */

const TICK_MS = 250;

export class UnreadableLine extends Error {
  readonly line: number;
  constructor(line: number, why: string, options?: ErrorOptions) {
    super(`line ${line}: ${why}`, options);
    this.line = line;
  }
}

export interface ReplayLine {
  ms: number;
  level: string;
  cause: string | null;
  layers: Record<string, { level: string; cause: string | null }>;
  symptoms: string[];
}

export interface Replay {
  changes: ReplayLine[];
  endMs: number;
  incidents: Incident[];
}

/** @throws UnreadableLine naming the first line that is not a sample */
export function readTrace(text: string): HealthSample[] {
  const samples: HealthSample[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    samples.push(readSample(line, index + 1));
  }
  return samples;
}

function readSample(line: string, number: number): HealthSample {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (cause) {
    throw new UnreadableLine(number, 'not JSON', { cause });
  }
  const fields = asRecord(raw);
  const ms = asNumber(fields?.['ms']);
  const source = asText(fields?.['source']);
  if (fields === null || ms === null || source === null) throw new UnreadableLine(number, 'needs "ms" and "source"');
  const error = asText(fields['error']);
  if (error !== null && error !== 'timeout' && error !== 'refused' && error !== 'closed') {
    throw new UnreadableLine(number, 'unknown "error"');
  }
  const [tookMs, target] = [asNumber(fields['tookMs']), asText(fields['target'])];
  return {
    source,
    ms,
    ...(tookMs === null ? {} : { tookMs }),
    ...(error === null ? { data: fields['data'] } : { error }),
    ...(target === null ? {} : { target }),
    ...(error !== null && target === null && fields['data'] !== undefined ? { data: fields['data'] } : {}),
  };
}

/** Only `nominal` and `config` of a sidecar are read; the answers in it are not. */
export function configFrom(sidecar: unknown): HealthConfig {
  const fields = asRecord(sidecar);
  const nominal = asRecord(fields?.['nominal']);
  const config = asRecord(fields?.['config']);
  return {
    sources: null,
    fps: asNumber(nominal?.['fps']),
    keyframeSeconds: asNumber(nominal?.['keyframeSeconds']),
    targetDurationSeconds: asNumber(nominal?.['hlsTargetDurationSeconds']),
    recordingExpected: asFlag(config?.['recordingExpected']) ?? false,
    retryDelaySeconds: null,
    stillScenes: stillScenesIn(config),
    wallAheadMs: null,
  };
}

function stillScenesIn(config: Raw | null): string[] {
  const listed = config?.['stillScenes'];
  return [config?.['slateScene'], ...(Array.isArray(listed) ? listed : [])].map(asText).filter((name) => name !== null);
}

/** Plays samples through the judge, which also looks four times a second when nothing is heard. */
export function replay(samples: Iterable<HealthSample>, config: HealthConfig): Replay {
  const health = initialHealth(config);
  const book: IncidentBook = new Map();
  const changes: ReplayLine[] = [];
  const ended: Incident[] = [];
  let last = '';
  let nextTick = 0;
  let endMs = 0;
  const look = (ms: number): void => {
    const line = lineOf(judge(health, ms));
    ended.push(...keepIncidents(book, health));
    const { ms: _, ...rest } = line;
    const key = JSON.stringify(rest);
    if (key !== last) changes.push(line);
    last = key;
  };
  for (const sample of samples) {
    for (; nextTick < sample.ms; nextTick += TICK_MS) look(nextTick);
    observe(health, sample);
    look(sample.ms);
    endMs = Math.max(endMs, sample.ms);
    nextTick = Math.ceil((sample.ms + 1) / TICK_MS) * TICK_MS;
  }
  return {
    changes,
    endMs,
    incidents: [...ended, ...openOf(book, health, endMs)].toSorted((a, b) => a.startMs - b.startMs),
  };
}

function openOf(book: IncidentBook, health: Health, endMs: number): Incident[] {
  return [...book.values()].map((incident) => measured(incident, health, endMs));
}

function lineOf(verdict: Verdict): ReplayLine {
  const bad = LAYERS.filter((layer) => !['ok', 'off'].includes(verdict.layers[layer].level));
  const layers = bad.map((layer) => [
    layer,
    { level: verdict.layers[layer].level, cause: verdict.layers[layer].cause },
  ]);
  return {
    ms: verdict.ms,
    level: verdict.level,
    cause: verdict.cause,
    layers: Object.fromEntries(layers) as ReplayLine['layers'],
    symptoms: verdict.symptoms,
  };
}

function endLine({ endMs, incidents }: Replay): object {
  return {
    ms: endMs,
    end: true,
    incidents: incidents.map((i) => ({
      layer: i.layer,
      cause: i.cause,
      startMs: i.startMs,
      endMs: i.endMs,
      darkMs: i.darkMs,
      starvedMs: i.starvedMs,
    })),
  };
}

function main(args: readonly string[]): number {
  const options = [...args];
  const at = options.indexOf('--sidecar');
  const sidecarPath = at < 0 ? null : options.splice(at, 2)[1];
  const path = options[0];
  if (path === undefined || options.length > 1 || sidecarPath === undefined) {
    return complain('Usage: replay-health TRACE.ndjson|- [--sidecar FILE]');
  }
  try {
    const sidecar: unknown = sidecarPath === null ? null : JSON.parse(readFileSync(sidecarPath, 'utf8'));
    const played = replay(readTrace(readFileSync(path === '-' ? 0 : path, 'utf8')), configFrom(sidecar));
    const lines = [...played.changes, endLine(played)].map((line) => JSON.stringify(line));
    writeSync(1, `${lines.join('\n')}\n`);
    return 0;
  } catch (error) {
    return complain(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function complain(sentence: string): number {
  writeSync(2, `${sentence}\n`);
  return 2;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
