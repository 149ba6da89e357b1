import type { Duration } from '../units.ts';
import type { Health } from './state.ts';

/**
 * OBS's back-off (obs-studio `libobs/obs-output.c`, `output_reconnect`): it waits the set delay after the first loss and
 * about half as long again after each attempt that failed (the factor is drawn from 1.45 to 1.55 once), a quarter of an
 * hour at most. An attempt itself may take a minute on a path that swallows everything; OBS says RECONNECTING anew when
 * it has failed.
 */
const DEFAULT_DELAY_MS = 2000;
const FACTOR = 1.5;
const LONGEST_MS = 15 * 60_000;

/**
 * How long OBS still waits before it tries to connect again; an estimate, to about 3 % of the wait per failed attempt.
 *
 * @returns ms; 0 when it should be trying now; null when it is not reconnecting, or we never heard it say so
 */
export function retryInMs(health: Health, now: number): Duration | null {
  const { retry, reconnecting } = health.obs;
  if (!reconnecting || retry === null) return null;
  const delay = health.config.retryDelaySeconds === null ? DEFAULT_DELAY_MS : 1000 * health.config.retryDelaySeconds;
  const wait = Math.min(LONGEST_MS, delay * FACTOR ** (retry.failures - 1));
  return Math.max(0, Math.round(retry.sinceMs + wait - now));
}
