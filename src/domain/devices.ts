import type { Frame } from './frame.ts';
import type { Entry } from './ledger.ts';
import type { HubTime } from './units.ts';
import type { DeviceRole } from './words.ts';

/** A phone, till or wall screen as the ledger knows it. Its key is the store's, its presence the hub's (`Live`). */
export interface Device {
  id: string;
  role: DeviceRole;
  name: string;
  person: string | null;
  till: string | null;
  /** a till is `pending` until the producer has compared the digits */
  state: 'pending' | 'joined' | 'revoked';
  joinedT: HubTime;
}

export interface DevicesState {
  byId: Map<string, Device>;
}

export function initialDevices(): DevicesState {
  return { byId: new Map() };
}

export function evolveDevices(state: DevicesState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'device.joined': {
      const { device: id, role, name, person, till } = entry.body;
      state.byId.set(id, { id, role, name, person, till, state: entry.body.state, joinedT: frame.t });
      break;
    }
    case 'device.approved':
      setState(state, entry.body.device, 'joined');
      break;
    case 'device.revoked':
      setState(state, entry.body.device, 'revoked');
      break;
  }
}

/** Devices that may speak and be spoken to. */
export function joinedDevices(state: DevicesState): Device[] {
  return [...state.byId.values()].filter((device) => device.state === 'joined');
}

function setState(state: DevicesState, id: string, to: Device['state']): void {
  const device = state.byId.get(id);
  if (device) device.state = to;
}
