import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeskJoined, EntriesFrame, PartsFrame } from '../../src/contract/messages.ts';
import { ROUTES } from '../../src/contract/routes.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { rawHttp, Stand, statusOf, TOKEN } from './gateway-kit.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await new Stand().start();
});
afterAll(() => stand.stop());

const entry = (seq: number): Entry =>
  ({
    seq,
    at: 1_796_060_700_000 + seq,
    mono: seq,
    boot: 'b1',
    origin: 'desk',
    originId: `c${seq}`,
    prevHash: '',
    hash: '',
    kind: 'show.closing',
    body: { by: 'desk' },
  }) as Entry;

describe('every route', () => {
  /** Answers to a right and to no or a wrong credential; a new route without a line here fails. */
  const EXPECTED: Record<string, { right: number; wrong: number }> = {
    'desk GET /api/health': { right: 200, wrong: 200 },
    'desk POST /api/commands': { right: 200, wrong: 401 },
    'desk GET /api/state': { right: 200, wrong: 401 },
    'desk GET /api/plan': { right: 200, wrong: 401 },
    'desk GET /api/ledger': { right: 200, wrong: 401 },
    'desk GET /api/samples': { right: 200, wrong: 401 },
    'desk GET /api/files': { right: 200, wrong: 401 },
    'desk GET /api/files/*': { right: 200, wrong: 401 },
    // The signature is verified behind the gateway, from the raw bytes.
    'ingest POST /ingest/*': { right: 202, wrong: 202 },
  };
  const CREDENTIALS: [name: string, headers: Record<string, string>, kind: 'right' | 'wrong'][] = [
    ['the token', { authorization: `Bearer ${TOKEN}` }, 'right'],
    ['none', {}, 'wrong'],
    ['a wrong one', { authorization: `Bearer ${'x'.repeat(43)}` }, 'wrong'],
    ['half of it', { authorization: `Bearer ${TOKEN.slice(0, 20)}` }, 'wrong'],
    ['the token by Basic', { authorization: `Basic ${TOKEN}` }, 'wrong'],
  ];

  describe.each(ROUTES)('$listener $method $path', ({ listener, method, path }) => {
    it.each(CREDENTIALS)('with %s', async (_name, headers, kind) => {
      const expected = EXPECTED[`${listener} ${method} ${path}`];
      expect(expected, 'a route that nobody thought about').toBeDefined();
      const rest = listener === 'desk' ? 'close-v1/report.html' : 'generic';
      const body = method === 'POST' ? { body: '{"id":"1","kind":"open-show"}' } : {};
      const answer = await fetch(stand[listener] + path.replace('*', rest), {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...body,
      });
      expect(answer.status).toBe(expected?.[kind]);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      if (answer.status === 401) expect(await answer.text()).toBe('{"error":"unauthorised"}');
    });
  });

  it('is on the list, or is not there', async () => {
    expect((await stand.fetch('/api/metrics')).status).toBe(404);
    for (const path of ['/api/state', '/api/health', '/desk/', '/api/commands', '/ingest/generic', '/metrics'])
      expect((await fetch(stand.floor + path)).status).toBe(404);
    for (const path of ['/', '/desk/', '/api/state', '/j']) expect((await fetch(stand.ingest + path)).status).toBe(404);
  });

  it('refuses a method it has not', async () => {
    expect((await stand.fetch('/api/state', { method: 'DELETE' })).status).toBe(405);
    expect((await stand.fetch('/api/commands')).status).toBe(405);
    expect((await fetch(`${stand.floor}/j`, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('takes no token from the address, even beside the header', async () => {
    expect((await fetch(`${stand.desk}/api/state?token=${TOKEN}`)).status).toBe(401);
    expect((await stand.fetch(`/api/state?token=${TOKEN}`)).status).toBe(401);
  });

  it('answers 401 before the body has come', async () => {
    const host = new URL(stand.desk).host;
    const answer = await rawHttp(
      stand.desk,
      `POST /api/commands HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{`,
      1000,
    );
    expect(statusOf(answer)).toBe(401);
  });
});

describe('commands by HTTP', () => {
  it('reach the hub as the desk', async () => {
    const answer = await stand.post({ id: 'k1', kind: 'open-show' });
    expect(await answer.json()).toMatchObject({ ok: true });
    expect(stand.performed.at(-1)).toMatchObject({ actor: { key: 'desk', role: 'desk' }, raw: { id: 'k1' } });
  });

  it.each([
    ['no JSON', '{"id":', 400, 'no JSON'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'UTF-8'],
    ['nested too deep', '['.repeat(40) + ']'.repeat(40), 400, 'deeper than 32'],
    ['a prototype key', '{"id":"a","kind":"open-show","x":{"__proto__":{}}}', 400, '"x.__proto__"'],
  ])('that are %s get 400 with the reason', async (_name, body, status, says) => {
    const answer = await stand.fetch('/api/commands', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(says);
  });

  it('need application/json', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await stand.post('{}', { 'content-type': type })).status).toBe(415);
    expect(
      (await stand.post({ id: 'k2', kind: 'open-show' }, { 'content-type': 'application/json; charset=utf-8' })).status,
    ).toBe(200);
  });

  it('may be as large as their kind needs', async () => {
    const text = 'x'.repeat(300_000);
    expect((await stand.post({ id: 'k3', kind: 'send-message', text })).status).toBe(413);
    expect((await stand.post({ id: 'k4', kind: 'adopt-plan', text })).status).toBe(200);
    expect((await stand.post({ id: 'k5', kind: 'adopt-plan', text: 'x'.repeat(2_100_000) })).status).toBe(413);
    expect((await stand.post({ id: 'k6', kind: 'import-file', text: 'x'.repeat(3_000_000) })).status).toBe(200);
  });

  it('that fail inside are answered, and the hub lives on', async () => {
    expect(await (await stand.post({ id: 'k7', kind: 'explode' })).json()).toMatchObject({
      ok: false,
      refusal: { code: 'failed' },
    });
    expect((await stand.fetch('/api/health')).status).toBe(200);
  });
});

describe('reading by HTTP', () => {
  it('gives the state, or one part of it', async () => {
    expect(await (await stand.fetch('/api/state')).json()).toMatchObject({
      contractVersion: 1,
      cues: { current: 'Welcome' },
    });
    expect(await (await stand.fetch('/api/state?part=cues')).json()).toEqual({ current: 'Welcome' });
    expect((await stand.fetch('/api/state?part=constructor')).status).toBe(404);
  });

  it('gives entries after a seq with their times as text', async () => {
    stand.entries = [entry(1), entry(2), entry(3)];
    const ledger = await (await stand.fetch('/api/ledger?after=1&limit=1')).json();
    expect(ledger).toMatchObject({ head: 3, entries: [{ seq: 2, at: new Date(1_796_060_700_002).toISOString() }] });
    expect((await stand.fetch('/api/ledger?after=x')).status).toBe(400);
  });

  it('gives a written file as a download that cannot act as the desk', async () => {
    const answer = await stand.fetch('/api/files/close-v1/report.html');
    expect(await answer.text()).toBe('<b>x');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="report.html"/);
    expect(answer.headers.get('content-security-policy')).toBe('sandbox');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('gives no file that is not on the list', async () => {
    for (const path of ['show.db', '../desk-token', '%2e%2e/desk-token', 'close-v1/../../desk-token', '%zz', '']) {
      expect((await stand.fetch(`/api/files/${path}`)).status, path).not.toBe(500);
      expect(await (await stand.fetch(`/api/files/${path}`)).text(), path).not.toContain('<b>');
    }
  });

  it('asks for samples by time, source and number of points', async () => {
    const query = (await (await stand.fetch('/api/samples?from=2026-11-28T19:00:00Z&source=obs&points=60')).json()) as {
      query: unknown;
    };
    expect(query.query).toEqual({ from: Date.parse('2026-11-28T19:00:00Z'), to: null, source: 'obs', points: 60 });
    expect((await stand.fetch('/api/samples?from=yesterday')).status).toBe(400);
  });

  it('says so when the pages are not built, with the page policy on it', async () => {
    const answer = await fetch(`${stand.desk}/desk/`);
    expect(answer.status).toBe(503);
    const host = new URL(stand.desk).host;
    expect(answer.headers.get('content-security-policy')).toContain(`connect-src 'self' ws://${host};`);
    expect((await fetch(`${stand.desk}/`, { redirect: 'manual' })).headers.get('location')).toBe('/desk/');
  });
});

describe('desk socket', () => {
  let desk: Socket;
  beforeEach(() => {
    stand.entries = [entry(1), entry(2), entry(3)];
    stand.title = 'Welcome';
    desk = io(`${stand.desk}/desk`, {
      auth: { token: TOKEN },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
  });
  afterEach(() => void desk.disconnect());
  const join = (ask: object): Promise<DeskJoined> => desk.timeout(2000).emitWithAck('join', ask);
  const next = <T>(what: string): Promise<T> => new Promise((done) => desk.once(what, done));

  it('wants the token in its auth', async () => {
    for (const [auth, query] of [
      [{}, {}],
      [{ token: 'x' }, {}],
      [{}, { token: TOKEN }],
    ]) {
      const stranger = io(`${stand.desk}/desk`, {
        auth,
        query,
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
      });
      const refused = await new Promise<Error>((done) => stranger.once('connect_error', done));
      expect(refused.message).toBe('unauthorised');
      stranger.disconnect();
    }
  });

  it('opens no other namespace', async () => {
    for (const namespace of ['/', '/floor', '/join', '/anything']) {
      const stranger = io(stand.desk + namespace, {
        auth: { token: TOKEN },
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
      });
      await expect(new Promise((_done, fail) => stranger.once('connect_error', fail)), namespace).rejects.toThrow();
      stranger.disconnect();
    }
  });

  it('answers the whole state first, the missing entries to one who was here', async () => {
    expect(await join({ afterSeq: null, epoch: null })).toMatchObject({ state: { cues: { current: 'Welcome' } } });
    expect(await join({ afterSeq: 0, epoch: 'another' })).toHaveProperty('state');
    expect(await join({ afterSeq: 9, epoch: 'e1' })).toHaveProperty('state');
    expect(await join({ afterSeq: 1, epoch: 'e1' })).toMatchObject({ epoch: 'e1', entries: [{ seq: 2 }, { seq: 3 }] });
    expect(await join({ nonsense: true })).toHaveProperty('state');
  });

  it('gets entries as they are published', async () => {
    await join({ afterSeq: 3, epoch: 'e1' });
    const published = next<EntriesFrame>('entries');
    stand.gateway.publish([entry(4)]);
    expect(await published).toMatchObject({ epoch: 'e1', entries: [{ seq: 4, at: expect.stringMatching(/Z$/) }] });
  });

  it('gets only the parts that changed, and a sign of life each second', async () => {
    await join({ afterSeq: null, epoch: null });
    const pushed = next<PartsFrame>('parts');
    stand.title = 'Kettle';
    stand.gateway.touch();
    expect((await pushed).parts).toEqual({ cues: { current: 'Kettle' } });
    expect((await next<PartsFrame>('parts')).parts).toEqual({});
  });

  it('folds many touches into few pushes, the last of them complete', async () => {
    await join({ afterSeq: null, epoch: null });
    const frames: PartsFrame[] = [];
    desk.on('parts', (frame: PartsFrame) => frames.push(frame));
    for (let i = 0; i < 200; i++) {
      stand.title = `title ${i}`;
      stand.gateway.touch();
      await new Promise((done) => setImmediate(done));
    }
    await new Promise((done) => setTimeout(done, 300));
    expect(frames.length).toBeLessThan(10);
    expect(frames.findLast(({ parts }) => parts.cues)?.parts).toEqual({ cues: { current: 'title 199' } });
  });

  it('carries commands as HTTP does', async () => {
    expect(await desk.timeout(2000).emitWithAck('command', { id: 's1', kind: 'open-show' })).toMatchObject({
      ok: true,
    });
    expect(stand.performed.at(-1)?.actor.key).toBe('desk');
    expect(await desk.timeout(2000).emitWithAck('command', JSON.parse('{"__proto__":1}'))).toMatchObject({
      error: 'malformed',
    });
  });
});

describe('ingest', () => {
  it('hands on the bytes as they came', async () => {
    const body = Buffer.from('{ "type" :"sale.recorded"}\n');
    const answer = await fetch(`${stand.ingest}/ingest/generic`, {
      method: 'POST',
      body,
      headers: { 'webhook-id': 'm1', 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(202);
    const delivery = stand.deliveries.at(-1);
    expect(delivery?.body.equals(body)).toBe(true);
    expect(delivery?.headers.get('webhook-id')).toBe('m1');
  });

  it('refuses more than a megabyte', async () => {
    expect(
      (await fetch(`${stand.ingest}/ingest/generic`, { method: 'POST', body: Buffer.alloc(1_000_001) })).status,
    ).toBe(413);
  });

  it('turns a flood away before looking at it', async () => {
    const before = stand.deliveries.length;
    const host = new URL(stand.ingest).host;
    // Fifty at a time down one connection, not waiting for answers: faster than 200 a second on any machine.
    const request = `POST /ingest/square HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 2\r\n\r\n{}`;
    let answers = '';
    for (let n = 0; n < 120 && !answers.includes('HTTP/1.1 429'); n++) {
      const last = request.replace('Host:', 'Connection: close\r\nHost:');
      answers += await rawHttp(stand.ingest, request.repeat(49) + last, 10_000);
    }
    const taken = answers.match(/HTTP\/1\.1 202/g)?.length ?? 0;
    expect(answers).toContain('HTTP/1.1 429');
    expect(taken).toBeGreaterThanOrEqual(1000);
    // A pipelined request behind the refusal may still get in; its sender has no answer and comes again.
    expect(stand.deliveries.length - before).toBeLessThan(taken + 50);
  });
});
