import type { HealthSample } from '../../src/domain/health/sample.ts';
import type { StreamDice } from './stream-dice.ts';
import { type Line, freshLine, push, runningLine } from './stream-line.ts';
import type { Rig } from './stream-rig.ts';
import { type Server, cut, dropPublisher, initialServer, welcome } from './stream-server.ts';

/** How a question ends: 'mute' connects, and then nothing. */
export type Outcome = 'ok' | 'timeout' | 'refused' | 'closed' | 'mute';

/** What a fault or a disturbance turns. Everything else follows from them by itself. */
export interface Knobs {
  obs: Outcome;
  /** the process runs; frozen it makes nothing, dead it has no connection either */
  obsProcess: 'runs' | 'frozen' | 'dead';
  /** kbps that the way to the server carries; 0 and no acknowledgement: swallowed in silence */
  upKbps: number;
  /** the limit holds for the first half of each period only; 0: all the time */
  wavePeriodMs: number;
  stat: Outcome;
  probe: { gateway: Outcome; ingest: Outcome; backup: Outcome };
  probeLoss: number;
  probeSlowMs: number;
  /** status of the playlists, or how they do not answer */
  origin: number | Outcome;
  edge: number | Outcome;
  packages: boolean;
  edgeFresh: boolean;
  edgeBehind: number;
  encoderLost: number;
  renderLost: number;
  picture: 'moves' | 'still' | 'black';
  scene: string;
  silent: boolean;
  recording: 'on' | 'off' | 'stalled';
  freeDiskMb: number;
  srtLoss: number;
  srtDrops: number;
  /** what the picture asks of the encoder: 1 is the usual */
  rate: number;
}

function calmKnobs(dice: StreamDice): Knobs {
  return {
    obs: 'ok',
    obsProcess: 'runs',
    upKbps: Infinity,
    wavePeriodMs: 0,
    stat: 'ok',
    probe: { gateway: 'ok', ingest: 'ok', backup: 'ok' },
    probeLoss: 0,
    probeSlowMs: 0,
    origin: 200,
    edge: 200,
    packages: true,
    edgeFresh: true,
    edgeBehind: 0,
    encoderLost: 0,
    renderLost: 0,
    picture: 'moves',
    scene: 'Live',
    silent: false,
    recording: 'on',
    freeDiskMb: dice.between(60_000, 400_000),
    srtLoss: 0,
    srtDrops: 0,
    rate: 1,
  };
}

export type OutputState = 'sending' | 'waiting' | 'reconnecting' | 'stopped';

/** After so long without an acknowledgement OBS gives the connection up (measured: 15.2 s, wedged 18.1 s). */
const LOST_AFTER_MS = 15_200;
const WEDGED_AFTER_MS = 18_100;
const SYN_RETRIES_MS = [0, 1000, 3000, 7000, 15_000, 31_000, 63_000];
const CONNECT_GIVES_UP_MS = 75_000;

/** Everything that the hub's questions are about, in steps of whatever time passes between two of them. */
export class StreamWorld {
  readonly rig: Rig;
  readonly knobs: Knobs;
  readonly server: Server;
  ms = 0;
  line: Line;
  output: OutputState = 'sending';
  /** counters as OBS tells them while it reconnects: they fall at different times */
  told: { bytes: number; frames: number; skipped: number; durationMs: number } | null = null;
  congestionStuck: number | null = null;
  /** how far the server's word is behind, one after the other for 4 s each */
  heldBack: number[] = [];
  encoderFrames = 0;
  encoderLost = 0;
  renderFrames = 0;
  renderLost = 0;
  recordBytes = 0;
  recordMs: number;
  srtReceived = 1e5;
  srtLost = 0;
  srtDropped = 0;
  /** events that OBS has told since the last look */
  readonly events: HealthSample[] = [];
  readonly #dice: StreamDice;
  #keyframeAtMs = 0;
  #ackLostMs: number | null = null;
  #retry = { delayMs: 2000, atMs: 0, attempt: 0 };
  #wobble = 1;

