import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Entry, OriginFact } from '../../src/domain/ledger.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import { type ShowState, evolve, initialShow } from '../../src/domain/show.ts';
import { HubClock } from '../../src/hub/clock.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { StreamRoom } from '../../src/hub/stream-room.ts';
import { until } from '../kit/hub.ts';
import { UNHEARD } from '../kit/watch-doors.ts';

/** What the room hands from the settings to its parts. */

let obs: FakeObs;
let room: StreamRoom;
let show: ShowState;
let settings: Map<string, unknown>;

beforeEach(async () => {
  obs = await startFakeObs({ figures: { streaming: true, recording: false } });
  show = initialShow('s');
  show.phase = 'live';
  settings = new Map();
  const clock = new HubClock();
  room = new StreamRoom({
    ...UNHEARD,
    readNow: () => clock.read(show.clock),
    readShow: () => show,
    record: (facts: readonly OriginFact[]) =>
      facts.map((fact) => {
        const entry = { ...fact, seq: show.seq + 1, ...clock.read(show.clock), prevHash: '', hash: '' } as Entry;
        evolve(show, entry);
        return entry;
      }),
    saveSecret: () => undefined,
    setting: (key) => settings.get(key) ?? null,
    logged: () => [],
    house: () => ({ online: new Set(), awake: new Map(), freeBytes: null, lastSnapshotAt: null }),
  });
});
afterEach(async () => {
  await room.stop();
  await obs.close();
});

async function recordingLevel(): Promise<string | undefined> {
  await room.restart({ ...NO_STREAM, obs: { url: obs.url } });
  await until('OBS to be seen on air', () => room.watch.health?.obs.active === true);
  // Off for two seconds is critical (STR-35).
  await new Promise((done) => setTimeout(done, 3000));
  return room.watch.view({ at: 0, mono: 0, boot: 'b', t: 0 }).layers.recording?.level;
}

it('a recording that does not run is a trouble on a desk that records its shows', async () => {
  expect(await recordingLevel()).toBe('critical');
});

it('on a desk that does not record its shows nothing is missing', async () => {
  settings.set('recording.expected', false);
  expect(await recordingLevel()).toBe('ok');
});
