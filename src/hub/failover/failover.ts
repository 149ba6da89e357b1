import type { FailoverView } from '../../contract/failover-state.ts';
import { failoverView } from '../../contract/views/failover-view.ts';
import type { Actor } from '../../domain/actor.ts';
import { advance, start, withdraw } from '../../domain/failover/machine.ts';
import type { FailoverMachine, Look } from '../../domain/failover/machine-state.ts';
import * as operator from '../../domain/failover/operator.ts';
import type { HealthSample } from '../../domain/health/sample.ts';
import { type Health, keyframeMs } from '../../domain/health/state.ts';
import type { Verdict } from '../../domain/health.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import { accept, type Decision, refuse } from '../../domain/refusal.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Duration, Now } from '../../domain/units.ts';
import type { FailoverMode, IngestLabel } from '../../domain/words.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret, ReadShow, RecordFacts } from '../doors.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';
import { Acts, answerOf } from './acts.ts';
import { DirectSwitch } from './direct-switch.ts';
import { type Act, Executor } from './executor.ts';
import { Flight } from './flight.ts';
import { HiddenPicture } from './hidden-picture.ts';
import type { IngestSwitch } from './ingest-switch.ts';
import { Notes } from './notes.ts';
import { ObsHands } from './obs-hands.ts';
import { type Foreign, OwnMarks } from './own-marks.ts';
import { abilities, armRefusal, type Ask, planned, type Standing } from './readiness.ts';
import { Aftermath } from './aftermath.ts';
import { phaseOf, pictureBehind, Seeing } from './seeing.ts';

export type { Ask };

export interface FailoverDoors {
  readNow: ReadNow;
  readShow: ReadShow;
  record: RecordFacts;
  obs: ObsDoor;
  readSecret: ReadSecret;
  saveSecret: (name: string, value: string) => void;
  setting: (key: string) => unknown;
  /** state changed: tell the desk now */
  onChange: () => void;
  log: Log;
}

/**
 * Carries out what the failover rules decide (domain/failover/machine.ts), and reads back that it happened. The rules say
 * what; here are the clock, OBS and the ledger. It remembers nothing over a restart but what the ledger says, and then it
 * only reads.
 */
export class Failover {
  readonly #doors: FailoverDoors;
  readonly #notes: Notes;
  readonly #hands: ObsHands;
  readonly #direct: DirectSwitch;
  readonly #marks = new OwnMarks();
  readonly #hidden: HiddenPicture;
  readonly #seeing: Seeing;
  readonly #flight: Flight;
  readonly #aftermath: Aftermath;
  readonly #executor: Executor;
  #relay: IngestSwitch | null = null;
  #plan: StreamPlan | null = null;
  #showId: string | null = null;
  #health: Health | null = null;
  #look: Look | null = null;

  constructor(doors: FailoverDoors) {
    this.#doors = doors;
    this.#notes = new Notes(doors);
    this.#hands = new ObsHands(doors.obs);
    this.#hidden = new HiddenPicture(this.#hands);
    this.#seeing = new Seeing({ ...doors, hands: this.#hands, marks: this.#marks, hidden: this.#hidden });
    this.#direct = new DirectSwitch({
      ...doors,
      plan: () => this.#plan,
      keyframeMs: () => (this.#health === null ? DEFAULT_KEYFRAME_MS : keyframeMs(this.#health.config)),
    });
    this.#flight = new Flight(doors, this.#marks);
    this.#aftermath = new Aftermath({ ...doors, notes: this.#notes, hands: this.#hands, ingests: () => this.#ingests });
    const parts = { notes: this.#notes, hands: this.#hands, marks: this.#marks, ingests: () => this.#ingests };
    this.#executor = new Executor({
      ...doors,
      notes: this.#notes,
      seeing: this.#seeing,
      flight: this.#flight,
      acts: new Acts({ ...doors, ...parts, cancelledBy: () => this.#flight.cancelledBy }),
      look: () => this.#look,
      health: () => this.#health,
    });
  }

  /** The plan on the desk has changed, or none is there any more. */
  plan(plan: StreamPlan | null): void {
    const show = this.#doors.readShow();
    if ((show?.id ?? null) !== this.#showId) {
      this.#showId = show?.id ?? null;
      this.#executor.beginAnew();
      this.#look = null;
      if (show !== null && show.phase !== 'closed') this.#takeOver(show);
    }
    if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
    this.#plan = plan;
    this.#look = null;
    this.#seeing.forget();
  }

  /** A relay of our own switches in place of OBS (STR-84); null: OBS does. */
  useRelay(relay: IngestSwitch | null): void {
    this.#relay = relay;
  }

