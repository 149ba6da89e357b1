import type { Cue } from '../../../domain/plan.ts';
import type { CueKind } from '../../../domain/words.ts';
import { instantOfWall, wallText } from '../../lib/zone-time.ts';

/** A cue as the form holds it: what people type, nothing else. */
export interface CueDraft {
  id: string;
  title: string;
  kind: CueKind;
  rule: 'linked' | 'soft' | 'hard';
  at: string;
  minutes: number | null;
  owners: string[];
  offer: string;
  /** one point a line, a leading "!" means must say */
  points: string;
}

export function emptyDraft(
  taken: readonly string[],
  isFirst: boolean,
  startsAt: string | null,
  timeZone: string,
): CueDraft {
  let number = taken.length + 1;
  while (taken.includes(`c${number}`)) number += 1;
  return {
    id: `c${number}`,
    title: '',
    kind: 'talk',
    rule: isFirst ? 'soft' : 'linked',
    at: isFirst ? wallText(startsAt ?? new Date().toISOString(), timeZone) : '',
    minutes: 10,
    owners: [],
    offer: '',
    points: '',
  };
}

export function draftOf(cue: Cue, timeZone: string): CueDraft {
  const { id, title, kind, start, durationMs, owners, offer, points } = cue;
  return {
    id,
    title,
    kind,
    rule: start.rule,
    at: start.rule === 'linked' ? '' : wallText(start.at, timeZone),
    minutes: durationMs / 60_000,
    owners: [...owners],
    offer: offer ?? '',
    points: points.map((point) => `${point.mustSay ? '!' : ''}${point.text}`).join('\n'),
  };
}

/**
 * @param base  the cue as the plan has it, so that what the form does not show is kept; null for a new one
 * @returns null when a start time is wanted and missing
 */
export function cueOfDraft(draft: CueDraft, base: Cue | null, timeZone: string): Cue | null {
  const at = draft.rule === 'linked' ? null : instantOfWall(draft.at, timeZone);
  if (draft.rule !== 'linked' && at === null) return null;
  const points = draft.points
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line, index) => {
      const text = line.replace(/^!\s*/, '');
      const known = base?.points.find((point) => point.text === text);
      return {
        id: known?.id ?? `p${index + 1}-${draft.id}`,
        text,
        mustSay: line.startsWith('!'),
        sku: known?.sku ?? null,
      };
    });
  return {
    countTo: 'duration',
    warnMs: 60_000,
    dangerMs: 0,
    sku: null,
    offerCloses: 'cue-end',
    priceNote: null,
    script: null,
    autoStart: false,
    group: null,
    ...base,
    id: draft.id,
    title: draft.title.trim(),
    kind: draft.kind,
    start: draft.rule === 'linked' || at === null ? { rule: 'linked' } : { rule: draft.rule, at },
    durationMs: Math.round((draft.minutes ?? 0) * 60_000),
    owners: draft.owners,
    offer: draft.offer === '' ? null : draft.offer,
    points,
  };
}
