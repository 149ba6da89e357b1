import { cueStateOf, cueTimes, runTimes } from './cue-times.ts';
import { type PlannedCue, type Run, runOf } from './cues.ts';
import type { MomentCue } from './moments-input.ts';
import { cueRunsOf } from './moments-of-record.ts';
import { SIDES, type SalesModel } from './moments-model.ts';
import { isoOrNull, type MoneyPage } from './report-money-tables.ts';
import { groupBy } from './report-postings.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';
import { type Duration, fromIso, type Instant, type Minor } from './units.ts';

interface CueRow {
  cue: PlannedCue['cue'] | null;
  id: string;
  slot: PlannedCue | null;
  run: Run | null;
  plannedAtOpen: Instant | null;
  plannedMsAtOpen: Duration | null;
  start: Instant | null;
  end: Instant | null;
  answeredMs: Duration | null;
  sold: { units: number; netMinor: Minor; expected: number; ms: Duration } | null;
}

/** Planned against actual (CUE-62), from facts only: one row a run and one a cue that never ran; withdrawn runs are listed, not summed. */
export function cuesTable(page: MoneyPage, model: SalesModel): Table {
  const { show } = page.record;
  const { clock, cues } = show;
  const { lastT: t } = clock;
  const times = cueTimes(show, t);
  const rows = cueRows(page, model);
  const f = fieldsOf<CueRow>();
  const of = (row: CueRow) => (row.run ? runTimes(cues, row.run, { t, clock }) : null);
  const effects = ({ run }: CueRow) => [...(run?.effects.values() ?? [])];
  const mustSay = ({ cue }: CueRow) => cue?.points.filter((point) => point.mustSay) ?? [];
  const plannedMs = ({ run, cue }: CueRow): Duration | null => run?.plannedMs ?? cue?.durationMs ?? null;
  const plannedStart = ({ run, id }: CueRow): Instant | null =>
    run ? run.plannedStart : (times.planned.get(id) ?? null);
  return tableOf(rows, [
    f.text('cue', 'Cue', ({ id }) => id),
    f.text('run', 'Run', ({ run }) => run?.id ?? null),
    f.text('title', 'Title', ({ cue, id }) => cue?.title ?? id),
    f.text('kind', 'Kind', ({ cue }) => cue?.kind ?? null),
    f.text('owners', 'Owners', ({ cue }) => cue?.owners.join(' ') ?? null),
    f.instant('plannedAtOpen', 'Planned at opening', ({ plannedAtOpen }) => isoOrNull(plannedAtOpen)),
    f.duration('plannedMsAtOpen', 'Planned length at opening', ({ plannedMsAtOpen }) => plannedMsAtOpen),
    f.instant('plannedStart', 'Planned start', (row) => isoOrNull(plannedStart(row))),
    f.duration('plannedMs', 'Planned length', plannedMs),
    f.instant('actualStart', 'Started', ({ start }) => isoOrNull(start)),
    f.instant('actualEnd', 'Ended', ({ end }) => isoOrNull(end)),
    f.duration('elapsedMs', 'Ran', (row) => of(row)?.elapsedMs ?? null),
    f.duration('pausedMs', 'Paused', (row) => of(row)?.pausedMs ?? null),
    f.duration('addedMs', 'Added', ({ run }) => run?.addedMs ?? null),
    f.duration('overMs', 'Over', (row) => of(row)?.overMs ?? null),
    f.duration('startDeltaMs', 'Start, late by', (row) => difference(row.start, plannedStart(row))),
    f.duration('endDeltaMs', 'End, late by', (row) => difference(row.end, sum(plannedStart(row), plannedMs(row)))),
    f.text('state', 'State', ({ slot, run }) =>
      run?.withdrawn ? 'withdrawn' : slot ? cueStateOf(cues, slot, run) : 'removed',
    ),
    f.text('skippedWhy', 'Skipped', ({ slot }) => slot?.skipped ?? null),
    f.integer(
      'mustSaySaid',
      'Must-says said',
      (row) => mustSay(row).filter(({ id }) => row.run?.ticked.has(id)).length,
    ),
    f.integer('mustSayTotal', 'Must-says', (row) => mustSay(row).length),
    f.text(
      'offerOutcome',
      'Offer',
      (row) =>
        effects(row)
          .map(({ outcome, code }) => (code === null ? outcome : `${outcome} (${code})`))
          .join(', ') || null,
    ),
    f.duration('offerOpenMs', 'Offer open', (row) => openFor(effects(row))),
    f.text('overrideReason', 'Override', ({ run }) => run?.override ?? null),
    f.duration('dispatchToAnswerMs', 'Answered after', ({ answeredMs }) => answeredMs),
    f.flag('withdrawn', 'Withdrawn', ({ run }) => run?.withdrawn ?? false),
    f.integer('units', 'Units attributed', ({ sold }) => sold?.units ?? null),
    f.money('net', 'Net attributed', ({ sold }) => sold?.netMinor ?? null),
    f.ratio('unitsPerMinute', 'Units per minute', ({ sold }) =>
      sold && sold.ms > 0 ? six((sold.units * 60_000) / sold.ms) : null,
    ),
    f.ratio('expectedUnits', 'Sales usual', ({ sold }) => (sold ? six(sold.expected) : null)),
    f.ratio('lift', 'Lift', ({ sold }) => (sold && sold.expected > 0 ? six(sold.units / sold.expected) : null)),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

function cueRows(page: MoneyPage, model: SalesModel): CueRow[] {
  const { show, entries } = page.record;
  const wall = new Map(cueRunsOf(page.record).map((run) => [run.run, run]));
  const began = new Map(entries.of('cue.started').map(({ body, at }) => [body.run, at]));
  const ended = new Map(entries.of('cue.finished').map(({ body, at }) => [body.run, at]));
  const atOpen = new Map(show.cues.atOpen.map((cue) => [cue.id, cue]));
  const row = (id: string, run: Run | null): CueRow => {
    const slot = show.cues.byId.get(id) ?? null;
    const opening = atOpen.get(id);
    const counted = run ? wall.get(run.id) : undefined;
    return {
      id,
      slot,
      run,
      cue: slot?.cue ?? opening ?? null,
      plannedAtOpen: opening && opening.start.rule !== 'linked' ? fromIso(opening.start.at) : null,
      plannedMsAtOpen: opening?.durationMs ?? null,
      start: run ? (began.get(run.id) ?? null) : null,
      end: run ? (ended.get(run.id) ?? null) : null,
      answeredMs: answeredAfter(page, id),
      sold: counted && counted.skus.length > 0 ? soldIn(page, model, counted) : null,
    };
  };
  const runs = groupBy(show.cues.runs, ({ cue }) => cue);
  const known = show.cues.order.map(({ cue }) => cue.id);
  const gone = [...runs.keys()].filter((id) => !known.includes(id));
  return [...known, ...gone].flatMap((id) => {
    const mine = runs.get(id) ?? [];
    const idle = runOf(show.cues, id) === null ? [row(id, null)] : [];
    return [...mine.map((run) => row(id, run)), ...idle];
  });
}

/** Sale units of the cue's products while buyers could answer it: from its start to its end, the delay and 90 s. */
function soldIn({ record }: MoneyPage, model: SalesModel, run: MomentCue): NonNullable<CueRow['sold']> {
  const origin = record.show.openedAt ?? record.at;
  const [from, to] = [(run.from - origin) / 1000, (run.to - origin) / 1000];
  const until = (side: (typeof SIDES)[number]): number => Math.min(model.end, to + model.delay[side] + 90);
  const units = model.units.filter(
    (unit) => run.skus.includes(unit.sku) && unit.t >= from && unit.t <= until(unit.side),
  );
  let expected = 0;
  for (const sku of run.skus) for (const side of SIDES) expected += model.expected(sku, side, from, until(side));
  const count = units.reduce((total, unit) => total + unit.units, 0);
  return {
    units: count,
    netMinor: units.reduce((total, unit) => total + unit.netMinor, 0),
    expected,
    ms: run.to - run.from,
  };
}

/** From the first dispatch of the cue to the first person who accepted; null: nobody was asked, or nobody answered. */
function answeredAfter({ record: { entries } }: MoneyPage, cue: string): Duration | null {
  const sent = entries.of('cue.dispatched').filter(({ body }) => body.cue === cue);
  const ids = new Set(sent.map(({ body }) => body.dispatch));
  const answer = entries.of('cue.answered').find(({ body }) => body.answer === 'accepted' && ids.has(body.dispatch));
  const first = sent.find(({ body }) => body.dispatch === answer?.body.dispatch);
  return answer && first ? answer.at - first.at : null;
}

function openFor(effects: { outcome: string; t: number }[]): Duration | null {
  const opened = effects.find(({ outcome }) => outcome === 'opened');
  const closed = effects.find(({ outcome }) => outcome === 'closed');
  return opened && closed ? closed.t - opened.t : null;
}

function difference(a: Instant | null, b: Instant | null): Duration | null {
  return a === null || b === null ? null : a - b;
}
function sum(a: Instant | null, b: Duration | null): Instant | null {
  return a === null || b === null ? null : a + b;
}
function six(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
