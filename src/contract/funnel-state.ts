import type { Iso, Minor } from '../domain/units.ts';
import type { Channel } from '../domain/words.ts';

/** A share of people, ready to show: `rate` and limits from 0 to 1, null without anybody. */
export interface ShareView {
  count: number;
  of: number;
  rate: number | null;
  low: number | null;
  high: number | null;
  /** "18.0 %" and "15.9–20.3 %" */
  text: string;
  limits: string;
}

export interface FunnelRowView {
  signedUp: number;
  attended: ShareView;
  bought: ShareView;
  /** bought and not wholly given back */
  kept: ShareView;
  boughtBefore: number;
  boughtAfter: number;
}

/** Sign-up → attended → bought, who came back, and what that says (VER-3 … VER-10). */
export interface FunnelView {
  /** what the 72 hours run from: the show's end, or each sign-up */
  clock: 'show' | 'signup';
  endsAt: Iso;
  maturesAt: Iso;
  state: 'so-far' | 'mature';
  total: FunnelRowView;
  /** by the channel of the sign-up */
  byChannel: Record<Exclude<Channel, 'unattributed'> | 'other', FunnelRowView>;
  buyersWithoutSignup: number;
  ordersOfUnknown: number;
  coverage: { identified: number; sales: number };
  /** later orders are known completely up to there; null: no shop tells of them, so nothing matures */
  coveredUntil: Iso | null;
  cohort: {
    who: 'signed-up' | 'identified';
    buyers: number;
    repeats: { days: 7 | 30 | 90; repeated: ShareView; maturesAt: Iso | null; state: 'young' | 'so-far' | 'mature' }[];
    /** spend of the first week per buyer, minor units */
    firstWeek: {
      buyers: number;
      meanMinor: Minor | null;
      lowMinor: Minor | null;
      highMinor: Minor | null;
      maturesAt: Iso | null;
      state: 'young' | 'so-far' | 'mature';
    };
  };
  verdict: VerdictView;
}

export interface VerdictView {
  verdict: 'SCALE' | 'STOP' | 'KEEP TESTING';
  reason: string;
  /** show less control in percentage points */
  repeat: { points: number; low: number; high: number } | null;
  /** show less control in minor units */
  firstWeek: { meanMinor: Minor; lowMinor: Minor; highMinor: Minor } | null;
  control: { name: string; buyers: number } | null;
  thresholds: { minRepeatGain: number; minLtvGainMinor: Minor; repeatWindow: 7 | 30 | 90; minBuyers: number };
  changedAfterOpening: boolean;
}
