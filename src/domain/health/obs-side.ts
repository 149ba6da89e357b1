import { type Contact, initialContact, noteContact } from './contact.ts';
import {
  type Counter,
  type LossCounter,
  breakEpoch,
  breakLoss,
  count,
  countLoss,
  initialCounter,
  initialLoss,
} from './counter.ts';
import { type HealthSample, type Raw, asFlag, asNumber, asRecord, asText } from './sample.ts';

/** What OBS has told us: is it sending, is it recording, how well does it keep up. */
export interface ObsSide {
  contact: Contact;
  tookMs: number;
  /** null until OBS has answered once */
  active: boolean | null;
  reconnecting: boolean;
  reconnectingSinceMs: number | null;
  /** failed attempts of this reconnection, by OBS's word for each, and when it last said so; null: not reconnecting */
  retry: { failures: number; sinceMs: number } | null;
  /** connected again but nothing has flowed yet; true from RECONNECTING until bytes and frames grow */
  awaitingFlow: boolean;
  bytes: Counter;
  frames: Counter;
  /** the present unbroken stretch of answers in which bytes and frames both grew */
  flow: { fromMs: number | null; lastMs: number | null };
  /** program scene, byte for byte; null until OBS has told */
  scene: string | null;
  dropped: LossCounter;
  encoder: LossCounter;
  render: LossCounter;
  congestion: { ms: number; value: number }[];
  /** media time sent, ms */
  durationMs: number | null;
  /** goes up by one with every start, reconnection and reset of the media clock */
  epoch: number;
  fps: number | null;
  renderMs: number | null;
  cpuPct: number | null;
  freeDiskMb: number | null;
  /** a start or a reconnection that we saw: until then stalls are not judged */
  graceFromMs: number | null;
  /** when the stream that is on air began as far as we saw; null when found running or off */
  startedMs: number | null;
  stoppingMs: number | null;
  /** OBS's word that the stream has started or stopped: figures made before it may still arrive after it */
  wordMs: number | null;
  /** went inactive and nobody asked for it: since when */
  gaveUpMs: number | null;
  /** how long before the last RECONNECTING bytes had still grown, ms */
  growthBeforeReconnectMs: number | null;
  record: RecordSide;
}

export interface RecordSide {
  active: boolean | null;
  paused: boolean;
  bytes: Counter;
  durationMs: number | null;
  /** seen to start at; null when found running */
  startedMs: number | null;
  everActive: boolean;
  inactiveSinceMs: number | null;
}

/** The recording's rate says how long the disk lasts: a calm picture of some seconds must not promise hours. */
const RECORD_WINDOW_MS = 30_000;

export function initialObs(): ObsSide {
  return {
    contact: initialContact(),
    tookMs: 0,
    active: null,
    reconnecting: false,
    reconnectingSinceMs: null,
    retry: null,
    awaitingFlow: false,
    bytes: initialCounter(),
    frames: initialCounter(),
    flow: { fromMs: null, lastMs: null },
    scene: null,
    dropped: initialLoss(),
    encoder: initialLoss(),
    render: initialLoss(),
    congestion: [],
    durationMs: null,
    epoch: 0,
    fps: null,
    renderMs: null,
    cpuPct: null,
    freeDiskMb: null,
    graceFromMs: null,
    startedMs: null,
    stoppingMs: null,
    wordMs: null,
    gaveUpMs: null,
    growthBeforeReconnectMs: null,
    record: {
      active: null,
      paused: false,
      bytes: initialCounter(RECORD_WINDOW_MS),
      durationMs: null,
      startedMs: null,
      everActive: false,
      inactiveSinceMs: null,
    },
  };
}

/** Frames that must have gone out before a fresh connection counts as flowing. */
const FLOWING_FRAMES = 10;
/** A stop that was asked for is confirmed within this time; StopStream blocks up to 15 s on a dead link. */
const STOPPING_COUNTS_MS = 30_000;

/** Two threads of OBS make events and figures. */
const STALE_MS = 1000;

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

function observeState(obs: ObsSide, ms: number, state: string | null): void {
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

function observeRecord(record: RecordSide, ms: number, status: Raw): void {
  const paused = asFlag(status['outputPaused']) ?? false;
  // While paused OBS reports outputActive false: that is not a stop (RCD-2).
  const active = (asFlag(status['outputActive']) ?? false) || paused;
  if (active && record.active === false) {
    record.startedMs = ms;
    record.bytes = initialCounter(RECORD_WINDOW_MS);
  }
  record.inactiveSinceMs = active ? null : (record.inactiveSinceMs ?? ms);
  record.active = active;
  record.paused = paused;
  record.everActive ||= active;
  record.durationMs = asNumber(status['outputDuration']);
  const bytes = asNumber(status['outputBytes']);
  if (bytes !== null && active) {
    count(record.bytes, ms, bytes);
    if (paused) record.bytes.lastGrowthMs = ms;
  }
}

function becomeActive(obs: ObsSide, ms: number, started: boolean): void {
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

function becomeInactive(obs: ObsSide, ms: number): void {
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

function beginReconnect(obs: ObsSide, ms: number): void {
  if (obs.active === null) obs.active = true;
  if (obs.reconnecting) return;
  obs.reconnecting = true;
  obs.reconnectingSinceMs = ms;
  obs.growthBeforeReconnectMs = obs.bytes.lastGrowthMs === null ? null : ms - obs.bytes.lastGrowthMs;
  obs.awaitingFlow = true;
}

function finishReconnect(obs: ObsSide, ms: number): void {
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
