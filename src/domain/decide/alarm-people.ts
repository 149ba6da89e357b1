import { openApprovals } from '../approvals.ts';
import { wallOf } from '../clock.ts';
import { cueTimes } from '../cue-times.ts';
import { nextCue, runningRun } from '../cues.ts';
import { joinedDevices } from '../devices.ts';
import { type Dispatch, dispatchOf } from '../floor.ts';
import { clockText } from '../local-time.ts';
import { formatMinor } from '../money.ts';
import type { Cue } from '../plan.ts';
import type { ShowState } from '../show.ts';
import { type Duration, MINUTE, type Now, SECOND } from '../units.ts';
import type { HelpKind } from '../words.ts';
import { fitted, short, standing, type Wanted, wanted, zoneOf } from './alarm-wanted.ts';
import { HUB_LEG, undispatched } from './cue-steps.ts';
import type { Vitals } from './vitals.ts';

/** Alarms about people, their cues and their devices, and the computer's own clock. */
export function wantedOfPeople(show: ShowState, vitals: Vitals, now: Now): Wanted[] {
  const live = show.phase === 'live' ? [...ownerNotReady(show, vitals, now), ...offerNotOpened(show)] : [];
  return [
    ...live,
    ...helpAsked(show),
    ...approvalsAsked(show, now),
    ...tillsCutOff(show, vitals, now),
    ...clockJumped(show),
  ];
}

const ANSWER_TIME: Duration = 20 * SECOND;
const BEFORE_START: Duration = MINUTE;
const A_MINUTE: Duration = MINUTE;

/** UI-28, CUE-30: an owner of the next cue has not said yes shortly before it starts, or has said no. */
function ownerNotReady(show: ShowState, vitals: Vitals, now: Now): Wanted[] {
  const cue = nextCue(show.cues)?.cue;
  if (!cue || cue.owners.length === 0) return [];
  const start = cueTimes(show, now.t).expected.get(cue.id)?.start ?? null;
  const isNear =
    standing(show, `owner-not-ready:${cue.id}`) !== null ||
    start === null ||
    start - wallOf(show.clock, now.t) <= BEFORE_START;
  const told = new Set(undispatched(show, cue));
  const missing = cue.owners.filter((person) => {
    const dispatch = told.has(person) ? null : dispatchOf(show.floor, cue.id, person);
    return dispatch !== null && isMissing(show, dispatch, { vitals, now, isNear });
  });
  if (missing.length === 0) return [];
  return [notReady(show, cue, missing, start)];
}

function isMissing(
  show: ShowState,
  { person, answer, sentT }: Dispatch,
  at: { vitals: Vitals; now: Now; isNear: boolean },
): boolean {
  const { t } = at.now;
  if (answer?.answer === 'accepted') return false;
  if (answer?.answer === 'declined') return true;
  if (!at.isNear) return false;
  if (answer?.answer === 'need-a-minute') return t - answer.t >= A_MINUTE;
  const isOnline = joinedDevices(show.devices).some(
    (device) => device.person === person && at.vitals.online.has(device.id),
  );
  return !isOnline || t - sentT >= ANSWER_TIME;
}

function notReady(show: ShowState, cue: Cue, persons: string[], start: number | null): Wanted {
  const names = persons.map((person) => personName(show, person)).join(', ');
  const when = start === null ? 'starts next' : `starts ${clockText(start, zoneOf(show))}`;
  const who = `${short(names, 30)} not ready`;
  return wanted({
    kind: 'owner-not-ready',
    subject: cue.id,
    priority: 2,
    message: fitted(cue.title, (title) => `${who}: ${title} ${when}. Call or reassign.`),
    action: 'Message',
  });
}

const HELP: Record<HelpKind, string> = {
  stock: 'asks about stock',
  price: 'asks about a price',
  break: 'asks for a break',
  help: 'asks for help',
};

