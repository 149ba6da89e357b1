import { readFile } from 'node:fs/promises';
import { readPlan } from '../contract/plan-file.ts';
import { canonicalJson } from './canonical.ts';
import { reasonOf } from './log.ts';
import { BadOption } from './options.ts';
import type { Hall } from './procedures/hall.ts';
import { keyless } from './procedures/keyless-plan.ts';
import { adopted } from './procedures/shows.ts';

/**
 * `--plan FILE`: the plan of a new or still planned show. The same command line starts the hub again after a crash, so a
 * plan that the show has already, or a show that is running, is left as it is.
 *
 * @throws BadOption in one line, all faults in it
 */
export async function adoptPlanFile(path: string, hall: Hall): Promise<void> {
  const read = readPlan(await parse(path));
  if ('faults' in read) {
    throw new BadOption(
      `${path} does not fit: ${read.faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ')}`,
    );
  }
  const { plan, warnings } = keyless(read, (name) => hall.secrets.read(name));
  const book = hall.book();
  const same = canonicalJson(book?.show.plan ?? null) === canonicalJson(plan);
  if (book && (same || book.show.phase === 'live' || book.show.phase === 'closing')) return;
  const into = book?.show.phase === 'planned' && !book.show.demo ? book : hall.makeShow(plan, false);
  const originId = `${into.ledger.head.seq + 1}`;
  hall.append([{ origin: 'plan-file', originId, ...adopted(plan, warnings, 'desk') }]);
  hall.guests.keep(read.signups, 'plan');
}

async function parse(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new BadOption(`${path} cannot be read as a plan: ${reasonOf(cause)}`, { cause });
  }
}
