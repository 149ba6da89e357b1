import { createReadStream, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
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
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [readSample(line, index + 1)]));
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
  const tookMs = asNumber(fields['tookMs']);
  const target = asText(fields['target']);
  return {
    source,
    ms,
    ...(tookMs === null ? {} : { tookMs }),
    ...(fields['data'] === undefined ? {} : { data: fields['data'] }),
    ...(error === null ? {} : { error }),
    ...(target === null ? {} : { target }),
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
  const player = new Player(config);
  for (const sample of samples) player.take(sample);
  return player.end();
}

class Player {
  readonly #health: Health;
  readonly #book: IncidentBook = new Map();
  readonly #changes: ReplayLine[] = [];
  readonly #ended: Incident[] = [];
  #shown: Verdict | null = null;
  #key = '';
  #nextTick = 0;
  #endMs = 0;

  constructor(config: HealthConfig) {
    this.#health = initialHealth(config);
  }

  /** Samples come in the order of their time; one that is late is taken as of now. */
  take(sample: HealthSample): void {
    const ms = Math.max(sample.ms, this.#endMs);
    for (; this.#nextTick < ms; this.#nextTick += TICK_MS) this.#look(this.#nextTick);
    observe(this.#health, sample);
    this.#look(ms);
    this.#endMs = ms;
    if (this.#nextTick === ms) this.#nextTick += TICK_MS;
  }

  end(): Replay {
    const open = [...this.#book.values()].map((incident) => measured(incident, this.#health, this.#endMs));
    const incidents = [...this.#ended, ...open].toSorted((a, b) => a.startMs - b.startMs);
    return { changes: this.#changes, endMs: this.#endMs, incidents };
  }

  #look(ms: number): void {
    const verdict = judge(this.#health, ms);
    const ended = keepIncidents(this.#book, this.#health);
    if (ended.length > 0) this.#ended.push(...ended);
    // The judge gives the same object while nothing in its layers has changed.
    if (verdict.layers === this.#shown?.layers && verdict.level === this.#shown.level) return;
    this.#shown = verdict;
    const line = lineOf(verdict);
    const key = JSON.stringify({ ...line, ms: 0 });
    if (key !== this.#key) this.#changes.push(line);
    this.#key = key;
  }
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

async function main(args: readonly string[]): Promise<number> {
  const options = [...args];
  const at = options.indexOf('--sidecar');
  const sidecarPath = at < 0 ? null : options.splice(at, 2)[1];
  const path = options[0];
  if (path === undefined || options.length > 1 || sidecarPath === undefined) {
    return complain('Usage: replay-health TRACE.ndjson|- [--sidecar FILE]');
  }
  try {
    const sidecar: unknown = sidecarPath === null ? null : JSON.parse(readFileSync(sidecarPath, 'utf8'));
    const player = new Player(configFrom(sidecar));
    await readLines(path, (line, number) => player.take(readSample(line, number)));
    const played = player.end();
    const lines = [...played.changes, endLine(played)].map((line) => JSON.stringify(line));
    await new Promise((written) => process.stdout.write(`${lines.join('\n')}\n`, written));
    return 0;
  } catch (error) {
    return complain(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Line by line: a season of shows need not fit into memory. */
async function readLines(path: string, take: (line: string, number: number) => void): Promise<void> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() !== '') take(line, number);
  }
}

function complain(sentence: string): number {
  writeSync(2, `${sentence}\n`);
  return 2;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
