import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A start as quick as it can be with the picture in it: nobody guesses a frame rate, but the first keyframe is waited for.
 * Smaller probes (0.2 MB, 0.5 s) were quicker and in half of our runs carried the sound alone.
 */
const QUICK_START = [
  '-analyzeduration',
  '5000000',
  '-probesize',
  '5000000',
  '-fpsprobesize',
  '0',
  '-fflags',
  'nobuffer',
];
const PICTURE_AND_SOUND = ['-map', '0:v:0', '-map', '0:a:0?'];
/** A connection that is not made, or takes nothing, for this long ends the program by itself; microseconds. */
const NETWORK_DEADLINE_US = 3_000_000;
/** What the kernel may hold back unsent: 20 Mbit/s over 200 ms, and a dead upload is noticed within a second or two. */
const SEND_BUFFER_BYTES = 262_144;
const FIRST_BYTES_MS = 8000;
const STALLED_MS = 5000;
const RESTART_MS = 1000;
const KILL_AFTER_MS = 2000;
const LOOK_MS = 500;

export interface LegDoors {
  /** a remuxer that takes ffmpeg's arguments */
  program: string;
  /** where it reads, and where it sends: the latter ends in the stream key */
  from: string;
  to: string;
  /** the class of an error only: what the program writes may quote its arguments */
  failed: (why: 'not-started' | 'ended' | 'stalled') => void;
}

/**
 * One program that carries the stream from the relay to one ingest, copied, not encoded anew. It is started again for
 * ever, after a flat second, until it is stopped.
 */
export class Leg {
  readonly #doors: LegDoors;
  #child: ChildProcess | null = null;
  #stopped = false;
  /** bytes written by the present run of the program, and when that last grew (`performance.now()`) */
  #bytes = 0;
  #grewAt = 0;
  #startedAt = 0;
  #restarts = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(doors: LegDoors) {
    this.#doors = doors;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** bytes of the present run; falls to 0 at each start */
  get bytes(): number {
    return this.#bytes;
  }

  /** ms since bytes last grew; null: none have gone out yet */
  get stillMs(): number | null {
    return this.#grewAt === 0 ? null : performance.now() - this.#grewAt;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** TERM, and KILL two seconds later. Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#child !== null) await end(this.#child);
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#once();
      if (this.#stopped) return;
      this.#restarts += 1;
      await sleep(RESTART_MS);
      if (this.#stopped) return;
    }
  }

  async #once(): Promise<void> {
    const { program, from, to } = this.#doors;
    this.#bytes = 0;
    this.#grewAt = 0;
    this.#startedAt = performance.now();
    const child = spawn(program, argumentsFor(from, to), { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    this.#child = child;
    const gone = new Promise<'not-started' | 'ended'>((resolve) => {
      child.once('error', () => resolve('not-started'));
      child.once('exit', () => resolve('ended'));
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#progress(line));
    const why = await this.#watched(child, gone);
    this.#child = null;
    if (!this.#stopped) this.#doors.failed(why);
  }

  async #watched(
    child: ChildProcess,
    gone: Promise<'not-started' | 'ended'>,
  ): Promise<'not-started' | 'ended' | 'stalled'> {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<'stalled'>((resolve) => {
      timer = setInterval(() => {
        if (this.#isStalled && !this.#stopped) resolve('stalled');
      }, LOOK_MS);
    });
    const why = await Promise.race([gone, stalled]);
    clearInterval(timer);
    if (why === 'stalled') await end(child);
    return why;
  }

  get #isStalled(): boolean {
    const now = performance.now();
    return this.#grewAt === 0 ? now - this.#startedAt > FIRST_BYTES_MS : now - this.#grewAt > STALLED_MS;
  }

  /** `-progress` writes `key=value` lines, twice a second. */
  #progress(line: string): void {
    const [key, value] = line.split('=');
    const bytes = key === 'total_size' ? Number(value) : Number.NaN;
    if (!Number.isFinite(bytes) || bytes <= this.#bytes) return;
    this.#bytes = bytes;
    this.#grewAt = performance.now();
  }
}

function argumentsFor(from: string, to: string): string[] {
  const deadline = ['-rw_timeout', String(NETWORK_DEADLINE_US)];
  const progress = ['-progress', 'pipe:1', '-stats_period', '0.5'];
  const copied = [...PICTURE_AND_SOUND, '-c', 'copy', '-f', formatOf(to)];
  const network = isRtmp(to) ? [...deadline, '-send_buffer_size', String(SEND_BUFFER_BYTES)] : [];
  return [
    ...['-hide_banner', '-loglevel', 'quiet', '-nostdin', ...progress],
    ...[...QUICK_START, ...deadline, '-i', from],
    ...[...copied, ...network, to],
  ];
}

function formatOf(to: string): string {
  return isRtmp(to) ? 'flv' : 'mpegts';
}

function isRtmp(address: string): boolean {
  return /^rtmps?:/i.test(address);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(KILL_AFTER_MS)]);
  child.kill('SIGKILL');
  await gone;
}
