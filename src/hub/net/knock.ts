import { randomBytes } from 'node:crypto';
import { type Socket, connect } from 'node:net';
import type { ProbeError } from '../../domain/health/sample.ts';
import { type CheckedAddress, checkedAddress } from './address.ts';
import { beforeDeadline } from './deadline.ts';

const DEADLINE_MS = 1000;

/** RTMP 1.0, section 5.2: C0 is the version byte, C1 is time, zero and random bytes, 1536 in all; S0 begins the answer. */
const RTMP_VERSION = 3;
const C1_BYTES = 1536;

export type Knock = { connectMs: number; handshakeMs?: number; handshakeError?: ProbeError } | { error: ProbeError };

/** One probe within a second for each half: connect, and for plain RTMP wait for S0. Never throws. */
export async function knock(url: URL, ownPorts: readonly number[] = []): Promise<Knock> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  let address: CheckedAddress;
  try {
    address = await beforeDeadline(checkedAddress(url, ownPorts), deadline);
  } catch {
    // An unknown name and a refused address both mean that nobody can be reached there.
    return { error: deadline.aborted ? 'timeout' : 'refused' };
  }
  const dialled = await dial(address, DEADLINE_MS);
  if ('error' in dialled) return dialled;
  const { socket, connectMs } = dialled;
  try {
    if (url.protocol !== 'rtmp:') return { connectMs };
    const asked = performance.now();
    socket.write(c0c1());
    const silent = await first(socket, 'data', DEADLINE_MS);
    return silent === null
      ? { connectMs, handshakeMs: tenth(performance.now() - asked) }
      : { connectMs, handshakeError: silent };
  } finally {
    socket.destroy();
  }
}

/** Opens a connection. @returns the open socket, which is the caller's to destroy, and ms until it was open. Never throws. */
export async function dial(
  { ip, port, family }: CheckedAddress,
  deadlineMs: number,
): Promise<{ socket: Socket; connectMs: number } | { error: ProbeError }> {
  const began = performance.now();
  const socket = connect({ host: ip, port, family });
  const error = await first(socket, 'connect', deadlineMs);
  if (error === null) return { socket, connectMs: tenth(performance.now() - began) };
  socket.destroy();
  return { error };
}

/** The client's opening: version byte, then a time of 0, four zero bytes (the plain handshake) and random bytes. */
export function c0c1(): Buffer {
  return Buffer.concat([Buffer.from([RTMP_VERSION]), Buffer.alloc(8), randomBytes(C1_BYTES - 8)]);
}

/** @returns null when `event` came, else how it failed */
function first(socket: Socket, event: 'connect' | 'data', deadlineMs: number): Promise<ProbeError | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), deadlineMs);
    const end = (outcome: ProbeError | null): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    socket.once(event, () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED' ? 'refused' : 'closed'));
    socket.once('close', () => end('closed'));
  });
}

/** ms to one decimal */
export function tenth(ms: number): number {
  return Math.round(ms * 10) / 10;
}
