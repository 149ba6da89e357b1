import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { checkedAddress } from '../net/address.ts';
import { hostOf } from './places.ts';
import { KeyframeReader, type VideoBeat } from './test-stream-keyframes.ts';

const DIAL_MS = 5000;

export interface Tap {
  /** of this computer: what is sent there goes on to the ingest, and back */
  port: number;
  /** pictures in the order of their coming */
  beats: readonly VideoBeat[];
  close: () => Promise<void>;
}

/**
 * A line between an OBS on this computer and its ingest that is read along: no server tells the distance of keyframes,
 * and OBS keeps its own setting to itself. One publisher at a time; nothing is kept but its beats.
 *
 * @param ingest rtmp(s) with host and port
 * @throws RefusedAddress, or the resolver's error
 */
export async function openTap(ingest: URL, ownPorts: readonly number[]): Promise<Tap> {
  const { ip, port } = await checkedAddress(ingest, ownPorts);
  const beats: VideoBeat[] = [];
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((publisher) => {
    keep(publisher);
    const way =
      ingest.protocol === 'rtmps:'
        ? connectTls({ host: ip, port, servername: hostOf(ingest), timeout: DIAL_MS })
        : connect({ host: ip, port, timeout: DIAL_MS });
    keep(way);
    way.once('connect', () => way.setTimeout(0));
    const end = (): void => {
      publisher.destroy();
      way.destroy();
    };
    way.once('timeout', end);
    for (const socket of [publisher, way]) socket.once('error', end).once('close', end);
    const reader = new KeyframeReader((beat) => void beats.push(beat));
    publisher.on('data', (bytes: Buffer) => reader.read(bytes));
    publisher.pipe(way);
    way.pipe(publisher);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    beats,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
