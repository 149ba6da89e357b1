import type { Live } from '../live.ts';

const NO = { ready: false, why: null };
const QUIET_FAILOVER: Live['failover'] = {
  mode: 'observe',
  state: 'ready',
  tier: null,
  ingest: null,
  can: { 'show-slate': NO, 'clear-slate': NO, 'switch-ingest': NO, 'retry-ingest': NO, 'start-recording': NO },
  pending: null,
  counting: null,
  running: null,
  lockedWhy: null,
  slateOn: false,
  notice: null,
  retryAt: null,
  history: [],
};

/** A hub with nothing to tell: stream fine, nobody connected. For tests of views; never used by the product. */
export function quietLive(more: Partial<Live> = {}): Live {
  return {
    epoch: 'epoch',
    stream: {
      level: 'ok',
      cause: null,
      message: null,
      advice: null,
      place: null,
      second: null,
      follows: [],
      since: null,
      layers: {},
      sources: {},
      incidents: [],
      viewers: null,
    },
    failover: QUIET_FAILOVER,
    audit: { auditId: null, at: null, by: null, word: null, stale: false, groups: [], checks: [], running: null },
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
