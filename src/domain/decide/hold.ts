import { type Decision, accept, refuse } from '../refusal.ts';
import { catalogueOf } from '../catalogue.ts';
import { wallOf } from '../clock.ts';
import type { OriginFact } from '../ledger.ts';
import { HOLD_TTL, PAYING_TTL, TILL_HOLD_TTL, endedHolds, holdDeadline } from '../holds.ts';
import { type OfferStanding, offerStanding } from '../offer-standing.ts';
import { openShelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import { type Hold } from '../stock.ts';
import { type Now, toIso } from '../units.ts';
import type { Pool } from '../words.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { type Want, findShortage, offerRefusal, outOfStock, personLimit, unknownSku } from './demand.ts';
import { flagRefusal } from './flags.ts';
import { takeLine } from './fulfil.ts';
import { gateRefusal, refOfPerson } from './gate.ts';

/** Sets goods aside for a buyer for a while, all lines or none. Reply: `holdId`, `expiresAt`. */
export const placeHold: Decider<'place-hold'> = (show, command, ask) => {
  const { plan } = show;
  if (!plan) return refuse('no-plan', 'There is no plan yet, so nothing can be held.');
  const offer = command.offer === undefined ? null : offerStanding(show, command.offer, ask.now);
  if (command.offer !== undefined && !offer)
    return refuse('unknown-offer', `There is no offer "${command.offer}".`, { field: 'offer' });
  const promise = offer?.offer.kind === 'preorder';
  if (show.phase !== 'live' && !(promise && show.phase === 'planned')) {
    return refuse(
      'show-not-open',
      show.phase === 'planned' ? 'The show is not open yet.' : `The show is ${show.phase}; nothing new is held.`,
    );
  }
  const forbidden = flagRefusal(plan, { lines: command.lines, hold: true });
  if (forbidden) return forbidden;
  const isTill = ask.actor.role === 'till';
  const channel = isTill ? 'in-person' : 'unattributed';
  const buyer = command.buyer === undefined ? null : refOfPerson(show, command.buyer, ask);
  if (offer) {
    const units = command.lines.reduce((sum, line) => sum + (line.sku === offer.offer.sku ? line.quantity : 0), 0);
    if (units === 0)
      return refuse('bad-value', `The offer "${offer.offer.id}" sells ${offer.offer.sku}, and no line does.`, {
        field: 'offer',
      });
    const refusal =
      offerRefusal(offer, units, channel) ??
      gateRefusal(show, offer, { code: command.code, buyer, units }, ask) ??
      personLimit(show, offer.offer, { units, buyer }, ask);
    if (refusal) return refusal;
  }
  const wants: Want[] = [];
  for (const [i, { sku, quantity }] of command.lines.entries()) {
    const article = catalogueOf(plan).get(sku);
    if (!article) return unknownSku(sku, `lines[${i}].sku`);
    wants.push({ article, quantity, pools: holdPools(offer, sku, ask) });
  }
  const { shelf, facts } = openShelf(show, ask.now);
  const shortage = findShortage(shelf, wants);
  if (shortage) return outOfStock(shortage, channel, 'out-of-stock');
  const held = wants.flatMap((want) => takeLine(shelf, want, new Map()));
  const ttlMs = offer?.offer.holdTtlMs ?? command.ttlMs ?? (isTill ? TILL_HOLD_TTL : HOLD_TTL);
  const deadline = ask.now.t + ttlMs;
  const holdId = `h${ask.seq + facts.length}`;
  const expiresAt = toIso(wallOf(show.clock, deadline));
  const { lines } = command;
  facts.push({
    kind: 'hold.placed',
    body: {
      holdId,
      lines,
      held,
      offer: command.offer ?? null,
      buyer,
      ...(offer?.offer.gate === 'code' && command.code !== undefined ? { code: command.code } : {}),
      ttlMs,
      deadline,
      expiresAt,
      by: ask.actor.by,
    },
  });
  return accept(facts, { holdId, expiresAt });
};

/** Payment has started: three more minutes, once. Reply: `expiresAt`. */
export const extendHold: Decider<'extend-hold'> = (show, command, ask) => {
  const hold = liveHold(show, command.holdId, ask);
  if ('refusal' in hold) return hold;
  if (hold.state === 'paying')
    return refuse('already-extended', 'A hold is extended once, when payment starts.', { field: 'holdId' });
  const deadline = Math.max(holdDeadline(hold, show.clock, ask.now), ask.now.t + PAYING_TTL);
  const expiresAt = toIso(wallOf(show.clock, deadline));
  return accept([{ kind: 'hold.extended', body: { holdId: hold.holdId, deadline, expiresAt, by: ask.actor.by } }], {
    expiresAt,
  });
};

export const releaseHold: Decider<'release-hold'> = (show, command, ask) => {
  const hold = liveHold(show, command.holdId, ask);
  if ('refusal' in hold) return hold;
  return accept([{ kind: 'hold.released', body: { holdId: hold.holdId, why: 'asked', by: ask.actor.by } }]);
};

/** Holds that time has ended (I10, I11). */
export function dueHolds(show: ShowState, now: Now): OriginFact[] {
  return endedHolds(show, now).map(({ hold, fact }) => {
    const how = fact.kind === 'hold.expired' ? 'expired' : 'released';
    return { ...fact, origin: 'timer', originId: `hold:${hold.holdId}:${how}` };
  });
}

function liveHold(show: ShowState, holdId: string, ask: Ask): Hold | (Decision & { ok: false }) {
  const hold = show.stock.holds.get(holdId);
  const over = hold === undefined || endedHolds(show, ask.now).some((ended) => ended.hold === hold);
  if (over) return refuse('unknown-hold', `There is no open hold "${holdId}".`, { field: 'holdId' });
  if (ask.actor.role === 'till' && hold.by !== ask.actor.by) {
    return refuse('not-allowed', 'A till ends and extends its own holds only.', { field: 'holdId' });
  }
  return hold;
}

function holdPools(offer: OfferStanding | null, sku: string, ask: Ask): Pool[] {
  const ofOffer = offer?.offer.sku === sku;
  if (ofOffer && offer.offer.kind === 'preorder') return ['preorder'];
  const allotment: Pool[] = ofOffer ? [`allot:${offer.offer.id}`] : [];
  const lease: Pool[] = ask.actor.role === 'till' && ask.actor.till !== null ? [`till:${ask.actor.till}`] : [];
  return [...allotment, 'reserve', ...lease];
}
