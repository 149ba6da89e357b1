import type { Health } from '../../src/domain/health/state.ts';
import type { FaultKind } from './stream-faults.ts';
import { FAULTS } from './stream-faults.ts';
import { toScene } from './stream-disturbances.ts';
import type { Rig } from './stream-rig.ts';
import { type JudgeUnderTest, falseAlarmsOf, findingsOf, playShow, type Played } from './stream-score.ts';

/** Short shows on one good rig, each with what a judge must or must not say of it. An empty answer is a pass. */
export type Check = (judge: AnyJudge) => string[];

export type AnyJudge = JudgeUnderTest<Health>;

export const GOOD_RIG: Rig = {
  kbps: 4500,
  fps: 30,
  keyframeMs: 2000,
  rateControl: 'VBR',
  server: 'nginx-rtmp',
  targetMs: 2000,
  obsMs: 500,
  playlistMs: 1000,
  renderLost: 0,
  spread: 0.05,
  bufferBytes: 400_000,
  lossBufferMs: 400,
  deadPublisherMs: 7300,
  probeMs: 2000,
  rttMs: 20,
  edge: true,
  statLoss: 0,
  watchesPicture: true,
  driftPpm: 20,
};

function show(judge: AnyJudge, fault: FaultKind, rig: Rig): Played {
  return playShow({ seed: 11, rig, faults: [fault], calmMs: 0, disturbed: false }, judge);
}

/** The fault is found in time, in its layer, with its cause and its dark time, and nothing else is. */
function finds(kind: string, rig: Partial<Rig> = {}, owed: Partial<FaultKind> = {}): Check {
  return (judge) => {
    const fault = FAULTS.find((candidate) => candidate.kind === kind);
    if (fault === undefined) throw new Error(`there is no fault ${kind}`);
    const played = show(judge, { ...fault, ...owed }, { ...GOOD_RIG, ...rig });
    const [finding] = findingsOf(played);
    const breaches = falseAlarmsOf(played).map(({ layer, ms }) => `false alarm of ${layer} at ${ms} ms`);
    if (finding?.missed) breaches.push('missed');
    if (finding?.late) breaches.push(`late: warn ${finding.warnMs} ms, critical ${finding.criticalMs} ms`);
    if (finding?.wrongCause) breaches.push(`cause ${finding.cause}`);
    return [...breaches, ...played.oddFigures, ...darkBreaches(played)];
  };
}

function darkBreaches({ placed, incidents }: Played): string[] {
  const [fault] = placed;
  if (fault?.fault.layer !== 'transport' || fault.darkMs === 0) return [];
  const told = incidents.find(({ layer, startMs }) => layer === 'transport' && startMs >= fault.onsetMs)?.darkMs ?? 0;
  return Math.abs(told - fault.darkMs) <= 1500 ? [] : [`dark ${told} ms, really ${Math.round(fault.darkMs)} ms`];
}

type Happening = Pick<FaultKind, 'begin' | 'clear'> & { forMs: number };

/** Something happens that is nobody's fault: nothing may rise. */
function bears(happens: Happening, rig: Partial<Rig> = {}): Check {
  return (judge) => {
    const played = show(judge, asFault(happens), { ...GOOD_RIG, ...rig });
    const rises = played.changes.filter(({ rose }) => rose);
    return [...rises.map(({ layer, rank, cause }) => `${layer} rose to ${rank}: ${cause}`), ...played.oddFigures];
  };
}

/** At most a warning, and at least one of this layer: it does not come and go. */
function isOneWarning(happens: Happening): Check {
  return (judge) => {
    const played = show(judge, asFault(happens), GOOD_RIG);
    const rises = played.changes.filter(({ rose }) => rose);
    if (rises.length === 1 && rises[0]?.rank === 1) return [];
    return [`rises: ${rises.map(({ layer, rank, ms }) => `${layer} ${rank} at ${ms} ms`).join(', ')}`];
  };
}

function asFault({ begin, clear, forMs }: Happening): FaultKind {
  const owed = (): null => null;
  const times = { warnByMs: owed, criticalByMs: owed, lastsMs: [forMs, forMs] as const };
  return { kind: 'nothing', layer: 'transport', causes: [], also: [], ...times, begin, clear };
}

const SRT: Partial<Rig> = { server: 'mediamtx-srt' };

export const CHECKS: Record<string, Check> = {
  ...Object.fromEntries(FAULTS.map(({ kind, fits }) => [kind, finds(kind, fits?.(GOOD_RIG) === false ? SRT : {})])),
  // Two stalls of two seconds are enough (STR-22); congestion alone would need four.
  'a silent loss without media clocks': finds('silent-loss', { server: 'mediamtx' }, { criticalByMs: () => 3400 }),
  'a throttle behind a large buffer': finds('throttle-40', { bufferBytes: 1_500_000 }),
  'a late keyframe after a start': bears(
    {
      forMs: 20_000,
      begin: (world) => world.stopOutput(),
      clear: (world) => world.startOutput(7500),
    },
    { keyframeMs: 8333, targetMs: 8000 },
  ),
  'a stop by hand': bears({
    forMs: 15_000,
    begin: (world) => world.stopOutput(),
    clear: (world) => world.startOutput(),
  }),
  'the slate on purpose': bears({
    forMs: 40_000,
    begin: (world) => toScene(world, 'Slate'),
    clear: (world) => toScene(world, 'Live'),
  }),
  'a calm picture': bears({
    forMs: 60_000,
    begin: ({ knobs }) => (knobs.rate = 0.3),
    clear: ({ knobs }) => (knobs.rate = 1),
  }),
  'a small lag under a calm picture': bears({
    // Neither is a warning by itself, so the low rate has nothing to lean on (STR-27).
    forMs: 40_000,
    begin: (world) => {
      world.knobs.rate = 0.3;
      world.heldBack = [400];
    },
    clear: (world) => {
      world.knobs.rate = 1;
      world.heldBack = [];
    },
  }),
  'a stat page away for four seconds': bears({
    forMs: 3500,
    begin: ({ knobs }) => (knobs.stat = 'timeout'),
    clear: ({ knobs }) => (knobs.stat = 'ok'),
  }),
  'a stat page away for long': isOneWarning({
    forMs: 20_000,
    begin: ({ knobs }) => (knobs.stat = 'timeout'),
    clear: ({ knobs }) => (knobs.stat = 'ok'),
  }),
  'a lag that comes and goes': isOneWarning({
    forMs: 60_000,
    begin: (world) => (world.heldBack = [700, 700, 0, 0]),
    clear: (world) => (world.heldBack = []),
  }),
  'a lag between the limits': isOneWarning({
    forMs: 60_000,
    // Over the upper limit once, then between the two for a while, then over it again.
    begin: (world) => (world.heldBack = [700, 700, 400, 400, 400, 400, 400, 400, 700, 700, 400, 400]),
    clear: (world) => (world.heldBack = []),
  }),
};
