import type { CuePhase, CueState } from '../domain/cue-times.ts';
import type { Rung } from '../domain/floor.ts';
import type { Duration, Iso } from '../domain/units.ts';
import type { CueKind } from '../domain/words.ts';

export type { CuePhase, CueState, Rung };

export interface CueView {
  id: string;
  title: string;
  kind: CueKind;
  rule: 'soft' | 'hard' | 'linked';
  state: CueState;
  plannedStart: Iso | null;
  expectedStart: Iso | null;
  startedAt: Iso | null;
  endedAt: Iso | null;
  durationMs: Duration;
  addedMs: Duration;
  elapsedMs: Duration | null;
  remainingMs: Duration | null;
  overlapMs: Duration;
  phase: CuePhase | null;
  owners: string[];
  sku: string | null;
  offer: string | null;
  points: { id: string; text: string; mustSay: boolean; ticked: boolean }[];
  priceNote: string | null;
  /** all owners accepted */
  ready: boolean;
  /** entry that last changed it; `edit-cue` sends it back, so that two windows never overwrite each other */
  rev: number;
  /** on the cue that GO would start: why its offer will not open, else null */
  warning: string | null;
  outcome: { leg: string; outcome: 'opened' | 'closed' | 'refused' | 'unknown'; message: string | null } | null;
  dispatches: { id: string; person: string; state: Rung; at: Iso; online: boolean }[];
}

export interface CuesView {
  current: string | null;
  next: string | null;
  standby: string | null;
  overUnderMs: Duration;
  relativeMs: Duration;
  endDeltaMs: Duration | null;
  showEndAt: Iso | null;
  list: CueView[];
}
