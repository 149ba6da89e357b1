import type { StreamFact } from './facts/stream-facts.ts';
import type { Frame } from './frame.ts';
import type { Entry } from './ledger.ts';
import { type Duration, type Instant, fromIso } from './units.ts';
import type { Level, StreamLayer, StreamSource } from './words.ts';

/** What the ledger tells of the stream, its troubles and its recordings. Never more than one open incident per layer. */
export interface StreamRecord {
  /** on air since; null while off */
  onAir: { since: Instant; ingest: string } | null;
  /** stretches on air that have ended, oldest first */
  aired: { from: Instant; to: Instant }[];
  /** oldest first, open ones included */
  incidents: StreamIncident[];
  /** layer → its open incident */
  open: Map<StreamLayer, StreamIncident>;
  /** sources that have not answered for ten seconds or more, and since when */
  unseen: Map<StreamSource, Instant>;
  /** how the newest stretch on air ended; null: it has not, or there was none */
  stopped: { by: 'operator' | 'dropdesk' | 'gave-up'; at: Instant } | null;
  runs: RunRecord[];
  /** the recording that is running as far as we know */
  recording: RunRecord | null;
  scene: string | null;
}

export interface StreamIncident {
  id: string;
  layer: StreamLayer;
  level: Level;
  worst: Level;
  cause: string;
  causes: string[];
  message: string;
  startedAt: Instant;
  /** of the newest fact about it */
  changedAt: Instant;
  endedAt: Instant | null;
  /** known when it has ended */
  darkMs: Duration | null;
  starvedMs: Duration | null;
  /** part of it in which the hub was away and measured nothing (STR-66) */
  blindMs: Duration;
}

/** One recording from start to stop (RCD-1). */
export interface RunRecord {
  run: string;
  requestedAt: Instant | null;
  noticedAt: Instant;
  /** as OBS names them, in order; the first may be unknown until the stop */
  files: { index: number; path: string | null; noticedAt: Instant }[];
  fps: { num: number; den: number } | null;
  width: number | null;
  height: number | null;
  encoder: 'own' | 'shared' | 'unknown';
  obsVersion: string | null;
  folder: string | null;
  pauses: { from: Instant; to: Instant | null }[];
  /** its bytes have stood still, now or before */
  isStalled: boolean;
  stoppedAt: Instant | null;
  /** last sample of a run whose end nobody saw */
  lostAt: Instant | null;
}

export function initialStream(): StreamRecord {
  return {
    onAir: null,
    aired: [],
    incidents: [],
    open: new Map(),
    unseen: new Map(),
    stopped: null,
    runs: [],
    recording: null,
    scene: null,
  };
}

export function evolveStream(state: StreamRecord, entry: Entry, _frame: Frame): void {
  switch (entry.kind) {
    case 'stream.started':
      state.onAir = { since: fromIso(entry.body.at), ingest: entry.body.ingest };
      state.stopped = null;
      break;
    case 'stream.stopped':
      if (state.onAir !== null) state.aired.push({ from: state.onAir.since, to: fromIso(entry.body.at) });
      state.onAir = null;
      state.stopped = { by: entry.body.by, at: fromIso(entry.body.at) };
      break;
    case 'stream.unseen':
      state.unseen.set(entry.body.source, fromIso(entry.body.since));
      break;
    case 'stream.seen':
      state.unseen.delete(entry.body.source);
      break;
    case 'stream.degraded':
      openIncident(state, entry.body, entry.at);
      break;
    case 'stream.worsened':
    case 'stream.eased':
    case 'stream.explained':
      changeIncident(state, entry.body, entry.at);
      break;
    case 'stream.recovered':
      endIncident(state, entry.body, entry.at);
      break;
    case 'scene.changed':
      state.scene = entry.body.scene;
      break;
    // A relay of ours moves without OBS stopping, so no other fact tells where the stream goes now.
    case 'failover.finished':
      if (entry.body.what === 'switch-ingest' && state.onAir !== null && entry.body.to !== null)
        state.onAir.ingest = entry.body.to;
      break;
    default:
      evolveRecording(state, entry);
  }
}

