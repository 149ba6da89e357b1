import { leaseWanted } from '../../domain/leases.ts';
import { Webhook } from 'standardwebhooks';
import type { Actor } from '../../domain/actor.ts';
import { DESK } from '../../domain/actor.ts';
import type { SaleChannel } from '../../domain/words.ts';
import type { Presence } from '../../contract/live.ts';
import type { OriginFact } from '../../domain/ledger.ts';
import type { Log, Perform, ReadShow } from '../doors.ts';
import type { FakeObs } from './fake-obs.ts';

export interface DemoDoors {
  perform: Perform;
  readShow: ReadShow;
  /** the ingest listener's door: a signed generic webhook */
  deliver: (headers: ReadonlyMap<string, string>, body: Buffer) => unknown;
  /** `whsec_…`, the secret that `deliver` accepts */
  ingestSecret: string;
  obs: Pick<FakeObs, 'set' | 'emit'>;
  /** file that the fake OBS claims to record into */
  recording: string;
  /** the cast's phones and tills join the show as paired ones do */
  record: (facts: OriginFact[]) => unknown;
  presence: (device: string, presence: Presence) => void;
  now: () => number;
  log: Log;
}

export const TILL_1 = floorActor('till', 'till-1');
export const TILL_2 = floorActor('till', 'till-2');
export const ANA = floorActor('co-host', 'ana');
export const BEN = floorActor('co-host', 'ben');
const CARLA = floorActor('co-host', 'carla');

const DEVICES = [
  { actor: ANA, name: "Ana's phone" },
  { actor: BEN, name: "Ben's phone" },
  { actor: CARLA, name: "Carla's phone" },
  { actor: TILL_1, name: 'Front table' },
  { actor: TILL_2, name: 'Quay side' },
];

/** The hands of everyone who plays in the demo. */
export class DemoCast {
  readonly obs: DemoDoors['obs'];
  readonly #doors: DemoDoors;
  #asked = 0;
  #isOnAir = false;
  #lastSale: { saleId: string; sku: string } | null = null;

  constructor(doors: DemoDoors) {
    this.#doors = doors;
    this.obs = doors.obs;
  }

  /** A step that fails is told to the log; the show goes on. */
  async run(act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#doors.log({
        level: 'error',
        kind: 'demo-step-failed',
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Whether the demo is still the show on the desk: nothing of it may ever reach a real one. */
  get isOn(): boolean {
    return this.#doors.readShow()?.demo === true;
  }

  /** What a refusal answers is right in a demo too: somebody at the desk may have sold the last one first. */
  async ask(actor: Actor, kind: string, body: Record<string, unknown> = {}): Promise<Record<string, unknown> | null> {
    if (!this.isOn) return null;
    this.#asked += 1;
    // The demo shares the desk's name with the person who watches, so its ids begin with a word of its own.
    const reply = await this.#doors.perform(actor, { id: `demo-${this.#asked}`, kind, ...body });
    if ('ok' in reply && reply.ok) return reply;
    const code = 'ok' in reply ? reply.refusal.code : `malformed ${reply.field}`;
    this.#doors.log({ level: 'info', kind: 'demo-refused', command: kind, code });
    return null;
  }

  joinDevices(): void {
    if (!this.isOn) return;
    this.#doors.record(
      DEVICES.map(({ actor, name }) => ({
        kind: 'device.joined',
        origin: 'demo',
        originId: `joined:${actor.device}`,
        body: {
          device: actor.device ?? '',
          role: actor.till === null ? 'co-host' : 'till',
          name,
          person: actor.person,
          till: actor.till,
          state: 'joined',
        },
      })),
    );
    this.beHere();
  }

  /** Simulated screens have no heartbeat of their own. */
  beHere(): void {
    if (!this.isOn) return;
    const lastSeen = this.#doors.now();
    for (const { actor } of DEVICES) {
      this.#doors.presence(actor.device ?? '', { state: 'online', lastSeen, awake: 'held', unsent: 0, visible: true });
    }
  }

  leave(): void {
    const lastSeen = this.#doors.now();
    for (const { actor } of DEVICES) {
      this.#doors.presence(actor.device ?? '', { state: 'offline', lastSeen, awake: null, unsent: 0, visible: false });
    }
  }

  async goLive(): Promise<void> {
    this.#isOnAir = true;
    this.obs.set({ streaming: true, recording: true });
    this.obs.emit('StreamStateChanged', { outputActive: true, outputState: 'OBS_WEBSOCKET_OUTPUT_STARTED' });
    this.obs.emit('RecordStateChanged', {
      outputActive: true,
      outputState: 'OBS_WEBSOCKET_OUTPUT_STARTED',
      outputPath: this.#doors.recording,
    });
    await this.ask(DESK, 'open-show', { overrideReason: 'Demo show' });
  }

  async sell(
    actor: Actor,
    channel: SaleChannel,
    sku: string,
    quantity: number,
    more: Record<string, unknown> = {},
  ): Promise<void> {
    await this.#giveLeasesBack();
    const reply = await this.ask(actor, 'record-sale', {
      lines: [{ sku, quantity }],
      channel,
      tender: 'card',
      ...(actor.till !== null && { till: actor.till }),
      ...more,
    });
    if (typeof reply?.['saleId'] === 'string' && actor === DESK && sku === 'TOTE')
      this.#lastSale = { saleId: reply['saleId'], sku };
  }

