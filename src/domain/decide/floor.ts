import type { Actor } from '../actor.ts';
import { wallOf } from '../clock.ts';
import { runningRun, tickedPoints } from '../cues.ts';
import { type Device, joinedDevices } from '../devices.ts';
import { type Dispatch, isAddressed, isOpen, type Ladder, type Message, type Reader, receiptKey } from '../floor.ts';
import type { Fact, OriginFact } from '../ledger.ts';
import { accept, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { fromIso, type Instant, SECOND, toIso } from '../units.ts';
import type { CueAnswer } from '../words.ts';
import { unknownCue } from './cue-steps.ts';
import type { Decider } from './decider.ts';
import { graphemes, MESSAGE_GRAPHEMES, messageSent } from './message.ts';

export const tickPoint: Decider<'tick-point'> = (show, command, ask) => {
  const slot = show.cues.byId.get(command.cue);
  if (!slot) return unknownCue(command.cue);
  const { cue } = slot;
  if (!cue.points.some(({ id }) => id === command.point)) {
    return refuse('unknown-point', `"${cue.title}" has no such point.`, { field: 'point' });
  }
  if (!isDesk(ask.actor) && !cue.owners.includes(ask.actor.person ?? '')) {
    return refuse('not-allowed', 'Only its owner ticks the points of a cue.');
  }
  const run = runningRun(show.cues);
  const onAir = run?.cue === cue.id ? run.id : null;
  if (onAir === null && show.cues.runs.some((other) => other.cue === cue.id && !other.withdrawn)) {
    return refuse('not-running', `"${cue.title}" is over.`);
  }
  const ticked = command.ticked ?? true;
  if (tickedPoints(show.cues, cue.id).has(command.point) === ticked) return accept([]);
  const body = { cue: cue.id, run: onAir, point: command.point, by: ask.actor.by };
  return accept([{ kind: ticked ? 'point.ticked' : 'point.unticked', body }]);
};

export const sendMessage: Decider<'send-message'> = (show, command, ask) => {
  const { to, text, needsAck = false, tone = 'info', expiresMs } = command;
  const letters = graphemes(text).length;
  if (letters > MESSAGE_GRAPHEMES) {
    return refuse('bad-value', `A message has at most ${MESSAGE_GRAPHEMES} characters, this one has ${letters}.`, {
      field: 'text',
    });
  }
  const devices = joinedDevices(show.devices);
  const reached = new Map(to.map((name) => [name, devices.filter((device) => isMeant(device, name))]));
  const nobody = to.filter((name) => reached.get(name)?.length === 0);
  if (nobody.length === to.length) {
    return refuse('nobody-there', `No device has joined for ${nobody.join(', ')}.`, { field: 'to' });
  }
  const persons = to.filter((name) => devices.some(({ person }) => person === name));
  const roles = [...new Set(to.flatMap(rolesOf))];
  const sent = messageSent(
    { to, persons, roles, text, needsAck, tone, ...(expiresMs === undefined ? {} : { expiresMs }) },
    ask,
  );
  return accept([sent], { messageId: `msg${ask.seq}`, nobody });
};

export const answerCue: Decider<'answer-cue'> = (show, command, ask) => {
  const { actor } = ask;
  const dispatch = show.floor.dispatches.get(command.dispatch);
  const message = show.floor.messages.get(command.dispatch);
  if (dispatch ? !isDesk(actor) && dispatch.person !== actor.person : !message || !isReader(message, actor)) {
    return refuse('unknown-dispatch', 'There is nothing here that waits for this answer.', { field: 'dispatch' });
  }
  const person = dispatch?.person ?? actor.person;
  const ladder = dispatch ?? message?.receipts.get(receiptKey(actor.device ?? actor.key, person));
  if (ladder && isKnown(ladder, command.answer)) return accept([]);
  if (dispatch?.answer && hasStarted(show, dispatch)) {
    return refuse('too-late', 'The cue has started: the answer stands.');
  }
  const body = { dispatch: command.dispatch, answer: command.answer, person, device: actor.device };
  return accept([{ kind: 'cue.answered', body }]);
};

/** One open request a person and kind; asking again counts up and wakes the desk again. */
export const requestHelp: Decider<'request-help'> = (show, command, ask) => {
  if (show.phase === 'closed') return refuse('show-not-open', 'The show is closed.');
  const { person } = ask.actor;
  const device = ask.actor.device ?? ask.actor.key;
  const open = [...show.floor.requests.values()].find(
    (request) =>
      isOpen(request) &&
      request.what === command.what &&
      (person === null ? request.device === device : request.person === person),
  );
  const requestId = open?.id ?? `q${ask.seq}`;
  const { what, note = open?.note ?? null, sku = open?.sku ?? null } = command;
  const body = { requestId, what, note, sku, person, device, times: (open?.times ?? 0) + 1 };
  return accept([{ kind: 'help.requested', body }], { requestId, times: body.times });
};

export const answerRequest: Decider<'answer-request'> = (show, { request: requestId, answer, text }, ask) => {
  const request = show.floor.requests.get(requestId);
  if (!request) return refuse('unknown-request', 'There is no such request.', { field: 'request' });
  if (request.answer?.answer === answer && request.answer.text === (text ?? null)) return accept([]);
  return accept([{ kind: 'help.answered', body: { requestId, answer, text: text ?? null, by: ask.actor.by } }]);
};

/** Two presses by one hand within this are one, unless the second says something that the first has not said. */
const SAME_PRESS = SECOND;

/** Never refused for lateness: a press outside the show is moved to its edge and says so (CUE-35). */
export const markMoment: Decider<'mark-moment'> = (show, command, ask) => {
  if (show.openedAt === null || show.phase === 'closed') {
    return refuse('show-not-open', 'Moments are marked while the show is open.');
  }
  const receivedAt = wallOf(show.clock, ask.now.t);
  const claimed = command.pressedAt === undefined ? receivedAt : fromIso(command.pressedAt);
  const pressed = Math.min(receivedAt, Math.max(show.openedAt, claimed));
  const { by, person } = ask.actor;
  const { note, sku } = command;
  const same = show.moments.findLast(
    (mark) =>
      mark.by === by &&
      Math.abs(fromIso(mark.pressedAt) - pressed) < SAME_PRESS &&
      (note === undefined || note === mark.note) &&
      (sku === undefined || sku === mark.sku),
  );
  if (same) return accept([], { momentId: same.id });
  const cue = onAirAt(show, pressed);
  const momentId = `m${ask.seq}`;
  const body = {
    momentId,
    by,
    person,
    note: note ?? null,
    sku: sku ?? (cue === null ? null : (show.cues.byId.get(cue)?.cue.sku ?? null)),
    cue,
    pressedAt: toIso(pressed),
    uncertaintyMs: command.uncertaintyMs ?? 0,
    timeUncertain: pressed !== claimed,
  };
  return accept([{ kind: 'moment.marked', body }], { momentId });
};

/**
 * A device has acknowledged a view that carried these dispatches and messages.
 *
 * @returns what is new by it: each rung is a fact once a person, however many devices they hold
 */
export function deliveredFacts(show: ShowState, device: Reader, ids: readonly string[]): OriginFact[] {
  const key = receiptKey(device.id, device.person);
  return ids.flatMap((id): OriginFact[] => {
    const dispatch = show.floor.dispatches.get(id);
    const message = show.floor.messages.get(id);
    if (dispatch ? dispatch.person !== device.person : !message || !isAddressed(message, device)) return [];
    const ladder = dispatch ?? message?.receipts.get(key);
    if (ladder && ladder.deliveredAt !== null) return [];
    const fact: Fact = { kind: 'cue.delivered', body: { dispatch: id, device: device.id, person: device.person } };
    return [{ ...fact, origin: 'floor', originId: `delivered:${id}:${key}` }];
  });
}

function isDesk(actor: Actor): boolean {
  return actor.role === 'desk';
}

function isReader(message: Message, actor: Actor): boolean {
  return actor.device !== null && isAddressed(message, { id: actor.device, role: actor.role, person: actor.person });
}

/** Rungs never go down: "seen" after an answer says nothing new. */
function isKnown(ladder: Ladder | Dispatch, answer: CueAnswer): boolean {
  return answer === 'seen' ? ladder.seenAt !== null : ladder.answer?.answer === answer;
}

function hasStarted(show: ShowState, dispatch: Dispatch): boolean {
  return show.cues.runs.some((run) => !run.withdrawn && run.cue === dispatch.cue && run.startT >= dispatch.sentT);
}

const ROLE_NAMES: Record<string, string[]> = {
  all: ['co-host', 'till', 'viewer'],
  'co-host': ['co-host'],
  till: ['till'],
  viewer: ['viewer'],
  wall: ['viewer'],
};

function rolesOf(name: string): string[] {
  return Object.hasOwn(ROLE_NAMES, name) ? (ROLE_NAMES[name] ?? []) : [];
}

function isMeant(device: Device, name: string): boolean {
  return device.person === name || `device:${device.id}` === name || rolesOf(name).includes(device.role);
}

function onAirAt(show: ShowState, at: Instant): string | null {
  const run = show.cues.runs.findLast(({ withdrawn, startT, endT }) => {
    if (withdrawn || wallOf(show.clock, startT) > at) return false;
    return endT === null || wallOf(show.clock, endT) > at;
  });
  return run?.cue ?? null;
}