  /** At every look of the judge: at least four times a second while anything is watched. */
  look(health: Health, verdict: Verdict): void {
    if (this.#plan === null) return;
    const { mono } = this.#doors.readNow();
    const show = this.#doors.readShow();
    const ingests = this.#ingests;
    this.#health = health;
    const isUp = this.#doors.obs.isConnected();
    this.#seeing.refresh(ingests, isUp, mono);
    if (isUp && show !== null) this.#aftermath.settle(show, (offAir) => (this.#machine.leftOff ||= offAir));
    this.#look = this.#seeing.look({ health, verdict, plan: this.#plan, show, ingests, ms: mono });
    this.#hidden.watch(pictureBehind(this.#machine, this.#executor.coverCause), mono);
    const { mode } = this.#machine;
    if (this.#look.phase === 'over' && mode !== 'observe') this.#endOfShow();
    const before = this.#shown();
    this.#executor.apply(advance(this.#machine, this.#look));
    if (this.#shown() !== before) this.#doors.onChange();
  }

  /**
   * Every sample and event of OBS, in the order of their coming.
   *
   * @param isTried the audit tries something in OBS just now: what is told is no operator's doing
   */
  hear(sample: HealthSample, isTried: boolean): void {
    if (sample.source === 'obs' && (sample.error === 'closed' || sample.error === 'refused')) this.#flight.lost();
    const foreign = this.#marks.hear(sample);
    if (foreign !== null && !isTried) this.#foreign(foreign, sample.ms);
  }

  arm(mode: FailoverMode, actor: Actor): Decision {
    const show = this.#doors.readShow();
    const refusal = armRefusal(mode, this.#standing, show === null ? null : phaseOf(show));
    if (show === null) return refuse('show-not-open', 'There is no show yet. Import a plan first.');
    if (refusal !== null) return { ok: false, refusal };
    this.#executor.apply(operator.arm(this.#machine, mode), actor.by);
    this.#notes.armed(mode, actor.by);
    this.#doors.onChange();
    return accept([], { mode });
  }

  /** One action for a person, now. Resolves when OBS has shown that it happened, or that it has not. */
  async ask(ask: Ask, actor: Actor): Promise<Decision> {
    const first = planned(ask, this.#standing);
    if ('refusal' in first) return { ok: false, refusal: first.refusal };
    try {
      // What is on the list now decides, not what was there some seconds ago.
      await this.#seeing.read(this.#ingests);
    } catch (error) {
      if (!(error instanceof NoAnswer) && !(error instanceof ObsRefused)) throw error;
      return refuse('obs-away', 'OBS does not answer. Check OBS, then try again.');
    }
    this.#look &&= this.#seeing.renew(this.#look, this.#ingests);
    const plan = planned(ask, this.#standing);
    if ('refusal' in plan) return { ok: false, refusal: plan.refusal };
    const { mono } = this.#doors.readNow();
    this.#executor.apply(withdraw(this.#machine, 'A person has acted.'), actor.by);
    start(this.#machine, { ...plan.move, action: null, rule: null }, mono, false);
    const why = 'Asked for at the desk.';
    return await this.#answered({ do: 'act', why, action: null, ...plan.move }, actor.by);
  }

  async confirm(action: string, actor: Actor): Promise<Decision> {
    if (!this.#doors.obs.isConnected()) return refuse('obs-away', 'OBS is not connected. Start OBS, then try again.');
    const act = operator.confirm(this.#machine, action, this.#doors.readNow().mono);
    if (act === null) return refuse('unknown-action', 'Nothing is proposed by that id.', { field: 'action' });
    return await this.#answered(act, actor.by);
  }

  /** @returns null when no action of ours has that id */
  cancel(action: string, actor: Actor): Decision | null {
    const { running } = this.#machine;
    if (running?.action === action) {
      this.#flight.cancel('Cancelled at the desk.', actor.by);
      return accept([]);
    }
    const intents = operator.decline(this.#machine, action, this.#doors.readNow().mono);
    if (intents === null) return null;
    this.#executor.apply(intents, actor.by);
    this.#doors.onChange();
    return accept([]);
  }

  /** where the stream goes, as it was read; null: not read, or nothing is watched */
  get ingest(): IngestLabel | null {
    return this.#look?.ingest ?? null;
  }

  view(now: Now): FailoverView {
    return failoverView({
      machine: this.#machine,
      look: this.#look,
      record: this.#doors.readShow()?.failover ?? null,
      step: this.#flight.step,
      can: abilities(this.#standing),
      now,
    });
  }

  async stop(): Promise<void> {
    await this.#flight.stop();
  }

  get #machine(): FailoverMachine {
    return this.#executor.machine;
  }

  get #ingests(): IngestSwitch | null {
    return this.#relay ?? (this.#plan?.obs ? this.#direct : null);
  }

  get #standing(): Standing {
    return {
      machine: this.#machine,
      look: this.#look,
      isObsUp: this.#doors.obs.isConnected(),
      ingests: this.#ingests,
      remembered: this.#doors.readShow()?.failover.slate?.remembered ?? null,
    };
  }

  /** Another show, or the same after a restart: nothing is armed, and nothing goes on. */
  #takeOver(show: ShowState): void {
    this.#aftermath.disarm(show);
    const remembered = show.failover.slate?.remembered ?? null;
    // Nobody's rule any more, but a person's Clear must know what lies behind it.
    if (remembered !== null) this.#machine.hidden = { scene: remembered, rule: null };
  }

  #endOfShow(): void {
    this.#executor.apply(operator.disarm(this.#machine, 'The show has ended.'));
    this.#notes.write({ kind: 'failover.disarmed', body: { why: 'show-ended', by: 'dropdesk' } });
  }

  #foreign(foreign: Foreign, ms: Duration): void {
    if (foreign.what !== 'scene') return this.#executor.apply(operator.foreignOutput(this.#machine, foreign.what));
    this.#seeing.place(null, ms);
    this.#executor.apply(operator.foreignScene(this.#machine, ms));
    this.#notes.sceneChanged(foreign.scene, foreign.before, this.#plan?.slateScene ?? null);
  }

  async #answered(act: Act, by: string): Promise<Decision> {
    const { action, outcome } = await this.#executor.act(act, by);
    this.#look &&= this.#seeing.renew(this.#look, this.#ingests);
    return answerOf(action, outcome);
  }

  #shown(): string {
    const { word, pending, counting, running } = this.#machine;
    return [word, pending?.action, pending?.actsAtMs, counting?.what, counting?.dueMs, running?.action].join();
  }
}

/** OBS's default, 250 frames, at 30 frames a second. */
const DEFAULT_KEYFRAME_MS = 8_334;
