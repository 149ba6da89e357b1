import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A vendor's HTTP side on loopback. What it answers comes from the fake that owns it (`answer`); what goes wrong on the
 * way is ordered here: each trouble spoils one ask, in the order they were put in.
 */
export class VendorServer {
  /** every ask so far, spoiled ones included, oldest first */
  readonly asks: VendorAsk[] = [];
  /** while true, every connection is cut before an answer */
  isDown = false;
  /** added to the clock in the `Date` header, ms */
  skewMs = 0;
  readonly #answer: (ask: VendorAsk) => VendorAnswer | Promise<VendorAnswer>;
  readonly #troubles: Trouble[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(answer: (ask: VendorAsk) => VendorAnswer | Promise<VendorAnswer>) {
    this.#answer = answer;
  }

  /** @param port 0: any; a port of an earlier run brings the vendor back where it was */
  start(port = 0): Promise<void> {
    return new Promise((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, '127.0.0.1', () => done());
    });
  }

  stop(): Promise<void> {
    for (const wake of this.#waiting) wake();
    return new Promise((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Spoils the next asks, one each. */
  trouble(...troubles: Trouble[]): void {
    this.#troubles.push(...troubles);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.sendDate = false;
    response.setHeader('date', new Date(Date.now() + this.skewMs).toUTCString());
    if (this.isDown) return void request.socket.destroy();
    const ask = await askOf(request);
    this.asks.push(ask);
    const trouble = this.#troubles.shift();
    if (trouble?.kind === 'status') return send(response, trouble);
    if (trouble?.kind === 'slow') await this.#wait(trouble.ms);
    if (response.destroyed) return;
    const answer = await this.#answer(ask);
    if (trouble?.kind === 'cut') cut(response, answer);
    else send(response, answer);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((done) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        done();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
    });
  }
}

export interface VendorAsk {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface VendorAnswer {
  /** 200 when left out */
  status?: number;
  headers?: Record<string, string>;
  /** sent as JSON; `text` instead is sent as it is */
  json?: unknown;
  text?: string;
}

export type Trouble =
  /** e.g. 429 with `retry-after`, 401, 500 */
  | ({ kind: 'status'; status: number } & VendorAnswer)
  /** half the body, then the connection is gone */
  | { kind: 'cut' }
  /** the right answer, but late; a stopped server keeps nobody waiting */
  | { kind: 'slow'; ms: number };

export const tooMany = (seconds: number): Trouble => ({
  kind: 'status',
  status: 429,
  headers: { 'retry-after': String(seconds) },
  text: 'slow down',
});
export const failed = (status: number): Trouble => ({ kind: 'status', status, text: 'no' });

/** Sends a webhook as the vendor would. @returns the status, or 0 when nobody answered */
export async function deliver(url: string, body: string | Buffer, headers: Record<string, string>): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

/** Numbers in [0, 1) that are the same at every run (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every delivery `times` times, in no order (Fisher–Yates). */
export function shuffled<T>(list: readonly T[], times: number, random: () => number): T[] {
  const all = Array.from({ length: times }, () => list).flat();
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}

async function askOf(request: IncomingMessage): Promise<VendorAsk> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://vendor');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

function textOf(answer: VendorAnswer): string {
  return answer.text ?? JSON.stringify(answer.json ?? {});
}

function send(response: ServerResponse, answer: VendorAnswer): void {
  const text = textOf(answer);
  response.writeHead(answer.status ?? 200, {
    'content-type': answer.text === undefined ? 'application/json' : 'text/plain',
    'content-length': Buffer.byteLength(text),
    ...answer.headers,
  });
  response.end(text);
}

function cut(response: ServerResponse, answer: VendorAnswer): void {
  const text = textOf(answer);
  response.writeHead(answer.status ?? 200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...answer.headers,
  });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}
