import type { DeskState } from '../../../contract/desk-state.ts';
import type { Metrics, StreamView } from '../../../contract/stream-state.ts';
import type { Level, StreamSource } from '../../../domain/words.ts';
import { DASH, decimal, duration, integer, roughly } from '../../lib/format.ts';
import { t } from '../../lib/i18n/desk.ts';

/** One stage of the way of the picture from this computer to the viewers. */
export interface PathRow {
  id: StreamSource | 'viewers' | 'recording';
  stage: string;
  state: string;
  value: string;
  message: string;
  tone: 'normal' | 'p1' | 'p3';
  /** drawn on the line of the path; a shape of its own for each state */
  shape: string;
  /** its figures are old, so they are grey */
  faded: boolean;
  /** older than a figure may be without saying so (UI-3) */
  stale: boolean;
  /** nothing passes here: the line to the next stage is broken */
  cut: boolean;
}

export const STAGES = ['obs', 'rtmp', 'hls', 'edge', 'network'] as const satisfies StreamSource[];
/** The network lies between the computer and the ingest. */
const WAY = ['obs', 'network', 'rtmp', 'hls', 'edge'] as const satisfies StreamSource[];
const SHAPE: Record<Level, string> = { ok: '●', warn: '◆', critical: '■', unknown: '○', off: '–' };
/** Figures on air are older than they may be from here on; the network is asked every five seconds only. */
const OLD_MS: Partial<Record<StreamSource, number>> = { network: 8000 };
const OLD_OTHERS_MS = 6000;

/** The way of the picture, stage by stage, the recording last and beside it; empty when no stream is planned. */
export function pathRows(state: DeskState, now: number): PathRow[] {
  const rows = WAY.filter((source) => isPlanned(state, source)).map((source) => sourceRow(state, source, now));
  if (rows.length === 0 && !state.recording.active) return [];
  return rows.length === 0 ? [recordingRow(state)] : [...rows, viewersRow(state, now), recordingRow(state)];
}

function isPlanned({ stream, plan }: DeskState, source: StreamSource): boolean {
  if (stream.sources[source] !== undefined) return true;
  if (source === 'network' || !plan) return false;
  return source === 'rtmp' ? (plan.stream.rtmpStat ?? plan.stream.mediamtx) !== null : plan.stream[source] !== null;
}

/** How many watch, as far as ingest or edge count them; null: no server counts. */
export function viewersOf({ viewers }: StreamView): number | null {
  return viewers === null || viewers.source === 'noted' ? null : viewers.count;
}

function sourceRow(state: DeskState, source: StreamSource, now: number): PathRow {
  const { stream } = state;
  const view = stream.sources[source];
  const stage = t(`path.${source}`);
  if (!view) return { ...QUIET, id: source, stage, state: t('path.unknown'), shape: SHAPE.unknown, faded: true };
  const { level, ageMs, metrics, message } = view;
  const age = ageMs === null ? null : ageMs + Math.max(0, now - Date.parse(state.now));
  const follows = followsFrom(stream, source, level);
  const spoilt = spoiltText(stream, source);
  const since =
    level === 'critical' && view.since !== null ? duration(Math.max(0, now - Date.parse(view.since))) : null;
  return {
    id: source,
    stage,
    state: spoilt ?? (follows ? t('path.follows') : level === 'unknown' ? silenceText(age) : t(`path.${level}`)),
    value: follows ? valueText(source, metrics) : (since ?? valueText(source, metrics)),
    message,
    tone: follows ? 'normal' : toneOf(level),
    shape: follows ? SHAPE.unknown : SHAPE[level],
    faded: level === 'unknown' || follows,
    stale: stream.level !== 'off' && age !== null && age > (OLD_MS[source] ?? OLD_OTHERS_MS),
    cut: spoilt === null && (follows || level === 'critical' || level === 'unknown' || level === 'off'),
  };
}

