import type { Level, StreamLayer, StreamSource } from '../words.ts';
import { type SymptomId, noGrades } from './findings.ts';
import { type FlowAccount, initialFlow } from './flow.ts';
import type { Grade, HeldSymptom } from './hold.ts';
import { type LegSide } from './leg-side.ts';
import { type IngestSide, initialIngest } from './ingest-side.ts';
import type { NamesSide, NetworkSide } from './network-side.ts';
import { type ObsSide, initialObs } from './obs-side.ts';
import { type PictureSide, initialPicture } from './picture-side.ts';
import type { Place } from './place-names.ts';
import { type EdgeLag, type PlaylistSide, initialPlaylist } from './playlist-side.ts';
import { type SoundSide, initialSound } from './sound-side.ts';

/** What is known beforehand about the stream. Null: not known, a careful default holds. */
export interface HealthConfig {
  /** sources that the plan names; null: those that are heard of (replays). Probes are never planned, only heard of. */
  sources: ReadonlySet<StreamSource> | null;
  fps: number | null;
  keyframeSeconds: number | null;
  targetDurationSeconds: number | null;
  recordingExpected: boolean;
  /** OBS: Advanced, Reconnect, Retry Delay */
  retryDelaySeconds: number | null;
  /** scenes that stand still on purpose, the slate among them, byte for byte */
  stillScenes: readonly string[];
  /** wall clock less the judge's clock, ms; null: not known (replays) */
  wallAheadMs: number | null;
}

/** Everything the judge remembers. Advanced in place by `observe` and `judge`; plain data but for its maps. */
export interface Health {
  config: HealthConfig;
  obs: ObsSide;
  picture: PictureSide;
  sound: SoundSide;
  ingest: IngestSide;
  /** the stream goes to another ingest than the one that `rtmp`, `hls` and `edge` tell of */
  elsewhere: boolean;
  /** what carries the stream on from a relay of our own; null: no relay, or not on air */
  leg: LegSide | null;
  hls: PlaylistSide;
  edge: PlaylistSide;
  /** watched for failover, never judged: is the backup fed? */
  backup: { ingest: IngestSide; hls: PlaylistSide };
  network: NetworkSide;
  names: NamesSide;
  edgeLag: EdgeLag;
  lag: LagBaseline;
  ingestBaseline: RateBaseline;
  sendBaseline: RateBaseline;
  flow: FlowAccount;
  /** symptoms by the index of their rule: the judge asks for them thousands of times a second */
  held: HeldSymptom[];
  /** by name the worst that is held: two rows of the same name watch two playlists */
  grades: Record<SymptomId, Grade>;
  /** by name what is held and still true at this moment: a grade that is only held through its calm is not */
  present: Record<SymptomId, Grade>;
  layers: Record<StreamLayer, HeldLayer>;
  /** true symptoms that are not judged because they follow from a worse trouble above (STR-48) */
  follows: Follows[];
  /** newest moment at which the delivery's wait was due: the way to the ingest was bad, or the stream had just begun */
  deliveryWaitFromMs: number | null;
  judgedMs: number | null;
  /** the layers as the newest verdict showed them */
  shown: { layers: Record<StreamLayer, LayerVerdict>; symptoms: string[] } | null;
  /** since when the stream as a whole, and each source, has the level it has */
  level: HeldLevel | null;
  sourceLevels: Map<StreamSource, HeldLevel>;
}

export interface Follows {
  id: SymptomId;
  from: StreamLayer;
}

/** A layer as it is held between judgements, suppression left aside. */
export interface HeldLayer {
  grade: Grade;
  cause: string | null;
  /** where to look, in the words of the desk; null: nothing is wrong, or nobody knows */
  place: Place | null;
  sinceMs: number | null;
  firstSymptomMs: number | null;
  /** start of the calm stretch that ended it last */
  calmFromMs: number | null;
}

/** A layer as a verdict shows it. */
export interface LayerVerdict {
  level: Level;
  cause: string | null;
  place: Place | null;
  sinceMs: number | null;
  symptoms: string[];
}

export interface HeldLevel {
  level: Level;
  sinceMs: number;
}

