import type { StreamLayer, StreamSource } from '../words.ts';
import type { GradeRead, SymptomId } from './findings.ts';
import type { Finding } from './hold.ts';
import { disk, lagPct, obsAnswer, playlistAge, playlistErrors, recordStall, recording } from './other-findings.ts';
import type { Health } from './state.ts';
import {
  bitrate,
  congestion,
  dropped,
  gaveUp,
  ingestLag,
  ingestListed,
  ingestSilent,
  ingestStall,
  probe,
  reconnecting,
  sendStall,
} from './transport-findings.ts';

/**
 * One row of the table of symptoms (specs: STR-20 to STR-43). `find` says what holds right now; hysteresis, holding
 * times and suppression are not its business. Rows that lean on others stand below them.
 */
export interface Rule {
  id: SymptomId;
  layer: StreamLayer;
  source: StreamSource;
  warnMs?: number;
  criticalMs?: number;
  find: (health: Health, now: number, gradeOf: GradeRead) => Finding;
}

const TABLE: readonly Rule[] = [
  { id: 'obsAnswerMs', layer: 'obs', source: 'obs', find: obsAnswer },
  { id: 'gaveUp', layer: 'transport', source: 'obs', criticalMs: 1000, find: gaveUp },
  { id: 'reconnecting', layer: 'transport', source: 'obs', find: reconnecting },
  { id: 'ingestLagMs', layer: 'transport', source: 'rtmp', find: ingestLag },
  { id: 'congestion', layer: 'transport', source: 'obs', find: congestion },
  { id: 'droppedPct', layer: 'transport', source: 'obs', find: dropped },
  { id: 'sendStallMs', layer: 'transport', source: 'obs', find: sendStall },
  { id: 'ingestStallMs', layer: 'transport', source: 'rtmp', find: ingestStall },
  { id: 'ingestListed', layer: 'transport', source: 'rtmp', find: ingestListed },
  { id: 'ingestSilentMs', layer: 'transport', source: 'rtmp', find: ingestSilent },
  { id: 'probe', layer: 'transport', source: 'network', find: probe },
  { id: 'bitrateKbps', layer: 'transport', source: 'rtmp', criticalMs: 3000, find: bitrate },
  {
    id: 'encoderLagPct',
    layer: 'source',
    source: 'obs',
    criticalMs: 3000,
    find: (h, now) => lagPct(h, now, 'encoder'),
  },
  { id: 'renderLagPct', layer: 'source', source: 'obs', criticalMs: 3000, find: (h, now) => lagPct(h, now, 'render') },
  { id: 'recording', layer: 'recording', source: 'obs', find: recording },
  { id: 'recordStallMs', layer: 'recording', source: 'obs', find: recordStall },
  { id: 'diskMinutes', layer: 'recording', source: 'obs', find: disk },
  { id: 'playlistErrors', layer: 'delivery', source: 'hls', find: (h, now) => playlistErrors(h.hls, now) },
  { id: 'playlistErrors', layer: 'delivery', source: 'edge', find: (h, now) => playlistErrors(h.edge, now) },
  { id: 'playlistAgeMs', layer: 'delivery', source: 'hls', find: (h, now) => playlistAge(h.hls, now) },
  { id: 'playlistAgeMs', layer: 'delivery', source: 'edge', find: (h, now) => playlistAge(h.edge, now) },
];

/** The table with the key under which each row's symptom is held: two rows of the same name watch two playlists. */
export const RULES: readonly (Rule & { key: string })[] = TABLE.map((rule) => ({
  ...rule,
  key: `${rule.id}/${rule.source}`,
}));
