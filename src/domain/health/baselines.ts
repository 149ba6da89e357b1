import { kbps } from './counter.ts';
import { countFlow } from './flow.ts';
import { median } from './network-side.ts';
import { type Health, type RateBaseline, inGrace, isConfigured } from './state.ts';

/** What "usual" means for this stream, learned while nothing is wrong: its rates, and how far the ingest lags. */

const FIRST_OK_SECONDS = 60;

/** Call after judging: takes one rate a second into the baselines while the way to the ingest is fine. */
export function learnRates(health: Health, now: number): void {
  const fine = health.obs.active === true && health.layers.transport.grade === 0 && health.layers.obs.grade === 0;
  if (!fine || inGrace(health, now)) return;
  learn(health.sendBaseline, kbps(health.obs.bytes, 5000), now);
  learn(health.ingestBaseline, kbps(health.ingest.bytes, 5000), now);
}

function learn(baseline: RateBaseline, rate: number | null, now: number): void {
  if (rate === null || baseline.rates.length >= FIRST_OK_SECONDS || now < baseline.nextMs) return;
  baseline.rates.push(rate);
  baseline.nextMs = now + 1000;
}

const APART_MS = 800;
const SLOW_ANSWER_MS = 250;
const STARTED_MS = 2000;
const LAG_WINDOW_MS = 60_000;
const RECENT_MS = 5000;
/** A new epoch needs a baseline of its own, whatever else is still wrong. */
const EPOCH_LEARNS_MS = 10_000;

/**
 * STR-26: media that OBS has sent and the ingest has not got, from the two media clocks. Their offset is unknown, so
 * only what exceeds the least of the last minute counts. Call after each answer of OBS or ingest.
 */
export function measureLag(health: Health): void {
  const { obs, ingest, lag } = health;
  const [tObs, tIngest] = [obs.contact.lastAnswerMs, ingest.contact.lastAnswerMs];
  if (tObs === null || tIngest === null || Math.abs(tObs - tIngest) >= APART_MS || obs.tookMs >= SLOW_ANSWER_MS) return;
  if (obs.contact.error !== null || ingest.contact.error !== null) return;
  const [sent, got] = [obs.durationMs, ingest.timestampMs];
  if (obs.reconnecting || sent === null || got === null || sent < STARTED_MS || got < STARTED_MS) {
    forgetLag(health, Math.max(tObs, tIngest));
    return;
  }
  const ms = Math.max(tObs, tIngest);
  const raw = sent - got - (tObs - tIngest);
  const fine = health.layers.transport.grade === 0;
  if (fine || ms - lag.epochFromMs < EPOCH_LEARNS_MS || lag.points.length === 0) {
    lag.points.push({ ms, value: raw });
    while ((lag.points[0]?.ms ?? ms) < ms - LAG_WINDOW_MS) lag.points.shift();
  }
  lag.value = Math.round(raw - Math.min(...lag.points.map((point) => point.value)));
  lag.valueMs = ms;
  lag.recent.push({ ms, value: lag.value });
  while ((lag.recent[0]?.ms ?? ms) < ms - RECENT_MS) lag.recent.shift();
}

function forgetLag(health: Health, ms: number): void {
  health.lag = { points: [], value: null, valueMs: ms, recent: [], epochFromMs: ms };
}

/** Keeps the account of dark time going: by the ingest's counter, else by OBS's. */
export function accountFlow(health: Health, source: 'obs' | 'rtmp'): void {
  const byIngest = isConfigured(health, 'rtmp') && health.ingest.everListed;
  if (source === 'rtmp') {
    const { newest, bytes } = health.ingest;
    if (newest === null || !byIngest) return;
    countFlow(
      health.flow,
      newest.ms,
      newest.grew ? newest.grownBytes : 0,
      kbps(bytes, 5000),
      median(health.ingestBaseline.rates),
    );
    return;
  }
  if (byIngest || health.obs.contact.error !== null || health.obs.active !== true) return;
  const [before, last] = health.obs.bytes.points.slice(-2);
  if (before === undefined || last === undefined) return;
  countFlow(
    health.flow,
    last.ms,
    Math.max(0, last.value - before.value),
    kbps(health.obs.bytes, 5000),
    median(health.sendBaseline.rates),
  );
}
