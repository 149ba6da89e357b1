import { accept, refuse } from '../refusal.ts';
import { openBlocking } from '../routine.ts';
import type { Decider } from './decider.ts';

export const openShow: Decider<'open-show'> = (show, command, ask) => {
  if (!show.plan) return refuse('no-plan', 'There is no plan yet. Import one, or start the demo.');
  if (show.phase !== 'planned') return refuse('already-open', `The show is ${show.phase} already.`);
  const open = openBlocking(show.routine, show.plan);
  if (open.length > 0 && command.overrideReason === undefined) {
    const message = `Still to do before the doors open: ${open.map(({ text }) => text).join(' · ')}. Tick it, or open with a reason.`;
    return refuse('preflight-blocks', message, { items: open.map(({ id }) => id) });
  }
  const { thresholds } = ask.rules;
  const body = { overrideReason: command.overrideReason ?? null, by: ask.actor.by, thresholds };
  return accept([{ kind: 'show.opened', body }]);
};

export const adoptClock: Decider<'adopt-clock'> = (show, command, ask) => {
  const deltaMs = show.clock.pendingJumpMs;
  if (deltaMs === null) return refuse('no-jump', 'The computer clock has not jumped.');
  if (command.as === 'sleep' && deltaMs < 0)
    return refuse('bad-value', 'A clock that went back was not asleep.', { field: 'as' });
  return accept([{ kind: 'clock.adopted', body: { as: command.as, deltaMs, by: ask.actor.by } }]);
};
