import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Reply } from '../../src/contract/commands.ts';
import type { DeskState } from '../../src/contract/desk-state.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'out/main/hub.js');

export interface Ready {
  desk: string;
  token: string;
  floor: string | null;
  ingest: string | null;
  version: string;
  contractVersion: number;
}

/** A folder that the test's end removes. */
export function tempFolder(name: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `dropdesk-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface HubOptions {
  data: string;
  args?: string[];
  env?: NodeJS.ProcessEnv;
  deskPort?: number;
}

/** A real hub in a process of its own, driven through its desk API as Companion or a script would. */
export class TestHub {
  readonly process: ChildProcess;
  readonly ready: Ready;
  readonly stderr: string[];
  /** process start to ready line, ms */
  readonly readyMs: number;

  private constructor(process: ChildProcess, ready: Ready, stderr: string[], readyMs: number) {
    this.process = process;
    this.ready = ready;
    this.stderr = stderr;
    this.readyMs = readyMs;
  }

  static start({ data, args = [], env = {}, deskPort = 0 }: HubOptions): Promise<TestHub> {
    if (!existsSync(SCRIPT)) throw new Error(`${SCRIPT} is missing: npm run build`);
    const startedAt = performance.now();
    const child = spawn(process.execPath, [SCRIPT, '--data', data, '--desk-port', String(deskPort), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const stderr: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
    return new Promise((done, fail) => {
      const early = (code: number | null): void => fail(new HubExit(code, stderr.join('\n')));
      child.once('exit', early);
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return;
        child.off('exit', early);
        done(new TestHub(child, JSON.parse(line) as Ready, stderr, performance.now() - startedAt));
      });
    });
  }

  get port(): number {
    return Number(new URL(this.ready.desk).port);
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.ready.desk + path, {
      ...init,
      headers: { authorization: `Bearer ${this.ready.token}`, ...init.headers },
    });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.fetch(path);
    if (!answer.ok) throw new Error(`GET ${path} → ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** @param body the command; its id is made when it has none */
  async ask(kind: string, body: Record<string, unknown> = {}): Promise<Reply> {
    const answer = await this.fetch('/api/commands', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: body['id'] ?? nextId(), kind, ...body }),
    });
    if (answer.status !== 200) throw new Error(`${kind} → ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Reply;
  }

  /** Asks, and expects a yes. */
  async do(
    kind: string,
    body: Record<string, unknown> = {},
  ): Promise<Record<string, unknown> & { ok: true; seq: number }> {
    const reply = await this.ask(kind, body);
    if (!reply.ok) throw new Error(`${kind} was refused: ${reply.refusal.code}: ${reply.refusal.message}`);
    return reply;
  }

  state(): Promise<DeskState> {
    return this.get<DeskState>('/api/state');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  #end(signal: NodeJS.Signals): Promise<number | null> & Promise<void> {
    const ended = new Promise((done) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) done(this.process.exitCode);
      else this.process.once('exit', done);
    });
    this.process.kill(signal);
    return ended as Promise<number | null> & Promise<void>;
  }
}

/** The hub ended before it was ready. */
export class HubExit extends Error {
  readonly code: number | null;
  readonly stderr: string;
  constructor(code: number | null, stderr: string) {
    super(`the hub ended with ${code} before it was ready: ${stderr}`);
    this.code = code;
    this.stderr = stderr;
  }
}

let made = 0;
export function nextId(): string {
  made += 1;
  return `t${process.pid}-${made}`;
}

/** Waits until `look` gives something, looking every 20 ms. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  ms = 10_000,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** A small plan file, changed by the caller; written into `folder`. */
export function planFile(folder: string, change: Record<string, unknown> = {}): string {
  const path = join(folder, 'plan.dropdesk');
  writeFileSync(path, JSON.stringify({ ...smallPlan(), ...change }));
  return path;
}

export function smallPlan(): Record<string, unknown> {
  return {
    format: 'dropdesk-plan',
    version: 1,
    show: {
      name: 'Test market',
      timeZone: 'Europe/Lisbon',
      currency: 'EUR',
      startsAt: '2026-11-28T19:00:00+00:00',
      endsAt: '2026-11-28T21:00:00+00:00',
      salesTargetMinor: 100000,
    },
    products: [
      { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 10, lowAt: 3 },
      { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 5 },
    ],
    bundles: [
      {
        sku: 'SET',
        name: 'Mug and apron',
        price: '38.00',
        parts: [
          { sku: 'MUG', quantity: 1 },
          { sku: 'APRON', quantity: 1 },
        ],
      },
    ],
    people: [
      { id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10' },
      { id: 'ben', name: 'Ben', role: 'co-host', code: 'BEN10' },
    ],
    offers: [{ id: 'drop-1', kind: 'drop', sku: 'MUG', price: '16.00', cap: 4 }],
    cues: [
      {
        id: 'c1',
        title: 'Welcome',
        kind: 'talk',
        start: { rule: 'soft', at: '2026-11-28T19:00:00+00:00' },
        durationMs: 300000,
        owners: ['ana'],
      },
      {
        id: 'c2',
        title: 'Drop 1',
        kind: 'drop',
        start: { rule: 'linked' },
        durationMs: 900000,
        owners: ['ben'],
        offer: 'drop-1',
        sku: 'MUG',
        points: [{ text: 'Show the glaze', mustSay: true }],
      },
      {
        id: 'c3',
        title: 'Thanks',
        kind: 'talk',
        start: { rule: 'linked' },
        durationMs: 300000,
        owners: ['ana', 'ben'],
      },
    ],
    tills: [{ id: 'till-1', name: 'Front table' }],
  };
}
