import { isUnknown } from './contact.ts';
import { type Health, inGrace, isConfigured, isExpected } from './state.ts';

/** One judgement: what rules need to know of the moment, found out once for all of them. */
export interface Turn {
  now: number;
  /** ms since the turn before */
  sinceMs: number;
  /** a stream is meant to be on air */
  expected: boolean;
  /** OBS has answered its newest question, and lately */
  speaks: boolean;
  /** STR "live": OBS is active, answering and past its grace; without OBS in the plan the ingest is judged always */
  sending: boolean;
}

export function beginTurn(health: Health, now: number): Turn {
  const { obs } = health;
  const speaks = obs.contact.error === null && !isUnknown(obs.contact, now);
  // While OBS is gone the way is not judged anyway; what is seen of it follows from that, and is said so.
  const heard = speaks || health.layers.obs.grade === 2;
  return {
    now,
    sinceMs: now - (health.judgedMs ?? now),
    expected: isExpected(health),
    speaks,
    sending: !isConfigured(health, 'obs') || (obs.active === true && heard && !inGrace(health, now)),
  };
}
