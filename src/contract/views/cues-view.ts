import { DEFAULT_RULES } from '../../domain/decide/rules.ts';
import { DESK } from '../../domain/actor.ts';
import { type CueTimes, cueStateOf, cueTimes, type RunTimes, runTimes } from '../../domain/cue-times.ts';
import { type PlannedCue, type Run } from '../../domain/cues.ts';
import { offerWarning } from '../../domain/decide/cue-steps.ts';
import { joinedDevices } from '../../domain/devices.ts';
import { type Dispatch, rungOf } from '../../domain/floor.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Instant, type Iso, type Now, toIso } from '../../domain/units.ts';
import type { DeskState } from '../desk-state.ts';
import type { CuesView, CueView } from '../cue-state.ts';
import type { Live } from '../live.ts';

export function cuesView(show: ShowState | null, live: Live, now: Now): CuesView {
  if (!show) {
    return {
      current: null,
      next: null,
      standby: null,
      overUnderMs: 0,
      relativeMs: 0,
      endDeltaMs: null,
      showEndAt: null,
      list: [],
    };
  }
  const times = cueTimes(show, now.t);
  const look: Look = {
    show,
    now,
    times,
    runs: lastRuns(show),
    dispatches: show.floor.latest,
    online: peopleOnline(show, live),
  };
  return {
    current: times.running?.cue ?? null,
    next: times.next,
    standby: show.cues.standby,
    overUnderMs: times.absoluteMs,
    relativeMs: times.relativeMs,
    endDeltaMs: times.endDeltaMs,
    showEndAt: isoOrNull(times.showEnd),
    list: show.cues.order.map((slot) => cueView(slot, look)),
  };
}

/** Oldest first. */
export function messagesView(show: ShowState | null, _live: Live): DeskState['messages'] {
  return [...(show?.floor.messages.values() ?? [])].map(({ id, to, text, sentAt, receipts }) => ({
    id,
    to,
    text,
    sentAt: toIso(sentAt),
    receipts: [...receipts.values()].map((receipt) => {
      const { rung, at } = rungOf(receipt);
      return { person: receipt.person, device: receipt.device, state: rung, at: toIso(at) };
    }),
  }));
}

/** Oldest first, answered ones included. */
export function requestsView(show: ShowState | null): DeskState['requests'] {
  return [...(show?.floor.requests.values() ?? [])].map(({ t: _t, at, answer, ...request }) => ({
    ...request,
    at: toIso(at),
    answer: answer?.answer ?? null,
  }));
}

/** What every row of the run of show is made from, gathered once. */
interface Look {
  show: ShowState;
  now: Now;
  times: CueTimes;
  /** cue → its latest run that counts */
  runs: ReadonlyMap<string, Run>;
  /** cue → person → latest dispatch */
  dispatches: ReadonlyMap<string, ReadonlyMap<string, Dispatch>>;
  online: ReadonlySet<string>;
}

function cueView(slot: PlannedCue, look: Look): CueView {
  const { show, now, times } = look;
  const { cue, rev } = slot;
  const run = look.runs.get(cue.id) ?? null;
  const count = run && runTimes(show.cues, run, { t: now.t, clock: show.clock });
  const expected = times.expected.get(cue.id);
  const { ticked } = run ?? slot;
  const { id, title, kind, owners, sku, offer, priceNote } = cue;
  return {
    ...{ id, title, kind, owners, sku, offer, priceNote, rev },
    rule: cue.start.rule,
    state: cueStateOf(show.cues, slot, run),
    plannedStart: isoOrNull(times.planned.get(id) ?? null),
    expectedStart: isoOrNull(expected?.start ?? null),
    ...countOf(count),
    durationMs: run?.plannedMs ?? cue.durationMs,
    addedMs: run?.addedMs ?? 0,
    overlapMs: expected?.overlapMs ?? 0,
    points: cue.points.map((point) => ({
      id: point.id,
      text: point.text,
      mustSay: point.mustSay,
      ticked: ticked.has(point.id),
    })),
    warning: times.next === id ? offerWarning(show, cue, asIfGo(show, now)) : null,
    outcome: outcomeOf(run),
    ...peopleOf(slot, run, look),
  };
}

type Counted = 'startedAt' | 'endedAt' | 'elapsedMs' | 'remainingMs' | 'phase';

function countOf(count: RunTimes | null): Pick<CueView, Counted> {
  return {
    startedAt: isoOrNull(count?.startedAt ?? null),
    endedAt: isoOrNull(count?.endedAt ?? null),
    elapsedMs: count?.elapsedMs ?? null,
    remainingMs: count?.remainingMs ?? null,
    phase: count && count.endedAt === null ? count.phase : null,
  };
}

const WORST_FIRST = ['refused', 'unknown', 'opened', 'closed'] as const;

function outcomeOf(run: Run | null): CueView['outcome'] {
  const legs = [...(run?.effects ?? [])].map(([leg, { outcome, message }]) => ({ leg, outcome, message }));
  return legs.toSorted((a, b) => WORST_FIRST.indexOf(a.outcome) - WORST_FIRST.indexOf(b.outcome))[0] ?? null;
}

function peopleOf(
  { cue }: PlannedCue,
  run: Run | null,
  { dispatches, online }: Look,
): Pick<CueView, 'dispatches' | 'ready'> {
  const told = cue.owners.flatMap((person) => dispatches.get(cue.id)?.get(person) ?? []);
  // What was said before a run that has ended was said for that run.
  const fresh = told.filter(({ sentT }) => sentT > (run?.endT ?? -Infinity));
  return {
    ready:
      cue.owners.length > 0 &&
      cue.owners.every((person) => fresh.some((one) => one.person === person && one.answer?.answer === 'accepted')),
    dispatches: told.map((dispatch) => {
      const { rung, at } = rungOf(dispatch);
      return {
        id: dispatch.id,
        person: dispatch.person,
        state: rung,
        at: toIso(at),
        online: online.has(dispatch.person),
      };
    }),
  };
}

function lastRuns(show: ShowState): Map<string, Run> {
  return new Map(show.cues.runs.filter(({ withdrawn }) => !withdrawn).map((run) => [run.cue, run]));
}

function peopleOnline(show: ShowState, live: Live): Set<string> {
  const online = joinedDevices(show.devices).filter(({ id }) => live.presence.get(id)?.state === 'online');
  return new Set(online.flatMap(({ person }) => person ?? []));
}

/** A GO that nobody has pressed, to see whether the offer would open. */
function asIfGo(show: ShowState, now: Now) {
  return {
    id: 'dry-run',
    actor: DESK,
    now,
    seq: show.seq + 1,
    refOf: (contact: string) => contact,
    rules: DEFAULT_RULES,
  };
}

function isoOrNull(at: Instant | null): Iso | null {
  return at === null ? null : toIso(at);
}
