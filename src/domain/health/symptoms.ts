import type { StreamLayer, StreamSource } from '../words.ts';
import { edgeLag, playlistAge, playlistErrors, segment } from './delivery-findings.ts';
import type { SymptomId } from './findings.ts';
import type { Finding } from './hold.ts';
import { obsAnswer } from './obs-findings.ts';
import { disk, recordStall, recording } from './recording-findings.ts';
import { frameRate, lagPct, pictureBlack, pictureStill, renderTime, soundGone } from './source-findings.ts';
import type { Health } from './state.ts';
import {
  bitrate,
  congestion,
  deliveryRatio,
  dropped,
  gaveUp,
  ingestLag,
  ingestListed,
  ingestSilent,
  ingestStall,
  legStall,
  probe,
  reconnecting,
  roundTrip,
  sendStall,
  srt,
} from './transport-findings.ts';
import type { Turn } from './turn.ts';

/**
 * One row of the table of symptoms (specs: STR-20 to STR-45). `find` says what holds right now; hysteresis, holding
 * times and suppression are not its business. Rows that lean on others stand below them.
 */
export interface Rule {
  id: SymptomId;
  layer: StreamLayer;
  source: StreamSource;
  /** how long the enter condition must have lasted */
  warnMs?: number;
  criticalMs?: number;
  find: (health: Health, turn: Turn) => Finding;
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
  { id: 'legStallMs', layer: 'transport', source: 'network', find: legStall },
  { id: 'probe', layer: 'transport', source: 'network', find: probe },
  { id: 'rttMs', layer: 'transport', source: 'network', warnMs: 20_000, find: roundTrip },
  { id: 'srt', layer: 'transport', source: 'rtmp', find: srt },
  { id: 'bitrateKbps', layer: 'transport', source: 'rtmp', criticalMs: 3000, find: bitrate },
  { id: 'deliveryRatio', layer: 'transport', source: 'rtmp', criticalMs: 3000, find: deliveryRatio },

  {
    id: 'encoderLagPct',
    layer: 'source',
    source: 'obs',
    criticalMs: 3000,
    find: (h, turn) => lagPct(h, turn, 'encoder'),
  },
  {
    id: 'renderLagPct',
    layer: 'source',
    source: 'obs',
    criticalMs: 3000,
    find: (h, turn) => lagPct(h, turn, 'render'),
  },
  { id: 'fps', layer: 'source', source: 'obs', warnMs: 5000, criticalMs: 5000, find: frameRate },
  { id: 'renderMs', layer: 'source', source: 'obs', warnMs: 5000, criticalMs: 5000, find: renderTime },
  { id: 'blackMs', layer: 'source', source: 'obs', find: pictureBlack },
  { id: 'stillMs', layer: 'source', source: 'obs', find: pictureStill },
  { id: 'silentMs', layer: 'source', source: 'obs', find: soundGone },

  { id: 'recording', layer: 'recording', source: 'obs', find: recording },
  { id: 'recordStallMs', layer: 'recording', source: 'obs', find: recordStall },
  { id: 'diskMinutes', layer: 'recording', source: 'obs', find: disk },

  { id: 'playlistErrors', layer: 'delivery', source: 'hls', find: (h, turn) => playlistErrors(h.hls, turn) },
  { id: 'playlistErrors', layer: 'delivery', source: 'edge', find: (h, turn) => playlistErrors(h.edge, turn) },
  { id: 'playlistAgeMs', layer: 'delivery', source: 'hls', find: (h, turn) => playlistAge(h.hls, turn) },
  { id: 'playlistAgeMs', layer: 'delivery', source: 'edge', find: (h, turn) => playlistAge(h.edge, turn) },
  { id: 'edgeLagSegments', layer: 'delivery', source: 'edge', find: edgeLag },
  { id: 'segment', layer: 'delivery', source: 'hls', find: (h, turn) => segment(h, h.hls, turn) },
  { id: 'segment', layer: 'delivery', source: 'edge', find: (h, turn) => segment(h, h.edge, turn) },
];

/** STR-47: how long the exit condition must hold without a break. */
const CALM_MS = 10_000;
const OBS_CALM_MS = 3000;

/** A row as the judge uses it: where its symptom is held, and its times. */
export interface NumberedRule extends Rule {
  index: number;
  times: { warnMs: number; criticalMs: number; calmMs: number };
}

export const RULES: readonly NumberedRule[] = TABLE.map((rule, index) => ({
  ...rule,
  index,
  times: {
    warnMs: rule.warnMs ?? 0,
    criticalMs: rule.criticalMs ?? 0,
    calmMs: rule.layer === 'obs' ? OBS_CALM_MS : CALM_MS,
  },
}));

const of = (layer: StreamLayer): readonly NumberedRule[] => RULES.filter((rule) => rule.layer === layer);

export const RULES_OF: Record<StreamLayer, readonly NumberedRule[]> = {
  obs: of('obs'),
  transport: of('transport'),
  source: of('source'),
  recording: of('recording'),
  delivery: of('delivery'),
};
