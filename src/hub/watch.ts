import type { DeskState } from '../contract/desk-state.ts';
import type { StreamView } from '../contract/stream-state.ts';
import type { LayerNow } from '../domain/decide/vitals.ts';
import type { StreamFact } from '../domain/facts/stream-facts.ts';
import { type Verdict, judge, observe, sourceVerdicts } from '../domain/health.ts';
import { type Health, initialHealth } from '../domain/health/state.ts';
import type { OriginFact } from '../domain/ledger.ts';
import type { StreamPlan } from '../domain/plan.ts';
import type { ShowState } from '../domain/show.ts';
import type { StreamIncident } from '../domain/stream-record.ts';
import type { Duration, Now } from '../domain/units.ts';
import type { IngestLabel, StreamLayer, StreamSource } from '../domain/words.ts';
import { AirFacts } from './air-facts.ts';
import type { ObsConnector } from './connectors/obs.ts';
import type { ObsSetup } from './connectors/obs-setup.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret, ReadShow, RecordFacts, ReportConnector, Sample } from './doors.ts';
import { type Inherited, nextIncidentFact } from './incident-facts.ts';
import { InheritedIncidents } from './inherited-incidents.ts';
import { type SampleQuery, SampleKeeper } from './sample-keeper.ts';
import type { Db } from './store/database.ts';
import { NoAnswer } from './net/obs-errors.ts';
import type { SampleTable } from './store/samples.ts';
import { onAirFact } from './on-air-facts.ts';
import { NO_WIRES, type StreamWireDoors, type Wires, steer, targetsOf, wiresFor } from './stream-wires.ts';
import { nextUnseenFact } from './unseen-facts.ts';
import { differs, layersInTrouble, offView, recordingView, streamView } from './watch-view.ts';

const TICK_MS = 250;
/** When the hub itself was held up for this long, silence proves nothing until the sources could have spoken again. */
const HELD_UP_MS = 1000;
const CATCH_UP_MS = 1500;

export interface WatchDoors {
  readNow: ReadNow;
  readShow: ReadShow;
  record: RecordFacts;
  /** file of the open show; null without one */
  readDb: () => Db | null;
  reportConnector: ReportConnector;
  readSecret: ReadSecret;
  /** the verdict changed, or a second of figures has come: tell the desk now */
  onChange: () => void;
  log: Log;
  /** after every judgement */
  onLook?: (health: Health, verdict: Verdict) => void;
  /** after every sample and event was taken in */
  onSample?: (sample: Sample) => void;
  /** ports of our own listeners, which are never asked */
  ownPorts?: () => readonly number[];
  /** does this desk record its shows? default: yes */
  recordingExpected?: () => boolean;
  /** does this desk look at the picture? default: yes */
  watchesPicture?: () => boolean;
  /** where the stream goes, as failover has read it; null: not read */
  ingestNow?: () => IngestLabel | null;
  /** OBS is connected, again or for the first time */
  onConnected?: () => void;
}

interface Session {
  wires: Wires;
  plan: StreamPlan;
  health: Health;
  air: AirFacts;
  watchedFromMs: Duration;
  inherited: InheritedIncidents;
  verdict: Verdict;
}

/**
 * The hall's watch over the stream: connectors measure, the judge says what it means, and what changed becomes facts
 * while the show is live. It holds no truth of its own: after a restart it catches up from the fold and from OBS.
 */
export class StreamWatch {
  readonly #doors: WatchDoors;
  readonly #samples: SampleKeeper;
  #session: Session | null = null;
  #key = '';
  #ticker: NodeJS.Timeout | null = null;
  #lastTick: Duration = 0;
  #hushUntil: Duration = 0;
  #facts = 0;
  #writeAgainAt: Duration = 0;
  #busy: Promise<void> = Promise.resolve();

  /** OBS for the rooms beside us, whichever connection is the present one. */
  readonly obs: ObsDoor = {
    isConnected: () => this.#session?.wires.obs?.isConnected === true,
    call: async (...ask) => await this.#obs().request(...ask),
    batch: async (...ask) => await this.#obs().batch(...ask),
    meter: (hear) => this.#obs().meter(hear),
  };

  constructor(doors: WatchDoors) {
    this.#doors = doors;
    this.#samples = new SampleKeeper(doors);
  }

