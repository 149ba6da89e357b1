import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AuditState } from '../../domain/audit/audit-state.ts';
import { HOUR, type Instant } from '../../domain/units.ts';
import { type Check, type Finding, fails, passed, unknowable, warns } from './check.ts';
import { worstOf } from './rank.ts';

/** How this computer gets its power. */
export interface PowerReading {
  /** null: not known */
  isOnMains: boolean | null;
  /** 0..100; null: no battery, or not known */
  batteryPercent: number | null;
}

const LOW_PERCENT = 20;
const LITTLE_BYTES = 500_000_000;

/** fail-6: mains, memory, and whether the hub was restarted lately. */
export const computerCheck: Check = async ({ show, now }, signal) => {
  const power = await readPower(signal);
  return computerFinding({ power, freeBytes: freemem(), restarts: restartsLately(show.audit, now().at) });
};

/** laptop-1: mains again, and whether anything keeps this computer awake. */
export const awakeCheck: Check = async (_ground, signal) => {
  const sleep = await keptAwakeBy(signal);
  const power = powerFinding(await readPower(signal));
  if (sleep === null)
    return worstOf([
      power,
      unknowable('Whether it may fall asleep could not be read.', 'Set this computer never to sleep.'),
    ]);
  return sleep === ''
    ? worstOf([power, warns('Nothing keeps this computer awake.', 'Set it never to sleep.')])
    : worstOf([power, passed(`Kept awake by ${sleep}.`)]);
};

export function computerFinding(seen: { power: PowerReading; freeBytes: number; restarts: number }): Finding {
  const { power, freeBytes, restarts } = seen;
  const memory = `${(freeBytes / 1e9).toFixed(1)} GB of memory free`;
  return worstOf([
    powerFinding(power),
    freeBytes < LITTLE_BYTES ? warns(`Only ${memory}.`, 'Close other programs.') : passed(`${memory}.`),
    restarts > 1
      ? warns(
          `Dropdesk was restarted ${restarts} times in the last hour.`,
          'If it was not you, restart this computer before the show.',
        )
      : passed(`${restarts} restarts of Dropdesk in the last hour.`),
  ]);
}

function powerFinding({ isOnMains, batteryPercent }: PowerReading): Finding {
  const left = batteryPercent === null ? '' : `, ${batteryPercent} % left`;
  if (isOnMains === null) return unknowable('Whether it is on mains could not be read.', 'Plug in.');
  if (isOnMains) return passed('On mains.');
  return batteryPercent !== null && batteryPercent < LOW_PERCENT
    ? fails(`On battery${left}.`, 'Plug in.')
    : warns(`On battery${left}.`, 'Plug in.');
}

async function readPower(signal: AbortSignal): Promise<PowerReading> {
  try {
    if (process.platform === 'linux') return powerIn('/sys/class/power_supply');
    if (process.platform === 'darwin')
      return macPower((await run('/usr/bin/pmset', ['-g', 'batt'], { signal })).stdout);
  } catch {
    // No such table or tool: not known.
  }
  return { isOnMains: null, batteryPercent: null };
}

const run = promisify(execFile);

/** @param folder Linux's table of supplies; a computer without any is one without a battery: it runs, so it has mains */
export function powerIn(folder: string): PowerReading {
  const supplies = readdirSync(folder).map((name) => {
    const field = (file: string): string | null => {
      try {
        return readFileSync(join(folder, name, file), 'utf8').trim();
      } catch {
        // Supplies differ in what they tell.
        return null;
      }
    };
    return {
      type: field('type'),
      scope: field('scope'),
      online: field('online'),
      status: field('status'),
      capacity: field('capacity'),
    };
  });
  // A mouse's battery has the scope "Device".
  const batteries = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device');
  const capacity = batteries.map(({ capacity: text }) => Number(text ?? NaN)).filter(Number.isFinite);
  const mains = supplies.filter(({ type, online }) => type !== 'Battery' && online !== null);
  const isOnMains =
    batteries.length === 0 ||
    mains.some(({ online }) => online === '1') ||
    batteries.every(({ status }) => status !== 'Discharging');
  return { isOnMains, batteryPercent: capacity.length === 0 ? null : Math.round(Math.max(...capacity)) };
}

/** @param text output of `pmset -g batt` */
export function macPower(text: string): PowerReading {
  const percent = /(\d+)%/.exec(text)?.[1];
  const isOnMains = /'AC Power'/.test(text) ? true : /'Battery Power'/.test(text) ? false : null;
  return { isOnMains, batteryPercent: percent === undefined ? null : Number(percent) };
}

/** @returns who keeps it awake; '' nobody; null: not known on this system */
async function keptAwakeBy(signal: AbortSignal): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      const { stdout } = await run('systemd-inhibit', ['--list', '--no-legend', '--no-pager'], { signal });
      return inhibitors(stdout);
    }
    if (process.platform === 'darwin') {
      const { stdout } = await run('/usr/bin/pmset', ['-g', 'assertions'], { signal });
      return /PreventUserIdleSystemSleep\s+1/.test(stdout) ? 'a program of this computer' : '';
    }
  } catch {
    // Not this system's way.
  }
  return null;
}

/** @param list lines of `systemd-inhibit --list` @returns the first program that blocks idling or sleep */
export function inhibitors(list: string): string {
  const line = list.split('\n').find((text) => /\b(sleep|idle)\b/.test(text) && /\bblock\b/.test(text));
  return line === undefined ? '' : (line.trim().split(/\s{2,}|\s/)[0] ?? 'a program');
}

/** Starts of the hub in the last hour, less the first that is always there. */
export function restartsLately({ boots }: Pick<AuditState, 'boots'>, now: Instant): number {
  return Math.max(0, boots.filter(({ at }) => now - at < HOUR).length - 1);
}
