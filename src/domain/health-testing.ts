import { type Verdict, judge, observe } from './health.ts';
import type { HealthSample, ProbeError } from './health/sample.ts';
import { type Health, type HealthConfig, initialHealth } from './health/state.ts';

export const CONFIG: HealthConfig = {
  sources: null,
  fps: 30,
  keyframeSeconds: 2,
  targetDurationSeconds: 2,
  recordingExpected: false,
  retryDelaySeconds: null,
  stillScenes: ['Slate'],
  wallAheadMs: null,
};

/** A healthy world that a test breaks piece by piece: 6000 kbps, 30 fps, polls as the hub makes them. */
export class World {
  readonly health: Health;
  ms = 0;
  /** what OBS says of its stream; a test changes it */
  stream = { outputActive: true, outputReconnecting: false, outputCongestion: 0 };
  record = { outputActive: false, outputPaused: false };
  /** what the picture weighs */
  encoderKbps = 6000;
  /** what OBS can hand to its network; null: all of it */
  flowKbps: number | null = null;
  /** what the ingest gets; null: all of it, and nothing is late */
  arriveKbps: number | null = null;
  droppedShare = 0;
  renderLostShare = 0;
  fps = 30;
  freeDiskMb = 200_000;
  obsError: ProbeError | null = null;
  rtmpError: ProbeError | null = null;
  listed = true;
  pid = 7;
  playlistStatus = 200;
  /** segments by which the edge is behind the origin; null: there is no edge */
  edgeBehind: number | null = null;
  /** what the program scene looks like; null: nobody looks */
  picture: { hash: string; meanLuma: number } | null = null;
  /** loudest of each second, dBFS, by input */
  sound: Record<string, number | null> = {};
  /** MediaMTX's name of our connection, and what it says of SRT */
  connection: { id?: string; srt?: object; readers?: number } = {};
  packaging = true;
  /** by how much OBS's media clock has come to run ahead, with nothing late */
  clockStepMs = 0;
  #bytes = 1e6;
  #arrived = 1e6;
  #frames = 1000;
  #lost = 0;
  #renderLost = 0;
  #recorded = 0;
  #segment = 10;
  #mediaMs = 60_000;
  #arrivedMediaMs = 60_000;
  verdict: Verdict;

  constructor(config: Partial<HealthConfig> = {}) {
    this.health = initialHealth({ ...CONFIG, ...config });
    this.verdict = judge(this.health, 0);
  }

  resetCounters(): void {
    this.#bytes = 0;
    this.#frames = 0;
    this.#lost = 0;
    this.#mediaMs = 0;
  }

  event(state: string): void {
    const eventData = { outputState: `OBS_WEBSOCKET_OUTPUT_${state}` };
    this.say({ source: 'obs-event', ms: this.ms, data: { eventType: 'StreamStateChanged', eventData } });
  }

  scene(sceneName: string): void {
    this.say({
      source: 'obs-event',
      ms: this.ms,
      data: { eventType: 'CurrentProgramSceneChanged', eventData: { sceneName } },
    });
  }

  /** OBS has lost its connection, or says so once more after an attempt that failed. */
  reconnecting(): void {
    this.event('RECONNECTING');
    this.stream.outputReconnecting = true;
    this.listed = false;
  }

  reconnected(): void {
    this.event('RECONNECTED');
    this.resetCounters();
    this.stream.outputReconnecting = false;
    this.listed = true;
  }

