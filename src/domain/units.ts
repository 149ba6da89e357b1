/**
 * Units of measure as types. A flavour is assignable from a plain number, never from another flavour, so minutes cannot
 * become money by a slip while arithmetic stays ordinary arithmetic.
 */
type Flavour<Base, Name extends string> = Base & { readonly __unit?: Name };

/** Milliseconds since the Unix epoch. */
export type Instant = Flavour<number, 'instant'>;
/** Milliseconds. */
export type Duration = Flavour<number, 'duration'>;
/** Integer minor units of the show's one currency (cents, yen, fils). */
export type Minor = Flavour<number, 'minor'>;
/** Hub time T in milliseconds: wall-anchored, driven by the monotonic clock, never runs backwards (specs: CUE-6). */
export type HubTime = Flavour<number, 'hub-time'>;
/** An instant as it is written in facts and on the wire: ISO 8601, UTC, milliseconds, `Z`. */
export type Iso = string;

export const SECOND: Duration = 1000;
export const MINUTE: Duration = 60_000;
export const HOUR: Duration = 3_600_000;
export const DAY: Duration = 86_400_000;

export function toIso(at: Instant): Iso {
  return new Date(at).toISOString();
}

/** @returns epoch milliseconds; NaN when the text is no date (schemas have refused that before it gets here) */
export function fromIso(text: Iso): Instant {
  return Date.parse(text);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * One reading of the hub's clocks, taken once per turn and passed down as a value.
 *
 * `at` wall clock (people, reports) · `mono` ms since this boot of the hub (durations within a boot) · `boot` id of this
 * run of the hub · `t` hub time (deadlines, countdowns).
 */
export interface Now {
  at: Instant;
  mono: Duration;
  boot: string;
  t: HubTime;
}
