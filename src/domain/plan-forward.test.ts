import { describe, expect, it } from 'vitest';
import { atLocal } from './local-time.ts';
import { planForward } from './plan-forward.ts';
import { offer, plan } from './testing.ts';
import { fromIso } from './units.ts';

const cue = {
  id: 'c1',
  title: 'Drop',
  kind: 'drop' as const,
  start: { rule: 'soft' as const, at: '2026-10-17T18:05:00.000Z' },
  durationMs: 900_000,
  countTo: 'duration' as const,
  warnMs: 60_000,
  dangerMs: 15_000,
  owners: [],
  sku: 'MUG',
  offer: null,
  offerCloses: 'cue-end' as const,
  points: [],
  priceNote: null,
  script: null,
  autoStart: false,
  group: null,
};
const autumn = plan({
  show: { startsAt: '2026-10-17T18:00:00.000Z', endsAt: '2026-10-17T20:00:00.000Z' },
  offers: [offer('d1', 'MUG', { opensAt: '2026-10-17T18:10:00.000Z' })],
  cues: [cue],
  checklist: [
    { id: 'list', text: 'List it', owner: null, dueAt: '2026-10-15T09:00:00.000Z', dueMs: null, blocks: true },
    { id: 'write', text: 'Write to buyers', owner: null, dueAt: null, dueMs: 259_200_000, blocks: false },
  ],
});

describe('the next show of a series', () => {
  it('starts at the same hour on the wall after the clocks went back', () => {
    const next = planForward(autumn, { startsAt: null, now: fromIso('2026-10-20T12:00:00.000Z') });
    expect(next.show.startsAt).toBe('2026-10-24T18:00:00.000Z');
    const later = planForward(autumn, { startsAt: null, now: fromIso('2026-10-26T12:00:00.000Z') });
    // Lisbon leaves summer time on 25 October, so 19:00 on the wall is an hour later in UTC.
    expect(later.show).toMatchObject({ startsAt: '2026-10-31T19:00:00.000Z', endsAt: '2026-10-31T21:00:00.000Z' });
    expect(later.cues[0]?.start).toEqual({ rule: 'soft', at: '2026-10-31T19:05:00.000Z' });
    expect(later.offers[0]?.opensAt).toBe('2026-10-31T19:10:00.000Z');
    expect(later.checklist.map(({ dueAt, dueMs }) => [dueAt, dueMs])).toEqual([
      ['2026-10-29T10:00:00.000Z', null],
      [null, 259_200_000],
    ]);
  });

  it('follows a start that the producer chose, by days and by the hour', () => {
    const next = planForward(autumn, { startsAt: fromIso('2026-11-20T17:30:00.000Z'), now: 0 });
    expect(next.show).toMatchObject({ startsAt: '2026-11-20T17:30:00.000Z', endsAt: '2026-11-20T19:30:00.000Z' });
    expect(next.cues[0]?.start).toEqual({ rule: 'soft', at: '2026-11-20T17:35:00.000Z' });
  });

  it('keeps everything as it is where there is no start', () => {
    const undated = plan({ show: { startsAt: null, endsAt: null } });
    expect(planForward(undated, { startsAt: null, now: 0 })).toEqual(undated);
  });
});

describe('an hour on the wall', () => {
  it.each([
    ['2026-03-29', '00:59:59', '2026-03-29T00:59:59.000Z'],
    // 01:00 to 02:00 does not exist on that night in Lisbon
    ['2026-03-29', '01:30:00', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29', '02:00:00', '2026-03-29T01:00:00.000Z'],
    // 01:00 to 02:00 comes twice
    ['2026-10-25', '01:30:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25', '02:00:00', '2026-10-25T02:00:00.000Z'],
  ])('%s %s in Lisbon', (date, time, instant) => {
    expect(new Date(atLocal(date, time, 'Europe/Lisbon')).toISOString()).toBe(instant);
  });
});
