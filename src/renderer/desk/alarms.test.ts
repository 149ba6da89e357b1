import { describe, expect, it } from 'vitest';
import type { AlarmView } from '../../contract/desk-state.ts';
import { activeAlarms, clearedUnseen, countAlarms, tileAlarms } from './alarms.ts';

const NOW = Date.parse('2026-11-28T20:00:00Z');
const alarm = (id: string, more: Partial<AlarmView> = {}): AlarmView => ({
  id,
  kind: 'stock-low',
  subject: null,
  priority: 3,
  message: '',
  action: '',
  raisedAt: '2026-11-28T19:50:00Z',
  acknowledgedAt: null,
  shelvedUntil: null,
  shelved: false,
  clearedAt: null,
  times: 1,
  related: [],
  ...more,
});
const ids = (alarms: AlarmView[]): string[] => alarms.map((one) => one.id);

describe('the alarm bar', () => {
  it('goes by priority, then unacknowledged first, then oldest', () => {
    const alarms = [
      alarm('medium-old', { raisedAt: '2026-11-28T19:00:00Z' }),
      alarm('high-seen', { priority: 2, acknowledgedAt: '2026-11-28T19:55:00Z', raisedAt: '2026-11-28T19:01:00Z' }),
      alarm('high-new', { priority: 2, raisedAt: '2026-11-28T19:40:00Z' }),
      alarm('high-older', { priority: 2, raisedAt: '2026-11-28T19:30:00Z' }),
      alarm('critical', { priority: 1 }),
    ];
    expect(ids(activeAlarms(alarms, NOW))).toEqual(['critical', 'high-older', 'high-new', 'high-seen', 'medium-old']);
  });
  it('leaves shelved alarms out and counts them, until their time is over', () => {
    const shelved = alarm('shelved', { priority: 2, shelved: true, shelvedUntil: '2026-11-28T20:05:00Z' });
    expect(countAlarms([shelved], NOW)).toEqual({ p1: 0, p2: 0, p3: 0, shelved: 1 });
    expect(countAlarms([shelved], NOW + 301_000)).toEqual({ p1: 0, p2: 1, p3: 0, shelved: 0 });
  });
  it('leaves an alarm shelved until the next cue out for as long as the hub says so', () => {
    const until = alarm('until the cue', { priority: 2, shelved: true });
    expect(countAlarms([until, { ...until, id: 'back', shelved: false }], NOW)).toEqual({
      p1: 0,
      p2: 1,
      p3: 0,
      shelved: 1,
    });
  });
  it('keeps a high alarm that cleared unseen, but not a medium one', () => {
    const cleared = { clearedAt: '2026-11-28T19:59:00Z' };
    expect(ids(clearedUnseen([alarm('high', { priority: 2, ...cleared }), alarm('medium', cleared)]))).toEqual([
      'high',
    ]);
  });
});

describe('a tile', () => {
  it('carries the worst of its alarms and nothing of the others', () => {
    const worst = tileAlarms(
      [
        alarm('low'),
        alarm('out', { kind: 'oversold', priority: 1 }),
        alarm('owner', { kind: 'owner-not-ready', priority: 2 }),
      ],
      NOW,
    );
    expect([worst.reserve?.id, worst.now?.id, worst.stream, worst.selling]).toEqual([
      'out',
      'owner',
      undefined,
      undefined,
    ]);
  });
});
