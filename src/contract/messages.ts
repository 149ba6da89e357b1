import type { Entry } from '../domain/ledger.ts';
import { type Iso, toIso } from '../domain/units.ts';
import type { DeviceRole } from '../domain/words.ts';
import type { Malformed, Reply } from './commands.ts';
import type { DeskState, ImportView } from './desk-state.ts';
import type { FloorView } from './floor-views.ts';

/**
 * What crosses the sockets, event by event (socket.io 4; namespaces `/desk`, `/floor`, `/join`). "Asks" go to the hub and
 * are acknowledged, "News" come from it. What a client sends is only a promise: the hub reads every payload as unknown.
 *
 * Desk: `join` answers the whole state, or the missing entries when the epoch is the same and at most 5,000 are missing.
 * After it come `entries` (in order; a gap means join again) and `parts`: the top-level parts of the state that changed,
 * at once after a quiet spell, at most ten times a second, and once a second in any case as a sign of life.
 *
 * Floor: a screen gets only whole views. It answers each with `report`, which is also how the desk learns that the view
 * was delivered, whether the page is on screen, whether the screen stays on and how much it keeps unsent. `pulse` names
 * the newest view every 5 s; a screen that holds another one joins again.
 */
export interface DeskAsks {
  join: (ask: { afterSeq: number | null; epoch: string | null }, ack: (answer: DeskJoined) => void) => void;
  command: (command: object, ack: (answer: Reply | Malformed) => void) => void;
}
export type DeskJoined = { state: DeskState } | EntriesFrame;

export interface DeskNews {
  entries: (frame: EntriesFrame) => void;
  parts: (frame: PartsFrame) => void;
  samples: (frame: { source: string; rows: readonly object[] }) => void;
  /** an import on its way, as in `state.imports`, after each slice */
  progress: (progress: ImportView) => void;
}
export interface EntriesFrame {
  epoch: string | null;
  entries: WireEntry[];
}
export interface PartsFrame {
  epoch: string | null;
  seq: number;
  now: Iso;
  parts: Partial<DeskState>;
}

/** An entry as it travels: instants are text. */
export type WireEntry = Omit<Entry, 'at'> & { at: Iso };
export function wireEntry(entry: Entry): WireEntry {
  return { ...entry, at: toIso(entry.at) };
}

export interface FloorAsks {
  join: (ask: { epoch: string | null; viewSeq: number }, ack: (answer: FloorJoined) => void) => void;
  command: (command: object, ack: (answer: Reply | Malformed) => void) => void;
  /** `c0` comes back; `h1`, `h2` are hub time T when the question came and when the answer left (CUE-44) */
  sync: (ask: { c0: number }, ack: (answer: { c0: number; h1: number; h2: number }) => void) => void;
  report: (report: ScreenReport) => void;
}
export interface FloorNews {
  view: (frame: ViewFrame) => void;
  pulse: (pulse: { viewSeq: number; T: number }) => void;
  revoked: (nothing: object) => void;
}
export interface ViewStamp {
  /** sync epoch of the show file: another one means that everything on screen belongs to another show */
  epoch: string | null;
  /** newest ledger entry that the view shows */
  seq: number;
  /** rises with every view, also across a restart of the hub (it is never behind hub time) */
  viewSeq: number;
}
export type ViewFrame = ViewStamp & FloorView;
export type FloorJoined = ViewStamp & { view: FloorView };

export interface ScreenReport {
  /** the view it holds */
  viewSeq: number;
  /** the page is on screen */
  visible: boolean;
  /** keep-awake state in one word; null: not tried */
  awake: string | null;
  /** kept here and not yet acknowledged by the hub */
  unsent: number;
}

/** `data.code` of a refused `/floor` connection. Pending is worth another try, the others are not. */
export type FloorRefusalCode = 'device-pending' | 'device-revoked' | 'device-unknown' | 'bad-proof';

/** The only three messages without a credential; see contract/pairing.ts. Bytes travel as base64url. */
export interface JoinAsks {
  'pair-ask': (ask: PairAsk, ack: (answer: PairAnswer<{ commit: string; role: DeviceRole }>) => void) => void;
  'pair-key': (
    ask: { publicKey: string; nonce: string },
    ack: (answer: PairAnswer<{ publicKey: string; nonce: string }>) => void,
  ) => void;
  'pair-prove': (
    ask: { proof: string },
    ack: (answer: PairAnswer<{ proof: string; state: PairState }>) => void,
  ) => void;
}
export interface JoinNews {
  'pair-state': (news: { state: PairState }) => void;
}
export interface PairAsk {
  iid: string;
  deviceId: string;
  /** ≤ 40 characters, no control or bidi characters. For a co-host's invite that names nobody: who it is, as in `people` */
  name: string;
}
export type PairState = 'joined' | 'pending' | 'revoked';
export type PairAnswer<T> = ({ ok: true } & T) | { ok: false; refusal: PairRefusal };
export interface PairRefusal {
  code:
    | 'invite-unknown'
    | 'invite-expired'
    | 'invite-spent'
    | 'who-are-you'
    | 'bad-proof'
    | 'bad-value'
    | 'storage-failed'
    | 'too-many-requests';
  message: string;
  /** with `who-are-you`: ask again with one of these names */
  people?: { id: string; name: string }[];
}
