import type { Iso, Minor } from '../domain/units.ts';
import type { Priority } from '../domain/words.ts';
import type { CommandKind } from './commands.ts';

/** What waits: goods for their buyers (`pickups`), and everything for a person's decision (`settle`). */
export interface PickupsView {
  waiting: number;
  ready: number;
  missed: number;
  /** oldest first, at most 200; nobody's name: the code or the sale tells them apart */
  list: {
    saleId: string;
    code: string | null;
    at: Iso;
    standing: 'waiting' | 'ready' | 'missed';
    /** with something left to hand over */
    lines: { line: number; sku: string | null; name: string; quantity: number }[];
    /** promises alone: they keep no show from closing */
    isPreorder: boolean;
    /** still to be paid at hand-over */
    dueMinor: Minor;
  }[];
}

export type SettleKind =
  'approval' | 'shortfall' | 'authorisation' | 'parked' | 'letter' | 'pickup' | 'drawer' | 'duplicate' | 'apart';

export interface SettleView {
  /** what somebody must decide: rows for the record are not among them */
  count: number;
  counts: Partial<Record<SettleKind, number>>;
  /** the urgent first, then the newest; at most 60 */
  rows: SettleRow[];
}

export interface SettleRow {
  id: string;
  kind: SettleKind;
  /** 1: somebody waits or loses money now · 2: before the files are written · 3: for the record */
  priority: Priority;
  /** a sentence */
  what: string;
  at: Iso;
  amountMinor: Minor | null;
  /** ids that it is about, by the names that commands use */
  subject: Record<string, string | number>;
  actions: SettleAction[];
}

/** A button: `command` with `body` and what a person adds to it. */
export interface SettleAction {
  label:
    | 'approve'
    | 'refuse'
    | 'fulfil'
    | 'substitute'
    | 'refund'
    | 'refunded'
    | 'backorder'
    | 'keep-both'
    | 'free-goods'
    | 'captured'
    | 'let-go'
    | 'failed'
    | 'name-product'
    | 'settle'
    | 'retry'
    | 'hand-over'
    | 'missed'
    | 'count';
  command: CommandKind;
  body: Record<string, unknown>;
  /** keys of the command that the body leaves open; `amountMinor` and `tender` may be left out */
  needs: ('reason' | 'sku' | 'amountMinor' | 'countedMinor' | 'tender')[];
}
