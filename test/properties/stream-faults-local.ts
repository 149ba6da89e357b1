import type { FaultKind } from './stream-faults.ts';
import type { Rig } from './stream-rig.ts';
import { dropPublisher } from './stream-server.ts';
import { freshLine } from './stream-line.ts';

/** Troubles of this computer: OBS, what it makes, and its recording. */

const ms = (value: number) => () => value;
const seesPicture = (rig: Rig): boolean => rig.watchesPicture;

export const LOCAL_FAULTS: readonly FaultKind[] = [
  {
    kind: 'obs-frozen',
    layer: 'obs',
    causes: ['obs-frozen'],
    warnByMs: ms(2600),
    criticalByMs: ms(4000),
    lastsMs: [6000, 14_000],
    // While it stood, frames were lost and nothing was sent.
    also: ['source', 'transport', 'recording', 'delivery'],
    begin: ({ knobs }) => {
      knobs.obs = 'timeout';
      knobs.obsProcess = 'frozen';
    },
    clear: (world) => {
      world.knobs.obs = 'ok';
      world.knobs.obsProcess = 'runs';
      if (!world.server.listed) world.loseConnection();
    },
  },
  {
    kind: 'obs-killed',
    layer: 'obs',
    causes: ['obs-gone'],
    warnByMs: ms(600),
    criticalByMs: ms(600),
    lastsMs: [10_000, 20_000],
    also: ['transport', 'recording', 'source', 'delivery'],
    alsoFrom: 'clear',
    begin: (world) => {
      world.knobs.obsProcess = 'dead';
      world.knobs.obs = 'refused';
      world.knobs.recording = 'off';
      world.output = 'stopped';
      world.line = freshLine();
      dropPublisher(world.server);
      // The socket says so at once; asking again is refused.
      world.events.push({ source: 'obs', ms: Math.round(world.ms), error: 'closed' });
    },
    clear: (world) => {
      world.knobs.obsProcess = 'runs';
      world.knobs.obs = 'ok';
      world.knobs.recording = 'on';
      world.recordBytes = 0;
      world.recordMs = 0;
      world.encoderFrames = world.encoderLost = world.renderFrames = world.renderLost = 0;
      world.startOutput();
    },
  },
  {
    kind: 'encoder-overload',
    layer: 'source',
    causes: ['encoder-overloaded'],
    warnByMs: ms(6000),
    criticalByMs: ms(14_000),
    lastsMs: [20_000, 30_000],
    also: [],
    begin: ({ knobs }, dice) => {
      knobs.encoderLost = dice.between(0.25, 0.6);
    },
    clear: ({ knobs }) => {
      knobs.encoderLost = 0;
    },
  },
  {
    kind: 'renderer-overload',
    layer: 'source',
    causes: ['encoder-overloaded'],
    warnByMs: ms(6000),
    criticalByMs: ms(14_000),
    lastsMs: [20_000, 30_000],
    also: [],
    begin: ({ knobs }, dice) => {
      knobs.renderLost = dice.between(0.25, 0.6);
    },
    clear: ({ knobs }) => {
      knobs.renderLost = 0;
    },
  },
  {
    kind: 'picture-frozen',
    layer: 'source',
    causes: ['picture-frozen'],
    warnByMs: ms(9000),
    criticalByMs: ms(17_000),
    lastsMs: [20_000, 30_000],
    also: [],
    fits: seesPicture,
    begin: ({ knobs }) => {
      knobs.picture = 'still';
    },
    clear: ({ knobs }) => {
      knobs.picture = 'moves';
    },
  },
  {
    kind: 'picture-black',
    layer: 'source',
    causes: ['picture-black'],
    warnByMs: ms(9000),
    criticalByMs: ms(17_000),
    lastsMs: [20_000, 30_000],
    also: [],
    fits: seesPicture,
    begin: ({ knobs }) => {
      knobs.picture = 'black';
    },
    clear: ({ knobs }) => {
      knobs.picture = 'moves';
    },
  },
  {
    kind: 'silence',
    layer: 'source',
    causes: ['sound-gone'],
    warnByMs: ms(7500),
    criticalByMs: ms(17_500),
    lastsMs: [20_000, 30_000],
    also: [],
    fits: seesPicture,
    begin: ({ knobs }) => {
      knobs.silent = true;
    },
    clear: ({ knobs }) => {
      knobs.silent = false;
    },
  },
  {
    kind: 'recording-stopped',
    layer: 'recording',
    causes: ['recording-stopped'],
    warnByMs: ms(1200),
    criticalByMs: ms(3500),
    lastsMs: [6000, 12_000],
    also: [],
    begin: ({ knobs }) => {
      knobs.recording = 'off';
    },
    clear: (world) => {
      world.knobs.recording = 'on';
      world.recordBytes = 0;
      world.recordMs = 0;
    },
  },
  {
    kind: 'recording-stalled',
    layer: 'recording',
    causes: ['recording-stalled'],
    warnByMs: ms(6500),
    criticalByMs: ms(11_500),
    lastsMs: [14_000, 20_000],
    also: [],
    begin: ({ knobs }) => {
      knobs.recording = 'stalled';
    },
    clear: ({ knobs }) => {
      knobs.recording = 'on';
    },
  },
  {
    kind: 'disk-filling',
    layer: 'recording',
    causes: ['disk-low'],
    warnByMs: ms(1500),
    criticalByMs: ms(1500),
    lastsMs: [10_000, 15_000],
    also: [],
    begin: ({ knobs }, dice) => {
      knobs.freeDiskMb = dice.between(80, 900);
    },
    clear: ({ knobs }) => {
      knobs.freeDiskMb = 100_000;
    },
  },
];