export interface LagBaseline {
  /** rising values of the last minute in which all was well; the first is the least */
  least: { ms: number; value: number }[];
  /** newest lag of media time between OBS and ingest, baseline taken off; null when it cannot be measured */
  value: number | null;
  valueMs: number;
  /** since when it has been above each limit */
  aboveFromMs: Record<500 | 1000 | 3000, number | null>;
  epochFromMs: number;
  /** a stretch in trouble in which it has stayed within a narrow band; null: none */
  flat: { fromMs: number; low: number } | null;
  /** of both clocks together */
  epoch: number;
}

export interface RateBaseline {
  /** one rate a second, first 60 while nothing was wrong */
  rates: number[];
  /** their median */
  usual: number | null;
  nextMs: number;
}

export const LAYERS: readonly StreamLayer[] = ['obs', 'transport', 'source', 'recording', 'delivery'];

export function initialHealth(config: HealthConfig): Health {
  const layer = (): HeldLayer => ({
    grade: 0,
    cause: null,
    place: null,
    sinceMs: null,
    firstSymptomMs: null,
    calmFromMs: null,
  });
  const rate = (): RateBaseline => ({ rates: [], usual: null, nextMs: 0 });
  return {
    config,
    obs: initialObs(),
    picture: initialPicture(),
    sound: initialSound(),
    ingest: initialIngest(),
    elsewhere: false,
    leg: null,
    hls: initialPlaylist(),
    edge: initialPlaylist(),
    backup: { ingest: initialIngest(), hls: initialPlaylist() },
    network: new Map(),
    names: new Map(),
    edgeLag: { last: null, before: null },
    lag: {
      least: [],
      value: null,
      valueMs: 0,
      aboveFromMs: { 500: null, 1000: null, 3000: null },
      epochFromMs: 0,
      flat: null,
      epoch: 0,
    },
    ingestBaseline: rate(),
    sendBaseline: rate(),
    flow: initialFlow(),
    held: [],
    grades: noGrades(),
    present: noGrades(),
    layers: { obs: layer(), transport: layer(), source: layer(), recording: layer(), delivery: layer() },
    follows: [],
    deliveryWaitFromMs: null,
    judgedMs: null,
    shown: null,
    level: null,
    sourceLevels: new Map(),
  };
}

/** What the plan names of the primary ingest: its page, what it publishes, the edge before that. */
export function isOfPrimary(source: StreamSource): boolean {
  return source === 'rtmp' || source === 'hls' || source === 'edge';
}

/** The plan names this source, or (in a replay) it has been heard; and it tells of where the stream goes now. */
export function isConfigured(health: Health, source: StreamSource): boolean {
  if (health.elsewhere && isOfPrimary(source)) return false;
  if (health.config.sources !== null && source !== 'network') return health.config.sources.has(source);
  switch (source) {
    case 'obs':
      return health.obs.contact.lastMs !== null;
    case 'rtmp':
      return health.ingest.contact.lastMs !== null;
    case 'hls':
      return health.hls.contact.lastMs !== null;
    case 'edge':
      return health.edge.contact.lastMs !== null;
    case 'network':
      return health.network.size > 0;
    default:
      source satisfies never;
      return false;
  }
}

/**
 * Is a stream meant to be on air? Seen sending and not stopped by hand, also while OBS is silent or has given up.
 * Without OBS in the plan the ingest's list decides.
 */
export function isExpected(health: Health): boolean {
  if (!isConfigured(health, 'obs')) return health.ingest.everListed;
  return health.obs.active === true || health.obs.gaveUpMs !== null;
}

/** OBS default: a keyframe every 250 frames. */
const DEFAULT_KEYFRAME_FRAMES = 250;

export function keyframeMs(config: HealthConfig): number {
  return 1000 * (config.keyframeSeconds ?? DEFAULT_KEYFRAME_FRAMES / (config.fps ?? 30));
}

const DEFAULT_TARGET_DURATION_MS = 8000;

export function targetDurationMs(health: Health): number {
  const told = health.config.targetDurationSeconds;
  return (
    health.hls.targetDurationMs ??
    health.edge.targetDurationMs ??
    (told === null ? DEFAULT_TARGET_DURATION_MS : told * 1000)
  );
}

/** STR-46: just started or just connected again; stalls are not judged yet. */
export function inGrace(health: Health, now: number): boolean {
  const from = health.obs.graceFromMs;
  return from !== null && now - from < Math.max(5000, 1.2 * keyframeMs(health.config));
}
