import { describe, expect, it } from 'vitest';
import { act, cue, goTo, liveCues, timesNow } from './cue-testing.ts';
import { shownTime } from './cue-times.ts';
import type { Cue } from './plan.ts';
import { given, makeShow, plan, run, type TestShow } from './testing.ts';
import { type Instant, toIso } from './units.ts';

/** Clock time of the example's evening in Lisbon, which is an hour ahead of UTC in June. */
function lisbon(time: string): Instant {
  return Date.parse(`2026-06-20T${time}+01:00`);
}
const hard = (time: string) => ({ rule: 'hard' as const, at: toIso(lisbon(time)) });
const soft = (time: string) => ({ rule: 'soft' as const, at: toIso(lisbon(time)) });
const MIN = 60_000;

function evening(): TestShow {
  const cues = [
    cue('c1', { start: hard('19:00:00'), durationMs: 5 * MIN }),
    cue('c2', { durationMs: 15 * MIN }),
    cue('c3', { durationMs: 10 * MIN }),
    cue('c4', { start: soft('19:35:00'), durationMs: 5 * MIN }),
    cue('c5', { durationMs: 10 * MIN }),
    cue('c6', { durationMs: 10 * MIN }),
    cue('c7', { start: hard('20:05:00'), durationMs: 5 * MIN }),
    cue('c8', { durationMs: 5 * MIN, countTo: 'end' }),
  ];
  return liveCues(cues, lisbon('18:50:00'), {
    show: { startsAt: toIso(lisbon('19:00:00')), endsAt: toIso(lisbon('20:15:00')) },
  });
}

const GO = { kind: 'start-cue' } as const;
type Act = Parameters<typeof act>[2] | null;

/** Minutes and seconds with a sign, as the table writes differences. */
function ms(text: string): number {
  const [, sign, minutes, seconds] = /^([+−]?)(\d+):(\d\d)$/.exec(text) ?? [];
  return (sign === '−' ? -1 : 1) * (Number(minutes) * MIN + Number(seconds) * 1000);
}

/** time, act, running, elapsed, shown, absolute, relative, next, next expected, c6 expected, show ends */
type Row = [string, Act, string | null, string, string, string, string, string | null, string, string, string];
const ROWS: Row[] = [
  ['18:58:00', null, null, '', '', '0:00', '0:00', 'c1', '19:00:00', '19:50:00', '20:15:00'],
  [
    '19:02:00',
    { ...GO, cue: 'c1' },
    'c1',
    '00:00',
    '05:00',
    '+02:00',
    '0:00',
    'c2',
    '19:07:00',
    '19:50:00',
    '20:15:00',
  ],
  ['19:07:00', null, 'c1', '05:00', '00:00', '+02:00', '0:00', 'c2', '19:07:00', '19:50:00', '20:15:00'],
  ['19:07:30', GO, 'c2', '00:00', '15:00', '+02:30', '+00:30', 'c3', '19:22:30', '19:50:00', '20:15:00'],
  [
    '19:10:00',
    { kind: 'pause-cue' },
    'c2',
    '02:30',
    '12:30',
    '+02:30',
    '+00:30',
    'c3',
    '19:22:30',
    '19:50:00',
    '20:15:00',
  ],
  ['19:10:40', null, 'c2', '02:30', '12:30', '+03:10', '+01:10', 'c3', '19:23:10', '19:50:00', '20:15:00'],
  [
    '19:11:00',
    { kind: 'resume-cue' },
    'c2',
    '02:30',
    '12:30',
    '+03:30',
    '+01:30',
    'c3',
    '19:23:30',
    '19:50:00',
    '20:15:00',
  ],
  [
    '19:15:00',
    { kind: 'add-time', ms: 120_000 },
    'c2',
    '06:30',
    '10:30',
    '+05:30',
    '+03:30',
    'c3',
    '19:25:30',
    '19:50:30',
    '20:15:00',
  ],
  ['19:25:30', GO, 'c3', '00:00', '10:00', '+05:30', '+03:30', 'c4', '19:35:30', '19:50:30', '20:15:00'],
  ['19:30:00', null, 'c3', '04:30', '05:30', '+05:30', '+03:30', 'c4', '19:35:30', '19:50:30', '20:15:00'],
  ['19:36:30', GO, 'c4', '00:00', '05:00', '+01:30', '−00:30', 'c5', '19:41:30', '19:51:30', '20:15:00'],
  [
    '19:38:00',
    { kind: 'skip-cue', cue: 'c5' },
    'c4',
    '01:30',
    '03:30',
    '+01:30',
    '−00:30',
    'c6',
    '19:41:30',
    '19:41:30',
    '20:15:00',
  ],
  ['19:41:30', GO, 'c6', '00:00', '10:00', '−08:30', '−10:30', 'c7', '20:05:00', '', '20:15:00'],
  ['19:51:30', { kind: 'finish-cue' }, null, '', '', '0:00', '−02:00', 'c7', '20:05:00', '', '20:15:00'],
  ['20:05:00', GO, 'c7', '00:00', '05:00', '0:00', '−02:00', 'c8', '20:10:00', '', '20:15:00'],
  ['20:12:00', GO, 'c8', '00:00', '03:00', '0:00', '−02:00', null, '', '', '20:15:00'],
  ['20:16:00', null, 'c8', '04:00', '+01:00', '+01:00', '−01:00', null, '', '', '20:16:00'],
  ['20:16:05', { kind: 'finish-cue' }, null, '', '', '+01:05', '−00:55', null, '', '', '20:16:05'],
];