  /** Watches what the plan names; the same plan and password again change nothing. */
  restart(plan: StreamPlan | null): Promise<void> {
    this.#busy = this.#busy.then(async () => {
      const key = JSON.stringify([plan, this.#doors.readShow()?.id ?? null, this.#doors.readSecret('obs.password')]);
      if (key === this.#key) return;
      await this.#close();
      this.#key = key;
      if (plan !== null && namesAnything(plan)) this.#open(plan);
      this.#doors.onChange();
    });
    return this.#busy;
  }

  stop(): Promise<void> {
    this.#busy = this.#busy.then(() => this.#close());
    return this.#busy;
  }

  /** what the judge knows; null: nothing is watched */
  get health(): Health | null {
    return this.#session?.health ?? null;
  }

  /** what the newest judgement says of each layer that is in trouble, for the alarms */
  get layers(): ReadonlyMap<StreamLayer, LayerNow> {
    return this.#session === null ? new Map() : layersInTrouble(this.#session.verdict);
  }

  #obs(): ObsConnector {
    const obs = this.#session?.wires.obs ?? null;
    if (obs === null) throw new NoAnswer('OBS is not connected');
    return obs;
  }

  /** A sample from a room beside us: what the relay's leg has carried. */
  measure(sample: Sample): void {
    if (this.#session !== null) this.#take(this.#session, sample);
  }

  view(now: Now): StreamView {
    const show = this.#doors.readShow();
    if (this.#session === null) return offView(show, now);
    const { health, verdict } = this.#session;
    return streamView({ health, inherited: this.#inherited(this.#session, now) }, verdict, show, now);
  }

  recording(now: Now): DeskState['recording'] {
    return recordingView(this.#session?.health ?? null, this.#session?.air.path ?? null, now);
  }

  samples(query: SampleQuery): SampleTable {
    return this.#samples.read(query, this.#doors.readNow());
  }

  #open(plan: StreamPlan): void {
    const sources = new Set<StreamSource>();
    if (plan.obs !== null) sources.add('obs');
    if (plan.rtmpStat !== null || plan.mediamtx !== null) sources.add('rtmp');
    if (plan.hls !== null) sources.add('hls');
    if (plan.edge !== null) sources.add('edge');
    const config = {
      sources,
      fps: null,
      keyframeSeconds: null,
      targetDurationSeconds: null,
      recordingExpected: false,
      retryDelaySeconds: null,
      stillScenes: [plan.slateScene, ...plan.stillScenes].filter((name) => name !== null),
      wallAheadMs: null,
    };
    const health = initialHealth(config);
    const { mono, at } = this.#doors.readNow();
    const session: Session = {
      plan,
      health,
      air: new AirFacts(),
      watchedFromMs: mono,
      inherited: new InheritedIncidents(at, sources.has('rtmp'), (...range) => this.#samples.series(...range)),
      verdict: judge(health, mono),
      wires: NO_WIRES,
    };
    session.wires = wiresFor(plan, this.#wireDoors(session));
    this.#session = session;
    for (const wire of Object.values(session.wires)) wire?.start();
    session.wires.network?.setTargets(targetsOf(null, plan));
    this.#lastTick = mono;
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  #wireDoors(session: Session): StreamWireDoors {
    const { readNow, reportConnector: report, readSecret, log } = this.#doors;
    const measure = (sample: Sample): void => {
      if (this.#session === session) this.#take(session, sample);
    };
    const onSetup = (setup: ObsSetup): void => {
      if (this.#session === session) this.#setUp(session, setup);
    };
    const ownPorts = (): readonly number[] => this.#doors.ownPorts?.() ?? [];
    const watchesPicture = (): boolean => this.#doors.watchesPicture?.() ?? true;
    return { readNow, report, readSecret, log, measure, onSetup, ownPorts, watchesPicture };
  }

  async #close(): Promise<void> {
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#ticker = null;
    const session = this.#session;
    this.#session = null;
    this.#key = '';
    this.#samples.forget();
    if (session !== null) await Promise.all(Object.values(session.wires).map((wire) => wire?.stop()));
  }

  #setUp(session: Session, setup: ObsSetup): void {
    session.air.connected(setup);
    const { fps, retryDelaySeconds, keyframeSeconds } = setup;
    const { config } = session.health;
    if (fps !== null) config.fps = fps.num / fps.den;
    Object.assign(config, { retryDelaySeconds, keyframeSeconds });
    session.wires.network?.setTargets(targetsOf(setup.ingest, session.plan));
    this.#doors.onConnected?.();
  }

  #take(session: Session, sample: Sample): void {
    observe(session.health, sample);
    session.air.hear(sample, session.health);
    this.#doors.onSample?.(sample);
    if (sample.error === undefined && isSource(sample.source)) {
      this.#samples.heard(sample.source, sample.ms);
      session.inherited.heard(this.#doors.readNow().at);
    }
    this.#look(session);
  }

  #tick(): void {
    const session = this.#session;
    if (session === null) return;
    const { mono } = this.#doors.readNow();
    if (mono - this.#lastTick > TICK_MS + HELD_UP_MS) this.#hushUntil = mono + CATCH_UP_MS;
    this.#lastTick = mono;
    this.#look(session);
    const now = this.#doors.readNow();
    if (!this.#samples.isDue(now)) return;
    this.#samples.keep(sourceVerdicts(session.health), now);
    this.#doors.onChange();
  }

  /** Judges now, tells the desk if that changed anything, and writes what the ledger lacks. */
  #look(session: Session): void {
    const now = this.#doors.readNow();
    if (now.mono < this.#hushUntil) return;
    const { health } = session;
    const show = this.#doors.readShow();
    health.config.wallAheadMs = now.at - now.mono;
    health.config.recordingExpected = show?.phase === 'live' && (this.#doors.recordingExpected?.() ?? true);
    const before = session.verdict;
    session.verdict = judge(health, Math.max(now.mono, health.judgedMs ?? 0));
    steer(session.wires, health, session.verdict);
    this.#doors.onLook?.(health, session.verdict);
    if (differs(before, session.verdict)) this.#doors.onChange();
    if (show !== null && (show.phase === 'live' || show.phase === 'closing')) this.#catchUp(session, show);
  }

  #inherited({ inherited }: Session, now: Now): (incident: StreamIncident) => Inherited {
    return (incident) => inherited.of(incident, now.at);
  }

  /** One fact after the other, each named by the seq it will get, until the ledger says what is. */
  #catchUp(session: Session, show: ShowState): void {
    const { health, air, watchedFromMs } = session;
    for (let i = 0; i < MOST_FACTS; i += 1) {
      const now = this.#doors.readNow();
      if (now.mono < this.#writeAgainAt) return;
      const ask = { health, record: show.stream, seq: show.seq + 1, now, inherited: this.#inherited(session, now) };
      const fact =
        onAirFact(health, show, this.#doors.ingestNow?.() ?? null, now) ??
        air.next(health, show.stream, ask.seq, now, () => this.#samples.lastSeenRecording(now)) ??
        nextIncidentFact(ask) ??
        nextUnseenFact({ ...ask, watchedFromMs });
      if (fact === null || !this.#write(fact, now)) return;
    }
  }

  /** @returns false when it could not be saved; the hub says so on the desk, and we try again a little later */
  #write(fact: StreamFact, now: Now): boolean {
    this.#facts += 1;
    try {
      const named = { ...fact, origin: 'stream', originId: `${now.boot}:${this.#facts}` } satisfies OriginFact;
      return this.#doors.record([named]).length > 0;
    } catch (error) {
      this.#writeAgainAt = now.mono + WRITE_AGAIN_MS;
      this.#doors.log({
        level: 'error',
        kind: 'stream-fact',
        fact: fact.kind,
        error: error instanceof Error ? error.name : 'unknown',
      });
      return false;
    }
  }
}

const WRITE_AGAIN_MS = 1000;
/** More than this in one look would be a loop, not news. */
const MOST_FACTS = 10;

function namesAnything({ obs, rtmpStat, mediamtx, hls, edge }: StreamPlan): boolean {
  return obs !== null || rtmpStat !== null || mediamtx !== null || hls !== null || edge !== null;
}

function isSource(source: string): source is StreamSource {
  return source === 'obs' || source === 'rtmp' || source === 'hls' || source === 'edge' || source === 'network';
}
