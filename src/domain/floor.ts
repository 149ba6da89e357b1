import type { Frame } from './frame.ts';
import type { BodyOf, Entry } from './ledger.ts';
import { fromIso, type HubTime, type Instant } from './units.ts';
import type { CueAnswer, HelpKind } from './words.ts';

/** What has been put to people and what came back: dispatches, messages, requests for help. */
export interface FloorState {
  /** dispatch id → dispatch, oldest first */
  dispatches: Map<string, Dispatch>;
  /** cue → person → their latest dispatch */
  latest: Map<string, Map<string, Dispatch>>;
  messages: Map<string, Message>;
  requests: Map<string, HelpRequest>;
}

/** The ladder of CUE-29: each rung is reached once and never left by a late packet. */
export interface Ladder {
  sentT: HubTime;
  sentAt: Instant;
  deliveredAt: Instant | null;
  seenAt: Instant | null;
  /** the last answer counts */
  answer: { answer: Exclude<CueAnswer, 'seen'>; at: Instant; t: HubTime } | null;
}

export interface Dispatch extends Ladder {
  id: string;
  cue: string;
  person: string;
  why: BodyOf<'cue.dispatched'>['why'];
}

export interface Message {
  id: string;
  to: string[];
  /** person ids, roles and `device:<id>`s it was resolved to when it was sent */
  persons: string[];
  roles: string[];
  text: string;
  needsAck: boolean;
  tone: BodyOf<'message.sent'>['tone'];
  sentT: HubTime;
  sentAt: Instant;
  expiresT: HubTime | null;
  expiresAt: Instant | null;
  by: string;
  /** one ladder a person, or a device that belongs to nobody */
  receipts: Map<string, Receipt>;
}

export interface Receipt extends Ladder {
  person: string | null;
  device: string | null;
}

export interface HelpRequest {
  id: string;
  what: HelpKind;
  note: string | null;
  sku: string | null;
  person: string | null;
  device: string;
  times: number;
  at: Instant;
  t: HubTime;
  answer: { answer: BodyOf<'help.answered'>['answer']; text: string | null; by: string } | null;
}

export type Rung = 'sent' | 'delivered' | 'seen' | 'accepted' | 'need-a-minute' | 'declined';

export function initialFloor(): FloorState {
  return { dispatches: new Map(), latest: new Map(), messages: new Map(), requests: new Map() };
}

export function evolveFloor(state: FloorState, entry: Entry, frame: Frame): void {
  const now = { at: entry.at, t: frame.t };
  switch (entry.kind) {
    case 'cue.dispatched': {
      const { dispatch: id, cue, person, why } = entry.body;
      addDispatch(state, { id, cue, person, why, ...newLadder(now) });
      break;
    }
    case 'cue.delivered': {
      const ladder = ladderFor(state, entry.body);
      if (ladder) ladder.deliveredAt ??= entry.at;
      break;
    }
    case 'cue.answered':
      answered(ladderFor(state, entry.body), entry.body.answer, now);
      break;
    case 'message.sent':
      state.messages.set(entry.body.messageId, message(entry.body, now));
      break;
    case 'help.requested': {
      const { requestId: id, what, note, sku, person, device, times } = entry.body;
      state.requests.set(id, { id, what, note, sku, person, device, times, ...now, answer: null });
      break;
    }
    case 'help.answered': {
      const request = state.requests.get(entry.body.requestId);
      if (request) request.answer = { answer: entry.body.answer, text: entry.body.text, by: entry.body.by };
      break;
    }
  }
}

/** The highest rung reached, or what was answered. */
export function rungOf(ladder: Ladder): { rung: Rung; at: Instant } {
  if (ladder.answer) return { rung: ladder.answer.answer, at: ladder.answer.at };
  if (ladder.seenAt !== null) return { rung: 'seen', at: ladder.seenAt };
  if (ladder.deliveredAt !== null) return { rung: 'delivered', at: ladder.deliveredAt };
  return { rung: 'sent', at: ladder.sentAt };
}

/** The latest dispatch of a cue to a person. */
export function dispatchOf(state: FloorState, cue: string, person: string): Dispatch | null {
  return state.latest.get(cue)?.get(person) ?? null;
}

/** Whom a receipt belongs to: the person, else the device itself. */
export function receiptKey(device: string, person: string | null): string {
  return person ?? `device:${device}`;
}

/** A device as far as messages are concerned. */
export interface Reader {
  id: string;
  role: string;
  person: string | null;
}

export function isAddressed(message: Message, device: Reader): boolean {
  return (
    message.roles.includes(device.role) ||
    message.to.includes(`device:${device.id}`) ||
    (device.person !== null && message.persons.includes(device.person))
  );
}

/** Still on the desk's hands: not asked, or only "coming" so far. */
export function isOpen(request: HelpRequest): boolean {
  return request.answer === null || request.answer.answer === 'coming';
}

function addDispatch(state: FloorState, dispatch: Dispatch): void {
  state.dispatches.set(dispatch.id, dispatch);
  const persons = state.latest.get(dispatch.cue) ?? new Map<string, Dispatch>();
  state.latest.set(dispatch.cue, persons.set(dispatch.person, dispatch));
}

function newLadder({ at, t }: { at: Instant; t: HubTime }): Ladder {
  return { sentT: t, sentAt: at, deliveredAt: null, seenAt: null, answer: null };
}

function message(body: BodyOf<'message.sent'>, now: { at: Instant; t: HubTime }): Message {
  const { messageId: id, to, persons, roles, text, needsAck, tone, by } = body;
  const expiresAt = body.expiresAt === null ? null : fromIso(body.expiresAt);
  const expiresT = expiresAt === null ? null : now.t + (expiresAt - now.at);
  return {
    id,
    to,
    persons,
    roles,
    text,
    needsAck,
    tone,
    sentT: now.t,
    sentAt: now.at,
    expiresT,
    expiresAt,
    by,
    receipts: new Map(),
  };
}

function ladderFor(
  state: FloorState,
  body: { dispatch: string; device: string | null; person: string | null },
): Ladder | null {
  const dispatch = state.dispatches.get(body.dispatch);
  if (dispatch) return dispatch;
  const sent = state.messages.get(body.dispatch);
  if (!sent || (body.person === null && body.device === null)) return null;
  const key = receiptKey(body.device ?? '', body.person);
  const known = sent.receipts.get(key);
  if (known) return known;
  const receipt: Receipt = {
    ...newLadder({ at: sent.sentAt, t: sent.sentT }),
    person: body.person,
    device: body.device,
  };
  sent.receipts.set(key, receipt);
  return receipt;
}

function answered(ladder: Ladder | null, answer: CueAnswer, now: { at: Instant; t: HubTime }): void {
  if (!ladder) return;
  ladder.deliveredAt ??= now.at;
  ladder.seenAt ??= now.at;
  if (answer !== 'seen') ladder.answer = { answer, ...now };
}
