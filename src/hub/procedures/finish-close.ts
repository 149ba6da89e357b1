import { planFinish } from '../../domain/decide/close.ts';
import type { OriginFact } from '../../domain/ledger.ts';
import { MOMENT_DEFAULTS } from '../../domain/moments-input.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import type { Book } from '../book.ts';
import { CloseWriteError, type CloseJob } from '../closing/close-job.ts';
import { writeClose } from '../closing/write-close.ts';
import type { Hall, Procedure } from './hall.ts';

/**
 * CLO-7: the pin, the files from entries up to the pin, one rename, then `show.closed`. Sales of cut-off tills are booked
 * while the files are written; they are after the pin and belong to the next version.
 */
export const finishClose: Procedure<'finish-close'> = async (command, actor, hall) => {
  const book = hall.book();
  if (!book) return refuse('not-closing', 'There is no show to close.');
  const decision = planFinish(book.show, command.overrideReason, hall.ask(command.id, actor));
  if (!decision.ok) return decision;
  const named = (facts: readonly Pick<OriginFact, 'kind' | 'body'>[], from: number) =>
    facts.map((fact, n) => ({ ...fact, origin: actor.key, originId: `${command.id}#${from + n}` }) as OriginFact);
  hall.append(named(decision.facts, 0));
  const { version, ledgerSeq } = decision.reply as { version: number; ledgerSeq: number };
  try {
    const set = await writeClose(jobOf(book, hall, version, ledgerSeq));
    const { files, contentSha256, manifestSha256 } = set;
    const closed = { kind: 'show.closed', body: { version, ledgerSeq, contentSha256, manifestSha256, files } } as const;
    hall.append(named([closed], decision.facts.length), { files, failedChecks: set.failedChecks });
    return accept([], { files, failedChecks: set.failedChecks });
  } catch (error) {
    if (!(error instanceof CloseWriteError)) throw error;
    return refuse(
      'write-failed',
      `${error.file} could not be written: ${error.message}. Nothing was closed; free space and try again.`,
    );
  } finally {
    hall.live.closeProgress = null;
    hall.touch();
  }
};

function jobOf(book: Book, hall: Hall, version: number, ledgerSeq: number): CloseJob {
  const set = Object.entries(hall.settings()).filter(([key, value]) => key in MOMENT_DEFAULTS && value !== null);
  return {
    showId: book.id,
    folder: book.folder,
    version,
    entries: book.ledger.entries(),
    ledgerSeq,
    // Each was checked against its own schema when it was set.
    settings: Object.fromEntries(set) as CloseJob['settings'],
    readViewers: (from, to) =>
      hall.stream.series('viewers', 'count', from, to).map(({ at, value }) => ({ at, count: value })),
    readRecordClock: (from, to) =>
      hall.stream.series('obs', 'recordMs', from, to).map(({ at, value }) => ({ at, outputMs: value })),
    onProgress: (progress) => {
      hall.live.closeProgress = progress;
      hall.touch();
    },
  };
}