  constructor(rig: Rig, dice: StreamDice) {
    this.rig = rig;
    this.#dice = dice;
    this.knobs = { ...calmKnobs(dice), renderLost: rig.renderLost };
    this.server = initialServer(dice);
    this.line = runningLine(rig, dice);
    this.server.bytes = this.line.arrived;
    this.server.mediaMs = this.line.arrivedMediaMs;
    this.recordMs = this.line.mediaMs;
    this.recordBytes = this.line.handed;
    this.encoderFrames = this.line.frames;
    this.renderFrames = this.line.frames + 2000;
    this.renderLost = dice.whole(0, 60);
  }

  /** Media flows and nothing is held back. */
  get isFlowing(): boolean {
    return this.output === 'sending' && this.line.mediaMs - this.line.arrivedMediaMs < 400 && this.server.listed;
  }

  /** media time by which the server's word is behind, beyond the usual */
  get heldBackMs(): number {
    if (this.heldBack.length === 0) return 0;
    return this.heldBack[Math.floor(this.ms / 4000) % this.heldBack.length] ?? 0;
  }

  /** what the encoder makes on the average of these minutes */
  get kbpsUsual(): number {
    return this.rig.kbps * this.#wobble;
  }

  advance(to: number): void {
    while (this.ms < to) {
      const dt = Math.min(100, to - this.ms);
      this.ms += dt;
      this.#step(dt);
    }
  }

