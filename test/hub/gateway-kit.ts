import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Reply } from '../../src/contract/commands.ts';
import type { DeskState } from '../../src/contract/desk-state.ts';
import type { FloorView } from '../../src/contract/floor-views.ts';
import { mayAsk } from '../../src/contract/roles.ts';
import type { Actor } from '../../src/domain/actor.ts';
import type { Entry, OriginFact } from '../../src/domain/ledger.ts';
import type { DeviceKeys, PairedDevice } from '../../src/hub/doors.ts';
import type { Delivery, GatewayDoors, GatewayOptions } from '../../src/hub/gateway/doors.ts';
import { Gateway } from '../../src/hub/gateway/gateway.ts';

export const TOKEN = randomBytes(32).toString('base64url');

/** Device keys in memory. */
export class MemoryKeys implements DeviceKeys {
  readonly devices = new Map<string, PairedDevice>();
  find(id: string): PairedDevice | null {
    return this.devices.get(id) ?? null;
  }
  list(): PairedDevice[] {
    return [...this.devices.values()];
  }
  save(device: PairedDevice): void {
    this.devices.set(device.id, device);
  }
  approve(id: string): void {
    this.#change(id, { state: 'joined', code: null });
  }
  revoke(id: string): void {
    this.#change(id, { state: 'revoked', code: null, key: new Uint8Array(0) });
  }
  #change(id: string, change: Partial<PairedDevice>): void {
    const device = this.devices.get(id);
    if (device) this.devices.set(id, { ...device, ...change });
  }
}

/** A real gateway on free ports, with a hub behind it that only remembers. */
export class Stand {
  readonly gateway: Gateway;
  readonly keys: MemoryKeys;
  readonly facts: OriginFact[] = [];
  readonly performed: { actor: Actor; raw: Record<string, unknown> }[] = [];
  readonly deliveries: Delivery[] = [];
  readonly delivered: { device: string; dispatches: string[] }[] = [];
  readonly presence = new Map<string, string>();
  readonly doors: GatewayDoors;
  epoch: string | null = 'e1';
  entries: Entry[] = [];
  /** a part of the desk's state, and what every screen shows */
  title = 'Welcome';
  wait = 0;
  desk = '';
  floor = '';
  ingest = '';

  constructor({
    keys = new MemoryKeys(),
    options = {},
  }: { keys?: MemoryKeys; options?: Partial<GatewayOptions> } = {}) {
    this.keys = keys;
    this.doors = this.#doors();
    const floor = { host: '127.0.0.1', port: 0 };
    this.gateway = new Gateway(this.doors, {
      deskPort: 0,
      deskToken: TOKEN,
      floor,
      ingestPort: 0,
      pages: '/nowhere',
      ...options,
    });
  }

  async start(): Promise<this> {
    const urls = await this.gateway.start();
    this.desk = urls.desk;
    this.floor = urls.floor ?? '';
    this.ingest = urls.ingest ?? '';
    return this;
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.desk + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });
  }

  post(body: string | object, headers: Record<string, string> = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.fetch('/api/commands', {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  async invite(ask: { role: 'co-host' | 'till' | 'viewer'; person?: string; till?: string }): Promise<string> {
    const decision = await this.gateway.invite(ask);
    if (!decision.ok) throw new Error(decision.refusal.code);
    return String(decision.reply?.['url']);
  }

  #doors(): GatewayDoors {
    const startedAt = performance.now();
    return {
      perform: async (actor, raw) => this.#perform(actor, raw as Record<string, unknown>),
      log: () => undefined,
      readNow: () => ({ at: Date.now(), mono: performance.now() - startedAt, boot: 'b1', t: Date.now() }),
      deskState: () =>
        ({
          contractVersion: 1,
          seq: this.entries.length,
          epoch: this.epoch,
          now: new Date().toISOString(),
          cues: { current: this.title },
          stock: {},
        }) as unknown as DeskState,
      floorView: (device) => this.#view(device),
      cueContent: (_device, cue) =>
        cue === 'c1' ? { cue, rev: 1, title: 'Welcome', points: [], priceNote: null, script: null } : null,
      entriesAfter: (seq, limit) => this.entries.filter((entry) => entry.seq > seq).slice(0, limit),
      head: () => this.entries.length,
      epoch: () => this.epoch,
      samples: (query) => ({ samples: [], query }),
      files: () => [{ path: 'close-v1/report.html', bytes: 4, kind: 'report' }],
      readFile: async () => Buffer.from('<b>x'),
      planFile: () => ({ format: 'dropdesk-plan' }),
      ingest: async (delivery) => {
        this.deliveries.push(delivery);
        return { status: 202 };
      },
      devices: this.keys,
      people: () => [
        { id: 'ana', name: 'Ana' },
        { id: 'ben', name: 'Ben' },
      ],
      tills: () => [{ id: 'till-1', name: 'Front table' }],
      record: (facts) => void this.facts.push(...facts),
      delivered: (device, dispatches) => void this.delivered.push({ device: device.id, dispatches }),
      presence: (device, { state }) => void this.presence.set(device, state),
      floorPlace: () => ({ host: null, port: null }),
      floorOpened: () => undefined,
    };
  }

  async #perform(actor: Actor, raw: Record<string, unknown>): Promise<Reply> {
    if (raw['kind'] === 'explode') throw new Error('disk on fire');
    this.performed.push({ actor, raw });
    if (this.wait > 0) await new Promise((done) => setTimeout(done, this.wait));
    if (!mayAsk(actor.role, raw['kind'] as never))
      return { ok: false, refusal: { code: 'not-allowed', message: 'no' } };
    return { ok: true, seq: this.performed.length };
  }

  #view(device: PairedDevice): FloorView {
    const show = { id: 'test', name: 'Test', phase: 'live', timeZone: 'UTC', language: 'en', demo: false } as const;
    const base = {
      show,
      t: Date.now(),
      at: new Date().toISOString(),
      now: null,
      next: null,
      stream: 'ok',
      messages: [],
    } as const;
    if (device.role !== 'co-host') return { ...base, messages: [], role: 'viewer' };
    const dispatch = { id: 'd7', cue: 'c1', state: 'sent' } as const;
    const me = { person: device.person ?? '', name: this.title, code: null };
    return {
      ...base,
      messages: [],
      role: 'co-host',
      me,
      mine: [],
      dispatch,
      stock: null,
      ticked: [],
      contentRev: 1,
      requests: [],
    };
  }
}

/** Bytes out, bytes back: what no HTTP client would send. Ends when the other side closes, or after `ms`. */
export function rawHttp(url: string, text: string, ms = 1500): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let heard = '';
    const timer = setTimeout(() => socket.destroy(), ms);
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      // An accepted upgrade stays open; its status line is all we want.
      if (heard.startsWith('HTTP/1.1 101')) socket.destroy();
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(heard);
    });
    socket.on('error', reject);
  });
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
