import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Entry, OriginFact } from '../../src/domain/ledger.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import { type ShowState, evolve, initialShow } from '../../src/domain/show.ts';
import { fromIso } from '../../src/domain/units.ts';
import { HubClock } from '../../src/hub/clock.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { StreamWatch } from '../../src/hub/watch.ts';
import { until } from '../kit/hub.ts';

/** A recording that goes on without growing, told from one that grows slowly or was paused (STR-36, STR-59). */

let obs: FakeObs;
let show: ShowState;
let ledger: Entry[];
let watch: StreamWatch;

beforeEach(async () => {
  obs = await startFakeObs();
  show = initialShow('s');
  show.phase = 'live';
  ledger = [];
  const clock = new HubClock();
  watch = new StreamWatch({
    readNow: () => clock.read(show.clock),
    readShow: () => show,
    record: (facts: readonly OriginFact[]) =>
      facts.map((fact) => {
        const entry = { ...fact, seq: show.seq + 1, ...clock.read(show.clock), prevHash: '', hash: '' } as Entry;
        evolve(show, entry);
        ledger.push(entry);
        return entry;
      }),
    readDb: () => null,
    reportConnector: () => undefined,
    readSecret: () => null,
    onChange: () => undefined,
    log: () => undefined,
  });
  await watch.restart({ ...NO_STREAM, obs: { url: obs.url } });
  await until('OBS', () => watch.health?.obs.active === false);
});
afterEach(async () => {
  await watch.stop();
  await obs.close();
});

const stalls = (): Entry[] => ledger.filter(({ kind }) => kind === 'recording.stalled');

it('a recording whose bytes stand still is told once for each stall', { timeout: 60_000 }, async () => {
  await watch.obs.call('StartRecord', undefined, 1000);
  const started = await until('the recording', () => ledger.find(({ kind }) => kind === 'recording.started'));
  // Past its grace: a healthy one has grown by then.
  await new Promise((done) => setTimeout(done, 13_500));
  expect(stalls()).toEqual([]);
  obs.set({ recordKbps: 0 });
  const stoodStill = Date.now();
  const told = await until('the stall', () => stalls()[0], 20_000);
  expect(told.body).toMatchObject({ run: `rec${started.seq}` });
  const { noticedAt } = told.body as { noticedAt: string };
  expect(Math.abs(fromIso(noticedAt as Parameters<typeof fromIso>[0]) - stoodStill)).toBeLessThan(2500);
  await new Promise((done) => setTimeout(done, 3000));
  expect(stalls()).toHaveLength(1);
});