function play(show: TestShow, rows: Row[]): void {
  for (const [time, command] of rows) {
    if (command) expect(act(show, lisbon(time), command), time).toMatchObject({ ok: true });
    else goTo(show, lisbon(time));
  }
}

describe('the worked example of an evening', () => {
  const show = evening();
  it.each(ROWS)('at %s after %j: %s runs', (...row) => {
    const [time, , running, elapsed, shown, absolute, relative, next, nextAt, c6At, ends] = row;
    play(show, [row]);
    const times = timesNow(show);
    expect(times.running?.cue ?? null).toBe(running);
    if (running) {
      expect(times.running?.elapsedMs).toBe(ms(elapsed));
      expect(shownTime(times.running?.remainingMs ?? NaN)).toBe(shown);
    }
    expect(times.absoluteMs, 'absolute').toBe(ms(absolute));
    expect(times.relativeMs, 'relative').toBe(ms(relative));
    expect(times.next).toBe(next);
    expect(times.expected.get(next ?? '')?.start ?? null, 'next expected').toBe(nextAt ? lisbon(nextAt) : null);
    expect(times.expected.get('c6')?.start ?? null, 'c6 expected').toBe(c6At ? lisbon(c6At) : null);
    expect(times.showEnd, `show end at ${time}`).toBe(lisbon(ends));
    expect(times.endDeltaMs).toBe(lisbon(ends) - lisbon('20:15:00'));
    expect(times.expected.get('c7')?.overlapMs ?? 0).toBe(0);
    expect([...times.planned.values()].map((at) => toIso(at ?? NaN).slice(11, 16))).toEqual([
      '18:00',
      '18:05',
      '18:20',
      '18:35',
      '18:40',
      '18:50',
      '19:05',
      '19:10',
    ]);
  });
});

