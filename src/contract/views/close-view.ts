import { closeBlockers, closeStep, type Undelivered } from '../../domain/close-blockers.ts';
import { nextVersion } from '../../domain/closing.ts';
import type { ShowState } from '../../domain/show.ts';
import { MINUTE, type Now, toIso } from '../../domain/units.ts';
import type { CloseView } from '../desk-state.ts';
import type { Live } from '../live.ts';

/** The closing screen; null while the show is live or only planned. Expected figures are never part of it (blind count). */
export function closeView(show: ShowState | null, live: Live, now: Now): CloseView | null {
  if (!show || (show.phase !== 'closing' && show.phase !== 'closed')) return null;
  const blockers = closeBlockers(show, undeliveredOf(live));
  const closed = show.phase === 'closed' ? show.close.written.at(-1) : undefined;
  const until = closed ? closed.at + 10 * MINUTE : null;
  return {
    state: closed ? 'closed' : closeStep(blockers),
    version: closed?.version ?? nextVersion(show.close),
    blockers,
    files: live.files,
    progress: live.closeProgress,
    reopenUntil: until !== null && until > now.at ? toIso(until) : null,
  };
}

/** What the hub knows beside the ledger, as blockers want it; the same for the decision (`Ask.undelivered`) and the view. */
export function undeliveredOf(
  live: Pick<Live, 'unsettledLetters' | 'pendingLetters' | 'presence' | 'storage' | 'behind'>,
): Undelivered {
  const unsent = [...live.presence]
    .filter(([, { unsent }]) => unsent > 0)
    .map(([device, { unsent: count }]) => ({ device, count }));
  return {
    deadLetters: live.unsettledLetters,
    pendingLetters: live.pendingLetters ?? 0,
    unsent: unsent.sort((a, b) => (a.device < b.device ? -1 : 1)),
    behind: live.behind,
    cannotSave: live.storage.level === 'critical' ? live.storage.message : null,
    chainBroken: false,
    online: new Set([...live.presence].flatMap(([device, { state }]) => (state === 'online' ? [device] : []))),
  };
}
