import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asText } from '../../domain/health/sample.ts';
import { isStreaming } from '../net/obs-service.ts';
import { type Ground, sharedOnce } from './check.ts';
import { inTurn } from './obs-turns.ts';
import { backupIngest } from './places.ts';
import { keyframeInterval } from './test-stream-keyframes.ts';
import {
  type FrameCount,
  StepFailed,
  frameCount,
  holds,
  lostPct,
  recordStatus,
  startStream,
} from './test-stream-obs.ts';
import { type TestPlan, behind, testKey, testPlan, whyNotTo } from './test-stream-plan.ts';
import { ServiceNotBack, type SetService, stopStream, withTestService } from './test-stream-service.ts';
import { type Tap, openTap } from './test-stream-tap.ts';

/** What of the test stream somebody is waiting for; what nobody wants is left out. */
export type Want = 'keyframes' | 'lag' | 'recording' | 'switch';

/** A stage that could not be: skipped for a reason, or failed at a step. */
export type Missed = { skipped: string } | { failed: string; step: string };

export interface EncoderLook {
  /** null: nobody could read along, or nothing was understood */
  keyframes: ReturnType<typeof keyframeInterval>;
  lag: ReturnType<typeof lostPct>;
  forMs: number;
}

export interface SecondStart {
  /** from the Stop on the first ingest to bytes on the second, ms; null: the stream was only started again */
  switchMs: number | null;
  recording: { grew: boolean; file: string | null } | { skipped: string };
}

export interface TestStream {
  encoder: Promise<EncoderLook | Missed>;
  again: Promise<SecondStart | Missed>;
}

/** So long others may still say what they want, and the slate goes first. */
const GATHER_MS = 60;
const LOOK_AT_LEAST_MS = 6000;
const LOOK_AT_MOST_MS = 9000;
/** Frames that are lost while an encoder starts are no sign of anything. */
const SETTLE_MS = 1000;
const BYTES_WITHIN_MS = 13_000;
const RECORD_WITHIN_MS = 5000;

/**
 * One test stream for all checks that need one (STR-74): OBS sends for some seconds under a name of ours, stops, starts
 * again at the backup, and has back what it had. Never while it streams, and never while the show is open.
 */
export function testStream(ground: Ground, want: Want): Promise<TestStream> {
  const wants = wantsOf.get(ground) ?? new Set<Want>();
  wantsOf.set(ground, wants.add(want));
  return shared(ground);
}

const wantsOf = new WeakMap<Ground, Set<Want>>();

const shared = sharedOnce((ground: Ground) => {
  const run = new TestRun(ground, wantsOf.get(ground) ?? new Set());
  return Promise.resolve({ encoder: run.encoder, again: run.again });
});

class TestRun {
  readonly encoder: Promise<EncoderLook | Missed>;
  readonly again: Promise<SecondStart | Missed>;
  readonly #ground: Ground;
  readonly #wants: ReadonlySet<Want>;
  #tellEncoder: (look: EncoderLook | Missed) => void = () => undefined;
  #tellAgain: (look: SecondStart | Missed) => void = () => undefined;
  #file: string | null = null;
  #isRecording = false;

  constructor(ground: Ground, wants: ReadonlySet<Want>) {
    this.#ground = ground;
    this.#wants = wants;
    this.encoder = new Promise((resolve) => (this.#tellEncoder = resolve));
    this.again = new Promise((resolve) => (this.#tellAgain = resolve));
    void this.#run();
  }

  async #run(): Promise<void> {
    try {
      await sleep(GATHER_MS);
      await inTurn(this.#ground, () => this.#make());
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      this.#ground.log({ level: 'warn', kind: 'test-stream', error: name });
      if (error instanceof StepFailed) this.#missed({ failed: error.message, step: error.step });
      else if (error instanceof ServiceNotBack)
        this.#missed({ failed: 'set the ingest in OBS by hand', step: 'Set OBS back to its ingest' });
      else this.#missed({ failed: 'OBS did not do as it was told', step: 'The test stream' });
    }
  }

  /** For whoever still waits; what was told before stays. */
  #missed(why: Missed): void {
    this.#tellEncoder(why);
    this.#tellAgain(why);
  }

  async #make(): Promise<void> {
    const ground = this.#ground;
    const no = await whyNotAtAll(ground);
    if (no !== null) return this.#missed({ skipped: no });
    const plan = await testPlan(ground);
    if (typeof plan !== 'string') return await this.#stream(plan);
    this.#tellAgain({ skipped: plan });
    if (!this.#wants.has('lag')) return this.#missed({ skipped: plan });
    // A recording alone drives the encoder too, and asks nobody outside.
    const look = await this.#recorded(async () =>
      this.#isRecording ? await this.#look(null, LOOK_AT_LEAST_MS) : { skipped: plan },
    );
    this.#tellEncoder(look);
  }

  /** What was found is told when OBS has back what it had; the encoder's part sooner if the rest still takes a while. */
  async #stream(plan: TestPlan): Promise<void> {
    const { obs, ownPorts } = this.#ground;
    const tap = plan.canTap && this.#wants.has('keyframes') ? await openTap(plan.place.url, ownPorts) : null;
    try {
      const tell = await withTestService(this.#ground, async (set) => {
        try {
          return await this.#send(plan, tap, set);
        } catch (error) {
          if (!(error instanceof StepFailed)) throw error;
          return (): void => this.#missed({ failed: error.message, step: error.step });
        } finally {
          await stopStream(obs);
        }
      });
      tell();
    } finally {
      await tap?.close();
    }
  }

