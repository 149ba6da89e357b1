import { asFlag, asNumber, asText, type Raw } from '../../domain/health/sample.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import type { Duration } from '../../domain/units.ts';
import type { IngestLabel } from '../../domain/words.ts';
import type { ObsDoor, ReadSecret } from '../doors.ts';
import { NOT_RUNNING, ObsRefused, RUNNING } from '../net/obs-errors.ts';
import { isStreaming, readKeptJson, readService, type Service, serviceOf } from '../net/obs-service.ts';
import type { IngestSwitch } from './ingest-switch.ts';
import { Cancelled, carryOut, type Outcome, type Run, type Step, StepFailed } from './steps.ts';

/** STR-83 */
const STOPPED_WITHIN_MS = 20_000;
const SET_WITHIN_MS = 5_000;
const STARTED_WITHIN_MS = 10_000;
const BYTES_WITHIN_GOP_PLUS_MS = 5_000;
/** of one question to OBS */
const ASK_MS = 1_500;
const TELL_MS = 3_000;

const PRIMARY_SERVICE = 'stream.primary.service';

export interface DirectDoors {
  obs: ObsDoor;
  plan: () => StreamPlan | null;
  readSecret: ReadSecret;
  saveSecret: (name: string, value: string) => void;
  /** keyframe interval of the stream, as far as it is known */
  keyframeMs: () => Duration;
}

/**
 * Tier B: OBS sends straight to the platform, so it is stopped, set to another server, and started again (STR-83).
 * What OBS had before is kept among the secrets, so that a person may go back, also after a restart of the hub.
 */
export class DirectSwitch implements IngestSwitch {
  readonly tier = 'direct';
  readonly #doors: DirectDoors;
  #current: IngestLabel | null = null;

  constructor(doors: DirectDoors) {
    this.#doors = doors;
  }

  ready(to: IngestLabel): string | null {
    if (to === 'backup') {
      return this.#doors.plan()?.backupIngest
        ? null
        : 'The plan names no backup ingest. Add one, or ask the platform to switch.';
    }
    return this.#current === 'primary' || this.#primary() !== null
      ? null
      : 'Nobody has kept what OBS was set to before. Set the primary ingest in OBS.';
  }

  current(): IngestLabel | null {
    return this.#current;
  }

  async look(): Promise<IngestLabel> {
    const service = await readService(this.#doors.obs);
    this.#current = this.#labelOf(service);
    return this.#current;
  }

  async to(label: IngestLabel, run: Run): Promise<Outcome> {
    return await this.#attempt(run, async () => {
      run.step('Read what OBS is set to');
      const before = await readInTime(() => readService(this.#doors.obs), run, 'Read what OBS is set to');
      const wanted = label === 'backup' ? this.#backup(before) : this.#primary();
      if (wanted === null) throw new StepFailed('Read what OBS is set to', 'There is no such ingest.');
      if (this.#labelOf(before) === 'primary') this.#keep(before);
      const wasOn = await this.#stop(run);
      await this.#set(wanted, run);
      this.#current = label;
      // Off the air on purpose: it is only set, for the next start.
      if (wasOn || run.isMeantOn()) await this.#start(run);
    });
  }

  async retry(run: Run): Promise<Outcome> {
    return await this.#attempt(run, async () => {
      await this.#stop(run);
      await this.#start(run);
    });
  }

