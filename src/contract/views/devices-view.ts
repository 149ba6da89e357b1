import type { ShowState } from '../../domain/show.ts';
import type { DeviceView } from '../desk-state.ts';
import type { Live } from '../live.ts';

export function devicesView(_show: ShowState | null, _live: Live): DeviceView[] {
  return [];
}
