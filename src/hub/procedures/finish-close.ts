import { join } from 'node:path';
import type { ClosePin } from '../../domain/closing.ts';
import { planFinish } from '../../domain/decide/close.ts';
import type { OriginFact } from '../../domain/ledger.ts';
import { MOMENT_DEFAULTS } from '../../domain/moments-input.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import type { Book } from '../book.ts';
import { type CloseTask, writeCloseApart } from '../close-thread.ts';
import { type CloseProgress, CloseWriteError, type WrittenSet } from '../closing/close-job.ts';
import { recoverClose } from '../closing/manifest.ts';
import { setAside } from '../closing/partial-folder.ts';
import type { Hall, Procedure } from './hall.ts';

/**
 * CLO-7: the pin, the files from entries up to the pin, one rename, then `show.closed`. Sales of cut-off tills are booked
 * while the files are written; they are after the pin and belong to the next version.
 */
export const finishClose: Procedure<'finish-close'> = async (command, actor, hall) => {
  const book = hall.book();
  if (!book) return refuse('not-closing', 'There is no show to close.');
  if (hall.live.closeProgress !== null) return refuse('blocked', 'The files of this show are being written already.');
  const ask = hall.ask(command.id, actor);
  const decision = planFinish(book.show, command.overrideReason, ask);
  if (!decision.ok) return decision;
  // Named by their place, not by the command: sent again after a kill, it must pin again.
  hall.append(
    decision.facts.map((fact, n) => ({ ...fact, origin: actor.key, originId: `${command.id}@${ask.seq + n}` })),
  );
  const pin = book.show.close.pinned;
  if (!pin) throw new Error('finish-close has pinned nothing');
  const report = (progress: CloseProgress): void => {
    hall.live.closeProgress = progress;
    hall.touch();
  };
  try {
    report({ step: 'pin', done: 0, total: 1 });
    const set = await writeCloseApart(taskOf(book, hall, pin), report);
    if (hall.book()?.show.close.pinned?.ledgerSeq !== pin.ledgerSeq) {
      await setAside(join(book.folder, `close-v${pin.version}`));
      return refuse('not-closing', 'The show was reopened while its files were written; it was not closed.');
    }
    const reply = { files: set.files, failedChecks: set.failedChecks };
    hall.append([closedBy(pin, set)], reply);
    return accept([], reply);
  } catch (error) {
    if (!(error instanceof CloseWriteError)) throw error;
    return refuse(
      'write-failed',
      `${error.file} could not be written (${error.reason}). Nothing was closed; free space and try again.`,
    );
  } finally {
    hall.live.closeProgress = null;
    hall.touch();
  }
};

/**
 * CLO-8, when a show is opened: removes what a kill has left half written; a whole set whose `show.closed` is missing is
 * closed now.
 */
export async function settleClose(book: Book, append: (facts: readonly OriginFact[]) => void): Promise<void> {
  const pin = book.show.close.pinned;
  const set = await recoverClose(book.folder, pin);
  if (pin && set) append([closedBy(pin, set)]);
}

/** Its name is the version's, so that the ledger takes one of each. */
function closedBy({ version, ledgerSeq }: ClosePin, { contentSha256, manifestSha256, files }: WrittenSet): OriginFact {
  return {
    kind: 'show.closed',
    body: { version, ledgerSeq, contentSha256, manifestSha256, files },
    origin: 'closing',
    originId: `v${version}`,
  };
}

function taskOf(book: Book, hall: Hall, { version, ledgerSeq }: ClosePin): CloseTask {
  const set = Object.entries(hall.settings()).filter(([key, value]) => key in MOMENT_DEFAULTS && value !== null);
  return {
    showId: book.id,
    folder: book.folder,
    version,
    ledgerSeq,
    // Each was checked against its own schema when it was set.
    settings: Object.fromEntries(set) as CloseTask['settings'],
    cohorts: hall.cohorts(),
  };
}
