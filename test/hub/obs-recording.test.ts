import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Entry, OriginFact } from '../../src/domain/ledger.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import { type ShowState, evolve, initialShow } from '../../src/domain/show.ts';
import { fromIso } from '../../src/domain/units.ts';
import { HubClock } from '../../src/hub/clock.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { StreamWatch } from '../../src/hub/watch.ts';
import { until } from '../kit/hub.ts';
import { UNHEARD } from '../kit/watch-doors.ts';

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
  watch = startWatch();
  await watch.restart({ ...NO_STREAM, obs: { url: obs.url } });
  await until('OBS', () => watch.health?.obs.active === false);
});
afterEach(async () => {
  await watch.stop();
  await obs.close();
});

function startWatch(): StreamWatch {
  const clock = new HubClock();
  return new StreamWatch({
    ...UNHEARD,
    readNow: () => clock.read(show.clock),
    readShow: () => show,
    record: (facts: readonly OriginFact[]) =>
      facts.map((fact) => {
        const entry = { ...fact, seq: show.seq + 1, ...clock.read(show.clock), prevHash: '', hash: '' } as Entry;
        evolve(show, entry);
        ledger.push(entry);
        return entry;
      }),
  });
}

const stalls = (): Entry[] => ledger.filter(({ kind }) => kind === 'recording.stalled');

it('a recording whose bytes stand still is told once for each stall', { timeout: 90_000 }, async () => {
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
  // A hub that is restarted meanwhile knows from the ledger that this is told.
  await watch.stop();
  watch = startWatch();
  await watch.restart({ ...NO_STREAM, obs: { url: obs.url } });
  await until('the stall as the judge sees it', () => watch.health?.grades.recordStallMs === 2, 20_000);
  await new Promise((done) => setTimeout(done, 1000));
  expect(stalls()).toHaveLength(1);
  // It went on, and stands again: that is another one.
  obs.set({ recordKbps: 8000 });
  await new Promise((done) => setTimeout(done, 2500));
  obs.set({ recordKbps: 0 });
  await until('the next stall', () => stalls()[1], 20_000);
});
