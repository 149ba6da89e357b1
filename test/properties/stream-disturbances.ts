import type { StreamDice } from './stream-dice.ts';
import type { Poll } from './stream-polls.ts';
import type { StreamWorld } from './stream-world.ts';

/** Things that happen in every good show and are nobody's fault. None may become an alarm. */
export interface Disturbance {
  what: string;
  /** how often in an hour */
  perHour: number;
  /** @returns how long it lasts, ms, and how it ends */
  begin: (scene: Stage) => { forMs: number; end: () => void };
}

export interface Stage {
  world: StreamWorld;
  polls: readonly Poll[];
  dice: StreamDice;
  /** the hub itself is held up until then: it asks nothing and hears nothing */
  holdHub: (forMs: number) => void;
}

const atOnce = (): { forMs: number; end: () => void } => ({ forMs: 0, end: () => undefined });

function once(name: Poll['name'], what: Poll['once']): Disturbance['begin'] {
  return ({ polls }) => {
    const poll = polls.find((candidate) => candidate.name === name);
    if (poll !== undefined) poll.once = what;
    return atOnce();
  };
}

export const DISTURBANCES: readonly Disturbance[] = [
  {
    what: 'one slow answer of OBS',
    perHour: 8,
    begin: (stage) => once('obs', { tookMs: stage.dice.between(150, 1100) })(stage),
  },
  { what: 'one lost answer of the stat page', perHour: 6, begin: once('rtmp', { outcome: 'timeout' }) },
  { what: 'one lost answer of the origin', perHour: 2, begin: once('hls', { outcome: 'timeout' }) },
  { what: 'one lost answer of the edge', perHour: 2, begin: once('edge', { outcome: 'timeout' }) },
  { what: 'one failed probe of the ingest', perHour: 2, begin: once('ingest', { outcome: 'timeout' }) },
  { what: 'one failed probe of the gateway', perHour: 1, begin: once('gateway', { outcome: 'timeout' }) },
  {
    what: 'a calm picture',
    perHour: 4,
    begin: ({ world, dice }) => {
      if (world.rig.rateControl === 'CBR') return atOnce();
      world.knobs.rate = dice.between(0.3, 0.6);
      return { forMs: dice.between(3000, 90_000), end: () => (world.knobs.rate = 1) };
    },
  },
  {
    what: 'a cut to a busy picture',
    perHour: 20,
    begin: ({ world, dice }) => {
      world.knobs.rate = dice.between(1.3, 1.7);
      return { forMs: dice.between(200, 800), end: () => (world.knobs.rate = 1) };
    },
  },
  {
    what: 'a stumble of the renderer',
    perHour: 2,
    begin: ({ world, dice }) => {
      world.renderLost += world.rig.fps * dice.between(0.05, 0.28);
      return atOnce();
    },
  },
  {
    what: 'a playlist that is a little late',
    perHour: 3,
    begin: ({ world, dice }) => {
      // A limit of one and a half pieces and a poll leaves that much room (STR-38).
      const room = 0.5 * world.rig.targetMs + Math.min(world.rig.playlistMs, 0.5 * world.rig.targetMs);
      world.server.lateMs = dice.between(0.1, 0.85) * room;
      return atOnce();
    },
  },
  {
    what: 'the stat page restarts',
    perHour: 0.5,
    begin: ({ world, dice }) => {
      world.knobs.stat = 'refused';
      return { forMs: dice.between(400, 1000), end: () => (world.knobs.stat = 'ok') };
    },
  },
  {
    what: 'an edge that is one piece behind',
    perHour: 1,
    begin: ({ world, dice }) => {
      world.knobs.edgeBehind = 1;
      return { forMs: dice.between(1000, 8000), end: () => (world.knobs.edgeBehind = 0) };
    },
  },
  {
    what: 'the hub is held up',
    perHour: 1,
    begin: ({ dice, holdHub }) => {
      holdHub(dice.between(300, 1000));
      return atOnce();
    },
  },
  {
    what: 'nobody speaks for a moment',
    perHour: 6,
    begin: ({ world, dice }) => {
      world.knobs.silent = true;
      return { forMs: dice.between(800, 3500), end: () => (world.knobs.silent = false) };
    },
  },
  {
    what: 'nothing moves for a moment',
    perHour: 4,
    begin: ({ world, dice }) => {
      world.knobs.picture = 'still';
      return { forMs: dice.between(500, 3500), end: () => (world.knobs.picture = 'moves') };
    },
  },
  {
    what: 'a fade through black',
    perHour: 2,
    begin: ({ world, dice }) => {
      world.knobs.picture = 'black';
      return { forMs: dice.between(500, 2500), end: () => (world.knobs.picture = 'moves') };
    },
  },
  {
    what: 'the slate on purpose',
    perHour: 0.5,
    begin: ({ world, dice }) => {
      toScene(world, 'Slate');
      return { forMs: dice.between(20_000, 90_000), end: () => toScene(world, 'Live') };
    },
  },
];

export function toScene(world: StreamWorld, sceneName: string): void {
  world.knobs.scene = sceneName;
  world.events.push({
    source: 'obs-event',
    ms: Math.round(world.ms),
    data: { eventType: 'CurrentProgramSceneChanged', eventData: { sceneName } },
  });
}
