import type { Duration } from '../units.ts';
import type { Level, StreamLayer } from '../words.ts';
import { incidentDarkMs, starvedMsWithin } from './dark.ts';
import { levelOf } from './layers.ts';
import { type Health, LAYERS } from './state.ts';

/** One stretch of one layer being bad, on the judge's clock. There is never more than one open per layer. */
export interface Incident {
  layer: StreamLayer;
  startMs: number;
  /** null while it lasts; the start of the calm that ended it */
  endMs: number | null;
  level: Level;
  worst: Level;
  cause: string;
  causes: string[];
  darkMs: Duration;
  starvedMs: Duration;
}

export type IncidentBook = Map<StreamLayer, Incident>;

/**
 * Brings the book up to the newest judgement. Suppression does not close an incident: only calm does, or the stream
 * being stopped on purpose.
 *
 * @returns the incidents that ended in this turn
 */
export function keepIncidents(book: IncidentBook, health: Health): Incident[] {
  const now = health.judgedMs ?? 0;
  const ended: Incident[] = [];
  for (const layer of LAYERS) {
    const { grade, cause, calmFromMs } = health.layers[layer];
    const open = book.get(layer);
    if (grade === 0) {
      if (open === undefined) continue;
      const endMs = Math.max(open.startMs, calmFromMs ?? now);
      ended.push({ ...measured(open, health, endMs), endMs, level: 'ok' });
      book.delete(layer);
      continue;
    }
    const level = levelOf(grade);
    const because = cause ?? 'unclear';
    const incident = open ?? begin(layer, now, level, because);
    incident.level = level;
    if (level === 'critical') incident.worst = 'critical';
    incident.cause = because;
    if (!incident.causes.includes(because)) incident.causes.push(because);
    book.set(layer, incident);
  }
  return ended;
}

/** An incident with its dark and starved time up to `untilMs`. */
export function measured(incident: Incident, health: Health, untilMs: number): Incident {
  const { layer, startMs } = incident;
  return {
    ...incident,
    darkMs: Math.round(incidentDarkMs(health, layer, startMs, untilMs)),
    starvedMs: layer === 'obs' || layer === 'transport' ? starvedMsWithin(health, startMs, untilMs) : 0,
  };
}

function begin(layer: StreamLayer, startMs: number, level: Level, cause: string): Incident {
  return { layer, startMs, endMs: null, level, worst: level, cause, causes: [], darkMs: 0, starvedMs: 0 };
}
