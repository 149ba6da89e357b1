import { utf8Length } from '../../domain/plan-check.ts';
import type { CueBrief, CueScreenView, WallView } from '../floor-views.ts';

/** A view fits one frame of a slow radio (CUE-38). */
export const VIEW_BYTES = 4096;
/** what the gateway puts around it: epoch, seq and view number */
const STAMP_BYTES = 128;
/** A till's catalogue of more than two dozen products does not fit that; it is sent seldom and may be so large. */
export const TILL_VIEW_BYTES = 16_384;

export function viewBytes(view: object): number {
  return utf8Length(JSON.stringify(view));
}

/** The view as it is when it fits, as it nearly always does; else less and less of what a screen can do without. */
export function smallEnough<V extends CueScreenView | WallView>(view: V): V {
  let fitting = view;
  for (const shrink of SHRINKS) {
    if (viewBytes(fitting) <= VIEW_BYTES - STAMP_BYTES) break;
    fitting = shrink(fitting);
  }
  return fitting;
}

/** The dearest last: what is being said to a person now, and which cue is on. */
const SHRINKS: (<V extends CueScreenView | WallView>(view: V) => V)[] = [
  (view) => ({ ...view, messages: view.messages.slice(0, 2) }),
  (view) =>
    view.role === 'co-host' ? { ...view, mine: view.mine.slice(0, 2), requests: view.requests.slice(0, 1) } : view,
  (view) => ({ ...view, messages: view.messages.slice(0, 1) }),
  (view) => (view.role === 'co-host' ? { ...view, mine: view.mine.slice(0, 1) } : view),
  (view) => ({ ...view, now: brief(view.now, 16), next: brief(view.next, 16) }),
  (view) => (view.role === 'co-host' ? { ...view, requests: [] } : view),
  (view) => ({ ...view, show: { ...view.show, name: cut(view.show.name, 40) } }),
  (view) => ({ ...view, now: brief(view.now, 6), next: brief(view.next, 6) }),
  (view) => ({ ...view, messages: view.messages.map((message) => ({ ...message, text: cut(message.text, 160) })) }),
  (view) => (view.role === 'co-host' ? { ...view, mine: [], stock: null } : view),
  (view) => ({ ...view, messages: [] }),
];

/** @param letters how many of each owner's name stay, and four times as many of the title */
function brief(cue: CueBrief | null, letters: number): CueBrief | null {
  return cue && { ...cue, title: cut(cue.title, 4 * letters), owners: cue.owners.map((name) => cut(name, letters)) };
}

function cut(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}
