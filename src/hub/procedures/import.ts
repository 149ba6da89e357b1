import { accept, refuse } from '../../domain/refusal.ts';
import type { Procedure } from './hall.ts';

export const importFile: Procedure<'import-file'> = () => refuse('not-built', 'not built yet');

/** A dead letter that a person has dealt with by hand; the reason stays with it. */
export const settleLetter: Procedure<'settle-letter'> = (command, _actor, hall) =>
  hall.post.settle(command.letter, command.reason)
    ? accept([])
    : refuse('unknown-letter', 'There is no such letter waiting.', { field: 'letter' });
