import { cueTimes } from '../../domain/cue-times.ts';
import { type PlannedCue, runningRun, tickedPoints, upcoming } from '../../domain/cues.ts';
import { offerStanding } from '../../domain/offer-standing.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Now } from '../../domain/units.ts';
import type { DeviceRole } from '../../domain/words.ts';
import type { CueContent, CueScreenView, FloorView, WallView } from '../floor-views.ts';
import type { Live } from '../live.ts';
import type { StockView } from '../stock-state.ts';
import { contactOf, expectedAt, type FloorDevice, floorBase, messagesFor } from './floor-parts.ts';
import { smallEnough } from './floor-size.ts';
import { stockView } from './stock-view.ts';
import { tillView } from './till-view.ts';

/** What one screen may see, made here and never filtered later (CUE-38). Screens of one role, person and till see the same. */
export function floorView(
  show: ShowState | null,
  live: Live,
  device: FloorDevice & { role: DeviceRole },
  now: Now,
): FloorView {
  switch (device.role) {
    case 'co-host':
      return cueScreenView(show, live, device, now);
    case 'till':
      return tillView(show, live, device, now);
    case 'viewer':
      return wallView(show, live, device, now);
    default:
      return device.role satisfies never;
  }
}

/**
 * The long text of a cue, asked for apart (CUE-39).
 *
 * @returns null when there is no such cue, or it is neither the asker's own nor on air
 */
export function cueContent(show: ShowState | null, device: FloorDevice, cueId: string, _now: Now): CueContent | null {
  const slot = show?.cues.byId.get(cueId);
  if (!show || !slot || device.role !== 'co-host') return null;
  const { cue, rev } = slot;
  const onAir = runningRun(show.cues)?.cue === cue.id;
  if (!onAir && !isOwn(slot, device.person)) return null;
  const points = cue.points.map(({ id, text, mustSay }) => ({ id, text, mustSay }));
  return { cue: cue.id, rev, title: cue.title, points, priceNote: cue.priceNote, script: cue.script };
}

/** Own later cues on a phone: what it fetches ahead and shows as "then you". */
const MINE_AHEAD = 4;

function cueScreenView(show: ShowState | null, live: Live, device: FloorDevice, now: Now): CueScreenView {
  const base = floorBase(show, live, device, now);
  const person = show?.plan?.people.find(({ id }) => id === device.person);
  const me = { person: device.person ?? '', name: person?.name ?? device.name, code: person?.code ?? null };
  const nothing = { mine: [], dispatch: null, stock: null, ticked: [], contentRev: 0, messages: [], requests: [] };
  if (!show) return { ...base, role: 'co-host', me, ...nothing };
  const running = runningRun(show.cues);
  const onAir = running ? (show.cues.byId.get(running.cue) ?? null) : null;
  const coming = comingOf(show).filter((slot) => isOwn(slot, device.person));
  // What is in my hands: my cue on air, else my next one.
  const inHand = onAir && isOwn(onAir, device.person) ? onAir : (coming[0] ?? null);
  const times = cueTimes(show, now.t);
  return smallEnough({
    ...base,
    role: 'co-host',
    me,
    mine: coming
      .slice(0, MINE_AHEAD)
      .map(({ cue, rev }) => ({ id: cue.id, title: cue.title, rev, startsAt: expectedAt(times, cue.id) })),
    dispatch: contactOf(show, device, onAir ? [onAir, ...coming] : coming),
    stock: stockInHand(show, live, inHand, now),
    ticked: [...tickedPoints(show.cues, (inHand ?? onAir)?.cue.id ?? '')],
    contentRev: (onAir ?? inHand)?.rev ?? 0,
    messages: messagesFor(show, device, now),
    requests: requestsOf(show, device),
  });
}

function wallView(show: ShowState | null, live: Live, device: FloorDevice, now: Now): WallView {
  return smallEnough({
    ...floorBase(show, live, device, now),
    role: 'viewer',
    messages: show ? messagesFor(show, device, now) : [],
  });
}

/** In the order in which they will come: a standby comes first, wherever it stands. */
function comingOf(show: ShowState): PlannedCue[] {
  const standby = show.cues.standby === null ? undefined : show.cues.byId.get(show.cues.standby);
  const ahead = upcoming(show.cues);
  return standby ? [standby, ...ahead.filter((slot) => slot !== standby)] : ahead;
}

function isOwn({ cue }: PlannedCue, person: string | null): boolean {
  return person !== null && cue.owners.includes(person);
}

/** The number, only low or out, or nothing: the producer's choice for co-hosts. */
function stockInHand(show: ShowState, live: Live, slot: PlannedCue | null, now: Now): CueScreenView['stock'] {
  const sku = slot?.cue.sku ?? null;
  const shown = live.settings['cues.showStock'] ?? 'number';
  const found = sku === null || shown === 'nothing' ? undefined : stockView(show, now)[sku];
  if (sku === null || !found) return null;
  const promised = promisedLeft(show, slot, found, now);
  const left = promised ? promised.left : found.left;
  return { sku, name: found.name, left: shown === 'level' ? null : left, level: promised ? 'ok' : found.level };
}

/** A preorder has nothing on the shelf and is on sale all the same: as many as its cap leaves, null without one. */
function promisedLeft(
  show: ShowState,
  slot: PlannedCue | null,
  found: StockView,
  now: Now,
): { left: number | null } | null {
  const offer = slot?.cue.offer ?? null;
  const standing = found.level !== 'out' || offer === null ? null : offerStanding(show, offer, now);
  if (standing?.offer.kind !== 'preorder' || !standing.open) return null;
  return standing.remaining === null || standing.remaining > 0 ? { left: standing.remaining } : null;
}

/** Newest first; a person's requests follow them to another phone. */
function requestsOf(show: ShowState, { person }: FloorDevice): CueScreenView['requests'] {
  return [...show.floor.requests.values()]
    .filter((request) => person !== null && request.person === person)
    .slice(-3)
    .reverse()
    .map(({ id, what, answer }) => ({ id, what, state: answer?.answer ?? 'sent', text: answer?.text ?? null }));
}
