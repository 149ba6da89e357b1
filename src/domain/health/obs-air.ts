import { breakEpoch, breakLoss } from './counter.ts';
import type { ObsSide } from './obs-side.ts';

/**
 * OBS goes on air, loses its ingest, finds it again and goes off: by its own words and, where one was missed, by its
 * figures. Each start and each reconnection begins an epoch of the counters (STR-10).
 */

/** A stop that was asked for is confirmed within this time; StopStream blocks up to 15 s on a dead link. */
const STOPPING_COUNTS_MS = 30_000;

/** @param state `outputState` of StreamStateChanged */
export function observeState(obs: ObsSide, ms: number, state: string | null): void {
  switch (state) {
    case 'OBS_WEBSOCKET_OUTPUT_STOPPING':
      obs.stoppingMs = ms;
      break;
    case 'OBS_WEBSOCKET_OUTPUT_STARTING':
      obs.stoppingMs = null;
      break;
    case 'OBS_WEBSOCKET_OUTPUT_STARTED':
      obs.wordMs = ms;
      becomeActive(obs, ms, obs.active !== null);
      break;
    case 'OBS_WEBSOCKET_OUTPUT_RECONNECTING':
      beginReconnect(obs, ms);
      // OBS says it again after each attempt that failed.
      obs.retry = { failures: (obs.retry?.failures ?? 0) + 1, sinceMs: ms };
      break;
    case 'OBS_WEBSOCKET_OUTPUT_RECONNECTED':
      finishReconnect(obs, ms);
      break;
    case 'OBS_WEBSOCKET_OUTPUT_STOPPED':
      obs.wordMs = ms;
      if (obs.active !== null) becomeInactive(obs, ms);
      break;
  }
}

export function becomeActive(obs: ObsSide, ms: number, started: boolean): void {
  if (obs.active !== true) obs.stoppingMs = null;
  if (obs.active !== true && started) {
    obs.startedMs = ms;
    obs.graceFromMs = ms;
    obs.bytes.lastGrowthMs = ms;
    beginEpoch(obs);
  }
  obs.active = true;
  obs.gaveUpMs = null;
}

export function becomeInactive(obs: ObsSide, ms: number): void {
  const asked = obs.stoppingMs !== null && ms - obs.stoppingMs <= STOPPING_COUNTS_MS;
  if (obs.active === true && !asked) obs.gaveUpMs = ms;
  if (asked) obs.gaveUpMs = null;
  obs.active = false;
  obs.reconnecting = false;
  obs.reconnectingSinceMs = null;
  obs.retry = null;
  obs.awaitingFlow = false;
  obs.graceFromMs = null;
  obs.startedMs = null;
}

export function beginReconnect(obs: ObsSide, ms: number): void {
  if (obs.active === null) obs.active = true;
  if (obs.reconnecting) return;
  obs.reconnecting = true;
  obs.reconnectingSinceMs = ms;
  obs.growthBeforeReconnectMs = obs.bytes.lastGrowthMs === null ? null : ms - obs.bytes.lastGrowthMs;
  obs.awaitingFlow = true;
}

export function finishReconnect(obs: ObsSide, ms: number): void {
  if (!obs.reconnecting) return;
  obs.reconnecting = false;
  obs.reconnectingSinceMs = null;
  obs.retry = null;
  obs.graceFromMs = ms;
  beginEpoch(obs);
}

function beginEpoch(obs: ObsSide): void {
  obs.epoch += 1;
  breakEpoch(obs.bytes);
  breakEpoch(obs.frames);
  breakLoss(obs.dropped);
  obs.congestion = [];
}
