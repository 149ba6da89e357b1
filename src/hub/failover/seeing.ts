import type { FailoverMachine, Look } from '../../domain/failover/machine-state.ts';
import { retryInMs } from '../../domain/health/retry.ts';
import { failoverSight } from '../../domain/health/sight.ts';
import type { Health } from '../../domain/health/state.ts';
import type { Verdict } from '../../domain/health.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Duration } from '../../domain/units.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';
import type { HiddenPicture } from './hidden-picture.ts';
import type { IngestSwitch } from './ingest-switch.ts';
import type { ObsHands, Scenes } from './obs-hands.ts';
import type { OwnMarks } from './own-marks.ts';

/** Scenes and the ingest are read anew this often; a person may change either in OBS at any time. */
const READ_EVERY_MS = 5_000;

/** A fade that takes longer is called a fault by the audit (scn-4). */
const FADE_AT_MOST_MS = 5_000;

export interface SeeingParts {
  hands: ObsHands;
  marks: OwnMarks;
  hidden: HiddenPicture;
  setting: (key: string) => unknown;
}

/** What the rules look at: the judge's sight, what OBS tells of its scenes and its ingest, the plan and the settings. */
export class Seeing {
  readonly #parts: SeeingParts;
  #scenes: Scenes | null = null;
  #nextReadMs: Duration = 0;
  #isReading = false;
  /** the scene that we have read back as the program; OBS tells of it by an event only when its fade is over */
  #placed: { scene: string; untilMs: Duration } | null = null;

  constructor(parts: SeeingParts) {
    this.#parts = parts;
  }

  /** Another connection or another plan: what was read is read again at the next look. */
  forget(): void {
    this.#scenes = null;
    this.#nextReadMs = 0;
  }

  /** We have changed something: it is read again at the next look, and holds until then. */
  expire(): void {
    this.#nextReadMs = 0;
  }

  /** @param scene what OBS has just shown us as its program; null: somebody has changed it since */
  place(scene: string | null, ms: Duration): void {
    this.#placed = scene === null ? null : { scene, untilMs: ms + FADE_AT_MOST_MS };
  }

  /** Reads in the background what is due. */
  refresh(ingests: IngestSwitch | null, isObsUp: boolean, ms: Duration): void {
    if (!isObsUp) return this.forget();
    if (this.#isReading || ms < this.#nextReadMs) return;
    this.#nextReadMs = ms + READ_EVERY_MS;
    this.#isReading = true;
    void this.read(ingests)
      .catch((error: unknown) => {
        if (!(error instanceof NoAnswer) && !(error instanceof ObsRefused)) throw error;
      })
      .finally(() => (this.#isReading = false));
  }

  /** @throws NoAnswer, ObsRefused */
  async read(ingests: IngestSwitch | null): Promise<void> {
    this.#scenes = await this.#parts.hands.scenes();
    await ingests?.look();
  }

  look(from: {
    health: Health;
    verdict: Verdict;
    plan: StreamPlan;
    show: ShowState | null;
    ingests: IngestSwitch | null;
    ms: Duration;
  }): Look {
    const { health, verdict, plan, show, ingests, ms } = from;
    const sight = failoverSight(health, ms);
    if (this.#placed !== null && (ms >= this.#placed.untilMs || sight.scene === this.#placed.scene))
      this.#placed = null;
    const told = this.#placed?.scene ?? sight.scene;
    return {
      ms,
      sight: { ...sight, scene: told ?? this.#parts.marks.program ?? this.#scenes?.program ?? null },
      retryInMs: retryInMs(health, ms),
      isWeak: Object.values(verdict.layers).some(({ level }) => level === 'warn' || level === 'critical'),
      phase: phaseOf(show),
      scenes: this.#scenes?.names ?? null,
      slateScene: plan.slateScene,
      liveScene: plan.liveScene,
      allowScenes: plan.allowScenes,
      tier: ingests?.tier ?? null,
      backupReady: ingests?.ready('backup') === null,
      ingest: ingests?.current() ?? null,
      clearSlate: this.#parts.setting('failover.clearSlate') === 'auto' ? 'auto' : 'ask',
      hiddenMoves: this.#parts.hidden.moves(),
      recording: {
        expected: this.#parts.setting('recording.expected') !== false,
        active: health.obs.record.active,
        ensuredBefore: (show?.failover.recordingsEnsured ?? 0) > 0,
      },
    };
  }

  /** An earlier look with what was read since. */
  renew(look: Look, ingests: IngestSwitch | null): Look {
    const scene = this.#placed?.scene ?? this.#scenes?.program ?? look.sight.scene;
    const scenes = this.#scenes?.names ?? null;
    return { ...look, scenes, sight: { ...look.sight, scene }, ingest: ingests?.current() ?? null };
  }
}

export function phaseOf(show: ShowState | null): Look['phase'] {
  if (show === null || show.phase === 'planned') return 'planned';
  return show.phase === 'live' ? 'live' : 'over';
}

/** The scene behind a slate that was shown for its picture, which is worth looking at; else null. */
export function pictureBehind({ hidden }: FailoverMachine, cause: string | null): string | null {
  return hidden !== null && (cause?.startsWith('picture-') ?? false) ? hidden.scene : null;
}