  /** As a till's page does when the hub asks for what it has set apart. */
  async #giveLeasesBack(): Promise<void> {
    for (const till of [TILL_1, TILL_2]) {
      const show = this.#doors.readShow();
      if (show && leaseWanted(show, till.till ?? '')) await this.ask(till, 'return-lease');
    }
  }

  async refundOne(): Promise<void> {
    if (!this.#lastSale) return;
    const { saleId, sku } = this.#lastSale;
    await this.ask(DESK, 'refund-sale', {
      saleId,
      lines: [{ sku, quantity: 1 }],
      reason: 'Wrong colour',
      restock: 'reserve',
    });
  }

  deliverSale(id: string, lines: Record<string, unknown>[], creatorCode: string | null): void {
    if (!this.isOn) return;
    const at = this.#doors.now();
    const body = JSON.stringify({
      type: 'sale.recorded',
      source: 'demo-shop',
      sourceId: id,
      at: new Date(at).toISOString(),
      channel: 'stream',
      lines,
      creatorCode,
    });
    const seconds = Math.floor(at / 1000);
    const signature = new Webhook(this.#doors.ingestSecret).sign(id, new Date(seconds * 1000), body);
    this.#doors.deliver(
      new Map([
        ['webhook-id', id],
        ['webhook-timestamp', String(seconds)],
        ['webhook-signature', signature],
      ]),
      Buffer.from(body),
    );
  }

  csvOfSales(): string {
    const at = new Date(this.#doors.now() - 60_000).toISOString();
    return [
      'Order,Date,Item,SKU,Quantity,Unit price,Channel',
      `LS-2041,${at},Harbour tote bag,TOTE,1,12.00,social`,
      `LS-2042,${at},Sea salt soap,SOAP-SALT,4,6.50,social`,
      `LS-2043,${at},Lime blossom tea,TEA-LIME,2,8.50,social`,
      '',
    ].join('\r\n');
  }

  /** The co-hosts see a cue 2 s after it was put to them and take it 3 s later; Carla is busy and takes 12. */
  async answerDispatches(): Promise<void> {
    const now = this.#doors.now();
    for (const dispatch of this.#doors.readShow()?.floor.dispatches.values() ?? []) {
      const actor = [ANA, BEN, CARLA].find(({ person }) => person === dispatch.person);
      const age = now - dispatch.sentAt;
      if (!actor || dispatch.answer !== null || age > 60_000) continue;
      if (dispatch.seenAt === null && age >= 2000)
        await this.ask(actor, 'answer-cue', { dispatch: dispatch.id, answer: 'seen' });
      if (dispatch.seenAt !== null && age >= (actor === CARLA ? 12_000 : 5000))
        await this.ask(actor, 'answer-cue', { dispatch: dispatch.id, answer: 'accepted' });
    }
  }

  async answerRequest(answer: 'coming' | 'done'): Promise<void> {
    const request = [...(this.#doors.readShow()?.floor.requests.values() ?? [])].at(-1);
    if (request) await this.ask(DESK, 'answer-request', { request: request.id, answer });
  }

  streamDown(): void {
    this.obs.set({ reconnecting: true, bitrateKbps: 0 });
    this.obs.emit('StreamStateChanged', { outputActive: false, outputState: 'OBS_WEBSOCKET_OUTPUT_RECONNECTING' });
  }

  streamBack(): void {
    this.obs.set({ reconnecting: false, bitrateKbps: 6000 });
    this.obs.emit('StreamStateChanged', { outputActive: true, outputState: 'OBS_WEBSOCKET_OUTPUT_RECONNECTED' });
  }

  /** Good night. Closing is left to the person who watches. */
  async end(): Promise<void> {
    await this.ask(DESK, 'finish-cue');
  }

  /** Once selling has stopped, the producer would stop the stream and the recording in OBS. */
  followShow(): void {
    const phase = this.#doors.readShow()?.phase;
    if (!this.#isOnAir || (phase !== 'closing' && phase !== 'closed')) return;
    this.#isOnAir = false;
    this.obs.emit('StreamStateChanged', { outputActive: true, outputState: 'OBS_WEBSOCKET_OUTPUT_STOPPING' });
    this.obs.set({ streaming: false, recording: false });
    this.obs.emit('StreamStateChanged', { outputActive: false, outputState: 'OBS_WEBSOCKET_OUTPUT_STOPPED' });
    this.obs.emit('RecordStateChanged', {
      outputActive: false,
      outputState: 'OBS_WEBSOCKET_OUTPUT_STOPPED',
      outputPath: this.#doors.recording,
    });
  }
}

function floorActor(role: 'till' | 'co-host', name: string): Actor {
  const isTill = role === 'till';
  return {
    key: `demo:${name}`,
    role,
    by: name,
    device: `demo-${name}`,
    person: isTill ? null : name,
    till: isTill ? name : null,
  };
}
