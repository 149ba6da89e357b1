import type { Actor } from '../domain/actor.ts';
import type { OutsideOrder } from '../domain/commands.ts';
import type { HealthSample, Raw } from '../domain/health/sample.ts';
import type { Entry, OriginFact } from '../domain/ledger.ts';
import type { OrderSnapshot } from '../domain/order-snapshot.ts';
import type { ShowState } from '../domain/show.ts';
import type { Instant, Iso, Now } from '../domain/units.ts';
import type { Malformed, Reply } from '../contract/commands.ts';
import type { ConnectorView } from '../contract/desk-state.ts';
import type { DeviceRole, IngestLabel } from '../domain/words.ts';

/** The functions that hub.ts hands to a room. A room takes only what it needs, so a reader can click through. */

/** Carries out one command as an actor; resolves after the facts are durable. */
export type Perform = (actor: Actor, raw: unknown) => Promise<Reply | Malformed>;

/** Books news from outside. Origin ids already seen are skipped; what is returned is what was new, durable by then. */
export type RecordFacts = (facts: OriginFact[]) => Entry[];

/** Books outside orders by the selling rules; `sourceId` already booked for that source is `unchanged`. */
export type BookOrders = (orders: OutsideOrder[]) => { added: number; unchanged: number; observed?: number };

/**
 * `observed`: bought after the show was closed by somebody known (VER-2), and in no other count.
 *
 * Books what has changed in whole outside orders; a state that is known or older is `unchanged`.
 *
 * @param since orders made before it belong to a former show; null: they were sent to this show on purpose
 */
export type BookSnapshots = (
  orders: OrderSnapshot[],
  since: Instant | null,
) => { added: number; changed: number; unchanged: number; observed?: number };

/** One poll or event of a stream source, in the shape of the recorded traces (contract: replay-health). */
export type Measure = (sample: Sample) => void;
export type Sample = HealthSample;

export type ReadNow = () => Now;
export type ReadShow = () => ShowState | null;
export type ReportConnector = (view: ConnectorView) => void;

/** Structured log line on stderr; fields are an allow-list, never bodies, URLs with query, names of people. */
export type Log = (line: {
  level: 'info' | 'warn' | 'error';
  kind: string;
  [field: string]: string | number | boolean | null;
}) => void;

/** OBS as the rooms beside its wire see it. Nothing is queued: what cannot be asked now fails now. */
export interface ObsDoor {
  isConnected: () => boolean;
  /** @throws NoAnswer, ObsRefused (net/obs-errors.ts) */
  call: (requestType: string, requestData: Raw | undefined, deadlineMs: number) => Promise<Raw>;
  /** several questions in one message; null where OBS refused one. @throws NoAnswer */
  batch: (
    requests: readonly { requestType: string; requestData?: Raw }[],
    deadlineMs: number,
  ) => Promise<(Raw | null)[]>;
  /** levels of all inputs, 20 times a second, from now on until the returned function is called; about 1 % of a core */
  meter: (hear: (levels: Levels) => void) => () => void;
}

/** input → loudest peak of its channels after the fader, dBFS; −100 is silence */
export type Levels = ReadonlyMap<string, number>;

/** The leg that carries the stream from our own relay on to an ingest (STR-84), for whoever decides where it goes. */
export interface RelayDoor {
  /** @returns null when the leg could go there, else a sentence for people */
  ready: (to: IngestLabel) => string | null;
  /** where it goes now; null: there is no relay */
  target: () => IngestLabel | null;
  point: (to: IngestLabel) => void;
  /** bytes have left for the present target in the last two seconds */
  isFlowing: () => boolean;
}

/** Reads a secret by its name (`obs.password`, `ingest.secret`); null when none is set. */
export type ReadSecret = (name: string) => string | null;

/** Whoever starts a thing stops it. */
export type Stop = () => Promise<void> | void;

/** A phone, tablet or till that was paired once. The key never leaves the hub's memory and desk.db (encrypted there). */
export interface PairedDevice {
  /** chosen by the device: base64url of 16 bytes */
  id: string;
  role: DeviceRole;
  name: string;
  person: string | null;
  till: string | null;
  key: Uint8Array;
  /** pending: a till whose six digits the producer has not compared yet; revoked: a tombstone, kept for ever */
  state: 'pending' | 'joined' | 'revoked';
  /** the six digits, only while pending */
  code: string | null;
  address: string;
  createdAt: number;
}

/** Devices and their keys (desk.db), so that a restart of the hub keeps every screen. */
export interface DeviceKeys {
  find(id: string): PairedDevice | null;
  list(): PairedDevice[];
  save(device: PairedDevice): void;
  /** pending → joined, the code is forgotten */
  approve(id: string): void;
  /** leaves a tombstone without key */
  revoke(id: string): void;
}

/** A webhook that was signed right and kept. */
export interface Letter {
  /** `l<number>` */
  id: string;
  /** `generic`, `shopify` … */
  source: string;
  /** the sender's id of this delivery */
  key: string;
  /** empty once it was blanked */
  body: Buffer;
  receivedAt: number;
  /** conflict: another body came under an id that was used before */
  status: 'pending' | 'done' | 'dead' | 'conflict' | 'settled';
  problem: string | null;
}

/** How far each shop has been read (show.db), so that a restart goes on where the hub was killed (CON-6). */
export interface Cursors {
  /** the newest change that is booked; null: nothing yet */
  read(kind: string, account: string): Iso | null;
  /** Never moves back. Durable when it returns. */
  move(kind: string, account: string, seenUntil: Iso): void;
}

/** The inbox (show.db) as connectors see it. */
export interface LetterBox {
  /** durable when it returns */
  insert(source: string, dedupeKey: string, body: Buffer, receivedAt: number): 'new' | 'repeat' | 'conflict';
  pending(limit: number): Letter[];
  /** of these senders only */
  pendingOf(sources: readonly string[], limit: number): Letter[];
  done(id: string, at: number): void;
  /** @returns how many tries have failed by now */
  failed(id: string, problem: string): number;
  bury(id: string, problem: string): void;
}