  /** @returns what is to be told at the end */
  async #send(plan: TestPlan, tap: Tap | null, set: SetService): Promise<() => void> {
    const first = tap === null ? plan.server : behind(plan.server, `rtmp://127.0.0.1:${tap.port}`);
    await set(first, plan.key);
    await startStream(this.#ground, 'Start the test stream', BYTES_WITHIN_MS);
    // After the stream: an encoder that both share gives its first keyframe to whoever comes first.
    return await (this.#wants.has('recording') ? this.#recorded : this.#plain)(async () => {
      const look = await this.#look(tap, LOOK_AT_MOST_MS);
      if (!this.#wants.has('recording') && !this.#wants.has('switch')) return () => this.#tellEncoder(look);
      this.#tellEncoder(look);
      const start = await this.#startAgain(set, first, plan.key);
      return () => this.#tellAgain(start);
    });
  }

  async #look(tap: Tap | null, mostMs: number): Promise<EncoderLook> {
    const ground = this.#ground;
    const began = performance.now();
    await sleep(SETTLE_MS);
    const from: FrameCount = await frameCount(ground);
    const seen = (): number => performance.now() - began;
    while (seen() < mostMs) {
      ground.signal.throwIfAborted();
      const keys = tap?.beats.filter(({ isKeyframe }) => isKeyframe).length ?? Infinity;
      if (seen() >= LOOK_AT_LEAST_MS && keys >= 3) break;
      await sleep(200);
    }
    const lag = lostPct(from, await frameCount(ground));
    return { keyframes: tap === null ? null : keyframeInterval(tap.beats), lag, forMs: seen() };
  }

  /** Stop, set the backup where there is one, start: and all the while the recording must grow. */
  async #startAgain(set: SetService, server: string, key: string): Promise<SecondStart> {
    const ground = this.#ground;
    const backup = this.#wants.has('switch') ? await this.#backup() : null;
    if (this.#isRecording)
      await holds(
        ground,
        'Write the test recording',
        RECORD_WITHIN_MS,
        async () => (await recordStatus(ground)).bytes > 0,
      );
    const began = performance.now();
    await stopStream(ground.obs);
    await set(backup ?? server, backup === null ? key : testKey(ground));
    await startStream(
      ground,
      backup === null ? 'Start the stream again' : 'Start the stream at the backup',
      BYTES_WITHIN_MS,
    );
    const switchMs = backup === null ? null : performance.now() - began;
    return { switchMs, recording: await this.#recordingGrows() };
  }

  async #backup(): Promise<string | null> {
    const place = backupIngest(this.#ground.stream);
    if (place === null || (await whyNotTo(this.#ground, place)) !== null) return null;
    // Where the plan's address names the place of the key, the server is what stands before it.
    return this.#ground.stream.backupIngest?.replace(/\/(\{key\}|%7bkey%7d).*$/i, '') ?? null;
  }

  async #recordingGrows(): Promise<SecondStart['recording']> {
    if (!this.#isRecording) return { skipped: 'A recording was running already, and is not played with.' };
    const ground = this.#ground;
    const { bytes } = await recordStatus(ground);
    try {
      await holds(ground, 'Go on with the recording', RECORD_WITHIN_MS, async () => {
        const now = await recordStatus(ground);
        return now.active && now.bytes > bytes;
      });
      return { grew: true, file: this.#file };
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      return { grew: false, file: this.#file };
    }
  }

  readonly #plain = <T>(work: () => Promise<T>): Promise<T> => work();

  /** With a test recording meanwhile, unless one runs already. Its file stays. */
  readonly #recorded = async <T>(work: () => Promise<T>): Promise<T> => {
    const ground = this.#ground;
    if ((await recordStatus(ground)).active) return await work();
    const stop = ground.listen(({ source, data }) => {
      const path = source === 'obs-event' ? recordPath(data) : null;
      if (path !== null) this.#file = basename(path.replaceAll('\\', '/'));
    });
    try {
      await ground.obs.call('StartRecord', undefined, 1500);
      await holds(
        ground,
        'Start the test recording',
        RECORD_WITHIN_MS,
        async () => (await recordStatus(ground)).active,
      );
      this.#isRecording = true;
      return await work();
    } finally {
      if ((await recordStatus(ground)).active) await ground.obs.call('StopRecord', undefined, 5000);
      stop();
    }
  };
}

function recordPath(data: unknown): string | null {
  const eventData = typeof data === 'object' && data !== null && 'eventData' in data ? data.eventData : null;
  const path =
    typeof eventData === 'object' && eventData !== null && 'outputPath' in eventData ? eventData.outputPath : null;
  return asText(path);
}

async function whyNotAtAll(ground: Ground): Promise<string | null> {
  if (ground.isLive || (await isStreaming(ground.obs))) return 'OBS is streaming; nothing is tried meanwhile.';
  if (ground.show.phase === 'live') return 'The show is open; nothing is tried meanwhile.';
  return null;
}
