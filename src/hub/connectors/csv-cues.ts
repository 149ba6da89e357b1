import { planToFile, readPlan } from '../../contract/plan-file.ts';
import type { PlanFile } from '../../contract/plan-file.ts';
import { localTime } from '../../domain/local-time.ts';
import type { Cue, Plan } from '../../domain/plan.ts';
import type { Duration, Instant, Iso } from '../../domain/units.ts';
import { fromIso, HOUR, MINUTE, SECOND } from '../../domain/units.ts';
import { columnsOf, CUE_FIELDS, mappingOf } from './csv-headings.ts';
import type { Columns } from './csv-headings.ts';
import { cellOf, compared, noColumn, problemsOf, taker } from './csv-plan.ts';
import type { PlanRows } from './csv-plan.ts';
import { decoded, PLAN_LIMITS, readTable, refused } from './csv-table.ts';
import type { CsvTable, Problem, Unreadable } from './csv-table.ts';
import { dateOrderOf, readInstant, zoned } from './csv-values.ts';
import type { DateOrder, Read } from './csv-values.ts';

type FileCue = NonNullable<PlanFile['cues']>[number];
type CueColumns = Columns<typeof CUE_FIELDS>;
const DAY = 24 * HOUR;
const MAX_CUES = 500;

/**
 * Cues from a CSV file, pasted cells or a JSON plan (CUE-58): whole or not at all. A cue is known by its id, else by its
 * title; cues of the plan that the file does not name stay.
 *
 * @param cues the run of show as it now stands
 */
export function readCuesCsv(
  bytes: Buffer,
  plan: Plan,
  cues: readonly Cue[],
  mapping: Record<string, string> | undefined,
): PlanRows<Cue> | Unreadable {
  const json = jsonCues(bytes);
  if (json && 'refusal' in json) return json;
  const base = { ...planToFile({ ...plan, cues: [...cues] }) };
  if (json)
    return judged(json.cues, base, cues, [], (index) => index + 1, {
      columns: {},
      headings: [],
      rows: json.cues.length,
    });

  const table = readTable(bytes, PLAN_LIMITS);
  if ('refusal' in table) return table;
  if (table.rows.length > MAX_CUES)
    return refused('too-large', `The file has ${table.rows.length} cues, at most ${MAX_CUES} fit.`);
  const columns = columnsOf(table.headings, CUE_FIELDS, mapping);
  if (columns.title === undefined) return noColumn(['title'], table);
  const problems: Problem[] = [];
  const rows = rowsToCues(table, columns, plan, cues, problems);
  return judged(rows, base, cues, problems, (index) => table.rows[index]?.row ?? 0, {
    columns,
    headings: table.headings,
    rows: table.rows.length,
  });
}

interface Source {
  columns: Partial<Record<string, number>>;
  headings: string[];
  rows: number;
}

/** Puts the file's cues into the plan and lets the plan's own rules judge the whole. */
function judged(
  rows: FileCue[],
  base: PlanFile,
  before: readonly Cue[],
  problems: Problem[],
  rowOf: (index: number) => number,
  source: Source,
): PlanRows<Cue> {
  const fileIndex = new Map(rows.map((cue, i) => [cue.id, i]));
  const merged = [
    ...before.map((cue) => rows[fileIndex.get(cue.id) ?? -1] ?? cue),
    ...rows.filter((cue) => !before.some(({ id }) => id === cue.id)),
  ];
  const duplicate = rows.findIndex((cue, i) => fileIndex.get(cue.id) !== i);
  if (duplicate >= 0)
    problems.push({ row: rowOf(duplicate), column: 'id', message: `"${rows[duplicate]?.id}" is in the file twice` });
  const read = readPlan({ ...base, cues: merged });
  if ('faults' in read) {
    const place = (index: number): number => rowOf(fileIndex.get(merged[index]?.id ?? '') ?? -1);
    problems.push(...problemsOf(read.faults, 'cues', place, columnsByPlanKey(source.columns), source.headings));
  }
  const items = 'faults' in read ? [] : read.plan.cues;
  return {
    items,
    ...compared(
      items.filter(({ id }) => fileIndex.has(id)),
      before,
      ({ id }) => id,
    ),
    problems,
    rows: source.rows,
    mapping: mappingOf(source.columns, source.headings),
    headings: source.headings,
  };
}

function rowsToCues(
  table: CsvTable,
  columns: CueColumns,
  plan: Plan,
  present: readonly Cue[],
  problems: Problem[],
): FileCue[] {
  const order = dateOrderOf(table.rows.map((row) => cellOf(row, columns.at)));
  const idFor = idMaker(present, new Set(table.rows.map((row) => cellOf(row, columns.id))));
  let last: Instant | null = plan.show.startsAt === null ? null : fromIso(plan.show.startsAt);
  return table.rows.map((row) => {
    const take = taker(row, columns, table.headings, problems);
    const title = cellOf(row, columns.title);
    const id = cellOf(row, columns.id) || idFor(title);
    const at = take('at', (text) => readStart(text, plan.show.timeZone, order, last));
    if (at !== undefined) last = fromIso(at);
    const known = present.find((cue) => cue.id === id);
    return {
      ...known,
      id,
      title,
      ...given('kind', kindOf(cellOf(row, columns.kind))),
      ...given('start', startOf(cellOf(row, columns.rule), at)),
      ...given('durationMs', take('duration', readDuration)),
      ...given(
        'owners',
        take('owners', (text) => readOwners(text, plan)),
      ),
      ...given('sku', take('sku', plain)),
      ...given('offer', take('offer', plain)),
      ...given(
        'points',
        take('points', (text) => ({ value: pointsOf(text, known) })),
      ),
      ...given('priceNote', take('priceNote', plain)),
      ...given('script', take('script', plain)),
      ...given('group', take('group', plain)),
    };
  });
}

