import type { DeskState } from '../contract/desk-state.ts';
import type { StreamView } from '../contract/stream-state.ts';
import type { StreamFact } from '../domain/facts/stream-facts.ts';
import { type Verdict, judge, observe, sourceVerdicts } from '../domain/health.ts';
import { type Health, initialHealth } from '../domain/health/state.ts';
import type { OriginFact } from '../domain/ledger.ts';
import type { StreamPlan } from '../domain/plan.ts';
import type { ShowState } from '../domain/show.ts';
import { type Duration, HOUR, type Instant, type Now } from '../domain/units.ts';
import type { StreamSource } from '../domain/words.ts';
import { AirFacts } from './air-facts.ts';
import type { ObsSetup } from './connectors/obs-setup.ts';
import type { Log, ReadNow, ReadSecret, ReadShow, RecordFacts, ReportConnector, Sample } from './doors.ts';
import { nextIncidentFact } from './incident-facts.ts';
import type { Db } from './store/database.ts';
import { type SampleTable, SampleStore } from './store/samples.ts';
import { NO_WIRES, type StreamWireDoors, type Wires, steer, targetsOf, wiresFor } from './stream-wires.ts';
import { offView, recordingView, streamView } from './watch-view.ts';

const TICK_MS = 250;
/** When the hub itself was held up for this long, silence proves nothing until the sources could have spoken again. */
const HELD_UP_MS = 1000;
const CATCH_UP_MS = 1500;
const STORE_MS = 1000;
const PRUNE_MS = HOUR;

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
  /** ports of our own listeners, which are never asked */
  ownPorts?: () => readonly number[];
  /** does this desk record its shows? default: yes */
  recordingExpected?: () => boolean;
}

interface Session {
  wires: Wires;
  plan: StreamPlan;
  health: Health;
  air: AirFacts;
  verdict: Verdict;
}

/**
 * The hall's watch over the stream: connectors measure, the judge says what it means, and what changed becomes facts
 * while the show is live. It holds no truth of its own: after a restart it catches up from the fold and from OBS.
 */
export class StreamWatch {
  readonly #doors: WatchDoors;
  #session: Session | null = null;
  #key = '';
  #ticker: NodeJS.Timeout | null = null;
  #lastTick: Duration = 0;
  #hushUntil: Duration = 0;
  #storedAt: Duration = 0;
  #prunedAt: Duration = 0;
  #store: { db: Db; samples: SampleStore } | null = null;
  #heard = new Map<StreamSource, Duration>();
  #facts = 0;
  #writeAgainAt: Duration = 0;
  #busy: Promise<void> = Promise.resolve();