/** What lies behind a break cannot be judged: neither is it well nor is it down by itself (STR-48). */
function followsFrom({ layers }: StreamView, source: StreamSource, level: Level): boolean {
  if (level === 'unknown' || (source !== 'hls' && source !== 'edge')) return false;
  const isBroken = [layers.obs, layers.transport].some((layer) => layer?.level === 'critical');
  return isBroken && layers.delivery?.level === 'unknown';
}

const SPOILT = ['picture-black', 'picture-frozen', 'sound-gone', 'encoder-overloaded'] as const;

/** What leaves OBS is bad, but it leaves: that is not "down". */
function spoiltText({ layers }: StreamView, source: StreamSource): string | null {
  if (source !== 'obs' || layers.obs?.level === 'critical' || layers.source?.level !== 'critical') return null;
  const cause = SPOILT.find((one) => one === layers.source?.cause);
  return cause ? t(`path.${cause}`) : null;
}

function silenceText(age: number | null): string {
  return age === null ? t('path.unknown') : t('path.silent', { time: t('path.seconds', { n: integer(age / 1000) }) });
}

const QUIET = {
  value: DASH,
  message: '',
  tone: 'normal' as const,
  shape: SHAPE.ok,
  faded: false,
  stale: false,
  cut: false,
};

function toneOf(level: Level): PathRow['tone'] {
  return level === 'critical' ? 'p1' : level === 'warn' ? 'p3' : 'normal';
}

function valueText(source: StreamSource, metrics: Metrics): string {
  const number = (...names: string[]): number | null => {
    const value = names.map((name) => metrics[name]).find((one) => typeof one === 'number');
    return typeof value === 'number' ? value : null;
  };
  const [fps, kbps, edge] = [number('fps'), number('ingestKbps'), number('liveEdgeMs')];
  const [rtt, age] = [number('ingestRttMs', 'rttMs', 'gatewayRttMs'), number('playlistAgeMs')];
  if (source === 'obs' && fps !== null) return t('path.fps', { value: decimal(fps, 1) });
  if (source === 'rtmp' && kbps !== null) return t('path.kbps', { value: integer(kbps) });
  if ((source === 'hls' || source === 'edge') && edge !== null)
    return t('path.behindValue', { value: decimal(edge / 1000, 1) });
  if ((source === 'hls' || source === 'edge') && age !== null)
    return t('path.newest', { value: decimal(age / 1000, 1) });
  if (source === 'network' && rtt !== null) return t('path.ms', { value: integer(rtt) });
  return DASH;
}

function viewersRow({ stream }: DeskState, now: number): PathRow {
  const { viewers } = stream;
  const base = { ...QUIET, id: 'viewers' as const, stage: t('path.viewers') };
  if (viewers === null) return { ...base, state: t('path.viewersUnknown'), shape: SHAPE.unknown, faded: true };
  const ago = duration(Math.max(0, now - Date.parse(viewers.at)));
  const state = viewers.source === 'noted' ? t('path.viewersNoted', { time: ago }) : t('path.watching');
  return { ...base, state, value: integer(viewers.count) };
}

function recordingRow({ recording, stream }: DeskState): PathRow {
  const layer = stream.layers.recording?.level;
  const state = recording.paused ? t('path.paused') : recording.active ? t('path.on') : t('path.off');
  const value = !recording.active
    ? DASH
    : recording.diskMinutes !== null
      ? t('path.left', { time: roughly(recording.diskMinutes * 60_000) })
      : recording.sinceMs !== null
        ? t('path.recorded', { time: duration(recording.sinceMs) })
        : DASH;
  return {
    ...QUIET,
    id: 'recording',
    stage: t('path.recording'),
    state,
    value,
    message: recording.path ?? '',
    tone: layer ? toneOf(layer) : 'normal',
    shape: layer === 'critical' || layer === 'warn' ? SHAPE[layer] : recording.active ? SHAPE.ok : SHAPE.off,
  };
}
