import { openApprovals } from '../approvals.ts';
import { catalogueOf } from '../catalogue.ts';
import { accept, refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';
import { unknownSku } from './demand.ts';

/** A till asks for more than its role allows (TIL-7). Reply: `approval`. */
export const requestApproval: Decider<'request-approval'> = (show, command, ask) => {
  const { what, amountMinor, sku = null, saleId = null, note = null } = command;
  if (show.phase !== 'live') return refuse('show-not-open', 'The show is not open.');
  if (sku !== null && !catalogueOf(show.plan).has(sku)) return unknownSku(sku, 'sku');
  if (saleId !== null && !show.sales.byId.has(saleId)) {
    return refuse('unknown-sale', `There is no sale "${saleId}".`, { field: 'saleId' });
  }
  if (what === 'refund' && saleId === null) {
    return refuse('bad-value', 'Say which sale the money goes back for.', { field: 'saleId' });
  }
  const { by } = ask.actor;
  const till = ask.actor.till ?? by;
  const approval = `ap${ask.seq}`;
  const body = { approval, till, what, amountMinor, sku, saleId, note, by };
  return accept([{ kind: 'approval.asked', body }], { approval });
};

/** The producer says yes or no. */
export const answerApproval: Decider<'answer-approval'> = (show, command, ask) => {
  const { approval, approved } = command;
  if (!openApprovals(show.approvals, ask.now).some(({ id }) => id === approval)) {
    return refuse('unknown-approval', `Nobody waits for an answer to "${approval}" any more.`, { field: 'approval' });
  }
  return accept([{ kind: 'approval.answered', body: { approval, approved, by: ask.actor.by } }]);
};
