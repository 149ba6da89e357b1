import { showCohorts } from '../domain/show-cohorts.ts';
import type { ShowState } from '../domain/show.ts';
import type { Instant } from '../domain/units.ts';
import type { Thresholds, Verdict, VerdictReason } from '../domain/verdict.ts';
import type { DeskStore } from './store/desk-store.ts';

/**
 * What became of the shows of a series (VER-10). A show's verdict is due weeks after its end, when another one may be on
 * the desk, so it is written down once it is given; a series is stopped when its third show has not earned a SCALE.
 */
export class SeriesVerdicts {
  readonly #desk: Pick<DeskStore, 'setting' | 'setSetting'>;

  constructor(desk: Pick<DeskStore, 'setting' | 'setSetting'>) {
    this.#desk = desk;
  }

  /** Writes the verdict down when the show has one that its data decided; asked now and then. */
  note(show: ShowState, now: Instant, thresholds: Thresholds): void {
    const series = show.plan?.show.series ?? null;
    if (series === null || show.openedAt === null || show.phase !== 'closed' || show.demo) return;
    const asked = { clock: 'show' as const, thresholds, earlierWithoutScale: this.earlierWithoutScale(show) };
    const verdict = showCohorts(show, now, asked)?.verdict;
    if (!verdict || OPEN.has(verdict.reason)) return;
    const all = this.#all();
    const known = all[series]?.[show.id];
    if (known?.verdict === verdict.verdict && known.openedAt === show.openedAt) return;
    const given: Given = { openedAt: show.openedAt, verdict: verdict.verdict };
    this.#desk.setSetting(KEY, { ...all, [series]: { ...all[series], [show.id]: given } });
  }

  /** Shows of the same series that were opened before this one and whose verdict was not SCALE. */
  earlierWithoutScale({ id, plan, openedAt }: ShowState): number {
    const series = plan?.show.series ?? null;
    if (series === null) return 0;
    const others = Object.entries(this.#all()[series] ?? {});
    return others.filter(
      ([other, given]) => other !== id && given.verdict !== 'SCALE' && given.openedAt < (openedAt ?? Infinity),
    ).length;
  }

  #all(): Record<string, Record<string, Given>> {
    // Only `note` writes there.
    return (this.#desk.setting(KEY) ?? {}) as Record<string, Record<string, Given>>;
  }
}

interface Given {
  openedAt: Instant;
  verdict: Verdict['verdict'];
}

const KEY = 'series.verdicts';

/** Reasons that say that the data have not spoken yet. */
const OPEN: ReadonlySet<VerdictReason> = new Set<VerdictReason>(['no-control', 'not-matured', 'feed-incomplete']);
