import type { ProcedureBody } from '../../contract/commands.ts';
import type { Signup } from '../../contract/plan-file.ts';
import type { Fact } from '../../domain/ledger.ts';
import type { Cue } from '../../domain/plan.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import type { Decision } from '../../domain/refusal.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Instant } from '../../domain/units.ts';
import { toIso } from '../../domain/units.ts';
import { readCuesCsv } from './csv-cues.ts';
import { readProductsCsv } from './csv-plan.ts';
import type { PlanRows } from './csv-plan.ts';
import { readSignupsCsv } from './csv-signups.ts';
import type { Problem, Unreadable } from './csv-table.ts';
import { readViewersCsv } from './csv-viewers.ts';
import { bookFile, previewFile } from './import-orders.ts';
import type { OrderDoors } from './import-orders.ts';

/**
 * `import-file`: what a person drops on the desk. Sales and returns: bad rows are listed and the good ones go on, money
 * has changed hands. Products, cues and sign-ups: the whole file or nothing. `dryRun` says what would happen.
 */
export interface ImportDoors extends OrderDoors {
  now: () => Instant;
  /** `people`: how many different persons the rows are */
  savePeople: (signups: readonly Signup[]) => { added: number; changed: number; unchanged: number; people: number };
  /** what people chose for files with these headings, by the headings' hash */
  remembered: () => Readonly<Record<string, Record<string, string>>>;
  remember: (headingsHash: string, mapping: Record<string, string>) => void;
}

export type ImportFile = ProcedureBody<'import-file'>;

/** More problems than a person reads; the count says how many there are. */
const LISTED_PROBLEMS = 500;
const PREVIEW_ROWS = 20;

/**
 * @param by for the facts
 * @returns the facts to append (products, cues) with the reply; orders and people are booked by then
 */
export async function importFile(file: ImportFile, by: string, doors: ImportDoors): Promise<Decision> {
  const show = doors.show();
  if (!show?.plan) return refuse('no-plan', 'There is no show yet to import into. Make one first.');
  if (file.what === 'sales' || file.what === 'returns') return importOrders(file, show, doors);
  const bytes = bytesOf(file);
  if (bytes === null) return refuse('unreadable', NO_CONTENT, { field: 'text' });
  switch (file.what) {
    case 'signups':
      return importSignups(file, bytes, show.plan.show.timeZone, doors);
    case 'products':
      return importProducts(file, bytes, show, by);
    case 'cues':
      return importCues(file, bytes, show, by);
    case 'viewers':
      return importViewers(file, bytes, show, by);
  }
}

const NO_CONTENT = 'The command brings neither text nor base64.';

async function importOrders(
  { what, text, base64, mapping, dryRun }: ImportFile,
  show: ShowState,
  doors: ImportDoors,
): Promise<Decision> {
  const content = text !== undefined ? { text } : base64 !== undefined ? { base64 } : null;
  if (content === null) return refuse('unreadable', NO_CONTENT, { field: 'text' });
  if (!show.plan) return refuse('no-plan', 'There is no plan yet.');
  const { currency, timeZone, taxMode } = show.plan.show;
  const options = { currency, timeZone, taxMode, at: toIso(doors.now()), ...(mapping && { mapping }) };
  const remembered = doors.remembered();
  const reader = await doors.readOrders({
    what: what === 'returns' ? 'returns' : 'sales',
    options,
    remembered,
    file: content,
  });
  if ('refusal' in reader) return refusal(reader);
  const { missing, headings, headingsHash } = reader.head;
  if (dryRun) return previewFile(reader, doors);
  if (missing.length > 0) {
    reader.stop();
    const message = `No column is known to hold ${missing.join(' or ')}. The headings are: ${headings.join(', ')}.`;
    return refuse('unreadable', message, { field: 'mapping', missing, headings });
  }
  if (mapping) doors.remember(headingsHash, mapping);
  return bookFile(reader, doors);
}

function importSignups(file: ImportFile, bytes: Buffer, timeZone: string, doors: ImportDoors): Decision {
  const read = readSignupsCsv(bytes, { timeZone, mapping: file.mapping, at: toIso(doors.now()) });
  if ('refusal' in read) return refusal(read);
  if (file.dryRun || read.problems.length > 0) return wholeReply(read, file);
  return accept([], { ...reply(read), ...doors.savePeople(read.items) });
}

