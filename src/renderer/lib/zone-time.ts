/** Wall times of a zone as `<input type="datetime-local">` writes them ("2026-11-28T19:00"), by the platform's zone rules. */

/** @returns the wall time at `iso` in `timeZone`, to the minute; '' for null */
export function wallText(iso: string | null, timeZone: string): string {
  if (iso === null) return '';
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(iso))
      .map((part) => [part.type, part.value]),
  );
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}T${parts.get('hour')}:${parts.get('minute')}`;
}

/**
 * @returns ISO text of the instant that reads `text` on the wall in `timeZone`, or null when it is no date. In the hour
 *          that a clock change skips it is the moment of the change's old offset; in a doubled hour the first of the two.
 */
export function instantOfWall(text: string, timeZone: string): string | null {
  const asUtc = Date.parse(`${text}:00Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) || Number.isNaN(asUtc)) return null;
  const offsets = [asUtc - 86_400_000, asUtc + 86_400_000].map((near) => offsetAt(near, timeZone));
  for (const offset of offsets) {
    if (offsetAt(asUtc - offset, timeZone) === offset) return new Date(asUtc - offset).toISOString();
  }
  return new Date(asUtc - (offsets[0] ?? 0)).toISOString();
}

/** Milliseconds that the wall is ahead of UTC. */
function offsetAt(at: number, timeZone: string): number {
  const minute = Math.floor(at / 60_000) * 60_000;
  return Date.parse(`${wallText(new Date(minute).toISOString(), timeZone)}:00Z`) - minute;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
