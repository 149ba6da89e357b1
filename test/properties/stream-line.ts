import type { StreamDice } from './stream-dice.ts';
import type { Rig } from './stream-rig.ts';

/** Media from the encoder through OBS's queue and the socket's buffer to the server: cumulative counts of one connection. */
export interface Line {
  /** media that the encoder has made for this connection, ms */
  mediaMs: number;
  frames: number;
  skipped: number;
  /** bytes that were not dropped before the queue */
  offered: number;
  /** handed to the kernel: OBS's outputBytes */
  handed: number;
  arrived: number;
  arrivedMediaMs: number;
  /** bytes offered when so much media had been made; those that have arrived are forgotten */
  marks: { bytes: number; mediaMs: number }[];
  /** media that waits in OBS itself, ms */
  queuedMs: number;
}

export function freshLine(): Line {
  return {
    mediaMs: 0,
    frames: 0,
    skipped: 0,
    offered: 0,
    handed: 0,
    arrived: 0,
    arrivedMediaMs: 0,
    marks: [],
    queuedMs: 0,
  };
}

/** A stream that has been on air for a while when the watch begins. */
export function runningLine(rig: Rig, dice: StreamDice): Line {
  const mediaMs = dice.between(60_000, 900_000);
  const bytes = (mediaMs * rig.kbps) / 8;
  return {
    ...freshLine(),
    mediaMs,
    frames: (mediaMs * rig.fps) / 1000,
    offered: bytes,
    handed: bytes,
    arrived: bytes,
    arrivedMediaMs: mediaMs,
  };
}

/** OBS lets go of frames that would be later than this (its default threshold). */
const DROPS_FROM_MS = 700;

export interface Push {
  dt: number;
  /** what the encoder makes now */
  kbps: number;
  fps: number;
  /** what the way carries; Infinity: all of it */
  upKbps: number;
  /** what the kernel takes ahead of the server */
  bufferBytes: number;
}

/** Lets `dt` ms of the stream go down the line. */
export function push(line: Line, { dt, kbps, fps, upKbps, bufferBytes }: Push): void {
  line.mediaMs += dt;
  line.frames += (fps * dt) / 1000;
  const backlog = line.offered - line.handed;
  line.queuedMs = backlog <= 0 ? 0 : (backlog * 8) / Math.max(1, kbps);
  if (line.queuedMs > DROPS_FROM_MS) {
    line.skipped += (fps * dt) / 1000;
  } else {
    line.offered += (kbps * dt) / 8;
    line.marks.push({ bytes: line.offered, mediaMs: line.mediaMs });
  }
  line.arrived = Math.min(line.handed, line.arrived + (upKbps * dt) / 8);
  line.handed = Math.max(line.handed, Math.min(line.offered, line.arrived + bufferBytes));
  if (upKbps === Infinity) line.arrived = line.handed;
  followMarks(line);
}

function followMarks(line: Line): void {
  const { marks } = line;
  let done = 0;
  for (; done < marks.length; done += 1) {
    const mark = marks[done];
    if (mark === undefined || mark.bytes > line.arrived) break;
    line.arrivedMediaMs = mark.mediaMs;
  }
  if (done > 0) marks.splice(0, done);
}

/** OBS's figure: how full its queue is, of 700 ms. */
export function congestionOf(line: Line): number {
  return Math.min(1, line.queuedMs / DROPS_FROM_MS);
}
