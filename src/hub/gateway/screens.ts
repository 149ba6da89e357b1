import type { Presence } from '../../contract/live.ts';
import type { GatewayDoors } from './doors.ts';

/** What a screen says of itself. */
export type Said = Pick<Presence, 'visible' | 'awake' | 'unsent'>;

/** As much of a socket as is needed here. */
interface Line {
  conn: { on: (what: 'packet', hear: () => void) => void };
  on: (what: 'disconnect', hear: () => void) => void;
}

interface Screen extends Said {
  device: string;
  /** `performance.now()` */
  heardAt: number;
}

/** A pong comes every 5 s: this much silence means that the link is in trouble, long before the line is given up at 9 s. */
const STALE_MS = 6500;

/** Who is there. A device may have several lines (two tabs): it is online while one of them is. */
export class Screens {
  readonly #doors: Pick<GatewayDoors, 'presence' | 'readNow'>;
  readonly #screens = new Map<object, Screen>();
  readonly #told = new Map<string, string>();
  #stopped = false;

  constructor(doors: Pick<GatewayDoors, 'presence' | 'readNow'>) {
    this.#doors = doors;
  }

  /** The floor closes: whoever was there is not, until it is heard on the next one. */
  stop(): void {
    const devices = new Set([...this.#screens.values()].map(({ device }) => device));
    this.#screens.clear();
    for (const device of devices) this.#tell(device);
    this.#stopped = true;
  }

  add(line: Line, device: string): void {
    const screen: Screen = { device, heardAt: performance.now(), visible: false, awake: null, unsent: 0 };
    this.#screens.set(line, screen);
    line.conn.on('packet', () => {
      screen.heardAt = performance.now();
    });
    line.on('disconnect', () => {
      this.#screens.delete(line);
      this.#tell(device);
    });
    this.#tell(device);
  }

  report(line: object, said: Said): void {
    const screen = this.#screens.get(line);
    if (!screen) return;
    Object.assign(screen, said);
    this.#tell(screen.device);
  }

  tick(): void {
    for (const device of new Set([...this.#screens.values()].map((screen) => screen.device))) this.#tell(device);
  }

  /** Only news: the hub hears of a device when something about it changed. */
  #tell(device: string): void {
    if (this.#stopped) return;
    const lines = [...this.#screens.values()].filter((screen) => screen.device === device);
    const isHeard = lines.some(({ heardAt }) => performance.now() - heardAt < STALE_MS);
    const state = lines.length === 0 ? 'offline' : isHeard ? 'online' : 'stale';
    const { awake = null, unsent = 0 } = lines.at(-1) ?? {};
    const said = { state, awake, unsent, visible: lines.some(({ visible }) => visible) } as const;
    const text = JSON.stringify(said);
    if (this.#told.get(device) === text) return;
    this.#told.set(device, text);
    this.#doors.presence(device, { ...said, lastSeen: this.#doors.readNow().at });
  }
}
