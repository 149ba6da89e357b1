import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ProbeError } from '../../domain/health/sample.ts';
import { type CheckedAddress, checkedAddress } from './address.ts';
import { beforeDeadline } from './deadline.ts';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

export interface Answer extends Omit<RawAnswer, 'bytes'> {
  body: string;
}

/** A question that got no usable answer, in the words of a trace. */
export class Unanswered extends Error {
  readonly error: ProbeError;
  constructor(error: ProbeError, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = error;
  }
}

export interface Question {
  url: URL;
  headers?: Record<string, string>;
  deadlineMs: number;
  maxBytes: number;
  ownPorts: readonly number[];
}

/** Keeps one connection per source warm; `destroy()` it when the source is no longer watched. */
export class Asker {
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 1 });

  /**
   * One GET: the checked address is dialled, redirects are not followed, the answer is bounded in time and size.
   *
   * @throws Unanswered, or RefusedAddress when the address may not be asked at all
   */
  async get(question: Question): Promise<Answer> {
    const { status, headers, bytes } = await this.getBytes(question);
    return { status, headers, body: bytes.toString('utf8') };
  }

  /** The same for an answer that is no text. */
  async getBytes(question: Question): Promise<RawAnswer> {
    // A timer that is cleared, and not `AbortSignal.timeout`: that one fires for every answer, too, and its error with it.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), question.deadlineMs);
    try {
      return await this.#fetch(question, await resolved(question, late.signal), late.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #fetch({ url, headers, maxBytes }: Question, address: CheckedAddress, deadline: AbortSignal): Promise<RawAnswer> {
    const secure = url.protocol === 'https:';
    const options = {
      agent: secure ? this.#https : this.#http,
      headers: { 'accept-encoding': 'identity', ...headers },
      lookup: (_host: string, ask: { all?: boolean }, found: (...answer: never[]) => void) => {
        const answer = ask.all
          ? [null, [{ address: address.ip, family: address.family }]]
          : [null, address.ip, address.family];
        (found as (...values: unknown[]) => void)(...answer);
      },
    };
    return new Promise<RawAnswer>((resolve, reject) => {
      const fail = (cause: unknown): void => reject(deadline.aborted ? timedOut(cause) : wordsFor(cause));
      const ask = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
        readBody(response, maxBytes).then(
          (bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }),
          fail,
        );
      });
      ask.once('error', fail);
      deadline.addEventListener('abort', () => ask.destroy(new Error('too late')), { once: true });
      ask.end();
    });
  }

  destroy(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

async function resolved({ url, ownPorts }: Question, deadline: AbortSignal): Promise<CheckedAddress> {
  try {
    return await beforeDeadline(checkedAddress(url, ownPorts), deadline);
  } catch (cause) {
    if (deadline.aborted) throw timedOut(cause);
    throw cause instanceof Error && 'code' in cause ? wordsFor(cause) : cause;
  }
}

class TooLarge extends Error {}

/** Bytes of a told length are gathered in place: twice a segment's megabyte would lie about until it is collected. */
function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const told = Number(response.headers['content-length'] ?? NaN);
  const place = told <= maxBytes ? Buffer.allocUnsafe(told) : null;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      if (place === null) chunks.push(chunk);
      else chunk.copy(place, size);
      size += chunk.length;
      if (size <= maxBytes) return;
      reject(new TooLarge(`The answer is larger than ${maxBytes} bytes.`));
      response.destroy();
    });
    response.once('end', () => resolve(place?.subarray(0, size) ?? Buffer.concat(chunks)));
    response.once('error', reject);
    response.once('close', () => reject(new Error('the answer was cut')));
  });
}

function timedOut(cause: unknown): Unanswered {
  return new Unanswered('timeout', 'No answer in time.', { cause });
}

/** A refused connection, a name that is not found, a cut line: each in the words of a trace. */
function wordsFor(cause: unknown): Unanswered {
  if (cause instanceof TooLarge) return new Unanswered('closed', cause.message, { cause });
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return new Unanswered('refused', 'The connection is refused.', { cause });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Unanswered('refused', 'The name is not found.', { cause });
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return timedOut(cause);
  return new Unanswered('closed', 'The connection was cut.', { cause });
}
