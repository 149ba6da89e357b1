import type { ProcedureCommand, ProcedureKind } from '../../contract/commands.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Ask } from '../../domain/decide/ask.ts';
import type { Entry, OriginFact } from '../../domain/ledger.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Decision } from '../../domain/refusal.ts';
import type { CohortSettings } from '../../domain/show-cohorts.ts';
import type { Now } from '../../domain/units.ts';
import type { Book } from '../book.ts';
import type { BookOrders, BookSnapshots, Perform } from '../doors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { GuestList } from '../guest-list.ts';
import type { LiveState } from '../live-state.ts';
import type { PostRoom } from '../post-room.ts';
import type { Shows } from '../shows.ts';
import type { StorageWatch } from '../storage-watch.ts';
import type { DeskStore } from '../store/desk-store.ts';
import type { Secrets } from '../store/secrets.ts';
import type { StreamRoom } from '../stream-room.ts';

/** What the hall lends to a procedure: asks that touch a disk, a socket or a secret are carried out with these. */
export interface Hall {
  now: () => Now;
  book: () => Book | null;
  /** one command, the way of every command: for lists that somebody has carried here */
  perform: Perform;
  /** what a decision of the domain is asked with */
  ask: (id: string, actor: Actor) => Ask;
  /** appends and announces; `reply` puts the command's own idempotency row into the same transaction */
  append: (facts: readonly OriginFact[], reply?: Record<string, unknown>) => Entry[];
  bookOrders: BookOrders;
  bookSnapshots: BookSnapshots;
  /** makes a new show, puts it on the desk; its first entry is the caller's */
  makeShow: (plan: Plan, demo: boolean) => Book;
  loadShow: (id: string) => Promise<void>;
  startDemo: () => Promise<void>;
  stopDemo: () => Promise<void>;
  /** wires follow a change of plan, secrets or settings */
  rewire: () => void;
  settings: () => Record<string, unknown>;
  /** bar and clock of the verdict as they are set now */
  cohorts: () => CohortSettings;
  touch: () => void;
  live: LiveState;
  stream: StreamRoom;
  post: PostRoom;
  guests: GuestList;
  desk: DeskStore;
  secrets: Secrets;
  shows: Shows;
  gateway: Gateway;
  storage: StorageWatch;
}

export type Procedure<K extends ProcedureKind> = (
  command: Extract<ProcedureCommand, { kind: K }>,
  actor: Actor,
  hall: Hall,
) => Decision | Promise<Decision>;
