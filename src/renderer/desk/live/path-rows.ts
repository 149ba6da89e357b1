import type { DeskState } from '../../../contract/desk-state.ts';
import type { Metrics } from '../../../contract/stream-state.ts';
import type { Level, StreamSource } from '../../../domain/words.ts';
import { DASH, decimal, duration, integer, roughly } from '../../lib/format.ts';
import { t } from '../../lib/i18n/desk.ts';

export interface PathRow {
  id: string;
  stage: string;
  state: string;
  value: string;
  message: string;
  tone: 'normal' | 'p1' | 'p3';
}

export const STAGES = ['obs', 'rtmp', 'hls', 'edge', 'network'] as const satisfies StreamSource[];

/** The way of the picture from the computer to the viewer, one row a stage; empty when no stream is planned. */
export function pathRows(state: DeskState, now: number): PathRow[] {
  const { stream, plan, recording } = state;
  const planned = (source: StreamSource): boolean =>
    stream.sources[source] !== undefined ||
    (source !== 'network' && (plan?.stream[source === 'rtmp' ? 'rtmpStat' : source] ?? null) !== null);
  const rows = STAGES.filter(planned).map((source) => sourceRow(source, stream.sources[source], now));
  if (rows.length === 0 && !recording.active) return [];
  const at = rows.findIndex((row) => row.id === 'network');
  rows.splice(at === -1 ? rows.length : at, 0, recordingRow(state));
  return rows;
}

function sourceRow(source: StreamSource, view: DeskState['stream']['sources'][StreamSource], now: number): PathRow {
  const stage = t(`path.${source}`);
  if (!view) return { id: source, stage, state: t('path.unknown'), value: DASH, message: '', tone: 'normal' };
  const bad = view.level === 'critical' || view.level === 'unknown';
  const since = bad && view.since !== null ? duration(Math.max(0, now - Date.parse(view.since))) : null;
  return {
    id: source,
    stage,
    state: t(`path.${view.level}`),
    value: since ?? valueText(source, view.metrics),
    message: view.message,
    tone: toneOf(view.level),
  };
}

function toneOf(level: Level): PathRow['tone'] {
  return level === 'critical' ? 'p1' : level === 'warn' ? 'p3' : 'normal';
}

function valueText(source: StreamSource, metrics: Metrics): string {
  const number = (name: string): number | null => (typeof metrics[name] === 'number' ? metrics[name] : null);
  const { fps, kbps, edge, rtt, age } = {
    fps: number('fps'),
    kbps: number('ingestKbps'),
    edge: number('liveEdgeMs'),
    rtt: number('rttMs'),
    age: number('playlistAgeMs'),
  };
  if (source === 'obs' && fps !== null) return t('path.fps', { value: decimal(fps, 1) });
  if (source === 'rtmp' && kbps !== null) return t('path.kbps', { value: integer(kbps) });
  if ((source === 'hls' || source === 'edge') && edge !== null)
    return t('path.behindValue', { value: decimal(edge / 1000, 1) });
  if ((source === 'hls' || source === 'edge') && age !== null) return t('path.ago', { time: duration(age) });
  if (source === 'network' && rtt !== null) return t('path.ms', { value: integer(rtt) });
  return DASH;
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
    id: 'recording',
    stage: t('path.recording'),
    state,
    value,
    message: recording.path ?? '',
    tone: layer ? toneOf(layer) : 'normal',
  };
}
