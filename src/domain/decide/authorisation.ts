import { type Authorisation, authorisationsOf, lifeOf, openAuthorisations } from '../authorisations.ts';
import { wallOf } from '../clock.ts';
import { formatMinor } from '../money.ts';
import type { OriginFact } from '../ledger.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { type Now, fromIso, toIso } from '../units.ts';
import type { Decider } from './decider.ts';
import { voidFacts, voidRefusal } from './give-back.ts';

/** A card has promised money (STK-10). Without `expiresAt`, as long as such a vendor keeps it. Reply: `authorisation`, `expiresAt`. */
export const noteAuthorisation: Decider<'note-authorisation'> = (show, command, ask) => {
  const { provider, ref, amountMinor, saleId = null, present = false } = command;
  if (amountMinor === 0)
    return refuse('bad-value', 'Nothing was authorised: the least is 1.', { field: 'amountMinor', least: 1 });
  const sale = saleId === null ? undefined : show.sales.byId.get(saleId);
  if (saleId !== null && !sale) return refuse('unknown-sale', `There is no sale "${saleId}".`, { field: 'saleId' });
  if (sale?.voided) return refuse('already-voided', `The sale ${saleId} was voided.`, { field: 'saleId' });
  const known = [...show.authorisations.byId.values()].find((one) => one.provider === provider && one.ref === ref);
  if (known) {
    const message = `${provider} ${ref} is noted already, as ${known.id}.`;
    return refuse('already-noted', message, { field: 'ref', authorisation: known.id });
  }
  const nowAt = wallOf(show.clock, ask.now.t);
  const endsAt = command.expiresAt === undefined ? nowAt + lifeOf(provider, present) : fromIso(command.expiresAt);
  if (endsAt <= nowAt) {
    return refuse('bad-value', 'That promise is over already.', { field: 'expiresAt', now: toIso(nowAt) });
  }
  const [authorisation, expiresAt] = [`au${ask.seq}`, toIso(endsAt)];
  const body = { authorisation, provider, ref, amountMinor, expiresAt, saleId, by: ask.actor.by };
  return accept([{ kind: 'authorisation.noted', body }], { authorisation, expiresAt });
};

/**
 * What became of it, as the vendor's page says: captured, whole or in part (the rest is let go), voided or failed. One
 * that has expired here may have been captured there in time. Reply: `authorisation`, `capturedMinor`.
 */
export const settleAuthorisation: Decider<'settle-authorisation'> = (show, command, ask) => {
  const { authorisation, how } = command;
  const found = show.authorisations.byId.get(authorisation);
  if (!found) {
    return refuse('unknown-authorisation', `There is no authorisation "${authorisation}".`, { field: 'authorisation' });
  }
  const capturedLate = found.state === 'expired' && how === 'captured';
  if (found.state !== 'open' && !capturedLate) {
    const message = `The authorisation ${authorisation} is ${found.state} already.`;
    return refuse('already-settled', message, { field: 'authorisation', how: found.state });
  }
  const amountMinor = how === 'captured' ? (command.amountMinor ?? found.amountMinor) : 0;
  if (how === 'captured' && (amountMinor === 0 || amountMinor > found.amountMinor)) {
    const most = formatMinor(found.amountMinor, show.plan?.show.currency ?? '');
    const detail = { field: 'amountMinor', authorisedMinor: found.amountMinor };
    return refuse('more-than-authorised', `From the least amount up to ${most} can be captured.`, detail);
  }
  return accept([{ kind: 'authorisation.settled', body: { authorisation, how, amountMinor, by: ask.actor.by } }], {
    authorisation,
    capturedMinor: amountMinor,
  });
};

/**
 * Frees goods that were promised for money which did not come: the sale is voided and its goods may be sold again. Only
 * after every authorisation of the sale has expired, failed or was voided, and nothing of it was handed over.
 *
 * Reply: `saleId`, `freed` (units).
 */
export const releasePromise: Decider<'release-promise'> = (show, command, ask) => {
  const sale = show.sales.byId.get(command.saleId);
  if (!sale) return refuse('unknown-sale', `There is no sale "${command.saleId}".`, { field: 'saleId' });
  const refusal = voidRefusal(show, sale) ?? promiseRefusal(show, sale.saleId);
  if (refusal) return refusal;
  if (sale.pickup !== 'later' || sale.since?.out.flat().some(({ handed }) => handed)) {
    const message = `Goods of the sale ${sale.saleId} were handed over; refund what comes back.`;
    return refuse('already-handed-over', message, { field: 'saleId', saleId: sale.saleId });
  }
  const facts = voidFacts(show, sale, { reason: command.reason, why: 'promise' }, ask);
  const freed = facts.reduce(
    (sum, fact) =>
      fact.kind === 'sale.voided' ? fact.body.uncommitted.reduce((all, { quantity }) => all + quantity, sum) : sum,
    0,
  );
  return accept(facts, { saleId: sale.saleId, freed });
};

function promiseRefusal(show: ShowState, saleId: string): (Decision & { ok: false }) | null {
  const all = authorisationsOf(show.authorisations, saleId);
  const standing = all.find(({ state }) => state === 'open' || state === 'captured');
  if (all.length > 0 && !standing) return null;
  return refuse('promise-stands', whyStanding(saleId, standing), {
    field: 'saleId',
    saleId,
    authorisation: standing?.id ?? null,
  });
}

function whyStanding(saleId: string, standing: Authorisation | undefined): string {
  if (!standing) return `No authorisation of the sale ${saleId} came to nothing; refund it instead.`;
  if (standing.state === 'captured') return `The money of ${standing.id} came; refund the sale instead.`;
  return `The authorisation ${standing.id} is open until ${toIso(standing.expiresAt)}. Settle it first.`;
}

/** Promises of money that time has ended. Goods stay promised until somebody frees them: never silently. */
export function dueAuthorisations(show: ShowState, now: Now): OriginFact[] {
  const nowAt = wallOf(show.clock, now.t);
  return openAuthorisations(show.authorisations)
    .filter(({ expiresAt }) => expiresAt <= nowAt)
    .map(({ id }) => ({
      kind: 'authorisation.expired',
      body: { authorisation: id },
      origin: 'timer',
      originId: `authorisation:${id}:expired`,
    }));
}
