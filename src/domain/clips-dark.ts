import type { Clip } from './clips.ts';
import type { CloseRecord } from './close-record.ts';
import { endOf } from './report-incident-table.ts';
import { fromIso } from './units.ts';

export const DARK_NOTE = 'viewers saw nothing of it live: use the local recording';

/** STR-67: of what the viewers never got only the recording is left, so whoever cuts must not take the platform's. */
export function notedDark(clips: readonly Clip[], record: CloseRecord): Clip[] {
  const dark = record.show.stream.incidents.filter(({ darkMs }) => (darkMs ?? 0) > 0);
  return clips.map((clip) => {
    const isDark = dark.some(
      (incident) => incident.startedAt <= fromIso(clip.to) && endOf(incident, record) >= fromIso(clip.from),
    );
    return isDark ? { ...clip, reasons: [...clip.reasons, DARK_NOTE] } : clip;
  });
}
