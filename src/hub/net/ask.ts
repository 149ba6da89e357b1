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
    const deadline = AbortSignal.timeout(question.deadlineMs);
    const address = await resolved(question, deadline);
    const secure = question.url.protocol === 'https:';
    const options = {
      agent: secure ? this.#https : this.#http,
      signal: deadline,
      headers: { 'accept-encoding': 'identity', ...question.headers },
      lookup: (_host: string, ask: { all?: boolean }, found: (...answer: never[]) => void) => {
        const answer = ask.all
          ? [null, [{ address: address.ip, family: address.family }]]
          : [null, address.ip, address.family];
        (found as (...values: unknown[]) => void)(...answer);
      },
    };
    return await new Promise<RawAnswer>((resolve, reject) => {
      const fail = (cause: unknown): void => reject(deadline.aborted ? timedOut(cause) : wordsFor(cause));
      const ask = (secure ? httpsRequest : httpRequest)(question.url, options, (response) => {
        readBody(response, question.maxBytes).then(
          (bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }),
          fail,
        );
      });
      ask.once('error', fail);
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

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      response.destroy();
      throw new TooLarge(`The answer is larger than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
