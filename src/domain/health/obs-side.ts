import { type Contact, initialContact } from './contact.ts';
import { type Counter, type LossCounter, initialCounter, initialLoss } from './counter.ts';
import { type RecordSide, initialRecord } from './record-side.ts';

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
    record: initialRecord(),
  };
}
