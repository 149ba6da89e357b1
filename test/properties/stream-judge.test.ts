import { describe, expect, it } from 'vitest';
import { sourceVerdicts } from '../../src/domain/health.ts';
import { CHECKS } from './stream-checks.ts';
import { FAULTS } from './stream-faults.ts';
import { streamDice } from './stream-dice.ts';
import { rigFrom, type Rig } from './stream-rig.ts';
import { FaultDealer, calmShow, realJudge, tableOf, wordsOf, wordsOfAlarm } from './stream-rounds.ts';
import { falseAlarmsOf, findingsOf, playShow } from './stream-score.ts';

/**
 * The judge against made-up shows (specs/stream.md §13, rows 1 to 3, 7, 8 and 24), in the size of a unit test.
 * test/release/stream-hours.test.ts plays the same in full. A seed that is named here plays the same show again.
 */

const SHOWS = 26;
const FAULTS_A_SHOW = 6;
const FIRST_SEED = 1000;

describe('made-up shows with one fault after the other', () => {
  const dealer = new FaultDealer();
  const played = Array.from({ length: SHOWS }, (_, n) =>
    playShow(dealer.show(FIRST_SEED + n, FAULTS_A_SHOW), realJudge()),
  );
  const findings = played.flatMap(findingsOf);

  it('have none missed, and none told late', () => {
    expect(findings.length).toBeGreaterThanOrEqual(150);
    expect(new Set(findings.map(({ kind }) => kind)).size).toBe(FAULTS.length);
    const bad = findings.filter(({ missed, late }) => missed || late);
    expect(bad.map(wordsOf), tableOf(findings)).toEqual([]);
  });

  it('have the right cause named in 95 of 100', () => {
    const wrong = findings.filter(({ wrongCause }) => wrongCause);
    expect(wrong.length / findings.length, wrong.map(wordsOf).join('\n')).toBeLessThanOrEqual(0.05);
  });

  it('raise nothing critical that is not there, and hardly a warning', () => {
    const alarms = played.flatMap(falseAlarmsOf);
    const hours = played.reduce((sum, { endMs }) => sum + endMs, 0) / 3_600_000;
    expect(alarms.filter(({ rank }) => rank === 2).map(wordsOfAlarm)).toEqual([]);
    expect(alarms.length, alarms.map(wordsOfAlarm).join('\n')).toBeLessThanOrEqual(Math.ceil(hours / 3));
  });

  it('have their dark time told to within a second', () => {
    const wrong = played.flatMap(({ script, placed, incidents }) =>
      placed
        .filter(({ fault }) => TELLS_DARK.includes(fault.kind))
        .map(({ fault, onsetMs, flowingMs, darkMs }) => {
          const own = incidents.filter(
            ({ layer, startMs }) => layer === 'transport' && startMs >= onsetMs && startMs <= flowingMs,
          );
          const told = own.reduce((sum, incident) => sum + incident.darkMs, 0);
          return { seed: script.seed, kind: fault.kind, told, really: Math.round(darkMs) };
        })
        // The server is asked every half second; where answers get lost, a second and a half later.
        .filter(({ told, really }) => Math.abs(told - really) > 1000 + (script.rig.statLoss > 0 ? 2000 : 500)),
    );
    expect(wrong).toEqual([]);
  });
});

/** Playing hours is work; a busy machine may take its time over it. */
const PATIENCE_MS = 60_000;

/** Kinds in which the stat page goes on answering. */
const TELLS_DARK = ['silent-loss', 'ingest-restarted', 'obs-gave-up'];

describe.each(FAULTS.map((fault) => [fault.kind, fault] as const))('%s', (_, fault) => {
  it(
    'without the fault raises nothing at all',
    () => {
      const rig = rigFor(fault.fits);
      const script = { seed: 77, rig, faults: [fault], calmMs: 0, disturbed: false };
      const control = playShow({ ...script, sham: true }, realJudge());
      expect(control.changes.filter(({ rose }) => rose)).toEqual([]);
      const real = playShow(script, realJudge());
      expect(real.changes.some(({ layer, rose }) => rose && layer === fault.layer)).toBe(true);
    },
    PATIENCE_MS,
  );
});

it.each(Object.entries(CHECKS))(
  '%s, on a good rig, is told as it is',
  (_, check) => {
    expect(check({ ...realJudge(), figures: sourceVerdicts })).toEqual([]);
  },
  PATIENCE_MS,
);

/** The first rig of the dice on which a kind can happen, with a stat page that always answers. */
function rigFor(fits: ((rig: Rig) => boolean) | undefined): Rig {
  for (let seed = 1; ; seed += 1) {
    const rig = { ...rigFrom(streamDice(seed)), statLoss: 0, renderLost: 0 };
    if (fits === undefined || fits(rig)) return rig;
  }
}

it(
  'a calm show of hours has no alarm but a rare warning',
  () => {
    const hours = 3;
    const alarms = Array.from({ length: hours }, (_, n) =>
      falseAlarmsOf(playShow(calmShow(500 + n, 3_600_000), realJudge())),
    ).flat();
    expect(alarms.filter(({ rank }) => rank === 2).map(wordsOfAlarm)).toEqual([]);
    expect(alarms.length, alarms.map(wordsOfAlarm).join('\n')).toBeLessThanOrEqual(1);
  },
  PATIENCE_MS,
);
