import type { IncomingMessage, ServerResponse } from 'node:http';
import { reasonOf } from '../log.ts';
import { sendJson } from './answers.ts';
import type { GatewayDoors } from './doors.ts';
import { addressOf } from './guard.ts';
import { BadBody, readBody } from './read-body.ts';
import { TokenBucket } from './token-bucket.ts';

const LARGEST = 1_000_000;
const PATH = /^\/ingest\/([a-z]{1,32})$/;

/**
 * Webhooks come in here, possibly through a tunnel, from anybody. Nothing is parsed: the bytes go on as they were
 * signed. Counted before verification, so that forging costs the forger and not us.
 */
export class IngestApi {
  readonly #doors: Pick<GatewayDoors, 'ingest' | 'log'>;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(doors: Pick<GatewayDoors, 'ingest' | 'log'>) {
    this.#doors = doors;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = addressOf(request);
    const path = PATH.exec(pathname)?.[1];
    if (path === undefined) return sendJson(response, 404, { error: 'no-such-route' });
    if (request.method !== 'POST') return sendJson(response, 405, { error: 'method-not-allowed' });
    if (!this.#bucketOf(path).take(performance.now())) {
      response.shouldKeepAlive = false;
      return sendJson(response, 429, { error: 'too-many-requests' });
    }
    void this.#take(path, request, response);
  }

  async #take(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request, LARGEST);
      const { status, body: reply } = await this.#doors.ingest({ path, headers: headersOf(request), body });
      sendJson(response, status, reply ?? {});
    } catch (error) {
      response.shouldKeepAlive = false;
      if (error instanceof BadBody)
        return sendJson(response, error.status, { error: error.status === 413 ? 'too-large' : 'unreadable' });
      // Not durable: the sender has to come again.
      this.#doors.log({ level: 'error', kind: 'ingest-failed', path, reason: reasonOf(error) });
      sendJson(response, 500, { error: 'failed' });
    }
  }

  /** Paths that nobody serves share one, so that made-up names cost no memory. */
  #bucketOf(path: string): TokenBucket {
    const key = KNOWN.has(path) ? path : '';
    const known = this.#buckets.get(key);
    if (known) return known;
    const bucket = new TokenBucket(200, 1000);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

const KNOWN = new Set(['generic', 'shopify', 'square', 'stripe', 'woocommerce']);

/** Lower-case names; a header that came twice is joined by commas, which no signature survives. */
function headersOf({ headers }: IncomingMessage): Map<string, string> {
  return new Map(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
