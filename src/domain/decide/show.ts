import { auditWarnings, failedBlocking } from '../audit/audit-words.ts';
import { accept, refuse } from '../refusal.ts';
import { openBlocking } from '../routine.ts';
import type { Decider } from './decider.ts';

/** Reply: `warnings[]`, what was not checked before the doors opened. */
export const openShow: Decider<'open-show'> = (show, command, ask) => {
  if (!show.plan) return refuse('no-plan', 'There is no plan yet. Import one, or start the demo.');
  if (show.phase !== 'planned') return refuse('already-open', `The show is ${show.phase} already.`);
  const open = openBlocking(show.routine, show.plan);
  const failed = failedBlocking(show);
  if (open.length + failed.length > 0 && command.overrideReason === undefined) {
    const list =
      open.length === 0 ? [] : [`Still to do before the doors open: ${open.map(({ text }) => text).join(' · ')}.`];
    const message = [...list, ...failed.map(({ sentence }) => sentence), howOn(open.length, failed.length)].join(' ');
    return refuse('preflight-blocks', message, { items: [...open, ...failed].map(({ id }) => id) });
  }
  const { thresholds } = ask.rules;
  const body = { overrideReason: command.overrideReason ?? null, by: ask.actor.by, thresholds };
  return accept([{ kind: 'show.opened', body }], { warnings: auditWarnings(show, ask.now.at) });
};

function howOn(open: number, failed: number): string {
  if (failed === 0) return 'Tick it, or open with a reason.';
  return open === 0
    ? 'Run the check again once that is done, or open with a reason.'
    : 'Tick the list and run the check again, or open with a reason.';
}

export const adoptClock: Decider<'adopt-clock'> = (show, command, ask) => {
  const deltaMs = show.clock.pendingJumpMs;
  if (deltaMs === null) return refuse('no-jump', 'The computer clock has not jumped.');
  if (command.as === 'sleep' && deltaMs < 0)
    return refuse('bad-value', 'A clock that went back was not asleep.', { field: 'as' });
  return accept([{ kind: 'clock.adopted', body: { as: command.as, deltaMs, by: ask.actor.by } }]);
};
