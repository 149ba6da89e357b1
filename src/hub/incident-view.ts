import type { IncidentView } from '../contract/stream-state.ts';
import type { Health } from '../domain/health/state.ts';
import { cueOnAir, deedsDuring, salesDuring } from '../domain/incident-sales.ts';
import type { ShowState } from '../domain/show.ts';
import type { StreamIncident } from '../domain/stream-record.ts';
import { type Now, toIso } from '../domain/units.ts';
import { type Inherited, lostWithin } from './incident-facts.ts';

const SHOWN = 50;

/** What measures an open incident; null: nothing is watched. */
export interface Measuring {
  health: Health;
  inherited: (incident: StreamIncident) => Inherited;
}

/** Newest last, as the ledger has them; what is open is measured up to now. */
export function incidentsView(show: ShowState | null, known: Measuring | null, now: Now): IncidentView[] {
  if (show === null) return [];
  return show.stream.incidents.slice(-SHOWN).map((incident) => incidentView(show, incident, known, now));
}

function incidentView(show: ShowState, incident: StreamIncident, known: Measuring | null, now: Now): IncidentView {
  const { id, layer, level, worst, cause, causes, message, startedAt, endedAt, darkMs, starvedMs, blindMs } = incident;
  // A show that was closed in the middle of it ended it for whoever reads of it.
  const until = endedAt ?? Math.max(startedAt, show.closedAt ?? now.at);
  const stretch = { startedAt, endedAt: until };
  return {
    id,
    layer,
    level: endedAt === null ? level : worst,
    cause,
    causes,
    message,
    startedAt: toIso(startedAt),
    endedAt: endedAt === null ? null : toIso(endedAt),
    ...(endedAt === null ? measured(incident, known, now) : { darkMs, starvedMs, blindMs }),
    cue: cueOnAir(show, startedAt),
    sales: salesDuring(show, stretch),
    actions: deedsDuring(show, stretch).map(({ action, what, from, to, state, by, at }) => ({
      ...{ action, what, from, to, state, by },
      at: toIso(at),
    })),
  };
}

function measured(incident: StreamIncident, known: Measuring | null, now: Now): Measured {
  if (known === null) return { darkMs: null, starvedMs: null, blindMs: 0 };
  const { darkMs, starvedMs } = lostWithin(known.health, incident, now.at, now);
  const before = known.inherited(incident);
  return { darkMs: darkMs + before.darkMs, starvedMs, blindMs: before.blindMs };
}

type Measured = Pick<IncidentView, 'darkMs' | 'starvedMs' | 'blindMs'>;
