import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type HubReady, readReadyLine } from './ready-line.ts';

/** A running hub, whichever way it was started. */
interface HubChild {
  stdout: Readable;
  kill(): void;
  onExit(take: (code: number | null) => void): void;
}

/** `utilityProcess.fork`, handed in so that tests can stand in for it. */
export interface UtilityFork {
  (
    path: string,
    args: string[],
    options: { serviceName: string; stdio: ['ignore', 'pipe', 'inherit'] },
  ): {
    stdout: NodeJS.ReadableStream | null;
    kill(): boolean;
    on(event: 'exit', take: (code: number) => void): unknown;
  };
}

export interface HubProcessOptions {
  /** out/main/hub.js, outside any asar archive */
  script: string;
  /** asked at every start: a restart keeps the address, so that pages rejoin by themselves */
  args: () => string[];
  env: NodeJS.ProcessEnv;
  /** Node-API level of this Electron; the hub's database needs 10 */
  napi: number;
  isPackaged: boolean;
  fork: UtilityFork;
  onReady: (ready: HubReady) => void;
  /** the hub is gone and will be started again after `retryInMs`; null: it will not (bad option, folder in use) */
  onGone: (code: number | null, retryInMs: number | null) => void;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5000;
/** a hub that ran this long was well: the next restart is quick again */
const WELL_AFTER_MS = 30_000;

/**
 * Starts the hub and keeps it running: in a utilityProcess where the runtime has Node-API 10, else with the Node that
 * DROPDESK_HUB_NODE names. Both print the same ready line and stop on the same signal, so nobody else need know.
 */
export class HubProcess {
  readonly #options: HubProcessOptions;
  #child: HubChild | null = null;
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(options: HubProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const startedAt = performance.now();
    const child = this.#spawn();
    this.#child = child;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const ready = readReadyLine(line);
      if (ready) this.#options.onReady(ready);
    });
    child.onExit((code) => {
      lines.close();
      this.#child = null;
      if (this.#isStopping) return;
      if (performance.now() - startedAt > WELL_AFTER_MS) this.#retryMs = FIRST_RETRY_MS;
      this.#again(code);
    });
  }

  /** Stops the hub for good; resolves when it is gone, after 5 s at the latest. */
  stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#retry) clearTimeout(this.#retry);
    const child = this.#child;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      const giveUp = setTimeout(resolve, 5000);
      child.onExit(() => {
        clearTimeout(giveUp);
        resolve();
      });
      child.kill();
    });
  }

  #again(code: number | null): void {
    // 2: a bad option or runtime, 3: another hub has the folder. Trying again would not help.
    if (code === 2 || code === 3) return this.#options.onGone(code, null);
    this.#options.onGone(code, this.#retryMs);
    this.#retry = setTimeout(() => this.start(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #spawn(): HubChild {
    const node = hubNode(this.#options);
    return node === null ? this.#fork() : this.#spawnNode(node);
  }

  #fork(): HubChild {
    const { fork, script, args } = this.#options;
    const child = fork(script, args(), { serviceName: 'hub', stdio: ['ignore', 'pipe', 'inherit'] });
    if (!child.stdout) throw new Error('start the hub: its standard output is missing');
    return {
      stdout: child.stdout as Readable,
      kill: () => void child.kill(),
      onExit: (take) => void child.on('exit', take),
    };
  }

  #spawnNode(node: string): HubChild {
    const { script, args, env } = this.#options;
    // The pipe to its stdin ends when this process does, however it ends, and the hub stops with it.
    const child = spawn(node, [script, ...args()], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...env, DROPDESK_STOP_WITH_STDIN: '1' },
    });
    const takers: ((code: number | null) => void)[] = [];
    const gone = (code: number | null): void => takers.splice(0).forEach((take) => take(code));
    child.on('exit', gone);
    child.on('error', () => gone(2));
    return { stdout: child.stdout, kill: () => void child.kill('SIGTERM'), onExit: (take) => void takers.push(take) };
  }
}

/** @returns the Node to run the hub with, or null for the utilityProcess */
export function hubNode({
  env,
  napi,
  isPackaged,
}: Pick<HubProcessOptions, 'env' | 'napi' | 'isPackaged'>): string | null {
  const node = env['DROPDESK_HUB_NODE'];
  // In a release it would undo the fuse that keeps Electron from being a plain Node.
  if (!node || (isPackaged && napi >= 10)) return null;
  return node;
}
