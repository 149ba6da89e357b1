import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Processes and ports of a rig: every one is ours, ended by its pid and nothing else. */

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} did not start`);
  return child.pid;
}

/** @returns pids whose parent is `parent`, by the system's process table */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended while we looked.
    return null;
  }
}

/** @returns processor time used so far, ms */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime and stime in hundredths of a second: fields 14 and 15 of proc(5), counted after the name.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  signal(child.pid, 'SIGCONT');
  signal(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(3000)]);
  signal(child.pid, 'SIGKILL');
  await ended;
}

/** Asks every 100 ms. @throws when `what` has not come within `ms` */
export async function waitFor<T>(ask: () => Promise<T | null> | T | null, ms: number, what: string): Promise<T> {
  const began = performance.now();
  while (performance.now() - began < ms) {
    const found = await ask();
    if (found !== null) return found;
    await sleep(100);
  }
  throw new Error(`waited ${ms} ms for ${what}`);
}

export async function statusOf(url: string): Promise<number | null> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1000) })).status;
  } catch {
    // Nobody there: also an answer.
    return null;
  }
}
