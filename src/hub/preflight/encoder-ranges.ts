import type { Platform } from '../../domain/words.ts';

/** kbit/s of picture that a platform takes for one size and frame rate. */
export interface BitrateRange {
  min: number;
  max: number;
  /** what to set when it is out of the range */
  advised: number;
}

type Row = readonly [heightUpTo: number, fpsUpTo: number, min: number, max: number, advised: number];

/**
 * Lowest and highest of the platform's own table; the first row that is high and fast enough holds.
 *
 * youtube: support.google.com/youtube/answer/2853702 (lowest of its ranges; highest of range and H.264 column)
 * twitch: help.twitch.tv broadcast guidelines, 6000 is the most that it takes
 * facebook: facebook.com/business/help/162540111070395 (live specifications)
 * tiktok: its encoders' profiles, 1080p at most
 * custom: no platform, so the width of all of them, and small pictures for tests and thin lines
 */
const RANGES: Record<Platform, readonly Row[]> = {
  youtube: [
    [720, 30, 3000, 8000, 4000],
    [720, 60, 3000, 8000, 6000],
    [1080, 30, 3000, 10_000, 6000],
    [1080, 60, 4000, 12_000, 9000],
    [1440, 30, 5000, 25_000, 15_000],
    [1440, 60, 6000, 30_000, 24_000],
    [2160, 30, 8000, 35_000, 30_000],
    [2160, 60, 10_000, 40_000, 35_000],
  ],
  twitch: [
    [720, 30, 2500, 6000, 3000],
    [720, 60, 3500, 6000, 4500],
    [1080, 30, 3500, 6000, 4500],
    [1080, 60, 4500, 6000, 6000],
  ],
  facebook: [
    [720, 30, 2000, 6000, 4000],
    [720, 60, 2500, 6000, 4500],
    [1080, 30, 3000, 9000, 6000],
    [1080, 60, 4500, 9000, 6000],
  ],
  tiktok: [
    [720, 30, 1500, 4000, 2500],
    [720, 60, 2000, 6000, 4000],
    [1080, 30, 2500, 6000, 4000],
    [1080, 60, 3500, 8000, 6000],
  ],
  custom: [
    [240, 60, 200, 1000, 500],
    [360, 60, 400, 1500, 800],
    [480, 60, 500, 2500, 1500],
    [720, 30, 1500, 6000, 3000],
    [720, 60, 2250, 8000, 4500],
    [1080, 30, 3000, 10_000, 6000],
    [1080, 60, 4000, 12_000, 8000],
    [1440, 60, 5000, 30_000, 15_000],
    [2160, 60, 8000, 51_000, 30_000],
  ],
};

/**
 * @param height lines of the picture; of an upright one its width, for platforms count the shorter side
 * @returns null for a picture that the platform's table does not know: larger or faster than it takes
 */
export function rangeOf(platform: Platform, height: number, fps: number): BitrateRange | null {
  // 59.94 and 60.0 are one rate, and so are 29.97 and 30.
  const row = RANGES[platform].find(([heightUpTo, fpsUpTo]) => height <= heightUpTo && fps <= fpsUpTo + 0.5);
  if (row === undefined) return null;
  const [, , min, max, advised] = row;
  return { min, max, advised };
}

/** The platform by the service that is chosen in OBS, where the plan names none. */
export function platformOf(service: string | null): Platform {
  const name = (service ?? '').toLowerCase();
  if (name.includes('youtube')) return 'youtube';
  if (name.includes('twitch')) return 'twitch';
  if (name.includes('facebook')) return 'facebook';
  return name.includes('tiktok') ? 'tiktok' : 'custom';
}
