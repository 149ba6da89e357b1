import type { Alarm } from '../alarms.ts';
import type { ShowState } from '../show.ts';
import type { Duration } from '../units.ts';
import type { Priority } from '../words.ts';
import { graphemes } from './message.ts';

/** An alarm that a rule wants to stand now. */
export interface Wanted {
  /** kind and subject: one active alarm for each */
  id: string;
  kind: string;
  subject: string | null;
  priority: Priority;
  /** a sentence of at most 90 characters: what, since when, what to do */
  message: string;
  /** label of the first button */
  action: string;
  related: string[];
  /** how long it must last before it is raised */
  holdMs: Duration;
}

type Needed = Pick<Wanted, 'kind' | 'priority' | 'message' | 'action'>;

export function wanted(alarm: Needed & Partial<Wanted>): Wanted {
  const subject = alarm.subject ?? null;
  const id = subject === null ? alarm.kind : `${alarm.kind}:${subject}`;
  return { id, subject: null, related: [], holdMs: 0, ...alarm };
}

const LONGEST = 90;

/**
 * A sentence that fits the alarm bar: what a person typed gives way, the words around it stay.
 *
 * @param name  product, person, cue or a foreign sentence
 * @param write the sentence around it
 */
export function fitted(name: string, write: (name: string) => string): string {
  const letters = graphemes(name);
  let text = write(name);
  for (let kept = letters.length - 1; text.length > LONGEST && kept > 0; kept--) {
    text = write(`${letters.slice(0, kept).join('').trimEnd()}…`);
  }
  return text;
}

/** A name cut to so many letters. */
export function short(name: string, most: number): string {
  const letters = graphemes(name);
  return letters.length <= most
    ? name
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

/** The standing alarm of this id: thresholds differ for raising and for clearing. */
export function standing(show: ShowState, id: string): Alarm | null {
  const alarm = show.alarms.byId.get(id);
  return alarm && alarm.clearedAt === null ? alarm : null;
}

export function zoneOf(show: ShowState): string {
  return show.plan?.show.timeZone ?? 'UTC';
}
