import { Webhook } from 'standardwebhooks';
import type { BookOrders, BookSnapshots, LetterBox } from '../doors.ts';
import { readGenericOrder } from './generic-order.ts';

/**
 * The door for signed webhooks (contract §5, CON-7). In this order: signature over the raw bytes, readable, durable in
 * the inbox, 202; booking comes afterwards (`processPending`). A bad signature leaves nothing behind but a count.
 */
export interface InboxDoors {
  /** `whsec_…`; more than one while a secret is being changed */
  secrets: readonly string[];
  /** null: there is no show that could take orders */
  letters: LetterBox | null;
  /** wall clock, ms */
  now: () => number;
  onForged: () => void;
  /** a sentence when deliveries are refused for this laptop's clock alone; null: one has come that fits */
  onClock?: (trouble: string | null) => void;
}

export interface IngestAnswer {
  status: 200 | 202 | 400 | 401 | 413 | 503;
  body: { ok: boolean; repeated?: true; message?: string };
}

export const GENERIC = 'generic';
const MAX_BODY = 1024 * 1024;
const MAX_TRIES = 5;

/**
 * Takes one generic delivery.
 *
 * @param headers names in small letters
 * @param rawBody exactly the bytes that came
 */
export function acceptGeneric(headers: ReadonlyMap<string, string>, rawBody: Buffer, doors: InboxDoors): IngestAnswer {
  if (rawBody.length > MAX_BODY) return no(413, 'The body is larger than 1 MB.');
  const id = headers.get('webhook-id') ?? '';
  if (!isSigned(headers, rawBody, doors.secrets)) {
    doors.onForged();
    const trouble = genericClockTrouble(headers, rawBody, { secrets: doors.secrets, now: doors.now() });
    if (trouble !== null) doors.onClock?.(trouble);
    return no(401, 'The signature does not fit.');
  }
  doors.onClock?.(null);
  if (doors.letters === null) return no(503, 'There is no show yet that could take orders.');
  const read = readGenericOrder(rawBody);
  if ('problem' in read) return no(400, read.problem);
  const outcome = doors.letters.insert(GENERIC, id, rawBody, doors.now());
  return { status: 202, body: { ok: true, ...(outcome === 'repeat' && { repeated: true as const }) } };
}

/**
 * Works through what has arrived. One letter that fails does not hold up the next: it is tried again with the next call,
 * and after 5 tries it waits for a person as a dead letter.
 *
 * @returns how many were dealt with
 */
export function processPending(doors: {
  letters: LetterBox;
  bookOrders: BookOrders;
  bookSnapshots: BookSnapshots;
  now: () => number;
}): { done: number; failed: number } {
  const result = { done: 0, failed: 0 };
  for (const letter of doors.letters.pendingOf([GENERIC], 500)) {
    const read = readGenericOrder(letter.body, letter.receivedAt);
    if ('problem' in read) {
      doors.letters.bury(letter.id, read.problem);
      result.failed += 1;
      continue;
    }
    try {
      // Whole orders that were sent here are meant for this show, whenever they were made.
      if ('snapshot' in read) doors.bookSnapshots([read.snapshot], null);
      else doors.bookOrders([read.order]);
      doors.letters.done(letter.id, doors.now());
      result.done += 1;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (doors.letters.failed(letter.id, problem) >= MAX_TRIES) doors.letters.bury(letter.id, problem);
      result.failed += 1;
    }
  }
  return result;
}

/**
 * Standard Webhooks: `v1,` base64 HMAC-SHA256 over `id.timestamp.body`, at most 300 s from now. The package reads
 * timestamps and bytes leniently (`1764000000x`, ill-formed UTF-8), so what it is given is checked strictly first.
 */
function isSigned(headers: ReadonlyMap<string, string>, rawBody: Buffer, secrets: readonly string[]): boolean {
  return signedParts(headers, rawBody, secrets, (secret, body, given) => fits(secret, body, given));
}

/**
 * A sentence for the screen when a delivery is refused for its stamp alone: the signature fits, the clocks do not. Null
 * when it is forged.
 */
function genericClockTrouble(
  headers: ReadonlyMap<string, string>,
  rawBody: Buffer,
  { secrets, now }: { secrets: readonly string[]; now: number },
): string | null {
  const isSigned = signedParts(headers, rawBody, secrets, (secret, body, given) => {
    const expected = signatureOf(secret, body, given);
    return expected !== null && given['webhook-signature'].split(' ').includes(expected);
  });
  if (!isSigned) return null;
  const off = now - Number(headers.get('webhook-timestamp')) * 1000;
  const minutes = Math.round(Math.abs(off) / 60_000);
  return `Webhooks are refused: by their sender’s clock this laptop’s is about ${minutes} min ${off > 0 ? 'ahead' : 'behind'}. Set the clock (turn on automatic time).`;
}

type Given = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** What must be true of a delivery before its signature is looked at. */
function signedParts(
  headers: ReadonlyMap<string, string>,
  rawBody: Buffer,
  secrets: readonly string[],
  isBy: (secret: string, body: string, given: Given) => boolean,
): boolean {
  const id = headers.get('webhook-id') ?? '';
  const timestamp = headers.get('webhook-timestamp') ?? '';
  const signatures = (headers.get('webhook-signature') ?? '').split(/, | /);
  const body = utf8(rawBody);
  if (body === null || !/^[\x21-\x7e]{1,256}$/.test(id) || !/^[1-9]\d{0,10}$/.test(timestamp)) return false;
  if (signatures.length > 20 || !signatures.every((signature) => /^v\d+[a-z]?,[A-Za-z0-9+/]+={0,2}$/.test(signature)))
    return false;
  const given = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
  return secrets.some((secret) => isBy(secret, body, given));
}

/** Compared as text: it only says why a delivery was refused, and lets none in. */
function signatureOf(secret: string, body: string, given: Given): string | null {
  try {
    return new Webhook(secret).sign(given['webhook-id'], new Date(Number(given['webhook-timestamp']) * 1000), body);
  } catch {
    return null; // the package's way to say that a secret is no base64
  }
}

function fits(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false; // the package says "does not fit" by throwing; a secret that is no base64 fits nothing either
  }
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // the decoder's way to say that it is no UTF-8
  }
}

function no(status: 400 | 401 | 413 | 503, message: string): IngestAnswer {
  return { status, body: { ok: false, message } };
}
