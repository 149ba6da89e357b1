import type { AlarmView } from '../../contract/desk-state.ts';

/** Which alarm stands on the bar, and how many there are: UI-36. Pure. */

export function isShelved(alarm: AlarmView, now: number): boolean {
  // Without a time it is shelved until the next cue, and the hub says when that has come.
  const isOver = alarm.shelvedUntil !== null && Date.parse(alarm.shelvedUntil) <= now;
  return alarm.shelved && !isOver && alarm.clearedAt === null;
}

/** Active and not shelved: by priority, then unacknowledged first, then oldest. */
export function activeAlarms(alarms: readonly AlarmView[], now: number): AlarmView[] {
  return alarms
    .filter((alarm) => alarm.clearedAt === null && !isShelved(alarm, now))
    .sort(
      (a, b) =>
        a.priority - b.priority ||
        Number(a.acknowledgedAt !== null) - Number(b.acknowledgedAt !== null) ||
        Date.parse(a.raisedAt) - Date.parse(b.raisedAt),
    );
}

/** Critical and high alarms that cleared before anybody acknowledged them stay in sight until somebody does. */
export function clearedUnseen(alarms: readonly AlarmView[]): AlarmView[] {
  return alarms.filter((alarm) => alarm.clearedAt !== null && alarm.acknowledgedAt === null && alarm.priority < 3);
}

export function countAlarms(
  alarms: readonly AlarmView[],
  now: number,
): { p1: number; p2: number; p3: number; shelved: number } {
  const active = activeAlarms(alarms, now);
  const of = (priority: number): number => active.filter((alarm) => alarm.priority === priority).length;
  return { p1: of(1), p2: of(2), p3: of(3), shelved: alarms.filter((alarm) => isShelved(alarm, now)).length };
}

export function lastCleared(alarms: readonly AlarmView[]): AlarmView | null {
  const cleared = alarms.filter((alarm) => alarm.clearedAt !== null);
  return cleared.reduce<AlarmView | null>(
    (last, alarm) => (last === null || (alarm.clearedAt ?? '') > (last.clearedAt ?? '') ? alarm : last),
    null,
  );
}

export const SHAPES = { 1: '■', 2: '▲', 3: '◆' } as const;

export type Tile = 'stream' | 'selling' | 'reserve' | 'now';
const TILE_OF: Record<string, Tile> = {
  'stream-down': 'stream',
  'stream-weak': 'stream',
  'recording-stopped': 'stream',
  'failover-waits': 'stream',
  'stream-stopped': 'stream',
  'audit-not-run': 'stream',
  'cannot-save': 'selling',
  'till-cut-off': 'selling',
  'till-wants-approval': 'selling',
  'connector-behind': 'selling',
  oversold: 'reserve',
  'runs-out-on-air': 'reserve',
  'runs-out-before-end': 'reserve',
  'stock-low': 'reserve',
  'owner-not-ready': 'now',
  'offer-not-opened': 'now',
  'help-asked': 'now',
};

/** The worst active alarm of each tile; a tile without one stays without a hue. */
export function tileAlarms(alarms: readonly AlarmView[], now: number): Partial<Record<Tile, AlarmView>> {
  const worst: Partial<Record<Tile, AlarmView>> = {};
  for (const alarm of activeAlarms(alarms, now)) {
    const tile = TILE_OF[alarm.kind];
    if (tile) worst[tile] ??= alarm;
  }
  return worst;
}
