import type { Iso } from '../units.ts';
import type { Plan } from '../plan.ts';
import type { Thresholds } from '../verdict.ts';
import type { DeviceRole, Priority } from '../words.ts';

export type ShowFact =
  | { kind: 'plan.adopted'; body: { plan: Plan; warnings: string[]; demo: boolean; by: string } }
  /** `thresholds`: the bar that the verdict will be held against, frozen here (VER-9); older shows have the defaults */
  | { kind: 'show.opened'; body: { overrideReason: string | null; by: string; thresholds?: Thresholds } }
  | { kind: 'show.closing'; body: { by: string } }
  | { kind: 'close.overridden'; body: { codes: string[]; reason: string; by: string } }
  | { kind: 'close.reconciled'; body: { by: string } }
  /** Everything in the files is computed from entries up to ledgerSeq; generatedAt is this entry's `at`. */
  | { kind: 'close.pinned'; body: { version: number; ledgerSeq: number } }
  | {
      kind: 'show.closed';
      body: {
        version: number;
        ledgerSeq: number;
        contentSha256: string;
        manifestSha256: string;
        files: { path: string; bytes: number; kind: string }[];
      };
    }
  | { kind: 'show.reopened'; body: { reason: string; by: string } }
  | {
      kind: 'alarm.raised';
      body: {
        alarm: string;
        alarmKind: string;
        subject: string | null;
        priority: Priority;
        message: string;
        action: string;
        related: string[];
      };
    }
  | { kind: 'alarm.worsened'; body: { alarm: string; priority: Priority; message: string; action: string } }
  | { kind: 'alarm.acknowledged'; body: { alarm: string; by: string } }
  | { kind: 'alarm.shelved'; body: { alarm: string; until: Iso | null; untilCue: boolean; by: string } }
  | { kind: 'alarm.unshelved'; body: { alarm: string; why: 'time' | 'cue' | 'worsened' } }
  | { kind: 'alarm.cleared'; body: { alarm: string } }
  /** `state` pending: a till waits for the producer to compare the six digits. No key is ever in the ledger. */
  | {
      kind: 'device.joined';
      body: {
        device: string;
        role: DeviceRole;
        name: string;
        person: string | null;
        till: string | null;
        state: 'joined' | 'pending';
      };
    }
  | { kind: 'device.approved'; body: { device: string; by: string } }
  | { kind: 'device.revoked'; body: { device: string; by: string } }
  | { kind: 'clock.jumped'; body: { deltaMs: number } }
  | { kind: 'clock.adopted'; body: { as: 'sleep' | 'clock' | 'ignore'; deltaMs: number; by: string } }
  | { kind: 'ledger.recovered'; body: { source: string; lastSeq: number; head: string; gapMs: number } };
