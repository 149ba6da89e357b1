import type { DeskState, WrittenFile } from '../../contract/desk-state.ts';
import type { CueContent, FloorView } from '../../contract/floor-views.ts';
import type { Presence } from '../../contract/live.ts';
import type { Entry, OriginFact } from '../../domain/ledger.ts';
import type { Instant } from '../../domain/units.ts';
import type { DeviceKeys, Log, PairedDevice, Perform, ReadNow } from '../doors.ts';

/** Everything the gateway may ask of the hub. It holds no truth of its own but who is connected. */
export interface GatewayDoors {
  perform: Perform;
  log: Log;
  readNow: ReadNow;

  deskState: () => DeskState;
  /** whole view of one screen; devices of one role, person and till see the same, so it is asked once for all of them */
  floorView: (device: PairedDevice) => FloorView;
  /** null: no such cue, or not one this device may read */
  cueContent: (device: PairedDevice, cue: string) => CueContent | null;

  /** in order, seq > `seq`, at most `limit` */
  entriesAfter: (seq: number, limit: number) => Entry[];
  /** seq of the newest entry, 0 without a show */
  head: () => number;
  /** sync epoch of the open show file; null without a show */
  epoch: () => string | null;
  /** body of GET /api/samples */
  samples: (query: SampleQuery) => object;
  files: () => WrittenFile[];
  /** bytes of a file that `files()` lists, by its exact path; null when it is not there */
  readFile: (path: string) => Promise<Uint8Array | null>;
  /** the plan as a `.dropdesk` file; null without one */
  planFile: () => object | null;

  /** one raw webhook; answers only after the body is durable or refused */
  ingest: (delivery: Delivery) => Promise<IngestAnswer>;

  devices: DeviceKeys;
  /** people and tills of the plan: whom an invitation may name */
  people: () => Named[];
  tills: () => Named[];
  /** writes `device.joined|approved|revoked`; does nothing while there is no show (`announceDevices` tells a new one) */
  record: (facts: OriginFact[]) => void;
  /** a screen holds the view that carries these dispatches and messages: `cue.delivered` for those that are new */
  delivered: (device: PairedDevice, dispatches: string[]) => void;
  presence: (device: string, presence: Presence) => void;

  /** where the floor was last or shall be: setting `floor.host` and the port remembered for this show; null: pick one */
  floorPlace: () => { host: string | null; port: number | null };
  /** the floor is open there now; remember it, a till's unsent sales belong to that origin */
  floorOpened: (place: { host: string; port: number; url: string }) => void;
}

export interface Named {
  id: string;
  name: string;
}

export interface SampleQuery {
  from: Instant | null;
  to: Instant | null;
  source: string | null;
  /** about so many points, averaged; null: as stored */
  points: number | null;
}

export interface Delivery {
  /** what follows `/ingest/`: `generic`, `shopify` … */
  path: string;
  headers: ReadonlyMap<string, string>;
  /** exactly the bytes that were signed */
  body: Buffer;
}

export interface IngestAnswer {
  status: number;
  body?: object;
}

export interface GatewayOptions {
  deskPort: number;
  deskToken: string;
  /** null: the floor stays shut until `openFloor` */
  floor: { host?: string; port?: number } | null;
  /** null: off */
  ingestPort: number | null;
  /** the built pages (out/renderer) */
  pages: string;
}
