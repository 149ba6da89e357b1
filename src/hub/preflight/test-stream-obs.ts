import { setTimeout as sleep } from 'node:timers/promises';
import { asFlag, asNumber, asRecord, asText, type HealthSample, type Raw } from '../../domain/health/sample.ts';
import type { Ground } from './check.ts';

const ASK_MS = 1500;
const LOOK_AGAIN_MS = 100;

/** What OBS did not do in time, by the name of the step. */
export class StepFailed extends Error {
  readonly step: string;
  constructor(step: string, why: string) {
    super(why);
    this.step = step;
  }
}

/** Asks until it holds. @throws StepFailed past the deadline, the signal's reason when the run ends */
export async function holds(
  { signal }: Ground,
  step: string,
  deadlineMs: number,
  look: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await look())) {
    signal.throwIfAborted();
    if (performance.now() > end) throw new StepFailed(step, `it took more than ${Math.round(deadlineMs / 1000)} s`);
    await sleep(LOOK_AGAIN_MS);
  }
}

/** StartStream until bytes go out. @throws StepFailed */
export async function startStream(ground: Ground, step: string, bytesWithinMs: number): Promise<void> {
  const { obs } = ground;
  let gaveUp = false;
  const stop = ground.listen((sample) => (gaveUp ||= isStreamStopped(sample)));
  try {
    await obs.call('StartStream', undefined, ASK_MS);
    await holds(ground, step, bytesWithinMs, async () => {
      // OBS tells no reason: server not there, or the name is not taken.
      if (gaveUp) throw new StepFailed(step, 'OBS gave up at once');
      const status = await obs.call('GetStreamStatus', undefined, ASK_MS);
      const isFlowing = asFlag(status['outputReconnecting']) !== true && (asNumber(status['outputBytes']) ?? 0) > 0;
      return asFlag(status['outputActive']) === true && isFlowing;
    });
  } finally {
    stop();
  }
}

function isStreamStopped({ source, data }: HealthSample): boolean {
  const event = source === 'obs-event' ? asRecord(data) : null;
  return (
    asText(event?.['eventType']) === 'StreamStateChanged' &&
    asText(asRecord(event?.['eventData'])?.['outputState']) === 'OBS_WEBSOCKET_OUTPUT_STOPPED'
  );
}

export interface RecordStatus {
  active: boolean;
  bytes: number;
}

export async function recordStatus({ obs }: Ground): Promise<RecordStatus> {
  const status = await obs.call('GetRecordStatus', undefined, ASK_MS);
  const paused = asFlag(status['outputPaused']) === true;
  return { active: asFlag(status['outputActive']) === true || paused, bytes: asNumber(status['outputBytes']) ?? 0 };
}

/** Frames that the encoder and the renderer have lost, of how many. */
export interface FrameCount {
  encoded: number;
  encoderLost: number;
  rendered: number;
  renderLost: number;
}

export async function frameCount({ obs }: Ground): Promise<FrameCount> {
  const stats = await obs.call('GetStats', undefined, ASK_MS);
  const read = (name: string, from: Raw = stats): number => asNumber(from[name]) ?? 0;
  return {
    encoded: read('outputTotalFrames'),
    encoderLost: read('outputSkippedFrames'),
    rendered: read('renderTotalFrames'),
    renderLost: read('renderSkippedFrames'),
  };
}

/** @returns percent lost between two counts; null: no frame was made. A count that fell began anew. */
export function lostPct(from: FrameCount, to: FrameCount): { encoder: number | null; render: number | null } {
  const share = (lost: 'encoderLost' | 'renderLost', total: 'encoded' | 'rendered'): number | null => {
    const base = to[total] < from[total] ? 0 : from[total];
    const lostBase = to[total] < from[total] ? 0 : from[lost];
    const frames = to[total] - base;
    return frames <= 0 ? null : Math.max(0, (100 * (to[lost] - lostBase)) / frames);
  };
  return { encoder: share('encoderLost', 'encoded'), render: share('renderLost', 'rendered') };
}
