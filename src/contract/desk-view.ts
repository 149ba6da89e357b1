import type { ShowState } from '../domain/show.ts';
import { type Now, toIso } from '../domain/units.ts';
import type { DeskState } from './desk-state.ts';
import type { Live } from './live.ts';
import { fourAnswers } from './views/answers-view.ts';
import { alarmsView } from './views/alarms-view.ts';
import { closeView } from './views/close-view.ts';
import { cuesView, messagesView, requestsView } from './views/cues-view.ts';
import { devicesView } from './views/devices-view.ts';
import { drawersView } from './views/drawers-view.ts';
import { checklistView, costsView } from './views/routine-view.ts';
import { delayOf, funnelView } from './views/funnel-view.ts';
import { peopleView } from './views/people-view.ts';
import { pickupsView } from './views/pickups-view.ts';
import { settleView } from './views/settle-view.ts';
import { planView, showView } from './views/show-view.ts';
import { holdsView, offersView, parkedView, shortfallsView, stockView } from './views/stock-view.ts';
import { salesView } from './views/sales-view.ts';
import { momentsView } from './views/moments-view.ts';
import { CONTRACT_VERSION } from './version.ts';

/** The whole desk view, made from the fold, the present and one reading of the clock. */
export function deskView(show: ShowState | null, live: Live, now: Now): DeskState {
  const sales = salesView(show, now, delayOf(live.settings));
  const stock = stockView(show, now);
  const cues = cuesView(show, live, now);
  return {
    contractVersion: CONTRACT_VERSION,
    seq: show?.seq ?? 0,
    epoch: live.epoch,
    now: toIso(now.at),
    show: showView(show),
    plan: planView(show),
    sales,
    stock,
    offers: offersView(show, now),
    holds: holdsView(show, now),
    shortfalls: shortfallsView(show),
    parked: parkedView(show),
    checklist: checklistView(show, now),
    costs: costsView(show),
    drawers: drawersView(show),
    pickups: pickupsView(show),
    settle: settleView(show, live, now),
    cues,
    messages: messagesView(show, live),
    requests: requestsView(show),
    stream: live.stream,
    failover: live.failover,
    audit: live.audit,
    recording: live.recording,
    people: peopleView(show, now),
    alarms: alarmsView(show),
    moments: momentsView(show),
    devices: devicesView(show, live),
    storage: live.storage,
    connectors: live.connectors,
    imports: live.imports,
    close: closeView(show, live, now),
    shows: live.shows,
    settings: live.settings,
    floor: live.floor,
    ingest: live.ingest,
    funnel: funnelView(show, live, now),
    answers: fourAnswers(show, { sales, stock, cues, stream: live.stream }, now),
  };
}
