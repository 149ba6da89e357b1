import type { Device } from '../../domain/devices.ts';
import type { ShowState } from '../../domain/show.ts';
import { toIso } from '../../domain/units.ts';
import type { DeviceView } from '../desk-state.ts';
import type { Live } from '../live.ts';

/** In order of joining. */
export function devicesView(show: ShowState | null, live: Live): DeviceView[] {
  return [...(show?.devices.byId.values() ?? [])].map((device) => {
    const { id, role, name, person, till } = device;
    const presence = live.presence.get(id);
    return {
      ...{ id, role, name, person, till },
      state: stateOf(device, live),
      lastSeen: presence ? toIso(presence.lastSeen) : null,
      awake: presence?.awake ?? null,
      unsent: presence?.unsent ?? 0,
    };
  });
}

function stateOf({ id, state }: Device, live: Live): DeviceView['state'] {
  return state === 'joined' ? (live.presence.get(id)?.state ?? 'offline') : state;
}
