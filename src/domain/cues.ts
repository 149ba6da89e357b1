import type { Frame } from './frame.ts';
import type { BodyOf, Entry } from './ledger.ts';
import type { Cue } from './plan.ts';
import { type Duration, fromIso, type HubTime, type Instant } from './units.ts';

/**
 * The run of show as facts tell it: the order of cues, their runs, the standby. Nothing that a clock moves is kept here:
 * remaining, expected, late are derived by cue-times.ts at the moment somebody looks.
 */
export interface CuesState {
  /** the plan's cues as they stand now, in order */
  order: PlannedCue[];
  byId: Map<string, PlannedCue>;
  /** ids of removed cues are never given again */
  removed: Set<string>;
  /** in order of their start; withdrawn ones stay and count nowhere */
  runs: Run[];
  /** chosen by hand as the next GO */
  standby: string | null;
  /** of the last GO that named no cue (CUE-14) */
  lastGoT: HubTime | null;
  opened: boolean;
  /** the order and cues at opening, for "planned against actual" */
  atOpen: Cue[];
}

export interface PlannedCue {
  cue: Cue;
  /** entry that last changed it */
  rev: number;
  /** skipped before opening it has no slot; skipped while live it keeps its slot in the plan (CUE-10) */
  skipped: 'before-open' | 'live' | null;
  /** a note that was ticked done */
  noteDone: boolean;
  /** must-say ticks made while it waited; they move into its run */
  ticked: Set<string>;
}

export interface Run {
  id: string;
  cue: string;
  startT: HubTime;
  endT: HubTime | null;
  plannedStart: Instant | null;
  plannedMs: Duration;
  addedMs: Duration;
  /** an open pause stays open when the run ends, so that a reopened run is still paused */
  pauses: { from: HubTime; to: HubTime | null }[];
  how: BodyOf<'cue.started'>['how'];
  why: BodyOf<'cue.finished'>['why'] | null;
  override: string | null;
  fromStandby: boolean;
  withdrawn: boolean;
  ticked: Set<string>;
  /** leg → how opening or closing the offer went there (CUE-23) */
  effects: Map<string, Effect>;
}

export interface Effect {
  outcome: BodyOf<'cue.effect-settled'>['outcome'];
  code: string | null;
  message: string | null;
  t: HubTime;
}

export function initialCues(): CuesState {
  return {
    order: [],
    byId: new Map(),
    removed: new Set(),
    runs: [],
    standby: null,
    lastGoT: null,
    opened: false,
    atOpen: [],
  };
}

export function evolveCues(state: CuesState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'plan.adopted':
      setOrder(
        state,
        entry.body.plan.cues.map((cue) => planned(cue, entry.seq)),
      );
      state.standby = null;
      break;
    case 'show.opened':
      state.opened = true;
      state.atOpen = state.order.map(({ cue }) => cue);
      break;
    case 'cue.added':
      if (!state.byId.has(entry.body.cue.id))
        setOrder(state, inserted(state.order, planned(entry.body.cue, entry.seq), entry.body.before));
      break;
    case 'cue.edited':
      withCue(state, entry.body.after.id, (slot) => {
        slot.cue = entry.body.after;
        slot.rev = entry.seq;
      });
      break;
    case 'cue.moved':
      withCue(state, entry.body.cue, (slot) =>
        setOrder(state, inserted(without(state.order, slot), slot, entry.body.before)),
      );
      break;
    case 'cue.removed':
      withCue(state, entry.body.cue, (slot) => setOrder(state, without(state.order, slot)));
      state.removed.add(entry.body.cue);
      if (state.standby === entry.body.cue) state.standby = null;
      break;
    case 'cue.skipped':
      withCue(state, entry.body.cue, (slot) => (slot.skipped = state.opened ? 'live' : 'before-open'));
      if (state.standby === entry.body.cue) state.standby = null;
      break;
    case 'cue.unskipped':
      withCue(state, entry.body.cue, (slot) => (slot.skipped = null));
      break;
    case 'cue.stood-by':
      state.standby = entry.body.cue;
      break;
    default:
      evolveRuns(state, entry, frame.t);
  }
}

