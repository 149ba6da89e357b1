import { createHash } from 'node:crypto';
import type { Signup } from '../../contract/plan-file.ts';
import { signupShape } from '../../contract/plan-schema.ts';
import { fromIso, type Iso } from '../../domain/units.ts';
import { columnsOf, mappingOf, SIGNUP_FIELDS } from './csv-headings.ts';
import { cellOf, noColumn, problemsOf, taker, withoutUndefined } from './csv-plan.ts';
import type { PlanRows } from './csv-plan.ts';
import { PLAN_LIMITS, readTable } from './csv-table.ts';
import type { CsvRow, Problem, Unreadable } from './csv-table.ts';
import { dateOrderIn, readInstant } from './csv-values.ts';
import type { Read } from './csv-values.ts';

/**
 * Sign-ups from a CSV file (DEM-1), whole or not at all. A person who stands in it twice, be it in another letter case,
 * is one: the first time counts, and the latest word on consent. Dots and +tags of an address are not folded, for two
 * people may differ by them.
 */
export function readSignupsCsv(
  bytes: Buffer,
  options: { timeZone: string; mapping: Record<string, string> | undefined; at: Iso },
): PlanRows<Signup> | Unreadable {
  const table = readTable(bytes, PLAN_LIMITS);
  if ('refusal' in table) return table;
  const columns = columnsOf(table.headings, SIGNUP_FIELDS, options.mapping);
  if (columns.email === undefined && columns.phone === undefined && columns.name === undefined)
    return noColumn(['email'], table);
  const { order } = dateOrderIn(
    table.rows.map((row) => cellOf(row, columns.at)),
    options.mapping?.['dateOrder'],
  );
  const problems: Problem[] = [];
  const people = new Map<string, Signup>();
  for (const row of table.rows) {
    const take = taker(row, columns, table.headings, problems);
    const given = withoutUndefined({
      id: cellOf(row, columns.id) || idOf(row, columns),
      email: take('email', plain),
      name: take('name', plain),
      phone: take('phone', (text) => ({ value: plainPhone(text) })),
      kind: take('kind', plain),
      channel: take('channel', (text) => ({ value: text.toLowerCase().replaceAll(/[\s_]+/g, '-') })),
      consent: take('consent', plain),
      consentText: take('consentText', plain),
      perk: take('perk', plain),
      source: take('source', plain),
      at: take('at', (text) => readInstant(text, options.timeZone, order)) ?? options.at,
    });
    const read = signupShape.safeParse(given);
    if (read.success) {
      const key = personOf(read.data);
      people.set(key, merged(people.get(key), read.data));
      continue;
    }
    const faults = read.error.issues.map(({ path, message }) => ({ path: `signups[0].${String(path[0])}`, message }));
    problems.push(...problemsOf(faults, 'signups', () => row.row, columns, table.headings));
  }
  const items = [...people.values()];
  return {
    items,
    added: items.map(({ id }) => id),
    changed: [],
    unchanged: [],
    problems,
    rows: table.rows.length,
    mapping: mappingOf(columns, table.headings),
    headings: table.headings,
  };
}

/** Who it is, as the keyed hash of the ledger sees it: by e-mail, else by phone, else by the sign-up alone. */
function personOf({ id, email, phone }: Signup): string {
  return email?.trim().toLowerCase() ?? phone ?? `signup ${id}`;
}

function merged(known: Signup | undefined, next: Signup): Signup {
  if (!known) return next;
  const [first, last] = fromIso(next.at) < fromIso(known.at) ? [next, known] : [known, next];
  const speaks = last.consent === null ? first : last;
  return {
    ...first,
    name: first.name ?? last.name,
    phone: first.phone ?? last.phone,
    perk: first.perk ?? last.perk,
    consent: speaks.consent,
    consentText: speaks.consentText,
  };
}

/** The same row has the same id whenever it is read; a row without a time must not get one from the clock. */
function idOf(row: CsvRow, columns: Partial<Record<keyof typeof SIGNUP_FIELDS, number>>): string {
  const cell = (field: keyof typeof SIGNUP_FIELDS): string => cellOf(row, columns[field]);
  const contact = [cell('email').toLowerCase(), cell('phone'), cell('name'), cell('kind'), cell('at')];
  return `su-${createHash('sha256').update(JSON.stringify(contact)).digest('hex').slice(0, 12)}`;
}

function plainPhone(text: string): string {
  return text.replaceAll(/[\s().-]/g, '').replace(/^00/, '+');
}
function plain(text: string): Read<string> {
  return { value: text };
}
