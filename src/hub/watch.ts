import type { DeskState } from '../contract/desk-state.ts';
import type { StreamView } from '../contract/stream-state.ts';
import type { LayerNow } from '../domain/decide/vitals.ts';
import { type Verdict, judge, observe, sourceVerdicts } from '../domain/health.ts';
import { noteElsewhere } from '../domain/health/elsewhere.ts';
import { type Health, initialHealth } from '../domain/health/state.ts';
import type { StreamPlan } from '../domain/plan.ts';
import type { StreamIncident } from '../domain/stream-record.ts';
import type { Duration, Instant, Now } from '../domain/units.ts';
import type { IngestLabel, StreamLayer, StreamSource } from '../domain/words.ts';
import { AirFacts } from './air-facts.ts';
import { CatchUp } from './catch-up.ts';
import type { ObsConnector } from './connectors/obs.ts';
import type { ObsSetup } from './connectors/obs-setup.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret, ReadShow, RecordFacts, ReportConnector, Sample } from './doors.ts';
import type { Inherited } from './incident-facts.ts';
import { InheritedIncidents } from './inherited-incidents.ts';
import { type SampleQuery, SampleKeeper } from './sample-keeper.ts';
import type { Db } from './store/database.ts';
import { NoAnswer } from './net/obs-errors.ts';
import type { SampleTable } from './store/samples.ts';
import { NO_WIRES, type StreamWireDoors, type Wires, steer, targetsOf, wiresFor } from './stream-wires.ts';
import { configOf, sourcesOf } from './watch-config.ts';
import { differs, layersInTrouble, offView, recordingView, streamView } from './watch-view.ts';

/** Answers of several sources come close together: one look at them all is enough. */
const LOOK_AGAIN_MS = 100;
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
  onLook: (health: Health, verdict: Verdict) => void;
  /** after every sample and event was taken in */
  onSample: (sample: Sample) => void;
  /** ports of our own listeners, which are never asked */
  ownPorts: () => readonly number[];
  /** does this desk record its shows? */
  recordingExpected: () => boolean;
  /** does this desk look at the picture? */
  watchesPicture: () => boolean;
  /** where the stream goes, as failover has read it; null: not read */
  ingestNow: () => IngestLabel | null;
  /** OBS is connected, again or for the first time */
  onConnected: () => void;
}

interface Session {
  wires: Wires;
  /** what OBS was set to when it was met */
  obsIngest: URL | null;
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
  readonly #catchUp: CatchUp;
  #session: Session | null = null;
  #key = '';
  #ticker: NodeJS.Timeout | null = null;
  #lastTick: Duration = 0;
  #hushUntil: Duration = 0;
  #lookedMs: Duration = 0;
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
    this.#catchUp = new CatchUp(doors);
  }

  /** Watches what the plan names; the same plan and password again change nothing. */
  restart(plan: StreamPlan | null): Promise<void> {
    this.#busy = this.#busy.then(async () => {
      const key = JSON.stringify([plan, this.#doors.readShow()?.id ?? null, this.#doors.readSecret('obs.password')]);
      if (key === this.#key) return;
      await this.#close();
      this.#key = key;
      if (plan !== null && sourcesOf(plan).size > 0) this.#open(plan);
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
    const sources = sourcesOf(plan);
    const health = initialHealth(configOf(plan, sources));
    const { mono, at } = this.#doors.readNow();
    const session: Session = {
      plan,
      health,
      air: new AirFacts(),
      watchedFromMs: mono,
      inherited: new InheritedIncidents(at, sources.has('rtmp'), (...range) => this.#samples.series(...range)),
      verdict: judge(health, mono),
      wires: NO_WIRES,
      obsIngest: null,
    };
    session.wires = wiresFor(plan, this.#wireDoors(session));
    this.#session = session;
    for (const wire of Object.values(session.wires)) wire?.start();
    this.#aim(session);
    this.#lastTick = mono;
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  #wireDoors(session: Session): StreamWireDoors {
    const { readNow, reportConnector: report, readSecret, log, ownPorts, watchesPicture } = this.#doors;
    const measure = (sample: Sample): void => {
      if (this.#session === session) this.#take(session, sample);
    };
    const onSetup = (setup: ObsSetup): void => {
      if (this.#session === session) this.#setUp(session, setup);
    };
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
    session.obsIngest = setup.ingest;
    this.#aim(session);
    this.#doors.onConnected();
  }

  #take(session: Session, sample: Sample): void {
    observe(session.health, sample);
    session.air.hear(sample, session.health);
    this.#doors.onSample(sample);
    if (sample.error === undefined && isSource(sample.source)) {
      this.#samples.heard(sample.source, sample.ms);
      session.inherited.heard(this.#doors.readNow().at);
    }
    if (isUrgent(sample) || this.#doors.readNow().mono - this.#lookedMs >= LOOK_AGAIN_MS) this.#look(session);
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
    this.#lookedMs = now.mono;
    const { health } = session;
    const show = this.#doors.readShow();
    health.config.wallAheadMs = now.at - now.mono;
    health.config.recordingExpected = show?.phase === 'live' && this.#doors.recordingExpected();
    this.#followIngest(session);
    const before = session.verdict;
    session.verdict = judge(health, Math.max(now.mono, health.judgedMs ?? 0));
    steer(session.wires, health, session.verdict);
    this.#doors.onLook(health, session.verdict);
    if (differs(before, session.verdict)) this.#doors.onChange();
    if (show === null || (show.phase !== 'live' && show.phase !== 'closing')) return;
    const { air, watchedFromMs, inherited } = session;
    const stream = {
      ...{ health, air, watchedFromMs, ingest: this.#doors.ingestNow() },
      inherited: (incident: StreamIncident, at: Instant) => inherited.of(incident, at),
      lastSeenRecording: (at: Now) => this.#samples.lastSeenRecording(at),
    };
    this.#catchUp.write(stream, show);
  }

  /** OBS was set to the backup by a switch: what the plan names of the primary says nothing of the stream any more. */
  #followIngest(session: Session): void {
    const { health, plan } = session;
    const isAway = plan.relay === null && this.#doors.ingestNow() === 'backup';
    if (health.elsewhere === isAway) return;
    noteElsewhere(health, isAway);
    this.#aim(session);
  }

  /** The way that is probed first is the one that the stream takes. */
  #aim({ health, plan, wires, obsIngest }: Session): void {
    const { backupIngest } = plan;
    const targets =
      health.elsewhere && backupIngest !== null
        ? targetsOf(null, { ...plan, primaryIngest: backupIngest })
        : targetsOf(obsIngest, plan);
    wires.network?.setTargets(targets);
  }

  #inherited({ inherited }: Session, now: Now): (incident: StreamIncident) => Inherited {
    return (incident) => inherited.of(incident, now.at);
  }
}

/** Silence, a cut line or a word of OBS is news at once; a figure can wait for the next look. */
function isUrgent({ source, error }: Sample): boolean {
  return error !== undefined || source === 'obs-event';
}

function isSource(source: string): source is StreamSource {
  return source === 'obs' || source === 'rtmp' || source === 'hls' || source === 'edge' || source === 'network';
}
