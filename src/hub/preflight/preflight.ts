import type { AuditView } from '../../contract/audit-state.ts';
import { APP_VERSION } from '../../contract/version.ts';
import { auditView } from '../../contract/views/audit-view.ts';
import type { Actor } from '../../domain/actor.ts';
import { auditWord } from '../../domain/audit/audit-words.ts';
import { ALL_CHECKS, type AuditCheck } from '../../domain/audit/catalogue.ts';
import type { AuditFact, AuditResult } from '../../domain/facts/audit-facts.ts';
import { type Health, isConfigured } from '../../domain/health/state.ts';
import type { HealthSample } from '../../domain/health/sample.ts';
import { type Decision, accept, refuse } from '../../domain/refusal.ts';
import type { ShowState } from '../../domain/show.ts';
import { fromIso, type Iso, type Now } from '../../domain/units.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret, ReadShow, RecordFacts } from '../doors.ts';
import type { Ground, House } from './check.ts';
import { checkOf, deadlineOf } from './checks.ts';
import { demoCheck } from './demo-parts.ts';
import { runChecks } from './run-checks.ts';
import { placeKeys } from '../net/key-place.ts';
import { knownSecrets } from './known-secrets.ts';
import { isTrying } from './obs-turns.ts';
import { checkWithoutStream } from './without-stream.ts';

export interface PreflightDoors {
  readNow: ReadNow;
  readShow: ReadShow;
  record: RecordFacts;
  obs: ObsDoor;
  /** what the judge knows of the stream now; null: nothing is watched */
  health: () => Health | null;
  readSecret: ReadSecret;
  saveSecret: (name: string, value: string) => void;
  setting: (key: string) => unknown;
  /** lines that the hub has logged, for sec-1 */
  logged: () => readonly string[];
  ownPorts: () => readonly number[];
  house: () => House;
  onChange: () => void;
  log: Log;
}

interface Run {
  total: number;
  running: readonly string[];
  end: AbortController;
}

/** The audit before the show (STR-73, STR-74): one run at a time, its results in the ledger before it is answered. */
export class Preflight {
  readonly #doors: PreflightDoors;
  readonly #ears = new Set<(sample: HealthSample) => void>();
  #run: Run | null = null;

  constructor(doors: PreflightDoors) {
    this.#doors = doors;
  }

  /** Every sample and event of the stream's sources. */
  hear(sample: HealthSample): void {
    for (const ear of this.#ears) ear(sample);
  }

  /** A test stream or a rehearsal of the slate: what OBS tells of it is no person's doing. */
  get isTrying(): boolean {
    return isTrying(this.#doors.obs);
  }

  /**
   * @param checks only these; null: all
   * @returns when the results are in the ledger; reply `auditId`, `word` (go, check, no-go; null: nothing could be said)
   */
  async run(checks: readonly string[] | null, actor: Actor): Promise<Decision> {
    const show = this.#doors.readShow();
    if (show === null || show.plan === null)
      return refuse('no-plan', 'There is no plan yet. Import one, or start the demo.');
    const stranger = checks?.find((id) => !ALL_CHECKS.some((check) => check.id === id));
    if (stranger !== undefined)
      return refuse('unknown-check', `There is no check “${stranger}”.`, { field: 'checks', check: stranger });
    if (this.#run !== null) return refuse('already-running', 'The audit is running already. Wait, or cancel it.');
    const chosen = ALL_CHECKS.filter(({ id }) => checks === null || checks.includes(id));
    return await this.#make(chosen, { show, partial: checks !== null, by: actor.by });
  }

  /** Ends a run that is under way; what was found by then is kept. @returns false when none is */
  cancel(): boolean {
    if (this.#run === null) return false;
    this.#run.end.abort();
    return true;
  }

  view(show: ShowState | null, now: Now): AuditView {
    const run = this.#run;
    const running = run && { done: run.total - run.running.length, total: run.total, checks: [...run.running] };
    return auditView(show, running, now);
  }

  async #make(
    chosen: readonly AuditCheck[],
    about: { show: ShowState; partial: boolean; by: string },
  ): Promise<Decision> {
    const end = new AbortController();
    const run: Run = { total: chosen.length, running: chosen.map(({ id }) => id), end };
    this.#run = run;
    this.#doors.onChange();
    const began = performance.now();
    try {
      const ground = this.#ground(about.show, end.signal);
      const planned = chosen.map((check) => {
        const make =
          (about.show.demo ? demoCheck(check.id) : null) ??
          checkWithoutStream(check.id, ground.stream) ??
          checkOf(check.id);
        return { ...check, make, deadlineMs: deadlineOf(check.id, check.test) };
      });
      const secrets = await knownSecrets(this.#doors);
      const onProgress = (running: readonly string[]): void => {
        run.running = running;
        this.#doors.onChange();
      };
      const results = await runChecks(planned, ground, { onProgress, secrets: () => secrets });
      return this.#book(results, { ...about, partial: about.partial || end.signal.aborted, began });
    } finally {
      end.abort();
      this.#run = null;
      this.#doors.onChange();
    }
  }

  #book(results: AuditResult[], about: { show: ShowState; partial: boolean; by: string; began: number }): Decision {
    const show = this.#doors.readShow();
    if (show === null || show.id !== about.show.id)
      return refuse('no-plan', 'Another show came onto the desk; the audit’s results were dropped. Run it again.');
    if (results.length === 0) return refuse('cancelled', 'The audit was cancelled before anything was found.');
    const auditId = `a${show.seq + 1}`;
    const { boot } = this.#doors.readNow();
    const { partial, by } = about;
    const tookMs = Math.round(performance.now() - about.began);
    const body: AuditFact['body'] = { auditId, partial, results, tookMs, by, version: APP_VERSION };
    this.#doors.record([{ origin: 'preflight', originId: `${boot}:${auditId}`, kind: 'audit.finished', body }]);
    const { audit } = this.#doors.readShow() ?? show;
    return accept([], { auditId, word: auditWord(audit) });
  }

  #ground(show: ShowState, signal: AbortSignal): Ground {
    const { obs, health, setting, readSecret, saveSecret, log, logged, house, readNow } = this.#doors;
    const { startsAt, endsAt } = show.plan?.show ?? { startsAt: null, endsAt: null };
    if (show.plan === null) throw new Error('audit a show without a plan');
    return {
      ...{ show, obs, health, setting, readSecret, saveSecret, log, logged, house, signal },
      stream: placeKeys(show.plan.stream, readSecret),
      times: { startsAt: instantOf(startsAt), endsAt: instantOf(endsAt) },
      isLive: isOnAir(health()),
      ownPorts: this.#doors.ownPorts(),
      now: readNow,
      listen: (hear) => {
        this.#ears.add(hear);
        return () => void this.#ears.delete(hear);
      },
    };
  }
}

/** OBS streams, or somebody feeds our stream's place at the ingest. */
function isOnAir(health: Health | null): boolean {
  if (health === null) return false;
  if (health.obs.active === true) return true;
  const { ingest } = health;
  return (
    isConfigured(health, 'rtmp') && ingest.everListed && ingest.absentRunning === 0 && ingest.newest?.grew === true
  );
}

function instantOf(iso: Iso | null): number | null {
  return iso === null ? null : fromIso(iso);
}
