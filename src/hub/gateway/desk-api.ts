import type { IncomingMessage, ServerResponse } from 'node:http';
import { wireEntry } from '../../contract/messages.ts';
import { ROUTES, type RouteKey, SHORTCUTS } from '../../contract/routes.ts';
import { APP_VERSION, CONTRACT_VERSION } from '../../contract/version.ts';
import { DESK } from '../../domain/actor.ts';
import { fromIso } from '../../domain/units.ts';
import { reasonOf } from '../log.ts';
import { redirect, sendFile, sendJson, sendPage } from './answers.ts';
import { performed } from './command-answer.ts';
import type { GatewayDoors } from './doors.ts';
import { addressOf } from './guard.ts';
import type { Pages } from './pages.ts';
import { BadBody, parseJson, readBody } from './read-body.ts';

/** Bytes by what is asked; the kind is only known after reading, so the largest is the limit while reading. */
const LARGEST: Record<string, number> = { 'import-file': 70_000_000, 'adopt-plan': 2_000_000, 'new-show': 2_000_000 };
const LARGEST_OTHER = 256_000;
const LARGEST_ANY = Math.max(...Object.values(LARGEST));
const ENTRIES_AT_MOST = 5000;

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  /** what follows the path of a route that ends in `*` */
  rest: string;
}
type Handler = (asked: Asked) => void | Promise<void>;

/** The desk's listener behind the guard: its pages, and the API of DESIGN §5. */
export class DeskApi {
  readonly #doors: GatewayDoors;
  readonly #pages: Pages;
  readonly #isToken: (given: unknown) => boolean;
  readonly #handlers: Record<RouteKey<'desk'>, Handler> = {
    'GET /api/health': ({ response }) =>
      sendJson(response, 200, {
        ok: true,
        version: APP_VERSION,
        contractVersion: CONTRACT_VERSION,
        seq: this.#doors.head(),
      }),
    'POST /api/commands': (asked) => this.#command(asked),
    'GET /api/state': (asked) => this.#state(asked),
    'GET /api/plan': ({ response }) => {
      const plan = this.#doors.planFile();
      sendJson(response, plan ? 200 : 404, plan ?? { error: 'no-plan' });
    },
    'GET /api/ledger': (asked) => this.#ledger(asked),
    'GET /api/samples': (asked) => this.#samples(asked),
    'GET /api/files': ({ response }) => sendJson(response, 200, { files: this.#doors.files() }),
    'GET /api/files/*': (asked) => this.#file(asked),
  };

  constructor(doors: GatewayDoors, pages: Pages, isToken: (given: unknown) => boolean) {
    this.#doors = doors;
    this.#pages = pages;
    this.#isToken = isToken;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams: query } = addressOf(request);
    if (!pathname.startsWith('/api/')) return servePage(this.#pages, SHORTCUTS.desk, pathname, request, response);
    const route = ROUTES.filter(({ listener }) => listener === 'desk').find(({ path }) => matches(path, pathname));
    if (route?.needs !== 'nothing' && !this.#mayAsk(request, query)) return this.#unauthorised(response);
    if (!route) return sendJson(response, 404, { error: 'no-such-route' });
    if (request.method !== route.method) {
      response.setHeader('Allow', route.method);
      return sendJson(response, 405, { error: 'method-not-allowed' });
    }
    const rest = route.path.endsWith('*') ? pathname.slice(route.path.length - 1) : '';
    const handler = this.#handlers[`${route.method} ${route.path}` as RouteKey<'desk'>];
    void this.#carryOut(handler, { request, response, query, rest });
  }

  /** A token in the address would end in histories and logs, so there it opens nothing. */
  #mayAsk({ headers }: IncomingMessage, query: URLSearchParams): boolean {
    const [scheme, token] = (headers.authorization ?? '').split(' ');
    return this.#isToken(scheme?.toLowerCase() === 'bearer' ? token : null) && !query.has('token');
  }

  #unauthorised(response: ServerResponse): void {
    // Whatever body is on its way is not worth reading.
    response.shouldKeepAlive = false;
    sendJson(response, 401, { error: 'unauthorised' });
  }

  async #carryOut(handler: Handler, asked: Asked): Promise<void> {
    try {
      await handler(asked);
    } catch (error) {
      if (error instanceof BadBody) {
        asked.response.shouldKeepAlive = false;
        return sendJson(asked.response, error.status, {
          error: error.status === 413 ? 'too-large' : 'malformed',
          field: error.field,
          message: error.message,
        });
      }
      this.#doors.log({ level: 'error', kind: 'request-failed', reason: reasonOf(error) });
      sendJson(asked.response, 500, { error: 'failed' });
    }
  }

