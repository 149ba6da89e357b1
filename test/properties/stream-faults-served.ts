import type { FaultKind } from './stream-faults.ts';
import type { Rig } from './stream-rig.ts';
import type { Knobs, StreamWorld } from './stream-world.ts';

/** Troubles of what viewers are served, with everything before it in order. */

const pollMs = (rig: Rig): number => rig.playlistMs;
/** Timers of a busy hub, and its look four times a second. */
const SLACK_MS = 500;
/** §13 row 7 */
const staleWarnMs = (rig: Rig): number => 1.5 * rig.targetMs + 2 * pollMs(rig) + SLACK_MS;
const staleCriticalMs = (rig: Rig): number => 3.5 * rig.targetMs + 2 * pollMs(rig) + SLACK_MS;
/** Two answers with a status, 0.9 s apart. */
const statusMs = (rig: Rig): number => Math.max(3 * pollMs(rig), 2000) + SLACK_MS;

function status(
  kind: string,
  cause: string,
  set: (knobs: Knobs, status: number) => void,
  codes: readonly [number, ...number[]],
): FaultKind {
  return {
    kind,
    layer: 'delivery',
    causes: [cause],
    warnByMs: (rig) => 2 * pollMs(rig) + SLACK_MS,
    criticalByMs: statusMs,
    lastsMs: [15_000, 30_000],
    also: [],
    fits: (rig) => kind.startsWith('origin') || rig.edge,
    begin: ({ knobs }, dice) => set(knobs, dice.pick(codes)),
    clear: ({ knobs }) => set(knobs, 200),
  };
}

export const SERVED_FAULTS: readonly FaultKind[] = [
  {
    kind: 'playlist-frozen',
    layer: 'delivery',
    causes: ['packager-stalled'],
    warnByMs: staleWarnMs,
    criticalByMs: staleCriticalMs,
    lastsMs: [38_000, 50_000],
    also: [],
    begin: ({ knobs }) => {
      knobs.packages = false;
    },
    clear: ({ knobs }) => {
      knobs.packages = true;
    },
  },
  {
    kind: 'edge-stale',
    layer: 'delivery',
    causes: ['edge-stale'],
    warnByMs: staleWarnMs,
    criticalByMs: staleCriticalMs,
    lastsMs: [38_000, 50_000],
    also: [],
    fits: (rig) => rig.edge,
    begin: ({ knobs }: StreamWorld) => {
      knobs.edgeFresh = false;
    },
    clear: ({ knobs }: StreamWorld) => {
      knobs.edgeFresh = true;
    },
  },
  status('edge-5xx', 'edge-stale', (knobs, code) => (knobs.edge = code), [500, 502, 503, 504]),
  status('origin-404', 'packager-stalled', (knobs, code) => (knobs.origin = code), [404]),
];
