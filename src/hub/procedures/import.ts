import { accept, refuse } from '../../domain/refusal.ts';
import { joinHalves } from '../connectors/csv-halves.ts';
import { importFile as readAndBook } from '../connectors/import-file.ts';
import { readOrdersApart } from '../import-thread.ts';
import { OrderHalves } from '../store/order-halves.ts';
import type { Hall, Procedure } from './hall.ts';

export const importFile: Procedure<'import-file'> = async (command, actor, hall) => {
  const { imports } = hall.live;
  try {
    const decision = await readAndBook(command, actor.by, {
      show: () => hall.book()?.show ?? null,
      now: () => hall.now().at,
      readOrders: readOrdersApart,
      bookOrders: hall.bookOrders,
      // Whoever brings a file means it for this show, whenever its orders were made.
      bookSnapshots: (orders) => hall.bookSnapshots(orders, null),
      joinHalves: (orders, keep) => {
        const book = hall.book();
        return book ? joinHalves(orders, new OrderHalves(book.db), keep) : orders;
      },
      progress: (done, total) => {
        const view = imports.report(command.id, command.name, { done, total });
        hall.gateway.publishProgress(view);
        hall.touch();
        return !view.stopping;
      },
      savePeople: (signups) => hall.guests.keep(signups, 'file'),
      remembered: () => rememberedMappings(hall),
      remember: (hash, mapping) => rememberMapping(hall, hash, mapping),
    });
    if (!decision.ok || decision.facts.length === 0) return decision;
    hall.append(
      decision.facts.map((fact, n) => ({ ...fact, origin: actor.key, originId: `${command.id}#${n}` })),
      decision.reply,
    );
    hall.rewire();
    return accept([], decision.reply);
  } finally {
    imports.end(command.id);
    hall.touch();
  }
};

/** Stops an import; what is booked stays, and the same file again brings the rest. */
export const cancelAction: Procedure<'cancel-action'> = ({ action }, actor, hall) => {
  if (hall.live.imports.cancel(action)) return accept([]);
  if (action === 'preflight' && hall.stream.preflight.cancel()) return accept([]);
  return (
    hall.stream.failover.cancel(action, actor) ??
    refuse('unknown-action', 'There is nothing under way by that id; it may just have ended.', { field: 'action' })
  );
};

/** A dead letter that a person has dealt with by hand; the reason stays with it. */
export const settleLetter: Procedure<'settle-letter'> = (command, _actor, hall) =>
  hall.post.settle(command.letter, command.reason)
    ? accept([])
    : refuse('unknown-letter', 'There is no such letter waiting.', { field: 'letter' });

/** Tried again as if it had just come, for instance after a key was renewed. */
export const retryLetter: Procedure<'retry-letter'> = (command, _actor, hall) =>
  hall.post.retry(command.letter)
    ? accept([])
    : refuse('unknown-letter', 'There is no such letter waiting.', { field: 'letter' });

const MAPPINGS = 'import.mappings';
const MAPPINGS_KEPT = 100;
type Mappings = Readonly<Record<string, Record<string, string>>>;

/** What people chose for files of an unknown form, by the hash of their headings; it outlives the show (CSV-6). */
function rememberedMappings({ desk }: Hall): Mappings {
  // Only `rememberMapping` writes there.
  return (desk.setting(MAPPINGS) ?? {}) as Mappings;
}

function rememberMapping(hall: Hall, hash: string, mapping: Record<string, string>): void {
  const others = Object.entries(rememberedMappings(hall)).filter(([known]) => known !== hash);
  hall.desk.setSetting(MAPPINGS, Object.fromEntries([...others.slice(-MAPPINGS_KEPT + 1), [hash, mapping]]));
}