/** `mm:ss`, `h:mm:ss`, `5 min`, `90 s`; a bare number is minutes, unless it can only be milliseconds. */
export function readDuration(text: string): Read<Duration> {
  const clock = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$/.exec(text);
  if (clock) return { value: Number(clock[1] ?? 0) * HOUR + Number(clock[2]) * MINUTE + Number(clock[3]) * SECOND };
  const figure = /^(\d{1,8})\s*(ms|s|sec|min|m|h)?$/i.exec(text);
  if (!figure) return { problem: `"${text}" is no length; write 05:00` };
  const amount = Number(figure[1]);
  const unit = figure[2]?.toLowerCase() ?? (amount >= 10_000 ? 'ms' : 'min');
  return { value: amount * ({ ms: 1, s: SECOND, sec: SECOND, min: MINUTE, m: MINUTE, h: HOUR }[unit] ?? MINUTE) };
}

/** A time without a date is on the show's day; earlier than the one before it, on the next (CUE-8). */
function readStart(text: string, timeZone: string, order: DateOrder, last: Instant | null): Read<Iso> {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!clock) return readInstant(text, timeZone, order);
  if (last === null) return { problem: `${text} has no date, and the show has no start to take it from` };
  const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return { problem: `"${text}" is no time of day` };
  const day = Date.parse(`${localTime(last, timeZone).date}T00:00:00Z`);
  const timeOfDay = hour * HOUR + minute * MINUTE + second * SECOND;
  const today = zoned(day + timeOfDay, timeZone);
  return 'value' in today && fromIso(today.value) < last ? zoned(day + DAY + timeOfDay, timeZone) : today;
}

function readOwners(text: string, plan: Plan): Read<string[]> {
  const names = text
    .split(/[,;/|&]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const folded = (name: string): string => name.toLowerCase();
  const ids = names.map(
    (name) => plan.people.find((person) => person.id === name || folded(person.name) === folded(name))?.id ?? null,
  );
  const stranger = names[ids.indexOf(null)];
  return stranger === undefined
    ? { value: ids.filter((id) => id !== null) }
    : { problem: `there is no person "${stranger}"` };
}

/** Points stand on lines of their own or between `|`; a leading `!` means must-say. Known texts keep their ids. */
function pointsOf(text: string, known: Cue | undefined): NonNullable<FileCue['points']> {
  const lines = text
    .split(/\r?\n|\s\|\s/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.map((line) => {
    const words = line.replace(/^!\s*/, '');
    return { ...known?.points.find((point) => point.text === words), text: words, mustSay: line.startsWith('!') };
  });
}

function startOf(rule: string, at: Iso | undefined): FileCue['start'] {
  if (at !== undefined) return { rule: /^(hard|fixed)$/i.test(rule) ? 'hard' : 'soft', at };
  return /^linked$/i.test(rule) ? { rule: 'linked' } : undefined;
}

function kindOf(text: string): FileCue['kind'] {
  // An unknown word is left for the plan's rules to name.
  return text === '' ? undefined : (text.toLowerCase() as FileCue['kind']);
}

/** Ids for rows without one: that of the cue with the same title (the n-th with the n-th), else made from the title. */
function idMaker(present: readonly Cue[], taken: Set<string>): (title: string) => string {
  const free = present.filter((cue) => !taken.has(cue.id));
  const used = new Set([...taken, ...present.map((cue) => cue.id)]);
  return (title) => {
    const index = free.findIndex((cue) => cue.title === title);
    const known = index < 0 ? undefined : free.splice(index, 1)[0];
    if (known) return known.id;
    const base =
      title
        .normalize('NFKD')
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-+|-+$/g, '')
        .slice(0, 50) || 'cue';
    for (let n = 1; ; n += 1) {
      const id = n === 1 ? base : `${base}-${n}`;
      if (!used.has(id)) return used.add(id) && id;
    }
  };
}

function jsonCues(bytes: Buffer): { cues: FileCue[] } | Unreadable | null {
  const text = decoded(bytes)?.trimStart();
  if (text === undefined || !/^[[{]/.test(text)) return null;
  if (bytes.length > PLAN_LIMITS.bytes) return refused('too-large', 'The file is larger than 2 MB.');
  try {
    const json: unknown = JSON.parse(text);
    const cues: unknown = Array.isArray(json)
      ? json
      : typeof json === 'object' && json !== null && 'cues' in json
        ? json.cues
        : null;
    const isList =
      Array.isArray(cues) && cues.every((cue) => typeof cue === 'object' && cue !== null && typeof cue.id === 'string');
    // Whether each fits is for the plan's rules to say; here it only has to be a list of things with ids.
    return isList
      ? { cues: cues as FileCue[] }
      : refused('unreadable', 'The file is JSON, but holds no list of cues with ids.');
  } catch (error) {
    return refused(
      'unreadable',
      `The file looks like JSON but breaks off: ${error instanceof Error ? error.message : 'unreadable'}.`,
    );
  }
}

function columnsByPlanKey(columns: Partial<Record<string, number>>): Partial<Record<string, number>> {
  return { ...columns, start: columns['at'], durationMs: columns['duration'] };
}
function given<K extends keyof FileCue>(key: K, value: FileCue[K] | undefined): Partial<FileCue> {
  return value === undefined ? {} : ({ [key]: value } as Partial<FileCue>);
}
function plain(text: string): Read<string> {
  return { value: text };
}
