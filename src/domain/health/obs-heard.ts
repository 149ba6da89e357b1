import { noteContact } from './contact.ts';
import { type LossCounter, count, countLoss } from './counter.ts';
import { becomeActive, becomeInactive, beginReconnect, finishReconnect, observeState } from './obs-air.ts';
import type { ObsSide } from './obs-side.ts';
import { observeRecord } from './record-side.ts';
import { type HealthSample, type Raw, asFlag, asNumber, asRecord, asText } from './sample.ts';

/** Frames that must have gone out before a fresh connection counts as flowing. */
const FLOWING_FRAMES = 10;
/** Two threads of OBS make events and figures. */
const STALE_MS = 1000;

/** One poll: the answers to GetStreamStatus, GetStats and GetRecordStatus, or why there are none. */
export function observeObs(obs: ObsSide, sample: HealthSample): void {
  noteContact(obs.contact, sample.ms, sample.error ?? null);
  const data = asRecord(sample.data);
  if (sample.error !== undefined || data === null) return;
  obs.tookMs = sample.tookMs ?? 0;
  const stream = asRecord(data['GetStreamStatus']);
  const stats = asRecord(data['GetStats']);
  const record = asRecord(data['GetRecordStatus']);
  if (stream !== null) observeStream(obs, sample.ms, stream);
  if (stats !== null) observeStats(obs, sample.ms, stats);
  if (record !== null) observeRecord(obs.record, sample.ms, record);
}

/** One event, by its name in the protocol. */
export function observeObsEvent(obs: ObsSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  const told = asRecord(data?.['eventData']);
  switch (asText(data?.['eventType'])) {
    case 'StreamStateChanged':
      observeState(obs, sample.ms, asText(told?.['outputState']));
      break;
    case 'CurrentProgramSceneChanged':
      obs.scene = asText(told?.['sceneName']) ?? obs.scene;
      break;
  }
}

function observeStream(obs: ObsSide, ms: number, stream: Raw): void {
  const active = asFlag(stream['outputActive']);
  if (active !== obs.active && obs.wordMs !== null && ms - obs.wordMs < STALE_MS) return;
  if (active === true) becomeActive(obs, ms, obs.active === false);
  if (active === false) becomeInactive(obs, ms);
  const reconnecting = asFlag(stream['outputReconnecting']);
  if (reconnecting === true) beginReconnect(obs, ms);
  if (reconnecting === false && obs.reconnecting) finishReconnect(obs, ms);
  const bytes = asNumber(stream['outputBytes']);
  const frames = asNumber(stream['outputTotalFrames']);
  const skipped = asNumber(stream['outputSkippedFrames']);
  const congestion = asNumber(stream['outputCongestion']);
  const grewBytes = bytes !== null && count(obs.bytes, ms, bytes);
  const grewFrames = frames !== null && count(obs.frames, ms, frames);
  noteFlow(obs, ms, grewBytes && (grewFrames || frames === null));
  if (frames !== null && skipped !== null) countLoss(obs.dropped, ms, skipped, frames);
  if (congestion !== null) {
    obs.congestion.push({ ms, value: congestion });
    while ((obs.congestion[0]?.ms ?? ms) < ms - 4000) obs.congestion.shift();
  }
  noteMediaTime(obs, asNumber(stream['outputDuration']));
  if (obs.active && !obs.reconnecting && grewBytes && (frames ?? FLOWING_FRAMES) > 0) obs.awaitingFlow = false;
  if (obs.graceFromMs !== null && grewBytes && (frames ?? 0) > FLOWING_FRAMES && !obs.reconnecting)
    obs.graceFromMs = null;
}

function noteMediaTime(obs: ObsSide, durationMs: number | null): void {
  if (durationMs !== null && obs.durationMs !== null && durationMs < obs.durationMs) obs.epoch += 1;
  obs.durationMs = durationMs;
}

/** One answer without growth is the breath of a stream, not its end. */
const FLOW_GAP_MS = 1000;

function noteFlow(obs: ObsSide, ms: number, grew: boolean): void {
  const { flow } = obs;
  if (obs.active !== true || obs.reconnecting || (flow.lastMs !== null && ms - flow.lastMs > FLOW_GAP_MS)) {
    flow.fromMs = null;
  }
  if (!grew || obs.active !== true || obs.reconnecting) return;
  flow.fromMs ??= ms;
  flow.lastMs = ms;
}

function observeStats(obs: ObsSide, ms: number, stats: Raw): void {
  const pair = (lost: string, total: string, into: LossCounter): void => {
    const [l, t] = [asNumber(stats[lost]), asNumber(stats[total])];
    if (l !== null && t !== null) countLoss(into, ms, l, t);
  };
  pair('outputSkippedFrames', 'outputTotalFrames', obs.encoder);
  pair('renderSkippedFrames', 'renderTotalFrames', obs.render);
  obs.fps = asNumber(stats['activeFps']);
  obs.renderMs = asNumber(stats['averageFrameRenderTime']);
  obs.cpuPct = asNumber(stats['cpuUsage']);
  obs.freeDiskMb = asNumber(stats['availableDiskSpace']);
}
