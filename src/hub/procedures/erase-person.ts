import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OriginFact } from '../../domain/ledger.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import { Book } from '../book.ts';
import { log, reasonOf } from '../log.ts';
import { openForReading } from '../store/database.ts';
import { Inbox } from '../store/inbox.ts';
import { People } from '../store/people.ts';
import { renewSnapshots } from '../store/snapshots.ts';
import type { Hall, Procedure } from './hall.ts';
import { refNamed, unknownSignup } from './people.ts';

const STALE = 'people.staleCopies';

/**
 * Forgets a person: their rows go from every show of the data folder, the hash and the counts stay (DEM-3). Safety
 * copies that still hold them are replaced as soon as no show is live (PII-3).
 *
 * Reply: `rows` deleted in this show, `shows` others that were changed, `copies`: `renewed` or `waiting`.
 */
export const erasePerson: Procedure<'erase-person'> = async (command, actor, hall) => {
  const book = hall.book();
  if (!book) return refuse('show-not-open', 'There is no show yet.');
  if (command.signup === undefined && command.ref === undefined)
    return refuse('bad-value', 'Say who: the code of a sign-up, or a ref.', { field: 'signup' });
  const ref = refNamed(book.show, command, (signup) => hall.guests.people()?.find(signup) ?? null);
  if (ref === null) return unknownSignup(command.ref === undefined ? 'signup' : 'ref');
  const fact: OriginFact = {
    kind: 'person.erased',
    body: { ref, by: actor.by },
    origin: actor.key,
    originId: `${command.id}#0`,
  };
  const rows = hall.guests.erase(ref, fact);
  const others = await eraseElsewhere(hall, book.id, ref, fact);
  noteStale(hall, [book.id, ...others]);
  await renewStaleCopies(hall);
  const isWaiting = staleShows(hall).length > 0;
  return accept([], { rows, shows: others, copies: isWaiting ? 'waiting' : 'renewed' });
};

/** Safety copies from before an erasure make room for a fresh one; never while a show needs all the copies it has. */
export async function renewStaleCopies(hall: Hall): Promise<void> {
  const here = hall.book();
  if (here && (here.show.phase === 'live' || here.show.phase === 'closing')) return;
  for (const id of staleShows(hall)) {
    try {
      await renew(hall, id);
      const rest = staleShows(hall).filter((each) => each !== id);
      hall.desk.setSetting(STALE, rest);
    } catch (error) {
      log({ level: 'error', kind: 'copies-not-renewed', reason: reasonOf(error) });
      return; // asked again with the next housekeeping
    }
  }
}

async function renew(hall: Hall, id: string): Promise<void> {
  const here = hall.book();
  if (here?.id === id) {
    await renewSnapshots(here.db, here.folder, here.ledger.head, new Date(hall.now().at));
    return;
  }
  const other = openOther(hall, id);
  if (!other) return;
  try {
    await renewSnapshots(other.db, other.folder, other.ledger.head, new Date(hall.now().at));
  } finally {
    other.close();
  }
}

/** @returns ids of the other shows that knew the person */
async function eraseElsewhere(hall: Hall, here: string, ref: string, fact: OriginFact): Promise<string[]> {
  const changed: string[] = [];
  for (const { id, folder } of hall.shows.list()) {
    // Tills are answered in between.
    await new Promise((soon) => setImmediate(soon));
    if (id === here || !holdsPerson(join(hall.shows.dataDir, folder, 'show.db'), ref)) continue;
    const book = openOther(hall, id);
    if (!book) continue;
    try {
      book.appendMany((append) => {
        new People(book.db, () => '').erase(ref);
        new Inbox(book.db).blank(Number.MAX_SAFE_INTEGER);
        append([fact]);
      }, hall.now());
      changed.push(id);
    } finally {
      book.close();
    }
  }
  return changed;
}

/** A look into a file that may be of an older form; one that cannot be read now is on no desk either. */
function holdsPerson(path: string, ref: string): boolean {
  if (!existsSync(path)) return false;
  const db = openForReading(path);
  try {
    return db.prepare('SELECT 1 FROM person WHERE ref = ?').get(ref) !== undefined;
  } catch {
    return false; // a show from before there were people
  } finally {
    db.close();
  }
}

/** A show that cannot be opened now is left for when it is: it is on no desk until then. */
function openOther(hall: Hall, id: string): Book | null {
  const row = hall.shows.find(id);
  if (!row) return null;
  try {
    return new Book(id, join(hall.shows.dataDir, row.folder));
  } catch (error) {
    log({ level: 'error', kind: 'show-not-searched', show: id, reason: reasonOf(error) });
    return null;
  }
}

function staleShows(hall: Hall): string[] {
  return (hall.desk.setting(STALE) ?? []) as string[];
}

function noteStale(hall: Hall, ids: string[]): void {
  hall.desk.setSetting(STALE, [...new Set([...staleShows(hall), ...ids])]);
}
