import { kbps } from './counter.ts';
import { countFlow } from './flow.ts';
import { median } from './network-side.ts';
import { type Health, type LagBaseline, type RateBaseline, inGrace, isConfigured } from './state.ts';

/** What "usual" means for this stream, learned while nothing is wrong: its rates, and how far the ingest lags. */

const FIRST_OK_SECONDS = 60;

/** Call after judging: takes one rate a second into the baselines while the way to the ingest is fine. */
export function learnRates(health: Health, now: number): void {
  const { sendBaseline, ingestBaseline, layers, obs, ingest } = health;
  if (now < sendBaseline.nextMs && now < ingestBaseline.nextMs) return;
  const fine = obs.active === true && layers.transport.grade === 0 && layers.obs.grade === 0;
  if (!fine || inGrace(health, now)) return;
  learn(sendBaseline, kbps(obs.bytes), now);
  learn(ingestBaseline, kbps(ingest.bytes), now);
}

function learn(baseline: RateBaseline, rate: number | null, now: number): void {
  if (rate === null || now < baseline.nextMs) return;
  baseline.rates.push(rate);
  baseline.usual = median(baseline.rates);
  baseline.nextMs = baseline.rates.length >= FIRST_OK_SECONDS ? Infinity : now + 1000;
}

const APART_MS = 800;
const SLOW_ANSWER_MS = 250;
const STARTED_MS = 2000;
const LAG_WINDOW_MS = 60_000;
/** A new epoch needs a baseline of its own, whatever else is still wrong. */
const EPOCH_LEARNS_MS = 10_000;

/**
 * STR-26: media that OBS has sent and the ingest has not got, from the two media clocks. Their offset is unknown, so
 * only what exceeds the least of the last minute counts. Call after each answer of OBS or ingest.
 */
export function measureLag(health: Health): void {
  const { obs, ingest, lag } = health;
  const [tObs, tIngest] = [obs.contact.lastAnswerMs, ingest.contact.lastAnswerMs];
  if (tObs === null || tIngest === null || Math.abs(tObs - tIngest) >= APART_MS) return;
  if (obs.tookMs >= SLOW_ANSWER_MS || (ingest.tookMs ?? 0) >= SLOW_ANSWER_MS) return;
  if (obs.contact.error !== null || ingest.contact.error !== null) return;
  const [sent, got] = [obs.durationMs, ingest.timestampMs];
  const ms = Math.max(tObs, tIngest);
  if (obs.reconnecting || sent === null || got === null || sent < STARTED_MS || got < STARTED_MS) {
    return forgetLag(lag, ms);
  }
  // An OBS that stood still goes on with its media clock elsewhere (measured: 2 s off after a freeze of 5 s).
  if (health.layers.obs.grade === 2) return forgetLag(lag, ms);
  const epoch = obs.epoch + ingest.epoch;
  if (epoch !== lag.epoch) forgetLag(lag, ms);
  lag.epoch = epoch;
  const raw = sent - got - (tObs - tIngest);
  const fine = health.layers.transport.grade === 0;
  if (fine || ms - lag.epochFromMs < EPOCH_LEARNS_MS || lag.least.length === 0) learnLag(lag, ms, raw);
  noteLag(lag, ms, Math.round(raw - (lag.least[0]?.value ?? raw)));
  if (!fine && isOffset(health, ms)) forgetLag(lag, ms);
}

const FLAT_MS = 20_000;
const FLAT_RANGE_MS = 150;
const NOT_QUEUED = 0.1;
const ALL_OF_IT = 0.95;

/**
 * A lag that neither grows nor falls while everything that is sent arrives and nothing queues is no lag: the two media
 * clocks stand otherwise to each other than before. Without this, a baseline that is not learned in trouble would keep
 * the trouble for ever.
 */
function isOffset({ lag, obs, ingest }: Health, ms: number): boolean {
  const { flat } = lag;
  const value = lag.value ?? 0;
  if (flat === null || value < flat.low || value > flat.low + FLAT_RANGE_MS) {
    lag.flat = { fromMs: ms, low: value - FLAT_RANGE_MS / 2 };
    return false;
  }
  const [sent, arrived] = [kbps(obs.bytes), kbps(ingest.bytes)];
  const all = sent !== null && arrived !== null && arrived >= ALL_OF_IT * sent;
  const queued = Math.max(0, ...obs.congestion.map((point) => point.value));
  return all && queued < NOT_QUEUED && ms - flat.fromMs >= FLAT_MS;
}

/** Keeps the least of the window in front: a later value that is lower makes the higher ones before it pointless. */
function learnLag({ least }: LagBaseline, ms: number, raw: number): void {
  while ((least.at(-1)?.value ?? -Infinity) >= raw) least.pop();
  least.push({ ms, value: raw });
  while ((least[0]?.ms ?? ms) < ms - LAG_WINDOW_MS) least.shift();
}

/** STR-26: limits and how long the lag must have stayed above them; a single late answer is not a lag. */
export const LAG_LIMITS = [500, 1000, 3000] as const;

function noteLag(lag: LagBaseline, ms: number, value: number): void {
  for (const limit of LAG_LIMITS) lag.aboveFromMs[limit] = value > limit ? (lag.aboveFromMs[limit] ?? ms) : null;
  lag.value = Math.max(0, value);
  lag.valueMs = ms;
}

function forgetLag(lag: LagBaseline, ms: number): void {
  lag.least = [];
  lag.value = null;
  lag.valueMs = ms;
  lag.aboveFromMs = { 500: null, 1000: null, 3000: null };
  lag.epochFromMs = ms;
  lag.flat = null;
}

/** Keeps the account of dark time going: by the leg behind a relay, else by the ingest's counter, else by OBS's. */
export function accountFlow(health: Health, source: 'obs' | 'rtmp' | 'leg'): void {
  const { leg } = health;
  if (leg !== null) {
    if (source === 'leg')
      countFlow(health.flow, leg.lastMs, leg.grownBytes, kbps(leg.bytes), health.sendBaseline.usual);
    return;
  }
  const byIngest = isConfigured(health, 'rtmp') && health.ingest.everListed;
  const { flow, obs, ingest } = health;
  if (source === 'rtmp') {
    if (ingest.newest === null || !byIngest) return;
    countFlow(flow, ingest.newest.ms, ingest.newest.grownBytes, kbps(ingest.bytes), health.ingestBaseline.usual);
    return;
  }
  if (byIngest || obs.contact.error !== null || obs.active !== true) return;
  const before = obs.bytes.points.at(-2);
  const last = obs.bytes.points.at(-1);
  if (before === undefined || last === undefined) return;
  countFlow(flow, last.ms, Math.max(0, last.value - before.value), kbps(obs.bytes), health.sendBaseline.usual);
}
