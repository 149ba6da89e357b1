import { accept, refuse } from '../../domain/refusal.ts';
import { importFile as readAndBook } from '../connectors/import-file.ts';
import type { Procedure } from './hall.ts';

export const importFile: Procedure<'import-file'> = async (command, actor, hall) => {
  const decision = await readAndBook(command, actor.by, {
    show: hall.book()?.show ?? null,
    now: () => hall.now().at,
    bookOrders: hall.bookOrders,
    savePeople: (signups) => hall.post.keepSignups(signups),
  });
  if (!decision.ok || decision.facts.length === 0) return decision;
  hall.append(
    decision.facts.map((fact, n) => ({ ...fact, origin: actor.key, originId: `${command.id}#${n}` })),
    decision.reply,
  );
  hall.rewire();
  return accept([], decision.reply);
};

/** A dead letter that a person has dealt with by hand; the reason stays with it. */
export const settleLetter: Procedure<'settle-letter'> = (command, _actor, hall) =>
  hall.post.settle(command.letter, command.reason)
    ? accept([])
    : refuse('unknown-letter', 'There is no such letter waiting.', { field: 'letter' });
