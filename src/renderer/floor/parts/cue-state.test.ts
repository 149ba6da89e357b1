import { expect, test } from 'vitest';
import type { CueBrief, CueScreenView } from '../../../contract/floor-views.ts';
import { clockAt, cueFace, stageState } from './cue-state.ts';

const at = (clock: string): string => `2026-11-28T${clock}.000Z`;
const T0 = 5_000_000;

const cue = (change: Partial<CueBrief> = {}): CueBrief => ({
  id: 'c6',
  title: 'Drop 3: Blue Mug',
  kind: 'drop',
  owners: ['Ana'],
  mine: true,
  state: 'running',
  startsAt: at('20:00:00'),
  endsAt: at('20:15:00'),
  durationMs: 900_000,
  remainingMs: 136_000,
  elapsedMs: 764_000,
  paused: false,
  phase: 'normal',
  warnMs: 60_000,
  ...change,
});
const kettle = (change: Partial<CueBrief> = {}): CueBrief =>
  cue({
    id: 'c7',
    title: 'Kettle demo',
    kind: 'talk',
    owners: ['Ben'],
    mine: false,
    state: 'planned',
    startsAt: at('20:15:00'),
    endsAt: at('20:25:00'),
    durationMs: 600_000,
    remainingMs: null,
    elapsedMs: null,
    phase: null,
    ...change,
  });

const view = (change: Partial<CueScreenView> = {}): CueScreenView => ({
  role: 'co-host',
  show: { id: 'harbour', name: 'Harbour', phase: 'live', timeZone: 'Europe/Lisbon', language: 'en', demo: false },
  t: T0,
  at: at('20:12:44'),
  now: cue(),
  next: kettle(),
  stream: 'ok',
  me: { person: 'ana', name: 'Ana', code: 'ANA10' },
  mine: [],
  dispatch: null,
  stock: null,
  ticked: [],
  contentRev: 1,
  messages: [],
  requests: [],
  ...change,
});
/** the same stage as Ben's phone gets it */
const bens = (change: Partial<CueScreenView> = {}): CueScreenView =>
  view({
    me: { person: 'ben', name: 'Ben', code: 'BEN10' },
    now: cue({ mine: false }),
    next: kettle({ mine: true }),
    ...change,
  });

test('the owner of the running cue is on air and counts down by the device clock', () => {
  expect(cueFace(view(), T0)).toMatchObject({ state: 'on-air', cue: 'c6', countdown: { kind: 'left', ms: 136_000 } });
  expect(cueFace(view(), T0 + 30_000).countdown?.ms).toBe(106_000);
});

test('from warnMs on it says wrap up, past zero it is over, both without a new view', () => {
  expect(cueFace(view(), T0 + 76_000).state).toBe('wrap-up');
  expect(cueFace(view(), T0 + 136_000).state).toBe('wrap-up');
  expect(cueFace(view(), T0 + 136_001).state).toBe('over');
});

test('a paused cue stands still, and so does the count to what follows it', () => {
  const paused = cue({ paused: true, state: 'paused' });
  expect(cueFace(view({ now: paused }), T0 + 60_000).countdown).toMatchObject({ ms: 136_000, paused: true });
  expect(cueFace(bens({ now: { ...paused, mine: false } }), T0 + 60_000).countdown).toMatchObject({
    kind: 'until',
    ms: 136_000,
  });
});

test('the next owner waits until called and then stands by, counting to the expected start', () => {
  expect(cueFace(bens(), T0)).toMatchObject({ state: 'wait', cue: 'c7', countdown: { kind: 'until', ms: 136_000 } });
  const called = bens({ dispatch: { id: 'd9', cue: 'c7', state: 'sent' } });
  expect(cueFace(called, T0)).toMatchObject({ state: 'standby', title: 'Kettle demo' });
  expect(cueFace(bens({ next: kettle({ mine: true, state: 'standby' }) }), T0).state).toBe('standby');
});

test('a start that has slipped past its time waits at zero', () => {
  expect(cueFace(bens(), T0 + 600_000).countdown?.ms).toBe(0);
});

test('a cue of tomorrow is not counted down to', () => {
  const tomorrow = kettle({ mine: true, startsAt: '2026-11-29T20:15:00.000Z' });
  expect(cueFace(bens({ now: null, next: tomorrow }), T0)).toMatchObject({ cue: 'c7', countdown: null });
});

test('nobody of the stage sees their own next cue, else what is on air', () => {
  const cleo = { person: 'cleo', name: 'Cleo', code: null };
  const later = { id: 'c9', title: 'Questions', rev: 1, startsAt: at('20:25:00') };
  expect(cueFace(view({ me: cleo, now: cue({ mine: false }), mine: [later] }), T0)).toMatchObject({
    state: 'wait',
    cue: 'c9',
    countdown: { kind: 'until' },
  });
  expect(cueFace(view({ me: cleo, now: cue({ mine: false }) }), T0)).toMatchObject({
    state: 'wait',
    cue: 'c6',
    countdown: { kind: 'left' },
  });
});

test('an untimed cue counts up and never wraps up', () => {
  const untimed = cue({ durationMs: null, remainingMs: null, elapsedMs: 10_000 });
  expect(cueFace(view({ now: untimed }), T0 + 5_000)).toMatchObject({
    state: 'on-air',
    countdown: { kind: 'elapsed', ms: 15_000, share: null },
  });
});

test('a break is a break for everybody and a closed show has ended', () => {
  const pause = cue({ kind: 'break', owners: [], mine: false });
  expect(cueFace(bens({ now: pause }), T0).state).toBe('break');
  expect(stageState(view({ show: { ...view().show, phase: 'closed' } }), T0)).toBe('ended');
});

test('clock time runs on from the pair of times that the view carries', () => {
  expect(new Date(clockAt(view(), T0 + 16_000)).toISOString()).toBe('2026-11-28T20:13:00.000Z');
});
