import type { Answer } from '../net/ask.ts';
import { headerOf } from './asking.ts';

/** How long an answer may be kept, by its headers. */
export interface Keeping {
  /** ms; null: nothing is said */
  forMs: number | null;
  /** no-store, no-cache, private: not for a cache that many share */
  forbids: string | null;
}

/**
 * The longer of what browsers (`max-age`) and shared caches (`s-maxage`) are told; without either the distance of
 * `Expires` from `Date`.
 *
 * @see RFC 9111 §4.2.1, §5.2.2
 */
export function keepingOf(answer: Pick<Answer, 'headers'>): Keeping {
  const control = headerOf(answer, 'cache-control')?.toLowerCase() ?? null;
  const forbids = /\b(no-store|no-cache|private)\b/.exec(control ?? '')?.[1] ?? null;
  // Either is stronger than any age beside it: the answer is asked for anew each time.
  if (forbids === 'no-store' || forbids === 'no-cache') return { forMs: 0, forbids };
  const ages = [...(control ?? '').matchAll(/\b(?:s-maxage|max-age)\s*=\s*"?(\d+)/g)].map(([, seconds]) =>
    Number(seconds),
  );
  if (ages.length > 0) return { forMs: Math.max(...ages) * 1000, forbids };
  if (forbids !== null) return { forMs: 0, forbids };
  const [expires, date] = ['expires', 'date'].map((name) => Date.parse(headerOf(answer, name) ?? ''));
  if (expires === undefined || date === undefined || Number.isNaN(expires)) return { forMs: null, forbids };
  return { forMs: Math.max(0, expires - (Number.isNaN(date) ? expires : date)), forbids };
}

const HIT_HEADERS = ['x-cache', 'x-cache-status', 'cf-cache-status', 'cache-status', 'x-proxy-cache', 'x-cache-lookup'];

/** Did a cache give this answer? null: its headers do not say. */
export function isHit(answer: Pick<Answer, 'headers'>): boolean | null {
  const words = HIT_HEADERS.map((name) => headerOf(answer, name)).filter((text) => text !== null);
  const age = ageOf(answer);
  if (words.some((text) => /\bhit\b|revalidated|updating|stale/i.test(text)) || (age ?? 0) > 0) return true;
  return words.length > 0 || age !== null ? false : null;
}

/** seconds; null: not said */
export function ageOf(answer: Pick<Answer, 'headers'>): number | null {
  const text = headerOf(answer, 'age');
  return text === null || !/^\d+$/.test(text) ? null : Number(text);
}

/** "1.5 s" */
export function inSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