/** UI-29. "Coming" answers it, although the request stays open until it is done. */
function helpAsked(show: ShowState): Wanted[] {
  return [...show.floor.requests.values()]
    .filter(({ answer }) => answer === null)
    .map(({ id, what, note, person, device, at }) => {
      const who = person === null ? (show.devices.byId.get(device)?.name ?? device) : personName(show, person);
      const since = clockText(at, zoneOf(show));
      const asks = `${short(who, 30)} ${HELP[what]} since ${since}`;
      return wanted({
        kind: 'help-asked',
        subject: id,
        priority: what === 'help' ? 2 : 3,
        message: note === null ? `${asks}. Answer and go there.` : fitted(note, (text) => `${asks}: ${text}`),
        action: 'Coming',
      });
    });
}

const ASKED = { discount: 'off', price: 'below the price', refund: 'to give back' };

/** TIL-7: a buyer stands at the till and waits for the producer's yes. */
function approvalsAsked(show: ShowState, now: Now): Wanted[] {
  return openApprovals(show.approvals, now).map(({ id, till, what, amountMinor }) => {
    const name = show.plan?.tills.find((each) => each.id === till)?.name ?? till;
    const amount = formatMinor(amountMinor, show.plan?.show.currency ?? '');
    return wanted({
      kind: 'approval-asked',
      subject: id,
      priority: 2,
      message: fitted(name, (text) => `${text} asks for ${amount} ${ASKED[what]}. Say yes or no.`),
      action: 'Answer',
    });
  });
}

/** UI-30: sales of the cue on air are not open although its GO asked for it. */
function offerNotOpened(show: ShowState): Wanted[] {
  const run = runningRun(show.cues);
  const cue = run && show.cues.byId.get(run.cue)?.cue;
  const effect = run?.effects.get(HUB_LEG);
  if (!cue?.offer || !effect || (effect.outcome !== 'refused' && effect.outcome !== 'unknown')) return [];
  // Opened by hand since, or opened and closed again: somebody has seen to it.
  const opened = show.offers.byId.get(cue.offer);
  if (opened && (opened.open || opened.openedT > effect.t)) return [];
  const why = effect.message ?? 'no answer came.';
  return [
    wanted({
      kind: 'offer-not-opened',
      subject: cue.offer,
      priority: 2,
      message: fitted(why, (text) => `On air but not on sale: ${text} Try again.`),
      action: 'Try again',
    }),
  ];
}

const CUT_OFF: Duration = 2 * MINUTE;
const CUT_OFF_LONG: Duration = 10 * MINUTE;

/** UI-32: a till that is out of reach sells what it holds and nothing more. */
function tillsCutOff(show: ShowState, { online }: Vitals, now: Now): Wanted[] {
  return joinedDevices(show.devices)
    .filter(({ id, role }) => role === 'till' && !online.has(id))
    .map(({ id, name }) => {
      const alarm = standing(show, `till-cut-off:${id}`);
      const long = alarm !== null && now.t - alarm.raisedT >= CUT_OFF_LONG - CUT_OFF;
      const minutes = long ? 10 : 2;
      return wanted({
        kind: 'till-cut-off',
        subject: id,
        priority: long ? 2 : 3,
        message: fitted(name, (till) => `${till} has been out of reach for ${minutes} min. Check its Wi-Fi.`),
        action: 'Show till',
        holdMs: CUT_OFF,
      });
    });
}

/** CUE-7: nothing moves until somebody has said what the jump was. */
function clockJumped({ clock }: ShowState): Wanted[] {
  if (clock.pendingJumpMs === null) return [];
  const seconds = Math.round(Math.abs(clock.pendingJumpMs) / SECOND);
  const way = clock.pendingJumpMs > 0 ? 'forward' : 'back';
  const message = `The computer's clock jumped ${way} by ${seconds} s. Say whether it slept or was set.`;
  return [wanted({ kind: 'clock-jumped', priority: 3, message, action: 'Answer' })];
}

function personName(show: ShowState, id: string): string {
  return show.plan?.people.find((person) => person.id === id)?.name ?? id;
}
