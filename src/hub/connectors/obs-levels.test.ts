import { describe, expect, it } from 'vitest';
import type { Levels, Sample } from '../doors.ts';
import { LevelWatch, LoudestPerSecond, levelsOf } from './obs-levels.ts';

const inputs = (...entries: [string, number[][]][]): Record<string, unknown> => ({
  inputs: entries.map(([inputName, inputLevelsMul]) => ({ inputName, inputLevelsMul })),
});

describe('levels as OBS sends them', () => {
  it('are the loudest channel after the fader, in dBFS', () => {
    const levels = levelsOf(
      inputs([
        'Mic',
        [
          [0.1, 0.5, 0.9],
          [0.1, 0.25, 0.9],
        ],
      ]),
    );
    expect(levels.get('Mic')).toBe(-6);
  });

  it('are −100 for silence, for a muted input and for one that sounds nowhere', () => {
    const levels = levelsOf(inputs(['Muted', [[0, 0, 0.7]]], ['Idle', []], ['Whisper', [[0, 1e-9, 0]]]));
    expect([...levels]).toEqual([
      ['Muted', -100],
      ['Idle', -100],
      ['Whisper', -100],
    ]);
  });

  it('that are no levels are nothing', () => {
    expect(levelsOf({}).size).toBe(0);
    expect(levelsOf({ inputs: [null, 3, { inputLevelsMul: [] }] }).size).toBe(0);
    expect(levelsOf({ inputs: [{ inputName: 'Odd', inputLevelsMul: ['x', [0, '1']] }] }).get('Odd')).toBe(-100);
  });
});

describe('a second of sound', () => {
  const at = (peakDb: number): Levels =>
    new Map([
      ['Mic', peakDb],
      ['Music', -3],
    ]);

  it('is told once, by its loudest moment, for the inputs that are watched', () => {
    const seconds = new LoudestPerSecond(['Mic']);
    const told: (Levels | null)[] = [];
    for (let ms = 0; ms <= 1000; ms += 50) told.push(seconds.hear(at(ms === 500 ? -12 : -40), ms));
    expect(told.slice(0, -1).every((one) => one === null)).toBe(true);
    expect([...(told.at(-1) ?? [])]).toEqual([['Mic', -12]]);
    expect(seconds.hear(at(-40), 1050)).toBeNull();
  });
});

describe('the wish for levels', () => {
  function watch(chosen: string[]): {
    watch: LevelWatch;
    asked: boolean[];
    samples: Sample[];
    pass: (ms: number) => void;
  } {
    const asked: boolean[] = [];
    const samples: Sample[] = [];
    let mono = 0;
    const levels = new LevelWatch(chosen, {
      measure: (sample) => void samples.push(sample),
      readNow: () => ({ at: mono, mono, boot: 'b', t: mono }),
    });
    levels.connected({ hearLevels: (wanted) => (asked.push(wanted), Promise.resolve()) });
    return { watch: levels, asked, samples, pass: (ms) => void (mono += ms) };
  }

  it('is there only while live and inputs are chosen', () => {
    const { watch: none, asked: never } = watch([]);
    none.setLive(true);
    expect(never).toEqual([]);
    const { watch: chosen, asked } = watch(['Mic']);
    expect(asked).toEqual([]);
    chosen.setLive(true);
    chosen.setLive(true);
    chosen.setLive(false);
    expect(asked).toEqual([true, false]);
  });

  it('is there while somebody listens, live or not, and asked anew on the next connection', () => {
    const { watch: levels, asked, samples } = watch([]);
    const heard: Levels[] = [];
    const stop = levels.listen((one) => void heard.push(one));
    levels.hear(inputs(['Mic', [[0, 1, 1]]]));
    levels.lost();
    levels.connected({ hearLevels: (wanted) => (asked.push(wanted), Promise.resolve()) });
    stop();
    expect(asked).toEqual([true, true, false]);
    expect(heard.map((one) => one.get('Mic'))).toEqual([0]);
    expect(samples).toEqual([]);
  });

  it('ends in one sample per input and second', () => {
    const { watch: levels, samples, pass } = watch(['Mic']);
    levels.setLive(true);
    for (let i = 0; i <= 40; i += 1) {
      levels.hear(inputs(['Mic', [[0, 0.5, 0.5]]], ['Music', [[0, 1, 1]]]));
      pass(50);
    }
    expect(samples).toEqual([
      { source: 'audio', ms: 1000, data: { input: 'Mic', peakDb: -6 } },
      { source: 'audio', ms: 2000, data: { input: 'Mic', peakDb: -6 } },
    ]);
  });
});
