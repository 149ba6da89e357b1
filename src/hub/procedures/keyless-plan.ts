import type { Plan } from '../../domain/plan.ts';
import type { ReadSecret } from '../doors.ts';
import { KEY_PLACE, takeKeysOut } from '../net/key-place.ts';

/**
 * A plan as it may be written down: where it held a stream key that is in the settings it now says `{key}`, which stands
 * for it, and a warning says so.
 */
export function keyless<P extends { plan: Plan; warnings: string[] }>(read: P, readSecret: ReadSecret): P {
  const { plan: stream, held } = takeKeysOut(read.plan.stream, readSecret);
  if (held.length === 0) return read;
  const warning = `${held.join(' and ')} held the stream key; ${KEY_PLACE} stands there now. Keys belong in the settings.`;
  return { ...read, plan: { ...read.plan, stream }, warnings: [...read.warnings, warning] };
}
