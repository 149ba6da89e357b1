import type { DeskState } from '../contract/desk-state.ts';
import type { StreamView } from '../contract/stream-state.ts';
import { type Verdict, sourceVerdicts } from '../domain/health.ts';
import type { LayerNow } from '../domain/decide/vitals.ts';
import { wordsOf } from '../domain/health/causes.ts';
import { placeName } from '../domain/health/place-names.ts';
import { isUnknown } from '../domain/health/contact.ts';
import { type Health, LAYERS } from '../domain/health/state.ts';
import { diskMinutes } from '../domain/health/recording-findings.ts';
import type { ShowState } from '../domain/show.ts';
import { type Duration, type Now, toIso } from '../domain/units.ts';
import type { StreamLayer } from '../domain/words.ts';
import { type Measuring, incidentsView } from './incident-view.ts';
import { viewersView } from './viewers-view.ts';

/** A show without a stream, or none at all. */
export function offView(show: ShowState | null, now: Now): StreamView {
  return {
    level: 'off',
    cause: null,
    message: null,
    advice: null,
    place: null,
    second: null,
    since: null,
    layers: {},
    follows: [],
    sources: {},
    incidents: incidentsView(show, null, now),
    viewers: viewersView({}, show, now.at),
  };
}

/** The stream as the desk shows it; instants of the judge's clock become wall time by this reading of both clocks. */
export function streamView(known: Measuring, verdict: Verdict, show: ShowState | null, now: Now): StreamView {
  const { health } = known;
  const wall = (mono: Duration | null): string | null =>
    mono === null ? null : toIso(Math.round(now.at - (now.mono - mono)));
  const layers = LAYERS.map((layer) => {
    const { level, cause, place, sinceMs } = verdict.layers[layer];
    return [layer, { level, cause, place: placeName(place), since: wall(sinceMs) }] as const;
  });
  const seen = Object.entries(sourceVerdicts(health)).map(
    ([source, { sinceMs, ...rest }]) => [source, { ...rest, since: wall(sinceMs) }] as const,
  );
  const sources = Object.fromEntries(seen) as StreamView['sources'];
  return {
    level: verdict.level,
    cause: verdict.cause,
    message: verdict.message,
    advice: verdict.advice,
    place: placeName(verdict.place),
    second: verdict.second,
    since: wall(verdict.sinceMs),
    layers: Object.fromEntries(layers) as StreamView['layers'],
    follows: verdict.follows,
    sources,
    incidents: incidentsView(show, known, now),
    viewers: viewersView(sources, show, now.at),
  };
}

export function recordingView(health: Health | null, path: string | null, now: Now): DeskState['recording'] {
  if (health === null || health.obs.record.active !== true || isUnknown(health.obs.contact, now.mono)) {
    return { active: false, paused: false, path: null, sinceMs: null, diskMinutes: null };
  }
  const { record, contact } = health.obs;
  const aged = record.paused ? 0 : now.mono - (contact.lastAnswerMs ?? now.mono);
  const sinceMs = record.durationMs === null ? null : Math.round(record.durationMs + aged);
  return { active: true, paused: record.paused, path, sinceMs, diskMinutes: diskMinutes(health) };
}

export function layersInTrouble({ layers }: Verdict): ReadonlyMap<StreamLayer, LayerNow> {
  const bad = LAYERS.flatMap((layer): [StreamLayer, LayerNow][] => {
    const { level, cause } = layers[layer];
    if (level !== 'warn' && level !== 'critical') return [];
    return [[layer, { level, cause: cause ?? 'unclear', message: wordsOf(cause).message }]];
  });
  return new Map(bad);
}

/** Would somebody at the desk see a difference? */
export function differs(a: Verdict, b: Verdict): boolean {
  if (a.level !== b.level || a.cause !== b.cause || a.symptoms.length !== b.symptoms.length) return true;
  return Object.entries(a.layers).some(([layer, { level, cause }]) => {
    const other = b.layers[layer as keyof Verdict['layers']];
    return other.level !== level || other.cause !== cause;
  });
}