type BodyFor<K extends StreamFact['kind']> = Extract<StreamFact, { kind: K }>['body'];

function openIncident(state: StreamRecord, body: BodyFor<'stream.degraded'>, at: Instant): void {
  const { incident: id, layer, level, cause, message } = body;
  const incident: StreamIncident = {
    id,
    layer,
    level,
    worst: level,
    cause,
    causes: [cause],
    message,
    startedAt: fromIso(body.startedAt),
    changedAt: at,
    endedAt: null,
    darkMs: null,
    starvedMs: null,
    blindMs: 0,
  };
  state.incidents.push(incident);
  state.open.set(layer, incident);
}

function changeIncident(state: StreamRecord, body: BodyFor<'stream.worsened'>, at: Instant): void {
  const incident = state.open.get(body.layer);
  if (incident?.id !== body.incident) return;
  incident.level = body.level;
  if (body.level === 'critical') incident.worst = 'critical';
  incident.cause = body.cause;
  incident.message = body.message;
  if (!incident.causes.includes(body.cause)) incident.causes.push(body.cause);
  incident.changedAt = at;
}

function endIncident(state: StreamRecord, body: BodyFor<'stream.recovered'>, at: Instant): void {
  const incident = state.open.get(body.layer);
  if (incident?.id !== body.incident) return;
  incident.level = 'ok';
  incident.endedAt = fromIso(body.endedAt);
  incident.darkMs = body.darkMs;
  incident.starvedMs = body.starvedMs;
  incident.blindMs = body.blindMs ?? 0;
  incident.changedAt = at;
  state.open.delete(body.layer);
}

function evolveRecording(state: StreamRecord, entry: Entry): void {
  switch (entry.kind) {
    case 'recording.started':
      beginRun(state, entry.body);
      break;
    case 'recording.paused':
      runOf(state, entry.body.run)?.pauses.push({
        from: fromIso(entry.body.requestedAt ?? entry.body.noticedAt),
        to: null,
      });
      break;
    case 'recording.resumed': {
      const pause = runOf(state, entry.body.run)?.pauses.at(-1);
      if (pause?.to === null) pause.to = fromIso(entry.body.requestedAt ?? entry.body.noticedAt);
      break;
    }
    case 'recording.split': {
      const { run, index, path, noticedAt } = entry.body;
      runOf(state, run)?.files.push({ index, path, noticedAt: fromIso(noticedAt) });
      break;
    }
    case 'recording.stalled': {
      const run = runOf(state, entry.body.run);
      if (run !== null) run.isStalled = true;
      break;
    }
    case 'recording.stopped': {
      const run = runOf(state, entry.body.run);
      if (run === null) break;
      run.stoppedAt = fromIso(entry.body.requestedAt ?? entry.body.noticedAt);
      // STOPPED names the first file, whatever was split off since.
      const first = run.files[0];
      if (first !== undefined) first.path ??= entry.body.path;
      endRun(state, run);
      break;
    }
    case 'recording.lost': {
      const run = runOf(state, entry.body.run);
      if (run === null) break;
      run.lostAt = fromIso(entry.body.lastSampleAt);
      endRun(state, run);
      break;
    }
  }
}

function beginRun(state: StreamRecord, body: BodyFor<'recording.started'>): void {
  const { requestedAt, noticedAt, path, ...rest } = body;
  const run: RunRecord = {
    ...rest,
    requestedAt: requestedAt === null ? null : fromIso(requestedAt),
    noticedAt: fromIso(noticedAt),
    files: [{ index: 0, path, noticedAt: fromIso(noticedAt) }],
    pauses: [],
    isStalled: false,
    stoppedAt: null,
    lostAt: null,
  };
  state.runs.push(run);
  state.recording = run;
}

function runOf(state: StreamRecord, id: string): RunRecord | null {
  return state.runs.findLast(({ run }) => run === id) ?? null;
}

function endRun(state: StreamRecord, run: RunRecord): void {
  const pause = run.pauses.at(-1);
  if (pause?.to === null) pause.to = run.stoppedAt ?? run.lostAt;
  if (state.recording === run) state.recording = null;
}
