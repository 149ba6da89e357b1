import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawHttp, Stand, statusOf, TOKEN } from './gateway-kit.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await new Stand().start();
});
afterAll(() => stand.stop());

/** Every way in: HTTP both methods, socket.io by polling, and a WebSocket upgrade. */
const WAYS: { name: string; head: (path: string) => string; extra: string[] }[] = [
  { name: 'GET', head: (path) => `GET ${path} HTTP/1.1`, extra: [] },
  {
    name: 'POST',
    head: (path) => `POST ${path} HTTP/1.1`,
    extra: ['Content-Type: application/json', 'Content-Length: 2'],
  },
  { name: 'polling', head: () => 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1', extra: [] },
  {
    name: 'upgrade',
    head: () => 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    extra: [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ],
  },
];
type Listener = 'desk' | 'floor' | 'ingest';
const PATHS: Record<Listener, string> = { desk: '/api/state', floor: '/j', ingest: '/ingest/generic' };

function send(listener: Listener, way: (typeof WAYS)[number], headers: string[]): Promise<string> {
  const isUpgrade = way.name === 'upgrade';
  const lines = [
    way.head(PATHS[listener]),
    ...headers,
    `Authorization: Bearer ${TOKEN}`,
    ...way.extra,
    ...(isUpgrade ? [] : ['Connection: close']),
  ];
  return rawHttp(stand[listener], `${lines.join('\r\n')}\r\n\r\n${way.name === 'POST' ? '{}' : ''}`);
}

/** Rows of trust.md §10. `{h}` is the listener's own host. */
const REFUSED: [name: string, headers: string[], status: number[]][] = [
  ['a foreign Origin', ['Host: {h}', 'Origin: http://evil.example'], [403]],
  ['Origin null', ['Host: {h}', 'Origin: null'], [403]],
  ['an Origin of another port', ['Host: {h}', 'Origin: http://127.0.0.1:1'], [403]],
  ['an Origin of another scheme', ['Host: {h}', 'Origin: https://{h}'], [403]],
  ['an Origin with a path', ['Host: {h}', 'Origin: http://{h}/'], [403]],
  ['an Origin in capitals', ['Host: {h}', 'Origin: HTTP://{h}'], [403]],
  ['two Origins', ['Host: {h}', 'Origin: http://{h}', 'Origin: http://evil.example'], [400]],
  ['a rebound name', ['Host: evil.example', 'Origin: http://evil.example'], [403]],
  ['our address as a subdomain', ['Host: 127.0.0.1.evil.com'], [403]],
  ['a name that starts like ours', ['Host: 127.evil.com'], [403]],
  ['localhost with a dot', ['Host: localhost.:{p}'], [403]],
  ['IPv6 loopback', ['Host: [::1]:{p}'], [403]],
  ['0.0.0.0', ['Host: 0.0.0.0:{p}'], [403]],
  ['a decimal address', ['Host: 2130706433:{p}'], [403]],
  ['a hexadecimal address', ['Host: 0x7f000001:{p}'], [403]],
  ['userinfo in Host', ['Host: user@{h}'], [400, 403]],
  ['no Host', [], [400]],
  ['Host twice', ['Host: {h}', 'Host: evil.example'], [400]],
  ['Host of a wrong port', ['Host: 127.0.0.1:1'], [403]],
  ['Host without port', ['Host: 127.0.0.1'], [403]],
  [
    'X-Forwarded-Host that claims to be ours',
    ['Host: evil.example', 'X-Forwarded-Host: {h}', 'Forwarded: host={h}'],
    [403],
  ],
  ['a request from another site', ['Host: {h}', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'], [403]],
  [
    'a request from another port of this machine',
    ['Host: {h}', 'Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: cors'],
    [403],
  ],
  [
    'a frame in another page',
    ['Host: {h}', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
    [403],
  ],
];

describe.each(['desk', 'floor', 'ingest'] as const)('%s listener', (listener) => {
  const own = (): URL => new URL(stand[listener]);
  const filled = (headers: string[]): string[] =>
    headers.map((header) => header.replaceAll('{h}', own().host).replaceAll('{p}', own().port));

  describe.each(WAYS)('by $name', (way) => {
    it.each(REFUSED)('turns away %s without a byte of state', async (_name, headers, statuses) => {
      const answer = await send(listener, way, filled(headers));
      expect(statuses).toContain(statusOf(answer));
      expect(answer).not.toMatch(/Welcome|contractVersion|"sid"|set-cookie|access-control/i);
    });
  });

  it('refuses an absolute-form request', async () => {
    const answer = await rawHttp(
      stand[listener],
      `GET http://${own().host}${PATHS[listener]} HTTP/1.1\r\nHost: ${own().host}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(400);
  });

  it.each(['//', '///', '//[', '//a:99999/', '/\\\\', '/%', '/?%'])(
    'answers the path %s and lives on',
    async (path) => {
      const answer = await rawHttp(
        stand[listener],
        `GET ${path} HTTP/1.1\r\nHost: ${own().host}\r\nConnection: close\r\n\r\n`,
      );
      expect(statusOf(answer)).toBeGreaterThanOrEqual(302);
      expect(statusOf(answer)).toBeLessThan(500);
    },
  );

  it('answers no preflight', async () => {
    const answer = await rawHttp(
      stand[listener],
      `OPTIONS ${PATHS[listener]} HTTP/1.1\r\nHost: ${own().host}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(403);
  });
});

// Controls: the same requests with the right names get through, so the rows above are refused for what they say.
describe('own Host', () => {
  const hostOf = (listener: Listener): string => new URL(stand[listener]).host;
  const [get, , polling, upgrade] = WAYS as [
    (typeof WAYS)[number],
    (typeof WAYS)[number],
    (typeof WAYS)[number],
    (typeof WAYS)[number],
  ];

  it('reaches the desk without Origin, with its own Origin, and as localhost', async () => {
    const host = hostOf('desk');
    const local = host.replace('127.0.0.1', 'localhost');
    for (const headers of [
      [`Host: ${host}`],
      [`Host: ${host}`, `Origin: http://${host}`],
      [`Host: ${local}`, `Origin: http://${local}`],
    ]) {
      expect(statusOf(await send('desk', get, headers))).toBe(200);
    }
  });

  it('opens sockets on desk and floor, and none on ingest', async () => {
    for (const listener of ['desk', 'floor'] as const) {
      const headers = [`Host: ${hostOf(listener)}`, `Origin: ${stand[listener]}`];
      expect(statusOf(await send(listener, polling, headers))).toBe(200);
      expect(statusOf(await send(listener, upgrade, headers))).toBe(101);
    }
    expect(statusOf(await send('ingest', upgrade, [`Host: ${hostOf('ingest')}`]))).toBe(400);
  });

  it('lets a link from another site open a page, but not read data', async () => {
    const navigation = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
    expect(statusOf(await send('floor', get, [`Host: ${hostOf('floor')}`, ...navigation]))).toBe(503); // pages are not built here
  });

  it('tells a person who came by a name what to do', async () => {
    const answer = await send('desk', get, ['Host: my-laptop.local', 'Accept: text/html']);
    expect(answer).toContain('Open the numeric address');
  });

  it('names the reason to a program', async () => {
    expect(await send('desk', get, ['Host: evil.example'])).toContain('{"error":"host-not-ours"}');
    expect(await send('desk', get, [`Host: ${hostOf('desk')}`, 'Origin: null'])).toContain(
      '{"error":"origin-not-ours"}',
    );
  });

  it('takes a webhook without Origin', async () => {
    const [, post] = WAYS as [unknown, (typeof WAYS)[number]];
    expect(statusOf(await send('ingest', post, [`Host: ${hostOf('ingest')}`]))).toBe(202);
  });
});

describe('half a request', () => {
  it('is given up within twelve seconds, and nobody else waits for it', async () => {
    const host = new URL(stand.floor).host;
    const startedAt = performance.now();
    // 40 of one address: more than 60 would only show that the oldest stranger goes.
    const halves = Array.from({ length: 40 }, () =>
      rawHttp(stand.floor, `GET /j HTTP/1.1\r\nHost: ${host}\r\nX-Slow:`, 20_000),
    );
    expect((await fetch(`${stand.floor}/j`)).status).toBe(503);
    const answers = await Promise.all(halves);
    expect(performance.now() - startedAt).toBeLessThan(12_500);
    expect(new Set(answers.map(statusOf))).toEqual(new Set([408]));
  }, 20_000);
});
