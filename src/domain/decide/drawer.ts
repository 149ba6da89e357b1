import type { CommandOf } from '../commands.ts';
import { DESK_TILL, type Drawer, expectedIn, openDrawerOf } from '../drawers.ts';
import { percent } from '../money.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import type { Minor } from '../units.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';

/** Starts a cash session with what lies in the drawer. Reply: `drawer`. */
export const openDrawer: Decider<'open-drawer'> = (show, command, ask) => {
  const till = tillOf(show, command.till, ask);
  if (typeof till !== 'string') return till;
  const open = openDrawerOf(show.drawers, till);
  if (open)
    return refuse('drawer-open', `The drawer of ${nameOf(show, till)} is open. Count it first.`, { field: 'till' });
  const drawer = `dr${ask.seq}`;
  const { floatMinor } = command;
  return accept([{ kind: 'drawer.opened', body: { drawer, till, floatMinor, by: ask.actor.by } }], { drawer });
};

/** Money put in, for change for instance. Without an open drawer it is kept and flagged. Reply: `drawer`. */
export const payIn: Decider<'pay-in'> = (show, command, ask) => {
  const till = tillOf(show, command.till, ask);
  if (typeof till !== 'string') return till;
  const drawer = openDrawerOf(show.drawers, till)?.id ?? null;
  const { amountMinor, reason } = command;
  return accept([{ kind: 'drawer.paid-in', body: { drawer, till, amountMinor, reason, by: ask.actor.by } }], {
    drawer,
  });
};

/** Money taken out, to the bank for instance; never more than the drawer should hold. Reply: `drawer`. */
export const payOut: Decider<'pay-out'> = (show, command, ask) => {
  const till = tillOf(show, command.till, ask);
  if (typeof till !== 'string') return till;
  const open = openDrawerOf(show.drawers, till);
  const { amountMinor, reason } = command;
  if (open && amountMinor > expectedIn(open)) {
    // What a drawer should hold is not said before its count to whoever will count it.
    const figure = ask.actor.role === 'till' ? {} : { availableMinor: Math.max(0, expectedIn(open)) };
    const message = 'That is more than the drawer should hold. Take out less, or pay in first.';
    return refuse('not-enough', message, { field: 'amountMinor', ...figure });
  }
  const drawer = open?.id ?? null;
  return accept([{ kind: 'drawer.paid-out', body: { drawer, till, amountMinor, reason, by: ask.actor.by } }], {
    drawer,
  });
};

/**
 * Blind count, by sum or by denomination; ends the session. What was expected is said afterwards and never before, so a
 * refusal for want of a reason names no figure either.
 *
 * Reply: `drawer`, `expectedMinor`, `countedMinor`, `varianceMinor`.
 */
export const countDrawer: Decider<'count-drawer'> = (show, command, ask) => {
  const till = tillOf(show, command.till, ask);
  if (typeof till !== 'string') return till;
  const drawer = openDrawerOf(show.drawers, till);
  if (!drawer) return refuse('drawer-closed', `No drawer is open at ${nameOf(show, till)}.`, { field: 'till' });
  const countedMinor = countedOf(command);
  if (typeof countedMinor !== 'number') return countedMinor;
  const expectedMinor = expectedIn(drawer);
  const varianceMinor = countedMinor - expectedMinor;
  const reason = command.reason ?? null;
  if (reason === null && isFar(drawer, varianceMinor, ask)) {
    const message = `The count differs from the books by more than ${ask.rules.drawerVariancePercent} %. Count again, or say why.`;
    return refuse('reason-required', message, { field: 'reason' });
  }
  const figures = { expectedMinor, countedMinor, varianceMinor };
  const denominations = command.denominations ?? null;
  const body = { drawer: drawer.id, till, ...figures, denominations, reason, by: ask.actor.by };
  return accept([{ kind: 'drawer.counted', body }], { drawer: drawer.id, ...figures });
};

function countedOf({
  countedMinor,
  denominations,
}: Pick<CommandOf<'count-drawer'>, 'countedMinor' | 'denominations'>): Minor | (Decision & { ok: false }) {
  const byPiece = denominations?.reduce((sum, { valueMinor, count }) => sum + valueMinor * count, 0);
  if (byPiece !== undefined && !Number.isSafeInteger(byPiece)) {
    return refuse('bad-value', 'That is more money than fits in a drawer.', { field: 'denominations' });
  }
  if (countedMinor !== undefined && byPiece !== undefined && countedMinor !== byPiece) {
    const message = 'The coins and notes do not come to the sum that was counted.';
    return refuse('bad-value', message, { field: 'countedMinor', denominationsMinor: byPiece });
  }
  const counted = countedMinor ?? byPiece;
  if (counted !== undefined) return counted;
  const message = 'Say how much is in the drawer, as a sum or by coins and notes.';
  return refuse('bad-value', message, { field: 'countedMinor' });
}

function isFar(drawer: Drawer, varianceMinor: Minor, ask: Ask): boolean {
  const limit = percent(expectedIn(drawer), (ask.rules.drawerVariancePercent / 100).toFixed(6));
  return Math.abs(varianceMinor) > Math.abs(limit);
}

/** A till counts its own drawer; the desk may name one, else it is the desk's. */
function tillOf(show: ShowState, asked: string | undefined, ask: Ask): string | (Decision & { ok: false }) {
  if (ask.actor.role === 'till') return ask.actor.till ?? ask.actor.by;
  if (asked === undefined || asked === DESK_TILL) return DESK_TILL;
  if (show.plan?.tills.some(({ id }) => id === asked)) return asked;
  return refuse('unknown-till', `There is no till "${asked}" in the plan.`, { field: 'till' });
}

function nameOf(show: ShowState, till: string): string {
  if (till === DESK_TILL) return 'the desk';
  return show.plan?.tills.find(({ id }) => id === till)?.name ?? till;
}
