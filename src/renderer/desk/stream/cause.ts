import type { DeskState } from '../../../contract/desk-state.ts';
import type { Iso, Minor } from '../../../domain/units.ts';
import type { StreamLayer } from '../../../domain/words.ts';
import { symptomName } from './symptom-words.ts';
import { t } from '../../lib/i18n/desk.ts';

/** What is wrong, as the top of the path says it. */
export interface CauseText {
  tone: 'p1' | 'p3';
  message: string;
  advice: string;
  place: string;
  /** what OBS waits for, when that helps to know */
  second: string | null;
  /** what is wrong as well, because of this and of nothing else */
  follows: string[];
  since: Iso | null;
  /** sold over the stream while this has lasted */
  soldMinor: Minor;
}

/** The order in which layers speak for the stream when they are equally bad (STR-51); the recording speaks last. */
const ORDER: readonly StreamLayer[] = ['obs', 'transport', 'source', 'delivery', 'recording'];

/** @returns null while every layer is well, off, or only not known because of another */
export function causeOf({ stream }: DeskState): CauseText | null {
  for (const level of ['critical', 'warn'] as const) {
    const layer = ORDER.find((one) => stream.layers[one]?.level === level);
    if (layer === undefined) continue;
    const incident = stream.incidents.find((one) => one.layer === layer && one.endedAt === null);
    const speaks = layer !== 'recording';
    const message = (speaks ? stream.message : null) ?? incident?.message;
    if (message === undefined) continue;
    return {
      tone: level === 'critical' ? 'p1' : 'p3',
      message,
      advice: (speaks ? stream.advice : null) ?? '',
      place: stream.layers[layer]?.place ?? t(`place.${layer}`),
      second: speaks ? stream.second : null,
      // Origin and edge may have the same symptom; here it is said once.
      follows: [...new Set(stream.follows.filter(({ from }) => from === layer).map(({ id }) => symptomName(id)))],
      since: stream.layers[layer]?.since ?? incident?.startedAt ?? null,
      soldMinor: incident?.sales.stream.netMinor ?? 0,
    };
  }
  return null;
}
