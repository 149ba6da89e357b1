import { soldT } from '../sale-record.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import type { Attribution } from '../facts/sale-facts.ts';
import { weighCredit } from '../sale-credit.ts';
import type { SaleRecord } from '../sale-record.ts';
import type { ShowState } from '../show.ts';
import { suggestionOf } from '../suggested-credit.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';

/**
 * Puts a sale under another channel or creator (ATT-1), at any time, after the close too.
 *
 * Reply: `saleId`, `channel`, `creator`.
 */
export const reattributeSale: Decider<'reattribute-sale'> = (show, command, ask) => {
  const sale = standingSale(show, command.saleId);
  if ('refusal' in sale) return sale;
  const { channel = sale.channel, creator = sale.attribution.creator } = command;
  if (creator !== null && !show.plan?.people.some(({ id }) => id === creator)) {
    const people = show.plan?.people.map(({ id }) => id) ?? [];
    const known = people.length === 0 ? 'The plan names nobody' : `The plan knows ${people.join(', ')}`;
    return refuse('unknown-person', `There is no "${creator}" in the plan. ${known}.`, { field: 'creator', people });
  }
  if (channel === sale.channel && creator === sale.attribution.creator) {
    const said = `${sale.saleId} is under ${sale.channel} and ${creator ?? 'no creator'} already; name another channel or creator.`;
    return refuse('bad-value', said, { field: command.creator === undefined ? 'channel' : 'creator' });
  }
  const { late: _, ...former } = sale.attribution;
  const to: Attribution = {
    ...former,
    ...(channel === sale.channel ? {} : { channel, rule: 'manual', evidence: ask.actor.by }),
    ...(creator === former.creator ? {} : { creator, creatorRule: 'manual' }),
  };
  return moved(
    sale,
    creator === former.creator ? { ...to, ...lateOf(sale) } : weigh(show, sale, to),
    command.reason,
    ask,
  );
};

/**
 * Takes a suggested credit for true (ATT-9).
 *
 * Reply: `saleId`, `channel`, `creator`.
 */
export const acceptSuggestion: Decider<'accept-suggestion'> = (show, command, ask) => {
  const sale = standingSale(show, command.saleId);
  if ('refusal' in sale) return sale;
  const creator = suggestionOf(show, sale, ask.rules.streamDelayMs);
  if (creator === null) {
    const said = `Nothing is suggested for ${sale.saleId}: it has a credit, was made in person, or not exactly one creator's cue fits.`;
    return refuse('no-suggestion', said, { field: 'saleId' });
  }
  return moved(sale, weigh(show, sale, { ...sale.attribution, creator, creatorRule: 'suggested-accepted' }), null, ask);
};

function standingSale(show: ShowState, saleId: string): SaleRecord | (Decision & { ok: false }) {
  const sale = show.sales.byId.get(saleId);
  if (!sale) return refuse('unknown-sale', `There is no sale "${saleId}".`, { field: 'saleId' });
  if (sale.voided)
    return refuse('already-voided', `The sale ${saleId} is voided, so it counts nowhere.`, { field: 'saleId' });
  return sale;
}

function weigh(show: ShowState, sale: SaleRecord, to: Attribution): Attribution {
  return weighCredit(show, to, {
    soldT: soldT(sale),
    personRef: sale.personRef,
  });
}

function lateOf({ attribution }: SaleRecord): Pick<Attribution, 'late'> {
  return attribution.late ? { late: true } : {};
}

function moved(sale: SaleRecord, to: Attribution, reason: string | null, ask: Ask): Decision {
  const { saleId, attribution: from } = sale;
  const { channel, creator } = to;
  return accept([{ kind: 'sale.reattributed', body: { saleId, from, to, reason, by: ask.actor.by } }], {
    saleId,
    channel,
    creator,
  });
}
