import type { FunnelRow } from '../../domain/funnel.ts';
import type { Interval, Proportion } from '../../domain/proportions.ts';
import { limitsText, rateText } from '../../domain/proportions.ts';
import { type CohortSettings, type ShowCohorts, latestCohorts } from '../../domain/show-cohorts.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Duration, type Instant, type Iso, type Now, toIso } from '../../domain/units.ts';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../../domain/verdict.ts';
import type { Live } from '../live.ts';
import type { FunnelRowView, FunnelView, ShareView, VerdictView } from '../funnel-state.ts';

/** @returns null without a plan */
export function funnelView(
  show: ShowState | null,
  live: Pick<Live, 'settings' | 'earlierWithoutScale'>,
  now: Now,
): FunnelView | null {
  if (!show) return null;
  const made = latestCohorts(show, now.at, cohortSettings(live));
  return made && viewOf(show, made);
}

/** Bar and clock of the verdict as they are set now. */
export function cohortSettings({
  settings,
  earlierWithoutScale,
}: Pick<Live, 'settings' | 'earlierWithoutScale'>): CohortSettings {
  const clock = settings['funnel.clock'] === 'signup' ? 'signup' : 'show';
  return { clock, thresholds: thresholdsOf(settings), earlierWithoutScale };
}

/** How far viewers are behind, as it was set; null: not measured. */
export function delayOf(settings: Record<string, unknown>): Duration | null {
  const delay = settings['stream.delayMs'];
  return typeof delay === 'number' ? delay : null;
}

/** The bar as it is set now. Settings are checked when they are set, so what is there has its shape. */
function thresholdsOf(settings: Record<string, unknown>): Thresholds {
  const set = Object.keys(DEFAULT_THRESHOLDS).flatMap((key) => {
    const value = settings[`verdict.${key}`];
    return typeof value === 'number' ? [[key, value]] : [];
  });
  return { ...DEFAULT_THRESHOLDS, ...(Object.fromEntries(set) as Partial<Thresholds>) };
}

function viewOf(
  show: ShowState,
  { hours, funnel, coverage, who, cohort, coveredUntil, verdict }: ShowCohorts,
): FunnelView {
  const { byChannel } = funnel;
  return {
    clock: funnel.clock,
    endsAt: toIso(hours.endedAt),
    maturesAt: toIso(funnel.maturesAt),
    state: funnel.state,
    total: rowView(funnel.total),
    byChannel: {
      'in-person': rowView(byChannel['in-person']),
      stream: rowView(byChannel.stream),
      social: rowView(byChannel.social),
      other: rowView(byChannel.other),
    },
    buyersWithoutSignup: funnel.buyersWithoutSignup,
    ordersOfUnknown: funnel.ordersOfUnknown,
    coverage,
    coveredUntil: isoOf(coveredUntil),
    cohort: {
      who,
      buyers: cohort.buyers,
      repeats: cohort.repeats.map(({ days, repeated, maturesAt, state }) => {
        return { days, repeated: shareView(repeated), maturesAt: isoOf(maturesAt), state };
      }),
      firstWeek: {
        buyers: cohort.firstWeek.totals.buyers,
        ...moneyOf(cohort.firstWeek.mean),
        maturesAt: isoOf(cohort.firstWeek.maturesAt),
        state: cohort.firstWeek.state,
      },
    },
    verdict: verdictView(show, verdict),
  };
}

function verdictView({ verdict: { control, thresholds } }: ShowState, verdict: ShowCohorts['verdict']): VerdictView {
  const { repeat, firstWeek } = verdict;
  return {
    verdict: verdict.verdict,
    reason: verdict.reason,
    repeat: repeat && { points: pointsOf(repeat.value), low: pointsOf(repeat.low), high: pointsOf(repeat.high) },
    firstWeek: firstWeek && moneyIn(firstWeek),
    control: control && { name: control.name, buyers: control.buyers },
    thresholds,
    changedAfterOpening: verdict.changedAfterOpening,
  };
}

function rowView({ attended, bought, kept, ...counts }: FunnelRow): FunnelRowView {
  return { ...counts, attended: shareView(attended), bought: shareView(bought), kept: shareView(kept) };
}

function shareView(share: Proportion): ShareView {
  return { ...share, text: rateText(share), limits: limitsText(share) };
}

function moneyOf(interval: Interval | null): {
  meanMinor: number | null;
  lowMinor: number | null;
  highMinor: number | null;
} {
  return interval ? moneyIn(interval) : { meanMinor: null, lowMinor: null, highMinor: null };
}

/** A mean of money is shown to the minor unit. */
function moneyIn({ value, low, high }: Interval): { meanMinor: number; lowMinor: number; highMinor: number } {
  return { meanMinor: Math.round(value), lowMinor: Math.round(low), highMinor: Math.round(high) };
}

/** Points with two decimals. */
function pointsOf(fraction: number): number {
  return Math.round(fraction * 10_000) / 100;
}

function isoOf(at: Instant | null): Iso | null {
  return at === null ? null : toIso(at);
}
