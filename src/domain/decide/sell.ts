import type { Decider } from './decider.ts';
import { refuse } from '../refusal.ts';

export const recordSale: Decider<'record-sale'> = () => refuse('not-built', 'record-sale is not built yet.');
export const voidSale: Decider<'void-sale'> = () => refuse('not-built', 'void-sale is not built yet.');
export const refundSale: Decider<'refund-sale'> = () => refuse('not-built', 'refund-sale is not built yet.');

import type { OutsideOrder } from '../commands.ts';
import type { Fact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import type { Ask } from './ask.ts';

/** Books an order that has already happened elsewhere: never refused (STK-6). Empty when there is nothing to book. */
export function bookOutside(_show: ShowState, _order: OutsideOrder, _ask: Ask): Fact[] {
  return [];
}
