import { accept, refuse } from '../../domain/refusal.ts';
import { reasonOf } from '../log.ts';
import { checkSetting } from '../settings.ts';
import { BrokenChain } from '../store/ledger.ts';
import type { Procedure } from './hall.ts';

export const setSetting: Procedure<'set-setting'> = (command, _actor, hall) => {
  const check = checkSetting(command.key, command.value);
  if ('refusal' in check) {
    return check.refusal === 'unknown-setting'
      ? refuse('unknown-setting', `There is no setting "${command.key}".`, { field: 'key' })
      : refuse('bad-value', `This value does not fit ${command.key}.`, { field: 'value' });
  }
  if ('secret' in check) hall.secrets.set(check.secret, check.value);
  else hall.desk.setSetting(check.setting, check.value);
  hall.rewire();
  return accept([]);
};

/** Walks the chain as it lies on disk, so that a stranger's recomputation and ours can be compared. */
export const verifyLedger: Procedure<'verify-ledger'> = (_command, _actor, hall) => {
  const book = hall.book();
  if (!book) return refuse('show-not-open', 'There is no show yet.');
  const { ledgerId, head } = book.ledger;
  const answer = (entries: number, firstBadSeq: number | null) =>
    accept([], { entries, head: head.hash, ledgerId, firstBadSeq });
  try {
    return answer(book.ledger.verify(), null);
  } catch (error) {
    if (error instanceof BrokenChain) return answer(error.badSeq - 1, error.badSeq);
    throw new Error('verify the ledger', { cause: error });
  }
};

export const takeSnapshot: Procedure<'take-snapshot'> = async (_command, _actor, hall) => {
  const book = hall.book();
  if (!book) return refuse('show-not-open', 'There is no show yet.');
  try {
    const path = await hall.storage.snapshot(book, hall.now().at, true);
    return accept([], { path: path === null ? null : path.slice(book.folder.length + 1) });
  } catch (error) {
    return refuse('storage-failed', `The safety copy failed: ${reasonOf(error)}.`);
  }
};
