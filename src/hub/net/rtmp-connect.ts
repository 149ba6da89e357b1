import { once } from 'node:events';
import { type Socket, connect as connectTcp, isIP } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { asRecord, asText } from '../../domain/health/sample.ts';
import { type CheckedAddress, RefusedAddress, checkedAddress } from './address.ts';
import { readAmf, writeAmf } from './amf0.ts';
import { beforeDeadline } from './deadline.ts';
import { c0c1, tenth } from './knock.ts';
import { redact } from './redact.ts';
import { COMMAND_AMF0, COMMAND_AMF3, ChunkReader, writeMessage } from './rtmp-chunks.ts';

export interface RtmpAccepted {
  /** ms until the line was open (with rtmps: encrypted) */
  connectMs: number;
  /** ms from C0 to S2 */
  handshakeMs: number;
  /** ms from the `connect` command to `_result` */
  acceptedMs: number;
}

export interface RtmpFailure {
  /** rejected: the server said no; closed: it hung up, which is nginx-rtmp's answer to an unknown application */
  failed: 'dns' | 'refused' | 'timeout' | 'handshake' | 'rejected' | 'closed';
  /** for people; the server's own code is in it, never an address or a key */
  reason: string;
}

export interface RtmpQuestion {
  /** for everything together, ms */
  deadlineMs: number;
  /** our own listeners, which are never asked */
  ownPorts: readonly number[];
  /** for rtmps: authorities beside the system's */
  tls?: Pick<ConnectionOptions, 'ca'>;
}

const S1_BYTES = 1536;
/** RTMP 1.0, section 7.2.1.1: commands travel on chunk stream 3 by custom, and `connect` has transaction id 1. */
const COMMAND_STREAM = 3;
/** User control, window sizes and bandwidth come before the answer; a server that sends more than this is not answering. */
const MOST_MESSAGES = 64;

/**
 * Asks an ingest whether it takes our application: TCP or TLS, the whole handshake (RTMP 1.0, section 5.2) and the
 * `connect` command. It never publishes and needs no key. Never throws.
 *
 * @param url         only scheme, host and port are used
 * @param application first part of the ingest's path, e.g. `live`
 */
export async function connectRtmp(
  url: URL,
  application: string,
  question: RtmpQuestion,
): Promise<RtmpAccepted | RtmpFailure> {
  const deadline = AbortSignal.timeout(question.deadlineMs);
  let address: CheckedAddress;
  try {
    address = await beforeDeadline(checkedAddress(url, question.ownPorts), deadline);
  } catch (error) {
    if (deadline.aborted) return { failed: 'timeout', reason: 'The name of the server is not found in time.' };
    if (error instanceof RefusedAddress) return { failed: 'refused', reason: 'This address may not be asked.' };
    return { failed: 'dns', reason: 'The name of the server is not found.' };
  }
  const socket = open(url, address, question);
  const talk = new Talk(socket);
  const cut = (): void => void socket.destroy(new TooLate());
  deadline.addEventListener('abort', cut, { once: true });
  try {
    return await talk.run(url, application);
  } catch (error) {
    return failureOf(error, talk.step, { url, application });
  } finally {
    deadline.removeEventListener('abort', cut);
    socket.destroy();
  }
}

class TooLate extends Error {}
class HungUp extends Error {}
class NotRtmp extends Error {}
class Rejected extends Error {}