  async #command({ request, response }: Asked): Promise<void> {
    if ((request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() !== 'application/json') {
      response.shouldKeepAlive = false;
      return sendJson(response, 415, { error: 'not-json', message: 'POST needs Content-Type: application/json' });
    }
    const body = await readBody(request, LARGEST_ANY);
    const raw = parseJson(body);
    const kind = (raw as { kind?: unknown } | null)?.kind;
    const limit = (typeof kind === 'string' && Object.hasOwn(LARGEST, kind) && LARGEST[kind]) || LARGEST_OTHER;
    if (body.byteLength > limit) throw new BadBody(413, '', `the body is larger than ${limit} bytes`);
    const reply = await performed(this.#doors, DESK, raw);
    sendJson(response, 'error' in reply ? 400 : 200, reply);
  }

  #state({ response, query }: Asked): void {
    const state = this.#doors.deskState();
    const part = query.get('part');
    if (part === null) return sendJson(response, 200, state);
    if (!Object.hasOwn(state, part)) return sendJson(response, 404, { error: 'no-such-part' });
    sendJson(response, 200, (state as unknown as Record<string, object>)[part] as object);
  }

  #ledger({ response, query }: Asked): void {
    const after = wholeNumber(query, 'after', 0);
    const limit = Math.min(ENTRIES_AT_MOST, wholeNumber(query, 'limit', 1000));
    sendJson(response, 200, {
      entries: this.#doors.entriesAfter(after, limit).map(wireEntry),
      head: this.#doors.head(),
    });
  }

  #samples({ response, query }: Asked): void {
    const points = query.has('points') ? wholeNumber(query, 'points', 0) : null;
    sendJson(
      response,
      200,
      this.#doors.samples({
        from: instant(query, 'from'),
        to: instant(query, 'to'),
        source: query.get('source'),
        points,
      }),
    );
  }

  /** Only the exact path of a file that was written; the list decides, nothing is joined (DOR-7). */
  async #file({ response, rest }: Asked): Promise<void> {
    const path = decoded(rest);
    const listed = this.#doors.files().find((file) => file.path === path);
    const bytes = listed ? await this.#doors.readFile(listed.path) : null;
    if (!listed || !bytes) return sendJson(response, 404, { error: 'no-such-file' });
    sendFile(response, listed.path, bytes);
  }
}

/** Pages of one listener, by exact address. */
export function servePage(
  pages: Pages,
  shortcuts: Record<string, string>,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendJson(response, 405, { error: 'method-not-allowed' });
  if (Object.hasOwn(shortcuts, pathname)) return redirect(response, shortcuts[pathname] ?? '/');
  const page = pages.get(pathname);
  if (!page) return sendJson(response, 404, { error: 'no-such-page' });
  sendPage(response, page, {
    host: request.headers.host ?? '',
    takesGzip: /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')),
  });
}

function matches(path: string, pathname: string): boolean {
  return path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path;
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,15}$/.test(text)) throw new BadBody(400, name, 'must be a whole number');
  return Number(text);
}

function instant(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const at = fromIso(text);
  if (Number.isNaN(at)) throw new BadBody(400, name, 'must be a time such as 2026-11-28T19:00:00Z');
  return at;
}

function decoded(rest: string): string | null {
  try {
    return decodeURIComponent(rest);
  } catch {
    return null; // a broken escape is no path of ours
  }
}
