import type { HealthSample } from '../../src/domain/health/sample.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import type { StreamPlan } from '../../src/domain/plan.ts';
import { initialShow } from '../../src/domain/show.ts';
import { HubClock } from '../../src/hub/clock.ts';
import { ObsConnector } from '../../src/hub/connectors/obs.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import type { ObsFigures } from '../../src/hub/demo/fake-obs-figures.ts';
import type { ObsDoor } from '../../src/hub/doors.ts';
import { checkOf, deadlineOf } from '../../src/hub/preflight/checks.ts';
import type { Finding, Ground } from '../../src/hub/preflight/check.ts';
import { until } from '../kit/hub.ts';

/** Checks on a fake OBS behind the real wire, without a hub around them. */
export interface Stand {
  obs: FakeObs;
  door: ObsDoor;
  secrets: Map<string, string>;
  /** a ground of its own for each call, as each run has */
  ground: (change?: Partial<Ground>) => Ground;
  /** makes checks side by side on one ground */
  run: (ids: readonly string[], change?: Partial<Ground>) => Promise<Record<string, Finding>>;
  /** requests that change something, since the last call of it */
  changes: () => string[];
  close: () => Promise<void>;
}

export const CHANGING = /^(Set|Start|Stop|Toggle|Trigger|Create|Remove|Save|Split|Pause|Resume|Open|Press|Duplicate)/;

export async function startStand(plan: Partial<StreamPlan> = {}, figures: Partial<ObsFigures> = {}): Promise<Stand> {
  const obs = await startFakeObs({ figures });
  const ears = new Set<(sample: HealthSample) => void>();
  const clock = new HubClock();
  const secrets = new Map<string, string>();
  const wire = new ObsConnector(
    obs.url,
    {
      readNow: () => clock.read(),
      report: () => undefined,
      log: () => undefined,
      ownPorts: () => [],
      measure: (sample) => ears.forEach((ear) => ear(sample)),
      readSecret: () => null,
      onSetup: () => undefined,
    },
    { watchesPicture: () => false, audioInputs: [] },
  );
  wire.start();
  await until('OBS', () => wire.isConnected);
  const door: ObsDoor = {
    isConnected: () => wire.isConnected,
    call: (...ask) => wire.request(...ask),
    batch: (...ask) => wire.batch(...ask),
    meter: (hear) => wire.meter(hear),
  };
  const stream: StreamPlan = { ...NO_STREAM, obs: { url: obs.url }, slateScene: 'Slate', liveScene: 'Live', ...plan };
  const ground = (change: Partial<Ground> = {}): Ground => ({
    show: initialShow('s'),
    stream,
    times: { startsAt: null, endsAt: null },
    obs: door,
    health: () => null,
    setting: () => undefined,
    readSecret: (name) => secrets.get(name) ?? null,
    saveSecret: (name, value) => void secrets.set(name, value),
    isLive: false,
    ownPorts: [],
    now: () => clock.read(),
    log: () => undefined,
    logged: () => [],
    house: () => ({ online: new Set(), awake: new Map(), freeBytes: null, lastSnapshotAt: null, power: null }),
    listen: (hear) => {
      ears.add(hear);
      return () => void ears.delete(hear);
    },
    signal: new AbortController().signal,
    ...change,
  });
  let counted = 0;
  return {
    ...{ obs, door, secrets, ground },
    async run(ids, change) {
      const shared = ground(change);
      const found = await Promise.all(
        ids.map(async (id) => {
          const signal = AbortSignal.timeout(deadlineOf(id, true));
          return [id, await checkOf(id)(shared, signal)] as const;
        }),
      );
      return Object.fromEntries(found);
    },
    changes() {
      const fresh = obs.requests().slice(counted);
      counted = obs.requests().length;
      return fresh.map(({ requestType }) => requestType).filter((request) => CHANGING.test(request));
    },
    async close() {
      wire.stop();
      await obs.close();
    },
  };
}
