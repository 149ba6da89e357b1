import type { Duration, Iso } from '../units.ts';
import type { Cue } from '../plan.ts';
import type { CueAnswer, HelpKind } from '../words.ts';

/** `run` names one start of one cue: `r<seq of its cue.started>`. */
export type CueFact =
  | { kind: 'cue.stood-by'; body: { cue: string; by: string } }
  /**
   * plannedStart and plannedMs are copied in, so that later edits never rewrite the past. `how`: GO (no cue named, so a
   * bouncing button is held off by it), named in the command, or by itself.
   */
  | {
      kind: 'cue.started';
      body: {
        cue: string;
        run: string;
        plannedStart: Iso | null;
        plannedMs: Duration;
        how: 'go' | 'named' | 'auto';
        override: string | null;
        by: string;
      };
    }
  | { kind: 'cue.paused'; body: { cue: string; run: string; by: string } }
  | { kind: 'cue.resumed'; body: { cue: string; run: string; by: string } }
  | { kind: 'cue.extended'; body: { cue: string; run: string; ms: Duration; by: string } }
  | { kind: 'cue.finished'; body: { cue: string; run: string; why: 'next' | 'finished' | 'close'; by: string } }
  | { kind: 'cue.withdrawn'; body: { cue: string; run: string; by: string } }
  | { kind: 'cue.reopened'; body: { cue: string; run: string; by: string } }
  | { kind: 'cue.skipped'; body: { cue: string; by: string } }
  | { kind: 'cue.unskipped'; body: { cue: string; by: string } }
  | { kind: 'cue.added'; body: { cue: Cue; before: string | null; by: string } }
  | { kind: 'cue.edited'; body: { before: Cue; after: Cue; by: string } }
  | { kind: 'cue.moved'; body: { cue: string; before: string | null; by: string } }
  | { kind: 'cue.removed'; body: { cue: string; by: string } }
  | { kind: 'point.ticked'; body: { cue: string; run: string | null; point: string; by: string } }
  | { kind: 'point.unticked'; body: { cue: string; run: string | null; point: string; by: string } }
  | {
      kind: 'cue.effect-settled';
      body: {
        cue: string;
        run: string;
        leg: string;
        outcome: 'opened' | 'closed' | 'refused' | 'unknown';
        code: string | null;
        message: string | null;
      };
    }
  /** One fact a person: dispatch id `d<seq>`. */
  | { kind: 'cue.dispatched'; body: { dispatch: string; cue: string; person: string; why: 'standby' | 'ahead' | 'go' } }
  /** A device acknowledged the view that carries it; `dispatch` may be a message. Once a person (a device without one: once a device). */
  | { kind: 'cue.delivered'; body: { dispatch: string; device: string; person: string | null } }
  | {
      kind: 'cue.answered';
      body: { dispatch: string; answer: CueAnswer; person: string | null; device: string | null };
    }
  | {
      kind: 'message.sent';
      body: {
        messageId: string;
        to: string[];
        persons: string[];
        roles: string[];
        text: string;
        needsAck: boolean;
        tone: 'info' | 'hurry' | 'stop';
        expiresAt: Iso | null;
        by: string;
      };
    }
  | {
      kind: 'help.requested';
      body: {
        requestId: string;
        what: HelpKind;
        note: string | null;
        sku: string | null;
        person: string | null;
        device: string;
        times: number;
      };
    }
  | {
      kind: 'help.answered';
      body: { requestId: string; answer: 'coming' | 'done' | 'no' | 'withdrawn'; text: string | null; by: string };
    }
  | {
      kind: 'moment.marked';
      body: {
        momentId: string;
        by: string;
        person: string | null;
        note: string | null;
        sku: string | null;
        cue: string | null;
        pressedAt: Iso;
        uncertaintyMs: number;
        timeUncertain: boolean;
      };
    };
