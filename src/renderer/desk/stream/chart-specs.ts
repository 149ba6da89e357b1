import type { StreamSource } from '../../../domain/words.ts';
import type { DeskKey } from '../../lib/i18n/desk.ts';

export interface LineSpec {
  source: StreamSource;
  /** names of the figure in the samples; of several the first that is there */
  columns: readonly string[];
  label: DeskKey & `line.${string}`;
  dash: readonly number[];
}

export interface ChartSpec {
  id: 'bitrate' | 'lag' | 'lost' | 'delivery' | 'behind' | 'rtt' | 'loss' | 'viewers';
  unit: DeskKey & `unit.${string}`;
  /** stored figure × scale = what is drawn */
  scale: number;
  decimals: number;
  /** the value axis reaches at least so far, so that a calm line is not blown up */
  least: number;
  lines: readonly LineSpec[];
}

const SOLID: readonly number[] = [];
const DASHED = [6, 3];
const DOTTED = [2, 2];

/** The charts of the stream page, from the computer to the viewers; names of figures are those of domain/health/metrics.ts. */
export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'bitrate',
    unit: 'unit.mbps',
    scale: 0.001,
    decimals: 2,
    least: 1,
    lines: [
      { source: 'obs', columns: ['bitrateKbps'], label: 'line.sent', dash: SOLID },
      { source: 'rtmp', columns: ['ingestKbps'], label: 'line.arrived', dash: DASHED },
    ],
  },
  {
    id: 'lost',
    unit: 'unit.percent',
    scale: 1,
    decimals: 1,
    least: 2,
    lines: [
      { source: 'obs', columns: ['droppedPct'], label: 'line.dropped', dash: SOLID },
      { source: 'obs', columns: ['encoderLagPct'], label: 'line.encoder', dash: DASHED },
      { source: 'obs', columns: ['renderLagPct'], label: 'line.render', dash: DOTTED },
    ],
  },
  {
    id: 'rtt',
    unit: 'unit.ms',
    scale: 1,
    decimals: 0,
    least: 50,
    lines: [
      { source: 'network', columns: ['ingestRttMs', 'rttMs'], label: 'line.ingest', dash: SOLID },
      { source: 'network', columns: ['backupRttMs'], label: 'line.backup', dash: DASHED },
      { source: 'network', columns: ['gatewayRttMs'], label: 'line.gateway', dash: DOTTED },
    ],
  },
  {
    id: 'loss',
    unit: 'unit.percent',
    scale: 1,
    decimals: 0,
    least: 20,
    lines: [
      { source: 'network', columns: ['ingestLossPct', 'lossPct'], label: 'line.ingest', dash: SOLID },
      { source: 'network', columns: ['backupLossPct'], label: 'line.backup', dash: DASHED },
      { source: 'network', columns: ['gatewayLossPct'], label: 'line.gateway', dash: DOTTED },
    ],
  },
  {
    id: 'lag',
    unit: 'unit.ms',
    scale: 1,
    decimals: 0,
    least: 500,
    lines: [{ source: 'rtmp', columns: ['ingestLagMs'], label: 'line.behind', dash: SOLID }],
  },
  {
    id: 'delivery',
    unit: 'unit.s',
    scale: 0.001,
    decimals: 1,
    least: 5,
    lines: [
      { source: 'hls', columns: ['playlistAgeMs'], label: 'line.origin', dash: SOLID },
      { source: 'edge', columns: ['playlistAgeMs'], label: 'line.edge', dash: DASHED },
    ],
  },
  {
    id: 'behind',
    unit: 'unit.s',
    scale: 0.001,
    decimals: 1,
    least: 10,
    lines: [
      { source: 'hls', columns: ['liveEdgeMs'], label: 'line.origin', dash: SOLID },
      { source: 'edge', columns: ['liveEdgeMs'], label: 'line.edge', dash: DASHED },
    ],
  },
  {
    id: 'viewers',
    unit: 'unit.people',
    scale: 1,
    decimals: 0,
    least: 10,
    lines: [
      { source: 'rtmp', columns: ['viewers'], label: 'line.watching', dash: SOLID },
      { source: 'edge', columns: ['viewers'], label: 'line.edge', dash: DASHED },
    ],
  },
];