describe('special cases of the worked example', () => {
  it('an overlap is told before a hard start that the cue in front cannot meet', () => {
    const show = evening();
    play(show, ROWS.slice(0, 11));
    act(show, lisbon('19:40:00'), { kind: 'add-time', ms: 300_000 });
    const times = timesNow(show);
    expect(times.running).toMatchObject({ cue: 'c4', elapsedMs: ms('03:30'), remainingMs: ms('06:30') });
    expect(times.absoluteMs).toBe(ms('06:30'));
    expect(times.expected.get('c5')).toEqual({ start: lisbon('19:46:30'), overlapMs: 0 });
    expect(times.expected.get('c6')).toEqual({ start: lisbon('19:56:30'), overlapMs: 0 });
    expect(times.expected.get('c7')).toEqual({ start: lisbon('20:05:00'), overlapMs: ms('01:30') });
  });

  it('back goes on with the earlier cue as if GO had not happened', () => {
    const show = evening();
    play(show, ROWS.slice(0, 4));
    expect(act(show, lisbon('19:07:36'), { kind: 'back-cue' })).toMatchObject({ ok: true, cue: 'c1' });
    const times = timesNow(show);
    expect(times.running).toMatchObject({ cue: 'c1', elapsedMs: ms('05:36') });
    expect(shownTime(times.running?.remainingMs ?? NaN)).toBe('+00:36');
    expect(times.absoluteMs).toBe(ms('02:36'));
    expect(times.next).toBe('c2');
    expect(show.entries.slice(-2).map(({ kind }) => kind)).toEqual(['cue.withdrawn', 'cue.reopened']);
  });

  it('a pause over midnight costs its own length and nothing else', () => {
    const show = liveCues([cue('late', { start: hard('23:55:00'), durationMs: 20 * MIN })], lisbon('23:50:00'));
    act(show, lisbon('23:55:00'), GO);
    act(show, lisbon('23:58:00'), { kind: 'pause-cue' });
    act(show, lisbon('23:58:00') + 5 * MIN, { kind: 'resume-cue' });
    goTo(show, lisbon('23:55:00') + 15 * MIN);
    expect(timesNow(show)).toMatchObject({
      absoluteMs: 5 * MIN,
      running: { elapsedMs: 10 * MIN, remainingMs: 10 * MIN },
    });
  });

  it.each([
    ['back', '2026-10-25T00:50:00Z', '2026-10-25T01:05:00Z', '2026-10-25T01:10:00.000Z'],
    ['forward', '2026-03-29T00:50:00Z', '2026-03-29T01:05:00Z', '2026-03-29T01:10:00.000Z'],
  ])('clocks that go %s do not touch a running cue', (_way, start, at, ends) => {
    const show = liveCues(
      [cue('c', { start: { rule: 'hard', at: start }, durationMs: 20 * MIN })],
      Date.parse(start) - MIN,
    );
    act(show, Date.parse(start), GO);
    goTo(show, Date.parse(at));
    expect(timesNow(show).running).toMatchObject({ elapsedMs: 15 * MIN, expectedEnd: Date.parse(ends) });
  });

  it('an adopted clock change moves the plan against the show, never the time left', () => {
    const show = liveCues([cue('c', { start: hard('19:00:00'), durationMs: 10 * MIN })], lisbon('18:50:00'));
    act(show, lisbon('18:58:00'), GO);
    goTo(show, lisbon('19:02:00'));
    expect(timesNow(show)).toMatchObject({ absoluteMs: ms('−02:00'), running: { remainingMs: 6 * MIN } });
    show.at += 3 * MIN;
    given(show, { kind: 'clock.jumped', body: { deltaMs: 3 * MIN } });
    expect(timesNow(show)).toMatchObject({ absoluteMs: ms('−02:00'), running: { remainingMs: 6 * MIN } });
    given(show, { kind: 'clock.adopted', body: { as: 'clock', deltaMs: 3 * MIN, by: 'desk' } });
    expect(timesNow(show)).toMatchObject({ absoluteMs: ms('01:00'), running: { remainingMs: 6 * MIN } });
  });

  it('a cue that counts to its end ends at a clock time, which added time moves', () => {
    const show = liveCues(
      [cue('c', { start: soft('20:10:00'), durationMs: 5 * MIN, countTo: 'end' })],
      lisbon('20:00:00'),
    );
    act(show, lisbon('20:12:00'), GO);
    expect(act(show, lisbon('20:12:30'), { kind: 'pause-cue' })).toMatchObject({ ok: false, code: 'cannot-pause' });
    act(show, lisbon('20:13:00'), { kind: 'add-time', ms: MIN });
    goTo(show, lisbon('20:14:00'));
    expect(timesNow(show)).toMatchObject({
      absoluteMs: MIN,
      running: { remainingMs: 2 * MIN, expectedEnd: lisbon('20:16:00') },
    });
  });

  it('a shortened cue ends earlier while its planned end stays', () => {
    const show = evening();
    act(show, lisbon('19:00:00'), { ...GO, cue: 'c1' });
    act(show, lisbon('19:04:00'), { kind: 'add-time', ms: -120_000 });
    expect(timesNow(show)).toMatchObject({ absoluteMs: -MIN, running: { remainingMs: -MIN, phase: 'over' } });
  });

  it('editing a duration plans anew and is no lateness', () => {
    const show = evening();
    act(show, lisbon('19:00:00'), GO);
    act(show, lisbon('19:05:00'), GO);
    act(show, lisbon('19:10:00'), { kind: 'edit-cue', cue: cue('c5', { durationMs: 12 * MIN }) });
    const times = timesNow(show);
    expect(times.planned.get('c6')).toBe(lisbon('19:52:00'));
    expect(times.expected.get('c6')?.start).toBe(lisbon('19:52:00'));
    expect(times.absoluteMs).toBe(0);
  });
});

