import { answerOf } from './fake-obs-answers.ts';
import { type Counters, HEALTHY_OBS, type ObsFigures } from './fake-obs-figures.ts';

const NO_STREAM = { streamMs: 0, streamBytes: 0, streamFrames: 0, streamLost: 0 };
const NO_RECORDING = { recordMs: 0, recordBytes: 0 };

export interface ObsModel {
  figures(): Readonly<ObsFigures>;
  set(change: Partial<ObsFigures>): void;
  /** a fresh connection to the ingest: its bytes are counted from nothing, and wait for a keyframe */
  connectedAnew(): void;
  /** @returns the answer's data, or null for a question that a reader of ours never asks */
  answer(request: string, data: Record<string, unknown>): Record<string, unknown> | null;
}

/** @param readMs a clock in milliseconds that only goes forward */
export function obsModel(readMs: () => number, start: Partial<ObsFigures> = {}): ObsModel {
  let figures: ObsFigures = { ...HEALTHY_OBS, ...start };
  const counters: Counters = {
    ...NO_STREAM,
    ...NO_RECORDING,
    rendered: 0,
    renderLost: 0,
    encoded: 0,
    encoderLost: 0,
  };
  let countedTo = readMs();
  let flowsFrom = countedTo;

  function count(): void {
    const now = readMs();
    grow(counters, figures, now - countedTo);
    if (isFlowing(figures)) growStream(counters, figures, Math.max(0, now - Math.max(countedTo, flowsFrom)));
    countedTo = now;
  }
  function connectedAnew(): void {
    count();
    Object.assign(counters, NO_STREAM);
    flowsFrom = readMs() + figures.firstByteMs;
  }

  return {
    figures: () => figures,
    set(change) {
      count();
      // A new stream or recording counts from nothing, as OBS does.
      if (change.streaming === true && !figures.streaming) connectedAnew();
      if (change.recording === true && !figures.recording) Object.assign(counters, NO_RECORDING);
      figures = { ...figures, ...change };
    },
    connectedAnew,
    answer(request, data) {
      count();
      return answerOf(request, { figures, counters, data, readMs });
    },
  };
}

/** Nobody answers at the server that is set. */
export function isDead({ service, deadServers }: ObsFigures): boolean {
  const server = String(service.settings['server']);
  return deadServers.some((dead) => server.startsWith(dead));
}

function isFlowing(figures: ObsFigures): boolean {
  return figures.streaming && !figures.reconnecting && !isDead(figures);
}

function growStream(counters: Counters, figures: ObsFigures, ms: number): void {
  const frames = (figures.fps * ms) / 1000;
  counters.streamMs += ms;
  counters.streamBytes += (figures.bitrateKbps * ms) / 8;
  counters.streamFrames += frames;
  counters.streamLost += (frames * figures.droppedPct) / 100;
}

function grow(counters: Counters, figures: ObsFigures, ms: number): void {
  const frames = (figures.fps * ms) / 1000;
  counters.rendered += frames;
  counters.renderLost += (frames * figures.renderLagPct) / 100;
  if (figures.streaming || figures.recording) {
    counters.encoded += frames;
    counters.encoderLost += (frames * figures.encoderLagPct) / 100;
  }
  if (figures.recording && !figures.recordPaused) {
    counters.recordMs += ms;
    counters.recordBytes += (figures.recordKbps * ms) / 8;
  }
}
