import type { FailoverSight } from '../health/sight.ts';
import type { Duration } from '../units.ts';
import type { FailoverAction, FailoverMode, FailoverWord, IngestLabel } from '../words.ts';

/** The rules of failover as far as they are numbered: F2 shows a slate, F3 and F9 clear it, F5 switches, F6 retries. */
export type Rule = 'F2' | 'F3' | 'F5' | 'F6' | 'F9';

/** Scenes for a slate, labels of ingests for a switch. */
export interface Move {
  what: FailoverAction;
  from: string | null;
  to: string | null;
}

/** What a rule wants now, and when its guard time will be over. */
export interface Wish extends Move {
  rule: Rule;
  /** a sentence for people */
  why: string;
  dueMs: Duration;
  /** only a person may do it, whatever the mode (F9 by default) */
  asks: boolean;
}

/** A proposal that waits for a person; with `actsAtMs` it is carried out then unless a person says no. */
export interface Pending extends Move {
  /** null until the ledger has named it */
  action: string | null;
  rule: Rule;
  why: string;
  sinceMs: Duration;
  actsAtMs: Duration | null;
}

/**
 * Everything failover remembers between two looks. All times are the hub's monotonic ms. Plain data, advanced in place
 * by `advance` and by what people and OBS do (operator.ts); the same calls in the same order give the same machine.
 */
export interface FailoverMachine {
  mode: FailoverMode;
  word: FailoverWord;
  wordMs: Duration;
  lockedWhy: string | null;
  pending: Pending | null;
  counting: { what: FailoverAction; dueMs: Duration } | null;
  /** one action in flight (STR-79), a person's too */
  running: (Move & { action: string | null; sinceMs: Duration; rule: Rule | null }) | null;
  /** the slate was put there through us: the scene that it hides; only a rule's slate is a rule's to clear */
  hidden: { scene: string; rule: Rule | null } | null;
  /** STR-78: no scene action of ours before */
  handsOffUntilMs: Duration;
  /** when anybody last acted on OBS through us, and the automatic acts of the last ten minutes */
  actedMs: Duration | null;
  automaticMs: Duration[];
  failedSwitches: number;
  /** F7 waits for the flow after this */
  tried: FailoverAction | null;
  /** an act of ours has stopped the stream and could not start it again: it is meant to be on air all the same */
  leftOff: boolean;
  /** a person said no: not again until the reason has been gone for a while; value: when it was last there */
  declined: Map<Rule, Duration>;
  /** `observe`: what was written as "would have", and when */
  toldMs: Duration | null;
  told: Set<Rule>;
  /** since when a condition holds without a break */
  since: Map<Condition, Duration>;
  /** of this darkness: the present ingest did not answer at some time, and we retried already */
  ingestWasAway: boolean;
  retried: boolean;
  recordingEnsured: boolean;
}

export type Condition = 'source-critical' | 'source-ok' | 'transport-critical' | 'clean' | 'recording-off';

/** What is seen at one moment; everything the rules may know. */
export interface Look {
  ms: Duration;
  sight: FailoverSight;
  /** how long OBS still waits before it tries again by itself; null: it does not wait */
  retryInMs: Duration | null;
  /** a layer is warn or critical, delivery and recording too */
  isWeak: boolean;
  phase: 'planned' | 'live' | 'over';
  /** scenes as OBS lists them, byte for byte; null: not known */
  scenes: readonly string[] | null;
  slateScene: string | null;
  liveScene: string | null;
  allowScenes: readonly string[];
  /** how an ingest would be switched, and whether that could be done now */
  tier: 'relay' | 'direct' | null;
  backupReady: boolean;
  ingest: IngestLabel | null;
  clearSlate: 'ask' | 'auto';
  /** does the scene behind our slate move again? null: cannot be told, or the picture was not the reason */
  hiddenMoves: boolean | null;
  recording: { expected: boolean; active: boolean | null; ensuredBefore: boolean };
}

/** What is to be done about it. Data: whoever carries it out tells the machine how it went. */
export type Intent =
  | ({ do: 'propose'; why: string; actsAtMs: Duration | null } & Move)
  | ({ do: 'would-have'; why: string } & Move)
  | ({ do: 'act'; why: string; action: string | null } & Move)
  | ({ do: 'withdraw'; action: string | null; why: string } & Move)
  | { do: 'ensure-recording' }
  | { do: 'lock'; why: string }
  | { do: 'disarm' }
  /** stop what is running, where it can still be stopped */
  | { do: 'abort'; why: string };

export function initialMachine(): FailoverMachine {
  return {
    mode: 'observe',
    word: 'ready',
    wordMs: 0,
    lockedWhy: null,
    pending: null,
    counting: null,
    running: null,
    hidden: null,
    handsOffUntilMs: -Infinity,
    actedMs: null,
    automaticMs: [],
    failedSwitches: 0,
    tried: null,
    leftOff: false,
    declined: new Map(),
    toldMs: null,
    told: new Set(),
    since: new Map(),
    ingestWasAway: false,
    retried: false,
    recordingEnsured: false,
  };
}

/** @returns for how long the condition has held, or null while it does not */
export function heldMs(machine: FailoverMachine, condition: Condition, ms: Duration): Duration | null {
  const since = machine.since.get(condition);
  return since === undefined ? null : ms - since;
}

export function isScene({ what }: { what: FailoverAction }): boolean {
  return what === 'show-slate' || what === 'clear-slate';
}

export function isIngest({ what }: { what: FailoverAction }): boolean {
  return what === 'switch-ingest' || what === 'retry-ingest';
}