  constructor(doors: WatchDoors) {
    this.#doors = doors;
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

  view(now: Now): StreamView {
    const record = this.#doors.readShow()?.stream ?? null;
    if (this.#session === null) return offView(record);
    return streamView(this.#session.health, this.#session.verdict, record, now);
  }

  recording(now: Now): DeskState['recording'] {
    return recordingView(this.#session?.health ?? null, this.#session?.air.path ?? null, now);
  }

  /** Body of `GET /api/samples`; by default the last hour of OBS in 1200 points. */
  samples(query: {
    from: Instant | null;
    to: Instant | null;
    source: string | null;
    points: number | null;
  }): SampleTable {
    const to = query.to ?? this.#doors.readNow().at;
    const from = query.from ?? to - HOUR;
    const range = { source: query.source ?? 'obs', from, to, points: Math.min(query.points ?? POINTS, MOST_POINTS) };
    return this.#samples()?.read(range) ?? emptyTable(range);
  }

  #open(plan: StreamPlan): void {
    const sources = new Set<StreamSource>();
    if (plan.obs !== null) sources.add('obs');
    if (plan.rtmpStat !== null) sources.add('rtmp');
    if (plan.hls !== null) sources.add('hls');
    if (plan.edge !== null) sources.add('edge');
    const config = { sources, fps: null, keyframeSeconds: null, targetDurationSeconds: null, recordingExpected: false };
    const health = initialHealth(config);
    const { mono } = this.#doors.readNow();
    const session: Session = { plan, health, air: new AirFacts(), verdict: judge(health, mono), wires: NO_WIRES };
    session.wires = wiresFor(plan, this.#wireDoors(session));
    this.#session = session;
    for (const wire of Object.values(session.wires)) wire?.start();
    session.wires.network?.setTargets(targetsOf(null, plan.backupIngest));
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
    return { readNow, report, readSecret, log, measure, onSetup, ownPorts: () => this.#doors.ownPorts?.() ?? [] };
  }

  async #close(): Promise<void> {
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#ticker = null;
    const session = this.#session;
    this.#session = null;
    this.#key = '';
    this.#store = null;
    this.#heard.clear();
    if (session !== null) await Promise.all(Object.values(session.wires).map((wire) => wire?.stop()));
  }

  #setUp(session: Session, setup: ObsSetup): void {
    session.air.connected(setup);
    if (setup.fps !== null) session.health.config.fps = setup.fps.num / setup.fps.den;
    session.wires.network?.setTargets(targetsOf(setup.ingest, session.plan.backupIngest));
  }

  #take(session: Session, sample: Sample): void {
    observe(session.health, sample);
    session.air.hear(sample, session.health);
    if (sample.error === undefined && isSource(sample.source)) this.#heard.set(sample.source, sample.ms);
    this.#look(session);
  }

  #tick(): void {
    const session = this.#session;
    if (session === null) return;
    const { mono } = this.#doors.readNow();
    if (mono - this.#lastTick > TICK_MS + HELD_UP_MS) this.#hushUntil = mono + CATCH_UP_MS;
    this.#lastTick = mono;
    this.#look(session);
    if (mono - this.#storedAt < STORE_MS) return;
    this.#storedAt = mono;
    this.#keep(session);
    this.#doors.onChange();
  }

  /** Judges now, tells the desk if that changed anything, and writes what the ledger lacks. */
  #look(session: Session): void {
    const now = this.#doors.readNow();
    if (now.mono < this.#hushUntil) return;
    const { health } = session;
    const show = this.#doors.readShow();
    health.config.recordingExpected = show?.phase === 'live' && (this.#doors.recordingExpected?.() ?? true);
    const before = session.verdict;
    session.verdict = judge(health, Math.max(now.mono, health.judgedMs ?? 0));
    steer(session.wires, health, session.verdict);
    if (differs(before, session.verdict)) this.#doors.onChange();
    if (show !== null && (show.phase === 'live' || show.phase === 'closing')) this.#catchUp(session, show);
  }

  /** One fact after the other, each named by the seq it will get, until the ledger says what is. */
  #catchUp({ health, air }: Session, show: ShowState): void {
    for (let i = 0; i < MOST_FACTS; i += 1) {
      const now = this.#doors.readNow();
      if (now.mono < this.#writeAgainAt) return;
      const ask = { health, record: show.stream, seq: show.seq + 1, now };
      const fact =
        air.next(health, show.stream, ask.seq, now, () => this.#lastSeenRecording(now)) ?? nextIncidentFact(ask);
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

  #lastSeenRecording({ at }: Now): Instant | null {
    return this.#samples()?.lastAt('obs', 'recording', 1, 12 * HOUR, at) ?? null;
  }

  /** One transaction a second: the newest figures of each source that has answered since the last one. */
  #keep({ health }: Session): void {
    const now = this.#doors.readNow();
    const samples = this.#samples();
    if (samples === null) return;
    const verdicts = sourceVerdicts(health);
    const rows = [...this.#heard].flatMap(([source, ms]) => {
      const metrics = verdicts[source]?.metrics;
      return metrics === undefined ? [] : [{ source, at: Math.round(now.at - (now.mono - ms)), metrics }];
    });
    this.#heard.clear();
    try {
      samples.write(rows);
      if (now.mono - this.#prunedAt >= PRUNE_MS) {
        this.#prunedAt = now.mono;
        samples.prune(now.at);
      }
    } catch (error) {
      // Charts may miss a second; the show goes on. A disk that cannot be written is found by the next fact.
      this.#doors.log({ level: 'error', kind: 'samples', error: error instanceof Error ? error.name : 'unknown' });
    }
  }

  #samples(): SampleStore | null {
    const db = this.#doors.readDb();
    if (db === null) return null;
    if (this.#store?.db !== db) this.#store = { db, samples: new SampleStore(db) };
    return this.#store.samples;
  }
}

const POINTS = 1200;
const MOST_POINTS = 5000;
const WRITE_AGAIN_MS = 1000;
/** More than this in one look would be a loop, not news. */
const MOST_FACTS = 10;

function emptyTable({ source, from, to }: { source: string; from: Instant; to: Instant }): SampleTable {
  return {
    source,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepMs: 1000,
    columns: ['at'],
    rows: [],
  };
}

function namesAnything({ obs, rtmpStat, hls, edge }: StreamPlan): boolean {
  return obs !== null || rtmpStat !== null || hls !== null || edge !== null;
}

function isSource(source: string): source is StreamSource {
  return source === 'obs' || source === 'rtmp' || source === 'hls' || source === 'edge' || source === 'network';
}

function differs(a: Verdict, b: Verdict): boolean {
  if (a.level !== b.level || a.cause !== b.cause || a.symptoms.length !== b.symptoms.length) return true;
  return Object.entries(a.layers).some(([layer, { level, cause }]) => {
    const other = b.layers[layer as keyof Verdict['layers']];
    return other.level !== level || other.cause !== cause;
  });
}
