import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planToFile } from '../contract/plan-file.ts';
import { cueContent, floorView } from '../contract/views/floor-view.ts';
import { deliveredFacts } from '../domain/decide/floor.ts';
import type { Perform, RecordFacts } from './doors.ts';
import { floorPlace, rememberFloorPlace } from './floor-place.ts';
import type { GatewayDoors } from './gateway/doors.ts';
import type { LiveState } from './live-state.ts';
import { log } from './log.ts';
import { takeKeysOut } from './net/key-place.ts';
import type { PostRoom } from './post-room.ts';
import type { Present } from './present.ts';
import type { Stage } from './stage.ts';
import type { DeskStore } from './store/desk-store.ts';
import { DeviceStore } from './store/devices.ts';
import type { Secrets } from './store/secrets.ts';
import type { StreamRoom } from './stream-room.ts';

export interface HouseForGateway {
  perform: Perform;
  stage: Stage;
  present: Present;
  live: LiveState;
  desk: DeskStore;
  secrets: Secrets;
  record: RecordFacts;
  stream: () => StreamRoom;
  post: () => PostRoom;
  touch: () => void;
}

/** Everything that a wire may ask of the house, and nothing else. */
export function gatewayDoors(house: HouseForGateway): GatewayDoors {
  const { stage, present, live, desk } = house;
  const show = () => stage.book?.show ?? null;
  return {
    perform: house.perform,
    log,
    readNow: () => stage.now(),
    deskState: () => present.state(),
    floorView: (device) => floorView(show(), present.live(), device, stage.now()),
    cueContent: (device, cue) => cueContent(show(), device, cue, stage.now()),
    entriesAfter: (seq, limit) => stage.book?.ledger.after(seq, limit) ?? [],
    head: () => stage.book?.ledger.head.seq ?? 0,
    epoch: () => stage.book?.ledger.epoch ?? null,
    samples: (query) => house.stream().watch.samples(query),
    files: () => present.files(),
    readFile: (path) => readWritten(path, house),
    planFile: () => {
      const now = show();
      // Cues are edited one by one after the plan was adopted; the file carries them as they stand.
      if (!now?.plan) return null;
      const stream = takeKeysOut(now.plan.stream, (name) => house.secrets.read(name)).plan;
      return planToFile({ ...now.plan, stream, cues: now.cues.order.map(({ cue }) => cue) });
    },
    ingest: (delivery) => Promise.resolve(house.post().accept(delivery)),
    devices: new DeviceStore(desk.db, house.secrets.installationKey()),
    people: () => show()?.plan?.people ?? [],
    tills: () => show()?.plan?.tills ?? [],
    record: (facts) => {
      if (stage.book) house.record(facts);
    },
    floorPlace: () => floorPlace(desk),
    floorOpened: (place) => rememberFloorPlace(desk, place),
    delivered: (device, dispatches) => {
      const facts = stage.book ? deliveredFacts(stage.book.show, device, dispatches) : [];
      if (facts.length === 0) return;
      try {
        house.record(facts);
      } catch {
        // Logged and said on the desk already. The fold still lacks it, so the screen's next report writes it.
      }
    },
    presence: (device, presence) => {
      live.presence.set(device, presence);
      house.touch();
    },
  };
}

/** Only what is on the list of written files has a path. */
async function readWritten(path: string, { stage, present }: HouseForGateway): Promise<Uint8Array | null> {
  const { book } = stage;
  if (!book || !present.files().some((file) => file.path === path)) return null;
  return readFile(join(book.folder, path)).catch(() => null);
}
