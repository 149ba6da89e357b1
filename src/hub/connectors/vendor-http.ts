import type { z } from 'zod';
import { RefusedAddress, isLoopback, readUrl } from '../net/address.ts';
import { ShopFault, type ShopPlace } from './shop.ts';

/**
 * One question to a vendor's HTTP side: bounded in time and size, redirects not followed (a key must not travel to
 * another place), and whatever goes wrong is a ShopFault in our words.
 */
export interface VendorQuestion {
  /** as people call it, e.g. `Square` */
  vendor: string;
  url: URL;
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** what to do when the key is refused, a sentence */
  keyAdvice: string;
  /** statuses beside 2xx that the caller understands */
  understood?: readonly number[];
}

export interface VendorReply {
  status: number;
  headers: Headers;
  text: string;
  /** the vendor's clock, epoch ms */
  vendorAt: number | null;
}

export const DEADLINE_MS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** @throws ShopFault */
export async function askVendor(place: ShopPlace, question: VendorQuestion): Promise<VendorReply> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    const response = await place.fetch(question.url, {
      method: question.method ?? 'GET',
      headers: question.headers,
      ...(question.body !== undefined && { body: question.body }),
      redirect: 'manual',
      signal: AbortSignal.any([question.signal, deadline]),
    });
    const text = await bodyOf(response, question.vendor);
    refuse(response, question, place.now());
    return { status: response.status, headers: response.headers, text, vendorAt: dateOf(response.headers) };
  } catch (cause) {
    if (cause instanceof ShopFault) throw cause;
    throw new ShopFault('unreachable', `${question.vendor} ${wordsFor(cause, deadline.aborted)}`, { cause });
  }
}

/** @throws ShopFault when the body is no JSON or not what the schema says */
export function readReply<S extends z.ZodType>(reply: VendorReply, schema: S, vendor: string): z.output<S> {
  const read = schema.safeParse(parseJson(reply.text));
  if (read.success) return read.data;
  throw new ShopFault('bad-answer', `${vendor} sent an answer that cannot be read; it is asked again.`);
}

/** @returns undefined when the text is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Where the vendor is asked; the path always ends in `/`, so that relative paths go below it.
 *
 * @param own the vendor's own address; null when every shop has one of its own
 * @throws ShopFault
 */
export function vendorAddress(place: ShopPlace, own: string | null, vendor: string): URL {
  const text = place.baseUrl ?? own;
  if (text === null || text === '') throw new ShopFault('not-set-up', `The address of the ${vendor} shop is not set.`);
  try {
    const url = readUrl(text, ['https:', 'http:']);
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      throw new ShopFault('not-set-up', `The ${vendor} address must begin with https://.`);
    }
    url.search = url.hash = '';
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  } catch (cause) {
    if (!(cause instanceof RefusedAddress)) throw cause;
    throw new ShopFault('not-set-up', `The ${vendor} address cannot be used: ${cause.message}`);
  }
}

/** @throws ShopFault when the secret is not set or holds what no key holds (a line break from copying, for instance) */
export function vendorSecret(place: ShopPlace, name: string, called: string): string {
  const secret = place.readSecret(name)?.trim() ?? '';
  if (secret === '') throw new ShopFault('not-set-up', `${called} is not set. Enter it in the settings (${name}).`);
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new ShopFault('not-set-up', `${called} holds characters that no key has. Copy it again (${name}).`);
  }
  return secret;
}

/** The greater of two times; ISO texts of one form, so that their order is the order of time. */
export function later(a: string | null, b: string): string {
  return a !== null && a > b ? a : b;
}

/** Told after everything else of a run: these orders are there, but nothing can be booked from them. */
export function unreadable(vendor: string, ids: readonly string[]): ShopFault {
  const [first = ''] = ids;
  const named = /^[\w-]{1,64}$/.test(first) ? ` (${first})` : '';
  const message = `${ids.length} ${vendor} order(s) cannot be read${named}. Enter them by hand.`;
  return new ShopFault('bad-answer', message, { orderIds: ids });
}

/**
 * Asks for each of a list, `width` at a time, and keeps the list's order. The first failure stops the rest.
 */
export async function sideBySide<T, R>(list: readonly T[], width: number, ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = Array.from({ length: list.length });
  let next = 0;
  let failed = false;
  const walk = async (): Promise<void> => {
    while (next < list.length && !failed) {
      const i = next++;
      try {
        answers[i] = await ask(list[i] as T);
      } catch (cause) {
        failed = true;
        throw cause;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, walk));
  return answers;
}

function refuse(response: Response, { vendor, keyAdvice, understood = [] }: VendorQuestion, now: number): void {
  const { status } = response;
  if (response.ok || understood.includes(status)) return;
  const more = { retryAfterMs: retryAfter(response.headers, now) };
  if (status === 401 || status === 403) throw new ShopFault('auth', `${vendor} refuses the key. ${keyAdvice}`);
  if (status === 429) throw new ShopFault('throttled', `${vendor} asks us to wait: too many questions.`, more);
  if (status >= 500) throw new ShopFault('unreachable', `${vendor} has trouble of its own (${status}).`, more);
  const why = status >= 300 && status < 400 ? 'sends us to another address' : `does not take the question (${status})`;
  throw new ShopFault('bad-answer', `${vendor} ${why}. Check the address and the account in the settings.`);
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3) → ms from now. */
function retryAfter(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function dateOf(headers: Headers): number | null {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? null : at;
}

async function bodyOf(response: Response, vendor: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new ShopFault('bad-answer', `${vendor} sent an answer larger than 32 MB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function wordsFor(cause: unknown, isLate: boolean): string {
  if (isLate) return `did not answer within ${DEADLINE_MS / 1000} s.`;
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner ? inner.code : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'cannot be found. Is this laptop online?';
  if (code === 'ECONNREFUSED') return 'does not take the connection.';
  return 'cannot be reached, or its answer was cut off.';
}
