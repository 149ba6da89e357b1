import { controlGroup } from '../../domain/control-group.ts';
import type { OrderRow } from '../../domain/cohort-rows.ts';
import { decide } from '../../domain/decide/decide.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import { readControlCsv } from '../connectors/csv-control.ts';
import type { Procedure } from './hall.ts';

/** More problems than a person reads; the count says how many there are. */
const LISTED_PROBLEMS = 500;

/**
 * Makes the control of a show from a file of orders (VER-7). Buyers are told apart and compared with the show's by their
 * keyed hashes; what is kept is four totals, and the file is forgotten.
 *
 * Reply: `rows`, `orders`, `buyers`, `repeats`, `sumMinor`, `sumSquaresMinor`, `ofShow` and `young` (left out), `problems[]`.
 */
export const importControl: Procedure<'import-control'> = (command, actor, hall) => {
  const show = hall.book()?.show;
  if (!show?.plan) return refuse('no-plan', 'There is no show yet to compare with. Make one first.');
  const { name, text, base64, mapping, dryRun = false } = command;
  if (text === undefined && base64 === undefined)
    return refuse('unreadable', 'The command brings neither text nor base64.', { field: 'text' });
  const bytes = text !== undefined ? Buffer.from(text, 'utf8') : Buffer.from(base64 ?? '', 'base64');
  const { currency, timeZone } = show.plan.show;
  const read = readControlCsv(bytes, { currency, timeZone, mapping });
  if ('refusal' in read) return refuse(read.refusal.code, read.refusal.message);

  const ask = hall.ask(command.id, actor);
  const rows = read.orders.map(({ email, at, netMinor }): OrderRow => {
    return { ref: ask.refOf(email), at, netMinor, isRefunded: netMinor <= 0, isExchange: false };
  });
  const ofShow = new Set(show.sales.credit.firstOf.keys());
  const group = controlGroup(rows, { days: show.verdict.thresholds.repeatWindow, ofShow });
  const { buyers, sumMinor, sumSquares } = group.spend;
  const totals = { buyers, repeats: group.repeats, sumMinor, sumSquaresMinor: String(sumSquares) };
  const reply = {
    rows: read.rows,
    orders: rows.length,
    ...totals,
    ofShow: group.ofShow,
    young: group.young,
    problems: read.problems.slice(0, LISTED_PROBLEMS),
    problemCount: read.problems.length,
  };
  if (buyers === 0)
    return refuse('no-buyers', 'No buyer in this file had the time to come again, or all were at the show.', reply);
  if (dryRun) return accept([], reply);
  const decision = decide(show, { id: command.id, kind: 'set-control', name, ...totals }, ask);
  if (!decision.ok) return decision;
  hall.append(
    decision.facts.map((fact, n) => ({ ...fact, origin: actor.key, originId: `${command.id}#${n}` })),
    reply,
  );
  return accept([], reply);
};
