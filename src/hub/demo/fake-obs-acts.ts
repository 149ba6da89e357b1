import { type ObsModel, isDead } from './fake-obs-model.ts';

/** OBS's no: a code of obs-websocket's RequestStatus and its sentence. */
export interface Refusal {
  code: number;
  comment: string;
}
/** A request that was carried out; its answer's data if it has any. */
export type Outcome = { refusal: Refusal } | { data?: Record<string, unknown> };
export type Emit = (eventType: string, eventData: Record<string, unknown>) => void;

const RUNNING = 500;
const NOT_RUNNING = 501;
export const NOT_FOUND = 600;

/**
 * What OBS does when it is told to: the requests that change something, with their events at the pace of a real one
 * (measured with OBS 29: a request is answered at once, what follows from it is told by events).
 */
export class ObsActs {
  readonly #model: ObsModel;
  readonly #emit: Emit;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** STARTING or STOPPING: neither a start nor a stop is taken */
  #isTurning = false;

  constructor(model: ObsModel, emit: Emit) {
    this.#model = model;
    this.#emit = emit;
  }

  /** @returns null for a request that changes nothing, or that nobody knows */
  act(request: string, data: Record<string, unknown>): Outcome | null {
    switch (request) {
      case 'StartStream':
        return this.#startStream();
      case 'StopStream':
        return this.#stopStream();
      case 'SetStreamServiceSettings':
        return this.#setService(data);
      case 'StartRecord':
        return this.#startRecord();
      case 'StopRecord':
        return this.#stopRecord();
      case 'SetCurrentProgramScene':
        return this.#setScene(data['sceneName']);
      case 'SetInputMute':
        return this.#setMute(data);
      default:
        return null;
    }
  }

  /** The ingest hangs up: OBS reconnects until the server answers again or somebody stops it. */
  hangUp(): void {
    if (!this.#model.figures().streaming || this.#model.figures().reconnecting) return;
    this.#model.set({ reconnecting: true });
    this.#stream('RECONNECTING', false);
    this.#retry();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #retry(): void {
    this.#after(this.#model.figures().retryMs, () => {
      if (!this.#model.figures().reconnecting) return;
      if (isDead(this.#model.figures())) return this.#retry();
      this.#model.set({ reconnecting: false });
      this.#model.connectedAnew();
      this.#stream('RECONNECTED', true);
    });
  }

  #startStream(): Outcome {
    if (this.#model.figures().streaming || this.#isTurning) return refused(RUNNING, 'The output is already active.');
    this.#isTurning = true;
    this.#stream('STARTING', false);
    this.#after(this.#model.figures().startMs, () => {
      this.#isTurning = false;
      // OBS tells no reason over this wire.
      if (isDead(this.#model.figures())) return this.#stream('STOPPED', false);
      this.#model.set({ streaming: true, reconnecting: false });
      this.#stream('STARTED', true);
    });
    return {};
  }

  #stopStream(): Outcome {
    const { streaming, reconnecting, stopMs } = this.#model.figures();
    if (!streaming || this.#isTurning) return refused(NOT_RUNNING, 'The output is not active.');
    this.#isTurning = true;
    this.#stream('STOPPING', false);
    // While it waits for its next attempt nothing is left to be sent.
    this.#after(reconnecting ? 0 : stopMs, () => {
      this.#isTurning = false;
      this.#model.set({ streaming: false, reconnecting: false });
      this.#stream('STOPPED', false);
      const { recordEndsWithStream, recording } = this.#model.figures();
      if (recordEndsWithStream && recording) this.#stopRecord();
    });
    return {};
  }

  #setService(data: Record<string, unknown>): Outcome {
    if (this.#model.figures().streaming || this.#isTurning)
      return refused(RUNNING, 'You cannot change stream service settings while streaming.');
    const { service } = this.#model.figures();
    const [type, settings] = [data['streamServiceType'], data['streamServiceSettings']];
    if (typeof type !== 'string' || typeof settings !== 'object' || settings === null)
      return refused(300, 'Your request is missing the `streamServiceSettings` field.');
    // Of the same type: what is not named stays as it was.
    const kept = type === service.type ? service.settings : {};
    this.#model.set({ service: { type, settings: { ...kept, ...settings } } });
    return {};
  }

  #startRecord(): Outcome {
    const { recording, recordFails, recordFile } = this.#model.figures();
    if (recording) return refused(RUNNING, 'The output is already active.');
    this.#record('STARTING', false, null);
    if (recordFails) this.#record('STOPPED', false, null);
    else {
      this.#model.set({ recording: true });
      this.#record('STARTED', true, recordFile);
    }
    return {};
  }

  #stopRecord(): Outcome {
    const { recording, recordFile } = this.#model.figures();
    if (!recording) return refused(NOT_RUNNING, 'The output is not active.');
    this.#record('STOPPING', false, null);
    this.#model.set({ recording: false, recordPaused: false });
    this.#record('STOPPED', false, recordFile);
    return { data: { outputPath: recordFile } };
  }

  #setScene(sceneName: unknown): Outcome {
    const { scenes, scene, transition } = this.#model.figures();
    if (typeof sceneName !== 'string' || !scenes.includes(sceneName))
      return refused(NOT_FOUND, `No source was found by the name of \`${String(sceneName)}\`.`);
    if (sceneName === scene) return {};
    this.#model.set({ scene: sceneName });
    this.#after(transition.durationMs ?? 0, () =>
      this.#emit('CurrentProgramSceneChanged', { sceneName, sceneUuid: sceneName }),
    );
    return {};
  }

  #setMute({ inputName, inputMuted }: Record<string, unknown>): Outcome {
    const { inputs } = this.#model.figures();
    if (!inputs.some(({ name }) => name === inputName) || typeof inputMuted !== 'boolean')
      return refused(NOT_FOUND, `No source was found by the name of \`${String(inputName)}\`.`);
    this.#model.set({
      inputs: inputs.map((input) => (input.name === inputName ? { ...input, muted: inputMuted } : input)),
    });
    this.#emit('InputMuteStateChanged', { inputName, inputUuid: inputName, inputMuted });
    return {};
  }

  #stream(state: string, outputActive: boolean): void {
    this.#emit('StreamStateChanged', { outputActive, outputState: `OBS_WEBSOCKET_OUTPUT_${state}` });
  }

  #record(state: string, outputActive: boolean, outputPath: string | null): void {
    this.#emit('RecordStateChanged', { outputActive, outputState: `OBS_WEBSOCKET_OUTPUT_${state}`, outputPath });
  }

  #after(ms: number, work: () => void): void {
    if (ms <= 0) return work();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}

function refused(code: number, comment: string): Outcome {
  return { refusal: { code, comment } };
}
