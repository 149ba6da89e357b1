import type { FailoverView } from '../../contract/failover-state.ts';
import { failoverView } from '../../contract/views/failover-view.ts';
import type { Actor } from '../../domain/actor.ts';
import { advance, ended, start, withdraw } from '../../domain/failover/machine.ts';
import { type Intent, initialMachine, isIngest, type Look, type Move } from '../../domain/failover/machine-state.ts';
import * as operator from '../../domain/failover/operator.ts';
import type { HealthSample } from '../../domain/health/sample.ts';
import { type Health, keyframeMs } from '../../domain/health/state.ts';
import type { Verdict } from '../../domain/health.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import { accept, type Decision, refuse } from '../../domain/refusal.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Duration, Now } from '../../domain/units.ts';
import type { FailoverMode } from '../../domain/words.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret, ReadShow, RecordFacts } from '../doors.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';
import { Acts, answerOf } from './acts.ts';
import { DirectSwitch } from './direct-switch.ts';
import { Flight, seenBy } from './flight.ts';
import { HiddenPicture } from './hidden-picture.ts';
import type { IngestSwitch } from './ingest-switch.ts';
import { Notes } from './notes.ts';
import { ObsHands } from './obs-hands.ts';
import { type Foreign, OwnMarks } from './own-marks.ts';
import { abilities, armRefusal, type Ask, planned, type Standing } from './readiness.ts';
import { Aftermath } from './aftermath.ts';
import { phaseOf, pictureBehind, Seeing } from './seeing.ts';
import { snapshotOf } from './snapshot.ts';
import type { Outcome } from './steps.ts';

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
  readonly #acts: Acts;
  readonly #flight: Flight;
  readonly #aftermath: Aftermath;
  #machine = initialMachine();
  #relay: IngestSwitch | null = null;
  #plan: StreamPlan | null = null;
  #showId: string | null = null;
  #health: Health | null = null;
  #look: Look | null = null;
  /** cause of the source's trouble that the slate covers */
  #coverCause: string | null = null;

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
    this.#acts = new Acts({
      ...doors,
      notes: this.#notes,
      hands: this.#hands,
      marks: this.#marks,
      ingests: () => this.#ingests,
      cancelledBy: () => this.#flight.cancelledBy,
    });
  }

  /** The plan on the desk has changed, or none is there any more. */
  plan(plan: StreamPlan | null): void {
    const show = this.#doors.readShow();
    if ((show?.id ?? null) !== this.#showId) {
      this.#showId = show?.id ?? null;
      this.#machine = initialMachine();
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
    this.#hidden.watch(pictureBehind(this.#machine, this.#coverCause), mono);
    const { mode } = this.#machine;
    if (this.#look.phase === 'over' && mode !== 'observe') this.#endOfShow();
    const before = this.#shown();
    this.#apply(advance(this.#machine, this.#look));
    if (this.#shown() !== before) this.#doors.onChange();
  }

  /** Every sample and event of OBS, in the order of their coming. */
  hear(sample: HealthSample): void {
    if (sample.source === 'obs' && (sample.error === 'closed' || sample.error === 'refused')) this.#flight.lost();
    const foreign = this.#marks.hear(sample);
    if (foreign !== null) this.#foreign(foreign, sample.ms);
  }

  arm(mode: FailoverMode, actor: Actor): Decision {
    const show = this.#doors.readShow();
    const refusal = armRefusal(mode, this.#standing, show === null ? null : phaseOf(show));
    if (show === null) return refuse('show-not-open', 'There is no show yet. Import a plan first.');
    if (refusal !== null) return { ok: false, refusal };
    this.#apply(operator.arm(this.#machine, mode), actor.by);
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
    this.#apply(withdraw(this.#machine, 'A person has acted.'), actor.by);
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
    this.#apply(intents, actor.by);
    this.#doors.onChange();
    return accept([]);
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
    this.#apply(operator.disarm(this.#machine, 'The show has ended.'));
    this.#notes.write({ kind: 'failover.disarmed', body: { why: 'show-ended', by: 'dropdesk' } });
  }

  #foreign(foreign: Foreign, ms: Duration): void {
    if (foreign.what !== 'scene') return this.#apply(operator.foreignOutput(this.#machine, foreign.what));
    this.#apply(operator.foreignScene(this.#machine, ms));
    this.#notes.sceneChanged(foreign.scene, foreign.before, this.#plan?.slateScene ?? null);
  }

  /** @param by whose doing it is */
  #apply(intents: readonly Intent[], by = 'dropdesk'): void {
    for (const intent of intents) this.#carry(intent, by);
  }

  #carry(intent: Intent, by: string): void {
    switch (intent.do) {
      case 'propose':
      case 'would-have':
        return this.#propose(intent);
      case 'withdraw':
        return this.#notes.withdrawn(intent, by);
      case 'act':
        return void this.#act(intent, by);
      case 'ensure-recording':
        return void this.#ensureRecording();
      case 'lock':
        return this.#notes.write({ kind: 'failover.locked', body: { why: intent.why } });
      case 'disarm':
        return this.#notes.write({ kind: 'failover.disarmed', body: { why: 'operator', by: 'operator' } });
      case 'abort':
        return this.#flight.cancel(intent.why, 'operator');
      default:
        intent satisfies never;
    }
  }

  #propose(intent: Intent & { do: 'propose' | 'would-have' }): void {
    const snapshot = this.#health === null ? {} : snapshotOf(this.#health, this.#doors.readNow().mono);
    const action = this.#notes.proposed(intent, this.#machine.mode, snapshot);
    if (intent.do === 'propose') operator.named(this.#machine, action);
  }

  async #answered(act: Intent & { do: 'act' }, by: string): Promise<Decision> {
    const { action, outcome } = await this.#act(act, by);
    return answerOf(action, outcome);
  }

  async #act(act: Intent & { do: 'act' }, by: string): Promise<{ action: string; outcome: Outcome }> {
    if (act.what === 'show-slate') this.#coverCause = this.#health?.layers.source.cause ?? null;
    const { mode } = this.#machine;
    let action = act.action ?? '';
    const outcome = await this.#flight.take(
      seenBy(act, this.#machine, () => this.#look),
      (run) =>
        this.#acts.carryOut({ ...act, by, mode }, run, (name) => {
          action = name;
          operator.named(this.#machine, name);
          this.#doors.onChange();
        }),
    );
    this.#end(outcome);
    return { action, outcome };
  }

  async #ensureRecording(): Promise<void> {
    operator.ensuring(this.#machine, this.#doors.readNow().mono);
    const move: Move = { what: 'start-recording', from: null, to: null };
    this.#end(
      await this.#flight.take(
        seenBy(move, this.#machine, () => this.#look),
        (run) => this.#acts.ensureRecording(run),
      ),
    );
  }

  #end(outcome: Outcome): void {
    const { running } = this.#machine;
    if (running !== null && isIngest(running)) this.#machine.leftOff = outcome.outcome !== 'done' && outcome.offAir;
    this.#seeing.expire();
    this.#apply(ended(this.#machine, this.#doors.readNow().mono, outcome.outcome));
    this.#doors.onChange();
  }

  #shown(): string {
    const { word, pending, counting, running } = this.#machine;
    return [word, pending?.action, pending?.actsAtMs, counting?.what, counting?.dueMs, running?.action].join();
  }
}

/** OBS's default, 250 frames, at 30 frames a second. */
const DEFAULT_KEYFRAME_MS = 8_334;
