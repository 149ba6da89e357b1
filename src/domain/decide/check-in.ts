import { accept, refuse } from '../refusal.ts';
import { toIso } from '../units.ts';
import type { Decider } from './decider.ts';
import { personNamed } from './gate.ts';

/**
 * Somebody has come (DEM-2). By the code of a sign-up, as typed or scanned, or by the ref that a name search gave.
 *
 * Reply: `ref`, `at`; `repeated` with the first `at` when the person was checked in before, and nothing is written.
 */
export const checkIn: Decider<'check-in'> = (show, command, ask) => {
  if (!show.plan) return refuse('no-plan', 'There is no show yet.');
  if (show.phase === 'closed') return refuse('show-not-open', 'The show is closed; nobody is let in any more.');
  const text = command.ref ?? command.code;
  if (text === undefined) return refuse('bad-value', 'Say who has come: a code or a ref.', { field: 'code' });
  const ref = personNamed(show, text, ask);
  if (ref === null) {
    const field = command.ref === undefined ? 'code' : 'ref';
    return refuse('unknown-signup', 'Nobody has signed up under this code. Search for the name.', { field });
  }
  const first = show.attendance.people.get(ref)?.checkedInAt ?? null;
  if (first !== null) return accept([], { ref, at: toIso(first), repeated: true });
  const signup = command.code !== undefined && show.attendance.bySignup.has(command.code) ? command.code : null;
  return accept([{ kind: 'person.checked-in', body: { ref, signup, by: ask.actor.by } }], {
    ref,
    at: toIso(ask.now.at),
  });
};
