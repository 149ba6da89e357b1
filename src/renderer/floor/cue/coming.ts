import type { CueBrief, CueScreenView } from '../../../contract/floor-views.ts';
import { clockTime } from '../../lib/format.ts';
import { words } from '../i18n/cue-words.ts';
import type { CueFace } from '../parts/cue-state.ts';

export interface ComingLine {
  label: string;
  text: string;
}

/** The lines under the content: who is on, who is next, when I am on (UI-59). */
export function comingLines(view: CueScreenView, face: CueFace): ComingLine[] {
  const { now, next } = view;
  const onStage = now !== null && face.cue === now.id && now.mine;
  const lines: (ComingLine | null)[] =
    onStage || face.state === 'break'
      ? [next ? line('cue.next', next, view) : null, ownLine('cue.then', view, [now?.id, next?.id])]
      : [
          now && face.cue !== now.id ? line('cue.now', now, view) : null,
          next && !next.mine ? line('cue.next', next, view) : null,
          next?.mine ? range(next, view) : ownLine('cue.yours', view, []),
        ];
  return lines.filter((one) => one !== null);
}

function line(label: 'cue.now' | 'cue.next', cue: CueBrief, view: CueScreenView): ComingLine {
  const others = cue.owners.filter((name) => !(cue.mine && name === view.me.name));
  const owners = cue.mine ? [words('cue.you'), ...others] : others;
  const who = owners.join(` ${words('cue.and')} `);
  const time = label === 'cue.next' && cue.startsAt ? clockTime(cue.startsAt, view.show.timeZone) : null;
  return { label: words(label), text: [who, cue.title, time].filter(Boolean).join(', ') };
}

function ownLine(
  label: 'cue.then' | 'cue.yours',
  view: CueScreenView,
  known: (string | undefined)[],
): ComingLine | null {
  const own = view.mine.find((cue) => !known.includes(cue.id));
  if (!own) return null;
  const time = own.startsAt ? clockTime(own.startsAt, view.show.timeZone) : null;
  return {
    label: words(label),
    text: [label === 'cue.then' ? words('cue.you') : null, own.title, time].filter(Boolean).join(', '),
  };
}

function range(cue: CueBrief, view: CueScreenView): ComingLine | null {
  if (!cue.startsAt) return null;
  const from = clockTime(cue.startsAt, view.show.timeZone);
  const to = cue.durationMs ? clockTime(Date.parse(cue.startsAt) + cue.durationMs, view.show.timeZone) : null;
  return { label: words('cue.yours'), text: to ? words('cue.range', { from, to }) : from };
}
