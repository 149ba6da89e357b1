import { asFlag, asRecord, asText } from '../../domain/health/sample.ts';
import type { Duration } from '../../domain/units.ts';
import type { ObsDoor } from '../doors.ts';
import { NoAnswer, ObsRefused, RUNNING } from '../net/obs-errors.ts';
import { isStreaming } from '../net/obs-service.ts';
import { Cancelled, carryOut, type Outcome, type Run, StepFailed } from './steps.ts';

const ASK_MS = 1_500;
const SCENE_WITHIN_MS = 3_000;
/** STR-86 */
const RECORDING_WITHIN_MS = 3_000;

export interface Scenes {
  /** byte for byte (STR-80) */
  names: string[];
  program: string | null;
}

/** What failover does in OBS beside the stream itself: scenes and the recording, each read back. */
export class ObsHands {
  readonly #obs: ObsDoor;

  constructor(obs: ObsDoor) {
    this.#obs = obs;
  }

  /** @throws NoAnswer */
  async scenes(): Promise<Scenes> {
    const answer = await this.#obs.call('GetSceneList', undefined, ASK_MS);
    const scenes = Array.isArray(answer['scenes']) ? answer['scenes'] : [];
    const names = scenes
      .map((scene: unknown) => asText(asRecord(scene)?.['sceneName']))
      .filter((name) => name !== null);
    return { names, program: asText(answer['currentProgramSceneName']) };
  }

  /** @param from the program must still be this, else the operator was here first */
  async toScene(from: string | null, to: string, run: Run): Promise<Outcome> {
    const name = 'Change the scene in OBS';
    run.step(name);
    return await attempt(async () => {
      const { names, program } = await this.scenes().catch((error: unknown) => {
        throw error instanceof NoAnswer ? new StepFailed(name, 'OBS does not answer.') : error;
      });
      if (!names.includes(to)) throw new StepFailed(name, 'OBS has no scene of that name.');
      if (program !== to && program !== from) throw new Cancelled('The scene was changed in OBS.');
      await carryOut(
        {
          name,
          deadlineMs: SCENE_WITHIN_MS,
          isCancellable: false,
          tell: async () => void (await this.#obs.call('SetCurrentProgramScene', { sceneName: to }, ASK_MS)),
          isDone: async () => (await this.#program()) === to,
        },
        run,
      );
    });
  }

  async record(run: Run): Promise<Outcome> {
    const name = 'Start the recording in OBS';
    run.step(name);
    return await attempt(() =>
      carryOut(
        {
          name,
          deadlineMs: RECORDING_WITHIN_MS,
          isCancellable: false,
          tell: async () => await this.#startRecord(),
          isDone: async () => await this.isRecording(),
        },
        run,
      ),
    );
  }

  /** While paused OBS says that it is not active. @throws NoAnswer */
  async isRecording(): Promise<boolean> {
    const status = await this.#obs.call('GetRecordStatus', undefined, ASK_MS);
    return (asFlag(status['outputActive']) ?? false) || (asFlag(status['outputPaused']) ?? false);
  }

  /** @throws NoAnswer */
  isStreaming(): Promise<boolean> {
    return isStreaming(this.#obs);
  }

  /** A small picture of a scene that is not on the air; null: OBS cannot make one. Compared, never shown. */
  async picture(scene: string, deadlineMs: Duration): Promise<string | null> {
    try {
      const request = { sourceName: scene, imageFormat: 'png', imageWidth: 64, imageHeight: 36 };
      return asText((await this.#obs.call('GetSourceScreenshot', request, deadlineMs))['imageData']);
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof ObsRefused) return null;
      throw error;
    }
  }

  async #program(): Promise<string | null> {
    const answer = await this.#obs.call('GetCurrentProgramScene', undefined, ASK_MS);
    return asText(answer['currentProgramSceneName']) ?? asText(answer['sceneName']);
  }

  async #startRecord(): Promise<void> {
    try {
      await this.#obs.call('StartRecord', undefined, ASK_MS);
    } catch (error) {
      if (!(error instanceof ObsRefused) || error.code !== RUNNING) throw error;
    }
  }
}

async function attempt(work: () => Promise<void>): Promise<Outcome> {
  try {
    await work();
    return { outcome: 'done' };
  } catch (error) {
    if (error instanceof Cancelled) return { outcome: 'cancelled', why: error.message, offAir: false };
    if (error instanceof StepFailed) return { outcome: 'failed', step: error.step, why: error.message, offAir: false };
    throw error;
  }
}
