import type { Live } from '../live.ts';

/** A hub with nothing to tell: stream fine, nobody connected. For tests of views; never used by the product. */
export function quietLive(more: Partial<Live> = {}): Live {
  return {
    epoch: 'epoch',
    stream: {
      level: 'ok',
      cause: null,
      message: null,
      advice: null,
      since: null,
      layers: {},
      sources: {},
      incidents: [],
    },
    recording: { active: false, paused: false, path: null, sinceMs: null, diskMinutes: null },
    presence: new Map(),
    storage: {
      level: 'ok',
      freeBytes: null,
      walBytes: 0,
      lastSnapshotAt: null,
      message: null,
      pragmas: {},
      copiedSeq: 0,
      secondDisk: null,
    },
    connectors: [],
    imports: [],
    shows: [],
    settings: {},
    floor: { url: null, message: null },
    ingest: { url: null },
    files: [],
    closeProgress: null,
    earlierWithoutScale: 0,
    unsettledLetters: 0,
    letters: [],
    behind: [],
    ...more,
  };
}
