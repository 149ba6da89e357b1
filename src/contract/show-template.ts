import { DAY, HOUR, MINUTE } from '../domain/units.ts';
import type { PlanFile } from './plan-schema.ts';

/**
 * The routine of a micro-event as its playbook tells it: what is listed, counted and tried before the doors open, and who
 * is written to afterwards. A new show may begin with it; every item can be changed, added or taken out.
 */
export function microEventChecklist(): NonNullable<PlanFile['checklist']> {
  const before = (ms: number) => -ms;
  return [
    {
      id: 'listing',
      text: 'Listing: every product with picture, price and limit',
      dueMs: before(7 * DAY),
      blocks: true,
    },
    { id: 'offer-1', text: 'Micro-offer 1: a limited drop with its cap and window', dueMs: before(3 * DAY) },
    { id: 'offer-2', text: 'Micro-offer 2: a bundle, or a perk for people who sign up', dueMs: before(3 * DAY) },
    {
      id: 'inventory',
      text: 'Inventory: count the reserve and take it out of the marketplace stock',
      dueMs: before(2 * DAY),
      blocks: true,
    },
    {
      id: 'flags',
      text: 'SKU flags: limited, event only, bundle only, pickup only, age check',
      dueMs: before(2 * DAY),
    },
    { id: 'stream', text: 'Stream test: network, caching, failover', dueMs: before(DAY) },
    { id: 'devices', text: 'Pair the tills and the co-hosts’ phones at the venue', dueMs: before(HOUR) },
    { id: 'float', text: 'Count the float into every drawer', dueMs: before(30 * MINUTE) },
    { id: 'give-back', text: 'Give back what was not sold, by source', dueMs: DAY },
    { id: 'follow-up', text: '72-hour follow-up: buyers, and people who came and did not buy', dueMs: 3 * DAY },
    { id: 'check-in', text: '30-day check-in: who came back, what to restock, scale or stop', dueMs: 30 * DAY },
  ];
}
