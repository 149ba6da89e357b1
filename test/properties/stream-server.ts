import type { StreamDice } from './stream-dice.ts';
import type { Rig } from './stream-rig.ts';

/** The streaming server: who publishes, what has come, and the playlist it cuts of it. */
export interface Server {
  process: 'up' | 'stopped' | 'down';
  pid: number;
  /** identity of the publisher's connection */
  id: number;
  listed: boolean;
  bytes: number;
  mediaMs: number;
  sinceMs: number;
  totalBytes: number;
  /** last moment at which anything came */
  heardMs: number;
  /** newest segment's number; when each of the last few was published */
  newest: number;
  published: { sequence: number; ms: number }[];
  discontinuities: number;
  /** media time at which the next segment is due */
  cutAtMs: number;
  /** the playlist's files are there */
  hasFiles: boolean;
  /** held back once: the next segment comes so much later */
  lateMs: number;
}

export function initialServer(dice: StreamDice): Server {
  const newest = dice.whole(20, 500);
  return {
    process: 'up',
    pid: dice.whole(300, 30_000),
    id: 1,
    listed: true,
    bytes: 0,
    mediaMs: 0,
    sinceMs: 0,
    totalBytes: dice.whole(0, 1e6),
    heardMs: 0,
    newest,
    published: [{ sequence: newest, ms: -1e6 }],
    discontinuities: 0,
    cutAtMs: 0,
    hasFiles: true,
    lateMs: 0,
  };
}

/** A new publisher: counters from nothing, and the playlist goes on with a break in it. */
export function welcome(server: Server, ms: number): void {
  server.id += 1;
  server.listed = true;
  server.bytes = 0;
  server.mediaMs = 0;
  server.sinceMs = ms;
  server.heardMs = ms;
  server.cutAtMs = 0;
  server.discontinuities += 1;
}

export function dropPublisher(server: Server): void {
  server.listed = false;
  server.mediaMs = 0;
}

/** Cuts segments of what has come. @param packages false: the packager hangs while media arrives */
export function cut(server: Server, rig: Rig, ms: number, packages: boolean): void {
  if (!server.listed) return;
  if (server.cutAtMs === 0) server.cutAtMs = server.mediaMs + rig.targetMs;
  if (server.mediaMs < server.cutAtMs + server.lateMs) return;
  server.cutAtMs += rig.targetMs * Math.max(1, Math.floor((server.mediaMs - server.cutAtMs) / rig.targetMs));
  server.lateMs = 0;
  if (!packages) return;
  server.hasFiles = true;
  server.newest += 1;
  server.published.push({ sequence: server.newest, ms });
  if (server.published.length > 20) server.published.shift();
}