function open(url: URL, { host, ip, family, port }: CheckedAddress, { tls }: RtmpQuestion): Socket {
  const place = { host: ip, port, family };
  if (url.protocol !== 'rtmps:') return connectTcp(place);
  // Without a name there is nothing to check the certificate against but the address itself.
  return connectTls({ ...place, ...tls, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

type Step = 'connecting' | 'handshake' | 'connect';

class Talk {
  readonly #socket: Socket;
  step: Step = 'connecting';
  #bytes: AsyncIterator<Buffer> | null = null;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    // Between two waits nobody listens; the next wait sees that the line is gone.
    socket.on('error', () => undefined);
  }

  async run(url: URL, application: string): Promise<RtmpAccepted> {
    const began = performance.now();
    await once(this.#socket, url.protocol === 'rtmps:' ? 'secureConnect' : 'connect');
    this.#bytes = (this.#socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    const connected = performance.now();
    this.step = 'handshake';
    await this.#shakeHands();
    const shaken = performance.now();
    this.step = 'connect';
    this.#socket.write(connectCommand(url, application));
    await this.#answer();
    return {
      connectMs: tenth(connected - began),
      handshakeMs: tenth(shaken - connected),
      acceptedMs: tenth(performance.now() - shaken),
    };
  }

  /** C0 C1, then S0 S1; C2 echoes S1; S2 echoes C1, and some servers send it before they read C2. */
  async #shakeHands(): Promise<void> {
    this.#socket.write(c0c1());
    const version = (await this.#take(1)).readUInt8();
    // Section 5.2.2: a server that does not know the version answers 3; a higher one is plain text or another protocol.
    if (version !== 3) throw new NotRtmp();
    this.#socket.write(await this.#take(S1_BYTES));
    await this.#take(S1_BYTES);
  }

  async #answer(): Promise<void> {
    const chunks = new ChunkReader((count) => this.#take(count));
    for (let i = 0; i < MOST_MESSAGES; i += 1) {
      const { type, payload } = await chunks.next();
      if (type !== COMMAND_AMF0 && type !== COMMAND_AMF3) continue;
      // An AMF3 command begins with a zero byte and goes on in AMF0.
      const [name, , , notice] = readAmf(type === COMMAND_AMF3 ? payload.subarray(1) : payload);
      const { code, level } = asRecord(notice) ?? {};
      if (name === '_error' || level === 'error' || name === 'close') throw new Rejected(asText(code) ?? '');
      if (name === '_result') return;
    }
    throw new NotRtmp();
  }

  async #take(count: number): Promise<Buffer> {
    while (this.#rest.length < count) {
      const next = await this.#bytes?.next();
      if (next === undefined || next.done === true) throw new HungUp();
      this.#rest = Buffer.concat([this.#rest, next.value]);
    }
    const part = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return part;
  }
}

/** As an encoder says it: servers that look at `type` and `flashVer` see what OBS shows them. */
function connectCommand(url: URL, application: string): Buffer {
  const tcUrl = `${url.protocol}//${url.host}/${application}`;
  const fields = { app: application, type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; FMSc/1.0)', tcUrl };
  return writeMessage(COMMAND_STREAM, { type: COMMAND_AMF0, payload: writeAmf('connect', 1, fields) });
}

const SILENT: Record<Step, string> = {
  connecting: 'The server cannot be reached in time.',
  handshake: 'The server takes the connection but does not shake hands.',
  connect: 'The server shakes hands but does not answer to our application.',
};

const CUT: Record<Step, RtmpFailure> = {
  connecting: { failed: 'closed', reason: 'The server closed the connection at once.' },
  handshake: { failed: 'closed', reason: 'The server hung up during the handshake.' },
  connect: { failed: 'closed', reason: 'The server hung up when it heard our application: check its name.' },
};

/** The system's words for a way that leads nowhere. */
const UNREACHED = { ETIMEDOUT: true, EHOSTUNREACH: true, ENETUNREACH: true, ENETDOWN: true };

function failureOf(error: unknown, step: Step, { url, application }: { url: URL; application: string }): RtmpFailure {
  if (error instanceof TooLate) return { failed: 'timeout', reason: SILENT[step] };
  if (error instanceof Rejected) return { failed: 'rejected', reason: rejection(error.message, application) };
  if (error instanceof NotRtmp || error instanceof RangeError)
    return { failed: 'handshake', reason: 'The server does not speak RTMP there: check its address and port.' };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return { failed: 'refused', reason: 'The server refuses the connection.' };
  if (step !== 'connecting' || code === 'ECONNRESET') return CUT[step];
  if (url.protocol !== 'rtmps:' || code in UNREACHED) return { failed: 'timeout', reason: SILENT.connecting };
  return { failed: 'handshake', reason: 'No safe line to the server: its certificate or TLS is not valid.' };
}

/** The code is foreign text: of it only a plain dotted name goes on, and never our application, which may be a secret. */
function rejection(code: string, application: string): string {
  const plain = /^[A-Za-z][\w.-]{0,79}$/.test(code) ? redact(code, [application]) : 'no code given';
  return `The server rejects our application (${plain}): check its name.`;
}
