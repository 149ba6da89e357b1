/**
 * Every way into the hub. A listener routes by this list and by nothing else; test/hub/gateway-routes.test.ts walks it
 * with each kind of credential, so a new line without an expected answer fails there.
 */
export interface Route {
  listener: 'desk' | 'floor' | 'ingest';
  method: 'GET' | 'POST';
  /** exact, or with `*` at the end for one rest that the handler compares with a list, never with a disk */
  path: string;
  needs: 'nothing' | 'desk-token' | 'signature';
}

export const ROUTES = [
  { listener: 'desk', method: 'GET', path: '/api/health', needs: 'nothing' },
  { listener: 'desk', method: 'POST', path: '/api/commands', needs: 'desk-token' },
  { listener: 'desk', method: 'GET', path: '/api/state', needs: 'desk-token' },
  { listener: 'desk', method: 'GET', path: '/api/plan', needs: 'desk-token' },
  { listener: 'desk', method: 'GET', path: '/api/ledger', needs: 'desk-token' },
  { listener: 'desk', method: 'GET', path: '/api/samples', needs: 'desk-token' },
  { listener: 'desk', method: 'GET', path: '/api/files', needs: 'desk-token' },
  { listener: 'desk', method: 'GET', path: '/api/files/*', needs: 'desk-token' },
  { listener: 'ingest', method: 'POST', path: '/ingest/*', needs: 'signature' },
] as const satisfies readonly Route[];

export type RouteKey<L extends Route['listener']> =
  Extract<(typeof ROUTES)[number], { listener: L }> extends infer R
    ? R extends { method: infer M extends string; path: infer P extends string }
      ? `${M} ${P}`
      : never
    : never;

/** Pages by listener: address → entry of the pages' build. Files that a page needs are served beside it, nothing else. */
export const PAGES = {
  desk: { '/desk/': 'desk/index.html' },
  floor: {
    '/j': 'floor/join/index.html',
    '/cue/': 'floor/cue/index.html',
    '/till/': 'floor/till/index.html',
    '/wall/': 'floor/wall/index.html',
  },
} as const;

/** What people type or abbreviate → where it lives. */
export const SHORTCUTS: Record<'desk' | 'floor', Record<string, string>> = {
  desk: { '/': '/desk/', '/desk': '/desk/' },
  floor: { '/': '/j', '/j/': '/j', '/cue': '/cue/', '/till': '/till/', '/wall': '/wall/' },
};

/** Socket namespaces by listener. `/` exists in socket.io and is refused on both. */
export const NAMESPACES = { desk: ['/desk'], floor: ['/floor', '/join'] } as const;