function evolveRuns(state: CuesState, entry: Entry, t: HubTime): void {
  switch (entry.kind) {
    case 'cue.started':
      startRun(state, entry.body, t);
      break;
    case 'cue.finished':
      withCue(state, entry.body.cue, (slot) => (slot.noteDone ||= slot.cue.kind === 'note'));
      withRun(state, entry.body.run, (run) => {
        run.endT = t;
        run.why = entry.body.why;
      });
      break;
    case 'cue.withdrawn':
      withRun(state, entry.body.run, (run) => {
        run.withdrawn = true;
        run.endT ??= t;
        if (run.fromStandby) state.standby = run.cue;
      });
      break;
    case 'cue.reopened':
      withRun(state, entry.body.run, (run) => {
        run.endT = null;
        run.why = null;
      });
      break;
    case 'cue.paused':
      withRun(state, entry.body.run, (run) => run.pauses.push({ from: t, to: null }));
      break;
    case 'cue.resumed':
      withRun(state, entry.body.run, (run) => {
        const pause = run.pauses.at(-1);
        if (pause) pause.to ??= t;
      });
      break;
    case 'cue.extended':
      withRun(state, entry.body.run, (run) => (run.addedMs += entry.body.ms));
      break;
    case 'cue.effect-settled':
      withRun(state, entry.body.run, (run) => {
        const { outcome, code, message } = entry.body;
        run.effects.set(entry.body.leg, { outcome, code, message, t });
      });
      break;
    case 'point.ticked':
      ticksOf(state, entry.body)?.add(entry.body.point);
      break;
    case 'point.unticked':
      ticksOf(state, entry.body)?.delete(entry.body.point);
      break;
  }
}

/** The run that is on air, paused or not. */
export function runningRun(state: CuesState): Run | null {
  const last = latestRun(state);
  return last && last.endT === null ? last : null;
}

/** The latest run that counts: running or finished. */
export function latestRun(state: CuesState): Run | null {
  return state.runs.findLast((run) => !run.withdrawn) ?? null;
}

/** The latest run of one cue that counts. */
export function runOf(state: CuesState, cue: string): Run | null {
  return state.runs.findLast((run) => run.cue === cue && !run.withdrawn) ?? null;
}

export function isPaused(run: Run): boolean {
  const pause = run.pauses.at(-1);
  return pause !== undefined && pause.to === null;
}

/** What GO would start: the standby, else the first startable cue after the position. */
export function nextCue(state: CuesState): PlannedCue | null {
  if (state.standby !== null) return state.byId.get(state.standby) ?? null;
  return upcoming(state)[0] ?? null;
}

/** Cues after the position that may still run, in order: no notes, nothing skipped, nothing that has run. */
export function upcoming(state: CuesState): PlannedCue[] {
  const ran = new Set(state.runs.filter((run) => !run.withdrawn).map((run) => run.cue));
  const last = latestRun(state);
  const position = last ? state.order.findIndex(({ cue }) => cue.id === last.cue) : -1;
  return state.order
    .slice(position + 1)
    .filter(({ cue, skipped }) => cue.kind !== 'note' && skipped === null && !ran.has(cue.id));
}

/** Point ids ticked in the run on air or, before it runs, while it waited. */
export function tickedPoints(state: CuesState, cue: string): ReadonlySet<string> {
  return runOf(state, cue)?.ticked ?? state.byId.get(cue)?.ticked ?? new Set();
}

function startRun(state: CuesState, body: BodyOf<'cue.started'>, t: HubTime): void {
  const slot = state.byId.get(body.cue);
  state.runs.push({
    id: body.run,
    cue: body.cue,
    startT: t,
    endT: null,
    plannedStart: body.plannedStart === null ? null : fromIso(body.plannedStart),
    plannedMs: body.plannedMs,
    addedMs: 0,
    pauses: [],
    how: body.how,
    why: null,
    override: body.override,
    fromStandby: state.standby === body.cue,
    withdrawn: false,
    ticked: new Set(slot?.ticked),
    effects: new Map(),
  });
  slot?.ticked.clear();
  if (state.standby === body.cue) state.standby = null;
  if (body.how === 'go') state.lastGoT = t;
}

function planned(cue: Cue, rev: number): PlannedCue {
  return { cue, rev, skipped: null, noteDone: false, ticked: new Set() };
}

function setOrder(state: CuesState, order: PlannedCue[]): void {
  state.order = order;
  state.byId = new Map(order.map((slot) => [slot.cue.id, slot]));
}

function without(order: PlannedCue[], slot: PlannedCue): PlannedCue[] {
  return order.filter((other) => other !== slot);
}

/** @param before cue id; null or unknown: at the end */
function inserted(order: PlannedCue[], slot: PlannedCue, before: string | null): PlannedCue[] {
  const at = before === null ? -1 : order.findIndex(({ cue }) => cue.id === before);
  return at < 0 ? [...order, slot] : order.toSpliced(at, 0, slot);
}

function withCue(state: CuesState, id: string, change: (slot: PlannedCue) => void): void {
  const slot = state.byId.get(id);
  if (slot) change(slot);
}

function withRun(state: CuesState, id: string, change: (run: Run) => void): void {
  const run = state.runs.findLast((candidate) => candidate.id === id);
  if (run) change(run);
}

function ticksOf(state: CuesState, body: { cue: string; run: string | null }): Set<string> | undefined {
  return body.run === null
    ? state.byId.get(body.cue)?.ticked
    : state.runs.findLast((run) => run.id === body.run)?.ticked;
}
