import type { Plan } from './plan.ts';
import type { HubTime } from './units.ts';

/** What a room's fold may know besides its own part and the entry. */
export interface Frame {
  /** hub time of the entry */
  t: HubTime;
  /** the plan in force after this entry */
  plan: Plan | null;
}