function importProducts(file: ImportFile, bytes: Buffer, show: ShowState, by: string): Decision {
  if (!show.plan) return refuse('no-plan', 'There is no plan yet.');
  const read = readProductsCsv(bytes, show.plan, file.mapping);
  if ('refusal' in read) return refusal(read);
  if (file.dryRun || read.problems.length > 0) return wholeReply(read, file);
  if (show.phase !== 'planned')
    return refuse('show-is-live', 'Products can be imported before the show opens. Receive stock instead.');
  const isNew = read.added.length + read.changed.length > 0;
  const plan = { ...show.plan, cues: show.cues.order.map((slot) => slot.cue), products: read.items };
  const facts: Fact[] = isNew ? [{ kind: 'plan.adopted', body: { plan, warnings: [], demo: show.demo, by } }] : [];
  return accept(facts, counted(read));
}

function importCues(file: ImportFile, bytes: Buffer, show: ShowState, by: string): Decision {
  if (!show.plan) return refuse('no-plan', 'There is no plan yet.');
  const before = show.cues.order.map((slot) => slot.cue);
  const read = readCuesCsv(bytes, show.plan, before, file.mapping);
  if ('refusal' in read) return refusal(read);
  const began = new Set(show.cues.runs.filter((run) => !run.withdrawn).map((run) => run.cue));
  const late = read.changed.filter((id) => began.has(id));
  read.problems.push(
    ...late.map((id) => ({
      row: 0,
      column: 'id',
      message: `"${id}" has been started; only cues that are still to come can be changed`,
    })),
  );
  if (file.dryRun || read.problems.length > 0) return wholeReply(read, file);
  if (show.phase === 'closed' || show.phase === 'closing')
    return refuse('show-not-open', 'The show is over; its run of show stays as it was.');
  return accept(cueFacts(read, before, by), counted(read));
}

/** Also after the show: platforms tell it when it is over. Counts of a file that names no source are of that file. */
function importViewers(file: ImportFile, bytes: Buffer, show: ShowState, by: string): Decision {
  const { timeZone } = show.plan?.show ?? { timeZone: 'UTC' };
  const read = readViewersCsv(bytes, show.viewers, { timeZone, mapping: file.mapping, source: 'file' });
  if ('refusal' in read) return refusal(read);
  if (file.dryRun || read.problems.length > 0) return wholeReply(read, file);
  if (show.phase === 'closed') return refuse('show-not-open', 'The show is closed. Reopen it to tell its viewers.');
  const facts = read.items.map(({ at, count, source }): Fact => ({
    kind: 'viewers.noted',
    body: { count, at: toIso(at), source, by },
  }));
  return accept(facts, counted(read));
}

function cueFacts(read: PlanRows<Cue>, before: readonly Cue[], by: string): Fact[] {
  return read.items.flatMap((cue): Fact[] => {
    if (read.added.includes(cue.id)) return [{ kind: 'cue.added', body: { cue, before: null, by } }];
    const was = before.find(({ id }) => id === cue.id);
    return was && read.changed.includes(cue.id) ? [{ kind: 'cue.edited', body: { before: was, after: cue, by } }] : [];
  });
}

/** A preview, or the refusal of a file that does not fit: nothing was changed. */
function wholeReply<T>(read: PlanRows<T>, file: ImportFile): Decision {
  if (file.dryRun) return accept([], { dryRun: true, ...counted(read), preview: read.items.slice(0, PREVIEW_ROWS) });
  const [first] = read.problems;
  const where = first ? `row ${first.row}, ${first.column}: ${first.message}` : '';
  return refuse(
    'unreadable',
    `Nothing was imported. ${read.problems.length === 1 ? 'One row does' : `${read.problems.length} places do`} not fit: ${where}.`,
    reply(read),
  );
}

function counted<T>(read: PlanRows<T>): Record<string, unknown> {
  return {
    ...reply(read),
    added: read.added.length,
    changed: read.changed.length,
    unchanged: read.unchanged.length,
    changedIds: read.changed.slice(0, 100),
  };
}

interface ReadFile {
  rows: number;
  problems: Problem[];
  mapping: Record<string, string>;
  headings: string[];
}
function reply({ rows, problems, mapping, headings }: ReadFile): Record<string, unknown> {
  return { rows, problems: problems.slice(0, LISTED_PROBLEMS), problemCount: problems.length, mapping, headings };
}

function refusal({ refusal: { code, message } }: Unreadable): Decision {
  return refuse(code, message);
}

function bytesOf(file: ImportFile): Buffer | null {
  if (file.text !== undefined) return Buffer.from(file.text, 'utf8');
  return file.base64 === undefined ? null : Buffer.from(file.base64, 'base64');
}
