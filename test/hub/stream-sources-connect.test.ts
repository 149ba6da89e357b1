import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type Amf, writeAmf } from '../../src/hub/net/amf0.ts';
import { COMMAND_AMF0, SET_CHUNK_SIZE, writeMessage } from '../../src/hub/net/rtmp-chunks.ts';
import { connectRtmp } from '../../src/hub/net/rtmp-connect.ts';
import { openDoor, portOf } from '../kit/door.ts';
import { NGINX, startNginxRtmp } from './stream-sources-kit.ts';

/** Does an ingest take our application: asked of a real nginx-rtmp, and of doors that answer whatever they like. */

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

const ASK = { deadlineMs: 600, ownPorts: [] };
const ALL = { connectMs: expect.any(Number), handshakeMs: expect.any(Number), acceptedMs: expect.any(Number) };

describe.skipIf(!existsSync(NGINX.program) || !existsSync(NGINX.module))('a real nginx-rtmp', () => {
  it('takes an application that it has, and hangs up on one that it has not', async () => {
    const nginx = await startNginxRtmp();
    leave.push(() => nginx.stop());
    expect(await connectRtmp(nginx.rtmp, 'live', ASK)).toEqual(ALL);
    const unknown = await connectRtmp(nginx.rtmp, 'no-such-app', ASK);
    expect(unknown).toMatchObject({ failed: 'closed' });
    expect(JSON.stringify(unknown)).not.toContain('no-such-app');
    // The unknown one did not harm the server, and a long name travels in several chunks.
    expect(await connectRtmp(nginx.rtmp, 'live', ASK)).toEqual(ALL);
    expect(await connectRtmp(nginx.rtmp, 'x'.repeat(700), ASK)).toMatchObject({ failed: 'closed' });
  });
});

/** Shakes hands, then says `answer` to the connect command. */
function server(answer: (socket: Socket) => void, shaken = Buffer.alloc(3073, 3)): (socket: Socket) => void {
  return (socket) => {
    let received = 0;
    let answered = false;
    socket.on('data', (bytes) => {
      received += bytes.length;
      if (received === 1537) socket.write(shaken);
      if (received > 1537 + 1536 && !answered) {
        answered = true;
        answer(socket);
      }
    });
  };
}

async function asked(greet: (socket: Socket) => void, application = 'live'): Promise<unknown> {
  const door = await openDoor(greet);
  leave.push(() => door.close());
  return connectRtmp(new URL(`rtmp://127.0.0.1:${door.port}/`), application, ASK);
}

const command = (...values: Amf[]): Buffer => writeMessage(3, { type: COMMAND_AMF0, payload: writeAmf(...values) });
const SUCCESS = { level: 'status', code: 'NetConnection.Connect.Success' };

describe('the answer of a server', () => {
  it('comes after window sizes, bandwidth, user control and a larger chunk size', async () => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(4096);
    const reply = writeAmf('_result', 1, { fmsVer: 'x'.repeat(300) }, SUCCESS);
    const head = Buffer.from([3, 0, 0, 0, 0, reply.length >> 8, reply.length & 255, COMMAND_AMF0, 0, 0, 0, 0]);
    const before = [5, 6, 4].map((type) => writeMessage(2, { type, payload: Buffer.alloc(type === 4 ? 6 : 5) }));
    const answer = Buffer.concat([...before, writeMessage(2, { type: SET_CHUNK_SIZE, payload: size }), head, reply]);
    expect(await asked(server((socket) => socket.write(answer)))).toEqual(ALL);
    // The same, a few bytes at a time.
    const drip = (socket: Socket): void => {
      for (let at = 0; at < answer.length; at += 7) setTimeout(() => socket.write(answer.subarray(at, at + 7)), at / 7);
    };
    expect(await asked(server(drip))).toEqual(ALL);
  });

  it('that says no is told with its code, and without what else it says', async () => {
    const no = {
      level: 'error',
      code: 'NetConnection.Connect.Rejected',
      description: 'app secret-app at rtmp://h/a/k',
    };
    const told = await asked(server((socket) => socket.write(command('_error', 1, null, no))));
    expect(told).toEqual({
      failed: 'rejected',
      reason: 'The server rejects our application (NetConnection.Connect.Rejected): check its name.',
    });
    const tricky = { level: 'error', code: 'key is abc' };
    expect(await asked(server((socket) => socket.write(command('_error', 1, null, tricky))))).toMatchObject({
      reason: 'The server rejects our application (no code given): check its name.',
    });
    const echo = { level: 'error', code: 'Bad.app-4f1c9a' };
    const hidden = await asked(
      server((socket) => socket.write(command('_error', 1, null, echo))),
      'app-4f1c9a',
    );
    expect(hidden).toMatchObject({ failed: 'rejected', reason: expect.not.stringContaining('4f1c9a') });
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['never', () => undefined, 'timeout'],
    ['to the handshake only', server(() => undefined), 'timeout'],
    ['by hanging up at once', (socket) => socket.destroy(), 'closed'],
    ['by hanging up on the command', server((socket) => socket.end()), 'closed'],
    ['in another protocol', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'handshake'],
    ['with garbage', server((socket) => socket.write(Buffer.alloc(9000, 0xee))), 'handshake'],
    [
      'with a message of 16 MB',
      server((socket) => socket.write(Buffer.from([3, 0, 0, 0, 255, 255, 255, 20, 0, 0, 0, 0]))),
      'handshake',
    ],
    [
      'with broken AMF',
      server((socket) => socket.write(writeMessage(3, { type: COMMAND_AMF0, payload: Buffer.from([2, 0]) }))),
      'handshake',
    ],
    [
      'with endless notices',
      server((socket) =>
        socket.write(
          Buffer.concat(Array.from({ length: 200 }, () => writeMessage(2, { type: 4, payload: Buffer.alloc(6) }))),
        ),
      ),
      'handshake',
    ],
  ])('%s is a failure in time', async (_, greet, failed) => {
    const began = performance.now();
    expect(await asked(greet)).toMatchObject({ failed, reason: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(performance.now() - began).toBeLessThan(1200);
  });

  it('a closed door, an unknown name and an address that may not be asked are told apart', async () => {
    expect(await connectRtmp(new URL('rtmp://127.0.0.1:1/'), 'live', ASK)).toMatchObject({ failed: 'refused' });
    expect(
      await connectRtmp(new URL('rtmp://no-such-name.invalid/'), 'live', { ...ASK, deadlineMs: 5000 }),
    ).toMatchObject({ failed: 'dns' });
    expect(await connectRtmp(new URL('rtmp://169.254.169.254/'), 'live', ASK)).toMatchObject({ failed: 'refused' });
  });
});

it('over TLS asks for a certificate that is valid, and takes one that is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dropdesk-tls-'));
  leave.push(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      ...names,
    ],
    { stdio: 'ignore' },
  );
  const tls = createTls({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    socket.on('error', () => undefined);
    server((line) => line.write(command('_result', 1, null, SUCCESS)))(socket);
  }).listen(0, '127.0.0.1');
  tls.on('tlsClientError', () => undefined);
  await once(tls, 'listening');
  leave.push(() => tls.close());
  for (const host of ['localhost', '127.0.0.1']) {
    const url = new URL(`rtmps://${host}:${portOf(tls)}/`);
    expect(await connectRtmp(url, 'live', { ...ASK, tls: { ca: readFileSync(cert) } })).toEqual(ALL);
    expect(await connectRtmp(url, 'live', ASK)).toMatchObject({
      failed: 'handshake',
      reason: expect.stringContaining('certificate'),
    });
  }
});