  /** Lets time pass in steps of 250 ms, as the hub lives it. @returns verdicts of each step */
  pass(seconds: number): Verdict[] {
    const verdicts: Verdict[] = [];
    for (let i = 0; i < seconds * 4; i += 1) verdicts.push(this.#step());
    return verdicts;
  }

  /** ms until `is` holds; fails after a minute */
  until(is: (verdict: Verdict) => boolean): number {
    const from = this.ms;
    while (this.ms - from < 60_000) if (is(this.#step())) return this.ms - from;
    throw new Error(`never: ${JSON.stringify(this.verdict)}`);
  }

  #step(): Verdict {
    this.ms += 250;
    this.#flow(0.25);
    if (this.ms % 500 === 0) {
      this.say(
        this.obsError === null
          ? { source: 'obs', ms: this.ms, tookMs: 2, data: this.#obs() }
          : { source: 'obs', ms: this.ms, error: this.obsError },
      );
      this.say(
        this.rtmpError === null
          ? { source: 'rtmp', ms: this.ms, data: this.#stat() }
          : { source: 'rtmp', ms: this.ms, error: this.rtmpError },
      );
    }
    if (this.ms % 1000 === 0) this.#deliver();
    if (this.ms % 2000 === 0 && this.picture !== null) this.say({ source: 'picture', ms: this.ms, data: this.picture });
    this.verdict = judge(this.health, this.ms);
    return this.verdict;
  }

  /** What a test says beside what the world says of itself. */
  say(sample: HealthSample): void {
    observe(this.health, sample);
  }

  #flow(seconds: number): void {
    const frames = 30 * seconds;
    const sending = this.stream.outputActive && !this.stream.outputReconnecting;
    this.#renderLost += frames * this.renderLostShare;
    if (!this.listed) this.#arrived = 0;
    if (sending) {
      this.#bytes += (this.flowKbps ?? this.encoderKbps) * 125 * seconds;
      this.#frames += frames;
      this.#lost += frames * this.droppedShare;
      this.#mediaMs += 1000 * seconds;
      const arriving = this.arriveKbps ?? this.flowKbps ?? this.encoderKbps;
      this.#arrived += arriving * 125 * seconds;
      // Late media is late until nothing holds it back any more.
      if (arriving >= this.encoderKbps) this.#arrivedMediaMs = this.#mediaMs;
      else this.#arrivedMediaMs += (1000 * seconds * arriving) / this.encoderKbps;
    }
    if (this.record.outputActive) this.#recorded += 750_000 * seconds;
    if (this.packaging && this.ms % 2000 === 0) this.#segment += 1;
  }

  #obs(): object {
    const frames = Math.round(this.#frames);
    return {
      GetStreamStatus: {
        ...this.stream,
        outputBytes: Math.round(this.#bytes),
        outputDuration: this.#mediaMs + this.clockStepMs,
        outputSkippedFrames: Math.round(this.#lost),
        outputTotalFrames: frames,
      },
      GetStats: {
        activeFps: this.fps,
        availableDiskSpace: this.freeDiskMb,
        averageFrameRenderTime: 5,
        cpuUsage: 10,
        outputSkippedFrames: 0,
        outputTotalFrames: frames,
        renderSkippedFrames: Math.round(this.#renderLost),
        renderTotalFrames: Math.round(this.ms * 0.03),
      },
      GetRecordStatus: { ...this.record, outputBytes: Math.round(this.#recorded), outputDuration: 1000 },
    };
  }

  #stat(): object {
    const client = { timestamp: Math.round(this.#arrivedMediaMs) };
    const stream = { bytes_in: Math.round(this.#arrived), client, ...this.connection };
    return { bytes_in: 1, pid: this.pid, stream: this.listed ? stream : null };
  }

  #deliver(): void {
    this.say({ source: 'hls', ms: this.ms, data: this.#playlist(0) });
    if (this.edgeBehind !== null) this.say({ source: 'edge', ms: this.ms, data: this.#playlist(this.edgeBehind) });
    for (const [input, peakDb] of Object.entries(this.sound)) {
      this.say({ source: 'audio', ms: this.ms, data: { input, peakDb } });
    }
  }

  #playlist(behind: number): object {
    if (this.playlistStatus !== 200) return { status: this.playlistStatus };
    return { status: 200, 'EXT-X-TARGETDURATION': 2, 'EXT-X-MEDIA-SEQUENCE': this.#segment - behind, EXTINF: 6 };
  }
}

/** A world that has gone well for 40 s. @throws when it has not: nothing that follows could be believed */
export function calm(config: Partial<HealthConfig> = {}): World {
  const world = new World(config);
  const before = world.pass(40).slice(8);
  const bad = before.find(({ level }) => level === 'warn' || level === 'critical') ?? world.verdict;
  if (bad.level !== 'ok') throw new Error(`a healthy world is not calm: ${JSON.stringify(bad)}`);
  return world;
}

export const layerIs =
  (layer: keyof Verdict['layers'], level: string) =>
  (verdict: Verdict): boolean =>
    verdict.layers[layer].level === level;
