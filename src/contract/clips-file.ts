import type { Clip, DroppedClip } from '../domain/clips.ts';
import type { Rate, ZeroMethod } from '../domain/media-time.ts';
import type { Moment } from '../domain/moments.ts';
import type { Duration, Iso } from '../domain/units.ts';

/** `clips/clips.json` (closing spec, section 6). No personal data: co-hosts' names only. */
export interface ClipsFile {
  format: 'dropdesk-clips';
  version: 1;
  contractVersion: number;
  show: { id: string; name: string; timeZone: string; currency: string; openedAt: Iso; closedAt: Iso | null };
  closeVersion: number | null;
  ledgerSeq: number;
  /** a recording was not final when this was made */
  provisional: boolean;
  /** every value of sections 3 and 4 as used */
  settings: Record<string, number | string | boolean | null>;
  streams: { startedAt: Iso; endedAt: Iso | null }[];
  recordings: Recording[];
  /** by time */
  moments: Moment[];
  /** by rank */
  clips: Clip[];
  dropped: DroppedClip[];
  notes: { code: string; message: string }[];
}

export interface Recording {
  id: string;
  run: string;
  index: number;
  path: string;
  alternates: string[];
  state: 'final' | 'open' | 'recovered' | 'unmatched' | 'unreachable';
  zeroAt: Iso;
  /** bound (truth − stated) */
  zeroLoMs: number;
  zeroHiMs: number;
  method: ZeroMethod;
  flags: string[];
  estimates: { method: ZeroMethod; zeroAt: Iso; loMs: number; hiMs: number }[];
  fps: Rate;
  width: number;
  height: number;
  videoFrames: number | null;
  durationMs: Duration;
  pauses: { from: Iso; to: Iso }[];
  selfCheck: { ok: number; of: number; worstMs: number } | null;
}
