import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../properties/stream-faults.ts';
import { tableOf, wordsOf, wordsOfAlarm } from '../properties/stream-rounds.ts';
import type { Part } from './stream-hours-part.ts';

/** specs/stream.md §13, rows 2 and 3, in full: hundreds of calm hours, and more than a thousand faults. */

const HALF_AN_HOUR = 1_800_000;
const FLAGS = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];

/** Two at a time, one for each core of a small machine. */
async function play(kind: 'calm' | 'faults', shows: number, size: number): Promise<Part> {
  const half = Math.ceil(shows / 2);
  const parts = await Promise.all(
    [1, 1 + half].map(async (first, i) => {
      const args = [kind, first, i === 0 ? half : shows - half, size].map(String);
      const script = join(import.meta.dirname, 'stream-hours-part.ts');
      const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, script, ...args], {
        maxBuffer: 64 * 1024 * 1024,
      });
      return JSON.parse(stdout) as Part;
    }),
  );
  return {
    hours: parts.reduce((sum, { hours }) => sum + hours, 0),
    findings: parts.flatMap(({ findings }) => findings),
    alarms: parts.flatMap(({ alarms }) => alarms),
  };
}

describe('the judge in full', () => {
  it(
    '300 calm hours: nothing critical, at most one warning in three hours',
    async () => {
      const { hours, alarms } = await play('calm', 100, 3);
      const critical = alarms.filter(({ rank }) => rank === 2);
      const warnings = alarms.length - critical.length;
      const kinds = Map.groupBy(alarms, ({ layer, rank, cause }) => `${layer} ${rank} ${cause}`);
      console.log(`${Math.round(hours)} calm hours: ${critical.length} critical, ${warnings} warnings`);
      for (const [what, list] of kinds)
        console.log(`  ${list.length} × ${what}, first: ${list.slice(0, 1).map(wordsOfAlarm).join()}`);
      expect(hours).toBeGreaterThanOrEqual(299.9);
      expect(critical.map(wordsOfAlarm)).toEqual([]);
      expect(warnings).toBeLessThanOrEqual(Math.floor(hours / 3));
    },
    HALF_AN_HOUR,
  );

  it(
    'a thousand faults of every kind: none missed, the cause right in 95 of 100',
    async () => {
      const { hours, findings, alarms } = await play('faults', 180, 6);
      console.log(`${findings.length} faults in ${Math.round(hours)} hours, ms after onset\n${tableOf(findings)}`);
      const wrong = findings.filter(({ wrongCause }) => wrongCause);
      const share = (wrong.length / findings.length) * 100;
      console.log(`wrong cause ${share.toFixed(1)} %, false alarms ${alarms.length}`);
      for (const finding of findings) if (finding.late || finding.wrongCause) console.log(`  ${wordsOf(finding)}`);
      for (const alarm of alarms) console.log(`  ${wordsOfAlarm(alarm)}`);
      expect(findings.length).toBeGreaterThanOrEqual(1000);
      expect(new Set(findings.map(({ kind }) => kind)).size).toBe(FAULTS.length);
      expect(findings.filter(({ missed }) => missed).map(wordsOf)).toEqual([]);
      expect(findings.filter(({ late }) => late).map(wordsOf)).toEqual([]);
      expect(share).toBeLessThanOrEqual(5);
      expect(alarms.filter(({ rank }) => rank === 2).map(wordsOfAlarm)).toEqual([]);
      expect(alarms.length).toBeLessThanOrEqual(hours / 3);
    },
    HALF_AN_HOUR,
  );
});