  async #attempt(run: Run, work: () => Promise<void>): Promise<Outcome> {
    const isMeantOn = run.isMeantOn();
    try {
      await work();
      return { outcome: 'done' };
    } catch (error) {
      const offAir = isMeantOn && !(await isStreaming(this.#doors.obs).catch(() => false));
      if (error instanceof Cancelled) return { outcome: 'cancelled', why: error.message, offAir };
      if (error instanceof StepFailed) return { outcome: 'failed', step: error.step, why: error.message, offAir };
      throw error;
    }
  }

  /** @returns true when there was a stream to stop */
  async #stop(run: Run): Promise<boolean> {
    const name = 'Stop the stream in OBS';
    run.step(name);
    if (!(await readInTime(() => isStreaming(this.#doors.obs), run, name))) return false;
    if (run.ingestGrows()) throw new Cancelled('The stream came back by itself.');
    const cancelled = run.cancelledWhy();
    if (cancelled !== null) throw new Cancelled(cancelled);
    await carryOut(
      {
        name,
        deadlineMs: STOPPED_WITHIN_MS,
        // Half stopped is no state to leave OBS in: a Cancel ends the action after this step.
        isCancellable: false,
        tell: async () => {
          run.expect('stop');
          await this.#tell('StopStream', undefined, NOT_RUNNING);
        },
        isDone: async () => !(await isStreaming(this.#doors.obs)),
      },
      run,
    );
    return true;
  }

  async #set(wanted: Service, run: Run): Promise<void> {
    const step: Step = {
      name: 'Set the other ingest in OBS',
      deadlineMs: SET_WITHIN_MS,
      isCancellable: true,
      tell: async () =>
        await this.#tell('SetStreamServiceSettings', {
          streamServiceType: wanted.type,
          streamServiceSettings: wanted.settings,
        }),
      isDone: async () => isSame(await readService(this.#doors.obs), wanted),
    };
    run.step(step.name);
    await carryOut(step, run);
  }

  async #start(run: Run): Promise<void> {
    const start: Step = {
      name: 'Start the stream in OBS',
      deadlineMs: STARTED_WITHIN_MS,
      isCancellable: true,
      tell: async () => {
        run.expect('start');
        await this.#tell('StartStream', undefined, RUNNING);
      },
      isDone: async () => await isStreaming(this.#doors.obs),
    };
    run.step(start.name);
    await carryOut(start, run);
    const flow: Step = {
      name: 'Wait for the first bytes',
      deadlineMs: this.#doors.keyframeMs() + BYTES_WITHIN_GOP_PLUS_MS,
      isCancellable: true,
      tell: () => Promise.resolve(),
      isDone: async () => await this.#flows(),
    };
    run.step(flow.name);
    await carryOut(flow, run);
  }

  async #flows(): Promise<boolean> {
    const status = await this.#doors.obs.call('GetStreamStatus', undefined, ASK_MS);
    const reconnecting = asFlag(status['outputReconnecting']) ?? false;
    return (
      !reconnecting && (asNumber(status['outputBytes']) ?? 0) > 0 && (asNumber(status['outputTotalFrames']) ?? 0) > 0
    );
  }

  /** @param already OBS's code for "it is so already", which is no refusal to us */
  async #tell(request: string, body?: Raw, already?: number): Promise<void> {
    try {
      await this.#doors.obs.call(request, body, TELL_MS);
    } catch (error) {
      if (!(error instanceof ObsRefused) || error.code !== already) throw error;
    }
  }

  #labelOf({ settings }: Service): IngestLabel {
    const backup = this.#doors.plan()?.backupIngest ?? null;
    return backup !== null && plain(asText(settings['server'])) === plain(backup) ? 'backup' : 'primary';
  }

  #backup(before: Service): Service | null {
    const server = this.#doors.plan()?.backupIngest ?? null;
    if (server === null) return null;
    const key = this.#doors.readSecret('stream.backup.key') ?? asText(before.settings['key']) ?? '';
    return { type: 'rtmp_custom', settings: { server, key } };
  }

  /** What OBS had before; else what the plan says, with the key that the desk was given. */
  #primary(): Service | null {
    const kept = serviceOf(readKeptJson(this.#doors.readSecret(PRIMARY_SERVICE)));
    if (kept !== null) return kept;
    const server = this.#doors.plan()?.primaryIngest ?? null;
    const key = this.#doors.readSecret('stream.primary.key');
    return server === null || key === null ? null : { type: 'rtmp_custom', settings: { server, key } };
  }

  #keep(service: Service): void {
    const text = JSON.stringify(service);
    if (this.#doors.readSecret(PRIMARY_SERVICE) !== text) this.#doors.saveSecret(PRIMARY_SERVICE, text);
  }
}

/** A reading without which the action cannot go on; waits for a lost connection like any step. */
async function readInTime<T>(read: () => Promise<T>, run: Run, name: string): Promise<T> {
  const found: T[] = [];
  await carryOut(
    {
      name,
      deadlineMs: SET_WITHIN_MS,
      isCancellable: true,
      tell: () => Promise.resolve(),
      isDone: async () => found.push(await read()) > 0,
    },
    run,
  );
  return found[0] as T;
}

/** Server and key byte for byte (STR-81); OBS adds fields of its own. */
function isSame(a: Service, b: Service): boolean {
  return (
    a.type === b.type && ['server', 'key'].every((field) => asText(a.settings[field]) === asText(b.settings[field]))
  );
}

/** An address without the slash that people put at its end or not. */
function plain(server: string | null): string | null {
  return server?.replace(/\/+$/, '') ?? null;
}
