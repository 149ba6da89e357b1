import { wallOf } from '../../domain/clock.ts';
import { type CueTimes, cueStateOf, cueTimes } from '../../domain/cue-times.ts';
import { nextCue, type PlannedCue, runOf, runningRun } from '../../domain/cues.ts';
import { undispatched } from '../../domain/decide/cue-steps.ts';
import { dispatchOf, isAddressed, type Reader, receiptKey, rungOf } from '../../domain/floor.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Instant, type Iso, type Now, SECOND, toIso } from '../../domain/units.ts';
import type { Level, StreamLayer } from '../../domain/words.ts';
import type { CueBrief, CueScreenView, FloorBase, FloorMessage } from '../floor-views.ts';
import type { Live } from '../live.ts';

/** A screen as far as its view depends on it. */
export interface FloorDevice extends Reader {
  name: string;
  till: string | null;
}

const STREAM_WORDS: Record<Level, FloorBase['stream']> = {
  ok: 'ok',
  warn: 'trouble',
  unknown: 'trouble',
  critical: 'trouble',
  off: 'off',
};

/** Without one of these viewers see nothing; a black picture is trouble of another kind. */
const CARRIERS = ['obs', 'transport', 'delivery'] as const satisfies StreamLayer[];

/** Co-hosts go on talking undisturbed when the producer does not want them told (F1). */
function wordFor({ role }: FloorDevice, live: Live): FloorBase['stream'] {
  const word = streamWord(live.stream);
  const isTold = role !== 'co-host' || live.settings['failover.tellFloor'] !== false;
  return isTold || word === 'off' ? word : 'ok';
}

/** `down`: viewers get nothing; `trouble`: anything else that is not well. */
function streamWord({ level, layers }: Live['stream']): FloorBase['stream'] {
  return CARRIERS.some((layer) => layers[layer]?.level === 'critical') ? 'down' : STREAM_WORDS[level];
}

/** Parts that every screen sees. */
export function floorBase(show: ShowState | null, live: Live, device: FloorDevice, now: Now): FloorBase {
  const stream = wordFor(device, live);
  if (!show?.plan) {
    const noShow = {
      id: null,
      name: '',
      phase: show?.phase ?? 'planned',
      timeZone: 'UTC',
      language: 'en',
      demo: false,
    };
    return { show: noShow, t: now.t, at: toIso(now.at), now: null, next: null, stream };
  }
  const { name, timeZone, language } = show.plan.show;
  const times = cueTimes(show, now.t);
  const running = runningRun(show.cues);
  const brief = (slot: PlannedCue | null | undefined) => (slot ? cueBrief(show, slot, { times, device }) : null);
  return {
    show: { id: show.id, name, phase: show.phase, timeZone, language, demo: show.demo },
    t: now.t,
    at: toIso(wallOf(show.clock, now.t)),
    now: brief(running && show.cues.byId.get(running.cue)),
    next: brief(nextCue(show.cues)),
    stream,
  };
}

/** Expected times slide by the millisecond while a show is late; whole seconds keep a view the same for that long. */
export function expectedAt(times: CueTimes, cue: string): Iso | null {
  const start = times.expected.get(cue)?.start ?? times.planned.get(cue) ?? null;
  return start === null ? null : wholeSecond(start);
}

/** Newest first: what is addressed to the screen, has not run out and was not tapped away. */
export function messagesFor(show: ShowState, device: Reader, now: Now): FloorMessage[] {
  const key = receiptKey(device.id, device.person);
  return [...show.floor.messages.values()]
    .filter((message) => isAddressed(message, device) && (message.expiresT === null || message.expiresT > now.t))
    .filter(({ receipts }) => !receipts.get(key)?.answer)
    .reverse()
    .slice(0, 5)
    .map(({ id, text, tone, needsAck, sentT, expiresT }) => ({
      ...{ id, text, tone, needsAck },
      sentAt: toIso(wallOf(show.clock, sentT)),
      expiresAt: expiresT === null ? null : toIso(wallOf(show.clock, expiresT)),
    }));
}

/** The newest dispatch to this person for a cue that is on air or still to come. */
export function contactOf(
  show: ShowState,
  { person }: FloorDevice,
  slots: readonly PlannedCue[],
): CueScreenView['dispatch'] {
  if (person === null) return null;
  const current = slots.flatMap(({ cue }) => {
    if (!cue.owners.includes(person) || undispatched(show, cue).includes(person)) return [];
    return dispatchOf(show.floor, cue.id, person) ?? [];
  });
  const newest = current.toSorted((a, b) => a.sentT - b.sentT).at(-1);
  return newest ? { id: newest.id, cue: newest.cue, state: rungOf(newest).rung } : null;
}

function cueBrief(
  show: ShowState,
  slot: PlannedCue,
  { times, device }: { times: CueTimes; device: FloorDevice },
): CueBrief {
  const { cue } = slot;
  const run = runOf(show.cues, cue.id);
  const count = times.running?.cue === cue.id ? times.running : null;
  const start = count ? toIso(count.startedAt) : expectedAt(times, cue.id);
  return {
    id: cue.id,
    title: cue.title,
    kind: cue.kind,
    // A till sells: who is on stage is not its business.
    owners: (device.role === 'till' ? [] : cue.owners).map(
      (id) => show.plan?.people.find((person) => person.id === id)?.name ?? id,
    ),
    mine: device.person !== null && cue.owners.includes(device.person),
    state: cueStateOf(show.cues, slot, run),
    startsAt: start,
    endsAt: count ? wholeSecond(count.expectedEnd) : null,
    durationMs: cue.durationMs === 0 ? null : cue.durationMs,
    remainingMs: count?.remainingMs ?? null,
    elapsedMs: count?.elapsedMs ?? null,
    paused: count?.paused ?? false,
    phase: count?.phase ?? null,
    warnMs: cue.warnMs,
  };
}

function wholeSecond(at: Instant): Iso {
  return toIso(Math.floor(at / SECOND) * SECOND);
}