  #step(dt: number): void {
    const runs = this.knobs.obsProcess === 'runs';
    if (runs) this.#make(dt);
    if (runs && this.output === 'reconnecting') this.#tryAgain();
    this.#watchAcks();
    const { server, rig } = this;
    if (server.process === 'up' && server.listed) {
      if (this.line.arrived > server.bytes) server.heardMs = this.ms;
      server.totalBytes += Math.max(0, this.line.arrived - server.bytes);
      if (this.output !== 'reconnecting') {
        server.bytes = Math.max(server.bytes, this.line.arrived);
        server.mediaMs = Math.max(server.mediaMs, this.line.arrivedMediaMs);
      }
      if (this.ms - server.heardMs > rig.deadPublisherMs && this.output !== 'waiting') dropPublisher(server);
      cut(server, rig, this.ms, this.knobs.packages);
    }
    if (!server.listed && this.ms - server.heardMs > 4 * rig.targetMs) server.hasFiles = false;
  }

  #make(dt: number): void {
    const { rig, knobs } = this;
    const frames = (rig.fps * dt) / 1000;
    this.encoderFrames += frames;
    this.encoderLost += frames * knobs.encoderLost;
    this.renderFrames += frames;
    this.renderLost += frames * knobs.renderLost;
    if (knobs.recording === 'on') {
      this.recordMs += dt;
      this.recordBytes += (rig.kbps * dt) / 8;
      knobs.freeDiskMb -= (rig.kbps * dt) / 8 / 1e6;
    }
    if (this.output === 'waiting' && this.ms >= this.#keyframeAtMs) this.output = 'sending';
    if (this.output !== 'sending') return;
    push(this.line, {
      dt: dt * (1 + rig.driftPpm / 1e6),
      kbps: this.#kbpsNow(),
      fps: rig.fps,
      upKbps: this.#carried(),
      bufferBytes: this.#bufferBytes(),
    });
    this.srtReceived += (frames * rig.kbps) / 300;
    this.srtLost += ((frames * rig.kbps) / 300) * knobs.srtLoss;
    this.srtDropped += ((frames * rig.kbps) / 300) * knobs.srtDrops;
  }

  #kbpsNow(): number {
    const { rig, knobs } = this;
    if (rig.rateControl === 'VBR') {
      this.#wobble += (1 - this.#wobble) * 0.005 + this.#dice.normal(0.008);
      this.#wobble = Math.min(1.3, Math.max(0.75, this.#wobble));
    }
    return rig.kbps * knobs.rate * this.#wobble * Math.max(0.1, 1 + this.#dice.normal(rig.spread));
  }

  #carried(): number {
    const { process } = this.server;
    if (this.knobs.upKbps === 0 || process === 'down') return 0;
    const { wavePeriodMs } = this.knobs;
    if (wavePeriodMs > 0 && this.ms % wavePeriodMs >= wavePeriodMs / 2) return Infinity;
    // A stopped server's kernel goes on taking what its receive buffer holds; the rest stays with us.
    return process === 'stopped' ? 0 : this.knobs.upKbps;
  }

  #bufferBytes(): number {
    if (this.knobs.upKbps === 0) return (this.rig.lossBufferMs * this.rig.kbps) / 8;
    return this.rig.bufferBytes;
  }

  /** Without acknowledgements the kernel gives up in the end, and only then does OBS know. */
  #watchAcks(): void {
    const held = this.knobs.upKbps === 0 || this.server.process === 'stopped';
    if (!held || this.output !== 'sending' || this.line.handed <= this.line.arrived) {
      this.#ackLostMs = null;
      return;
    }
    this.#ackLostMs ??= this.ms;
    const limit = this.knobs.upKbps === 0 ? LOST_AFTER_MS : WEDGED_AFTER_MS;
    if (this.ms - this.#ackLostMs >= limit) this.loseConnection();
  }

  /** OBS notices that its connection is gone, and begins to try again. */
  loseConnection(): void {
    if (this.output === 'stopped' || this.output === 'reconnecting') return;
    const { handed, frames, skipped, mediaMs } = this.line;
    this.told = { bytes: handed, frames, skipped, durationMs: mediaMs };
    this.congestionStuck = this.line.queuedMs > 0 ? 0.05 : 0;
    this.output = 'reconnecting';
    this.#retry = { delayMs: 2000, atMs: this.ms + 2000, attempt: 0 };
    this.tell('RECONNECTING', false);
  }

  #tryAgain(): void {
    const retry = this.#retry;
    if (this.ms < retry.atMs) return;
    // Bytes and lost frames fall when an attempt starts, frames only when one succeeds.
    if (this.told !== null) this.told = { ...this.told, bytes: 0, skipped: 0 };
    const tryingMs = this.ms - retry.atMs;
    const due = SYN_RETRIES_MS[retry.attempt];
    const answer = this.#serverAnswers();
    if (answer === 'silent') {
      if (tryingMs >= CONNECT_GIVES_UP_MS) this.#retryLater();
      if (due !== undefined && tryingMs >= due) retry.attempt += 1;
      return;
    }
    // A connection that hangs is only made when its next packet goes out.
    if (due !== undefined && tryingMs < due) return;
    if (answer === 'accepts') this.#connected();
    else this.#retryLater();
  }

  #serverAnswers(): 'accepts' | 'refuses' | 'silent' {
    if (this.knobs.upKbps === 0 || this.server.process === 'stopped') return 'silent';
    return this.server.process === 'down' || this.server.listed ? 'refuses' : 'accepts';
  }

  #retryLater(): void {
    const delayMs = Math.min(60_000, this.#retry.delayMs * 1.5);
    this.#retry = { delayMs, atMs: this.ms + delayMs, attempt: 0 };
    this.tell('RECONNECTING', false);
  }

  #connected(): void {
    this.line = freshLine();
    this.told = null;
    this.congestionStuck = this.#dice.chance(0.1) ? 1 : null;
    welcome(this.server, this.ms);
    this.output = 'waiting';
    this.#keyframeAtMs = this.ms + this.#dice.between(100, this.rig.keyframeMs);
    this.tell('RECONNECTED', true);
  }

  /** Somebody presses "Stop streaming". */
  stopOutput(): void {
    this.tell('STOPPING', false);
    this.endOutput();
  }

  /** Somebody presses "Start streaming". */
  startOutput(keyframeInMs = this.#dice.between(50, 400)): void {
    this.tell('STARTING', false);
    this.line = freshLine();
    this.told = null;
    this.congestionStuck = null;
    welcome(this.server, this.ms);
    this.output = 'waiting';
    this.#keyframeAtMs = this.ms + keyframeInMs;
    this.tell('STARTED', true);
  }

  /** The output ends without being asked to. */
  endOutput(): void {
    this.output = 'stopped';
    this.line = freshLine();
    dropPublisher(this.server);
    this.tell('STOPPED', false);
  }

  tell(word: string, outputActive: boolean): void {
    const eventData = { outputActive, outputState: `OBS_WEBSOCKET_OUTPUT_${word}` };
    this.events.push({
      source: 'obs-event',
      ms: this.ms,
      data: { eventType: 'StreamStateChanged', eventData },
    });
  }
}