describe('what the plan leaves open', () => {
  const late = (...cues: Cue[]) => {
    const show = liveCues([cue('c1', { start: hard('19:00:00'), durationMs: 10 * MIN }), ...cues], lisbon('18:50:00'));
    act(show, lisbon('19:05:00'), GO);
    return timesNow(show);
  };

  it('a coming cue that counts to its end gives back what the show is late', () => {
    const { expected } = late(cue('c2', { durationMs: 10 * MIN, countTo: 'end' }), cue('c3'));
    expect(expected.get('c2')?.start).toBe(lisbon('19:15:00'));
    expect(expected.get('c3')?.start).toBe(lisbon('19:20:00'));
  });

  it('an untimed cue takes no planned time, counts up and is never over', () => {
    const show = liveCues([cue('c1', { start: hard('19:00:00'), durationMs: 0 }), cue('c2')], lisbon('18:50:00'));
    act(show, lisbon('19:00:00'), GO);
    goTo(show, lisbon('19:03:00'));
    expect(timesNow(show)).toMatchObject({
      running: { elapsedMs: 3 * MIN, remainingMs: null, overMs: 3 * MIN, phase: 'normal' },
      absoluteMs: 3 * MIN,
    });
    expect(timesNow(show).planned.get('c2')).toBe(lisbon('19:00:00'));
  });

  it('notes and cues skipped before opening have no slot', () => {
    const show = makeShow(
      plan({ cues: [cue('c1', { start: hard('19:00:00') }), cue('n', { kind: 'note' }), cue('c2'), cue('c3')] }),
    );
    run(show, { kind: 'skip-cue', cue: 'c2' });
    const { planned } = timesNow(show);
    expect([...planned]).toEqual([
      ['c1', lisbon('19:00:00')],
      ['c3', lisbon('19:05:00')],
    ]);
  });

  it('a linked cue with nothing before it starts with the show', () => {
    const show = makeShow(plan({ cues: [cue('c1')] }));
    expect(timesNow(show).planned.get('c1')).toBe(Date.parse('2026-11-28T18:00:00.000Z'));
  });

  it('phases turn at the limits of the cue', () => {
    const show = liveCues([cue('c1', { start: hard('19:00:00'), durationMs: 2 * MIN })], lisbon('18:50:00'));
    act(show, lisbon('19:00:00'), GO);
    const phases = [60_001, 60_000, 15_001, 15_000, 0, -1].map((left) => {
      goTo(show, lisbon('19:02:00') - left);
      return timesNow(show).running?.phase;
    });
    expect(phases).toEqual(['normal', 'warn', 'warn', 'danger', 'danger', 'over']);
  });

  it('a withdrawn run counts nowhere, not as the first and not in the plan', () => {
    const show = evening();
    act(show, lisbon('19:00:00'), { ...GO, cue: 'c2' });
    act(show, lisbon('19:01:00'), { ...GO, cue: 'c1' });
    act(show, lisbon('19:02:00'), { kind: 'back-cue' });
    expect(timesNow(show)).toMatchObject({ running: { cue: 'c2' }, next: 'c3' });
    expect(timesNow(show).planned.get('c1')).toBe(lisbon('19:00:00'));
  });
});

describe('what a clock shows', () => {
  it.each([
    [300_000, '05:00'],
    [299_001, '05:00'],
    [299_000, '04:59'],
    [3_600_000, '1:00:00'],
    [1, '00:01'],
    [0, '00:00'],
    [-999, '00:00'],
    [-1000, '+00:01'],
    [-61_999, '+01:01'],
    [-3_661_000, '+1:01:01'],
  ])('%i ms left reads %s', (left, shown) => {
    expect(shownTime(left)).toBe(shown);
  });
});
