import type { DeskState, WrittenFile } from '../../contract/desk-state.ts';
import type { CueContent, FloorView } from '../../contract/floor-views.ts';
import type { Presence } from '../../contract/live.ts';
import type { Entry } from '../../domain/ledger.ts';
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
  /** people of the plan, for a co-host's invite that names nobody */
  people: () => { id: string; name: string }[];
  /** writes `device.joined`; the gateway saves the key after it returned, so no device works that the desk does not list */
  joinDevice: (device: PairedDevice) => void;
  /** a screen holds the view that carries these dispatches and messages: `cue.delivered` for those that are new */
  delivered: (device: PairedDevice, dispatches: string[]) => void;
  presence: (device: string, presence: Presence) => void;
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
