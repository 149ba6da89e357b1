import { describe, expect, it } from 'vitest';
import { instantOfWall, wallText } from './zone-time.ts';

describe('wall time of a zone', () => {
  it('goes to an instant and back, in summer and in winter', () => {
    for (const [text, zone, iso] of [
      ['2026-06-20T19:00', 'Europe/Lisbon', '2026-06-20T18:00:00.000Z'],
      ['2026-11-28T19:00', 'Europe/Lisbon', '2026-11-28T19:00:00.000Z'],
      ['2026-01-05T08:30', 'Asia/Kolkata', '2026-01-05T03:00:00.000Z'],
      ['2026-07-01T00:15', 'America/New_York', '2026-07-01T04:15:00.000Z'],
    ] as const) {
      expect(instantOfWall(text, zone)).toBe(iso);
      expect(wallText(iso, zone)).toBe(text);
    }
  });
  it('takes the first of an hour that comes twice', () => {
    expect(instantOfWall('2026-10-25T01:30', 'Europe/Lisbon')).toBe('2026-10-25T00:30:00.000Z');
  });
  it('answers null for what is no date', () => {
    expect([
      instantOfWall('', 'UTC'),
      instantOfWall('tomorrow', 'UTC'),
      instantOfWall('2026-13-40T99:00', 'UTC'),
    ]).toEqual([null, null, null]);
  });
});
