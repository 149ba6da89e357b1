import type { Duration } from '../units.ts';
import type { FailoverAction, FailoverMode } from '../words.ts';
import type { Snapshot } from './stream-facts.ts';

/** What an action would do, in the terms of its kind: scenes for a slate, labels of ingests for a switch. */
interface Move {
  /** `f<seq>` of its first fact */
  action: string;
  what: FailoverAction;
  from: string | null;
  to: string | null;
}

/** STR-62, STR-60. Labels and scene names only: no address and no key is ever in one of these. */
export type FailoverFact =
  | { kind: 'failover.armed'; body: { mode: FailoverMode; by: string } }
  | { kind: 'failover.disarmed'; body: { why: 'operator' | 'show-ended' | 'restart'; by: string } }
  /** `wouldHave`: the mode was `observe`, nothing is asked of anybody */
  | {
      kind: 'failover.proposed';
      body: Move & { mode: FailoverMode; why: string; wouldHave: boolean; snapshot: Snapshot };
    }
  | { kind: 'failover.started'; body: Move & { mode: FailoverMode; why: string; by: string } }
  | { kind: 'failover.finished'; body: Move & { tookMs: Duration } }
  | { kind: 'failover.failed'; body: Move & { step: string; why: string; tookMs: Duration } }
  | { kind: 'failover.cancelled'; body: Move & { why: string; by: string } }
  | { kind: 'failover.locked'; body: { why: string } }
  | {
      kind: 'slate.shown';
      body: { scene: string; by: 'operator' | 'dropdesk'; action: string | null; remembered: string | null };
    }
  | { kind: 'slate.cleared'; body: { scene: string; by: 'operator' | 'dropdesk'; action: string | null } }
  | { kind: 'recording.ensured'; body: { by: string; action: string | null; tookMs: Duration } };
