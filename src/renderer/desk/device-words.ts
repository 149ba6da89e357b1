import type { DeviceView } from '../../contract/desk-state.ts';
import { clockTime, duration } from '../lib/format.ts';
import { t } from '../lib/i18n/desk.ts';

/** "Online, awake", "Seen 00:12 ago", "Offline, seen 20:11", and what has not reached the hub yet. */
export function deviceStateText({ state, lastSeen, awake, unsent }: DeviceView, now: number, timeZone: string): string {
  const words = [
    state === 'stale' && lastSeen !== null
      ? t('device.stale', { time: duration(Math.max(0, now - Date.parse(lastSeen))) })
      : state === 'offline' && lastSeen !== null
        ? t('device.offlineSince', { time: clockTime(lastSeen, timeZone) })
        : t(state === 'stale' ? 'device.offline' : `device.${state}`),
    ...(state === 'online' && awake !== null ? [awakeText(awake)] : []),
    ...(unsent > 0 ? [t('people.unsent', { n: unsent })] : []),
  ];
  return words.join(', ');
}

/** Only what is known counts as good (CUE-52). */
function awakeText(awake: string): string {
  return t(
    awake === 'held' || awake === 'proven'
      ? 'device.awake'
      : awake === 'playing'
        ? 'device.shouldStay'
        : 'device.maySleep',
  );
}
