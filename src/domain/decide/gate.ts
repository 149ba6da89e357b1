import { type Decision, refuse } from '../refusal.ts';
import { knownRef } from '../attendance.ts';
import { isCodeOf } from '../gate-codes.ts';
import { codeTakenBy } from '../gate.ts';
import { isForAll, isSample } from '../perk-book.ts';
import type { OfferStanding } from '../offer-standing.ts';
import type { Offer } from '../plan.ts';
import type { ShowState } from '../show.ts';
import type { Hold } from '../stock.ts';
import type { Ask } from './ask.ts';

/** What is known of whoever wants a gated offer or a perk. */
export interface GateQuestion {
  code?: string | undefined;
  /** keyed hash, when the buyer is known */
  buyer: string | null;
  units: number;
  /** the sale's own open hold on the offer, which came in by its code */
  hold?: Hold | null | undefined;
}

/**
 * May this buyer have the offer? By its gate (OFR-2) and, for a perk, once a person (OFR-5). Whether it is open, its cap
 * and its limit for each buyer are asked apart. What has happened already is not asked at all.
 *
 * @returns `gate-closed`, `code-unknown`, `code-used` or `person-limit`, naming the field; null when the way is free
 */
export function gateRefusal(
  show: ShowState,
  { offer }: Pick<OfferStanding, 'offer'>,
  asked: GateQuestion,
  ask: Pick<Ask, 'now'>,
): (Decision & { ok: false }) | null {
  // A hold used a code to get in; who the buyer is may have been said otherwise since.
  const isIn = offer.gate === 'code' && asked.hold?.offer === offer.id;
  return (isIn ? null : atTheGate(show, offer, asked, ask)) ?? perkRefusal(show, offer, asked);
}

/** The ref of whoever a code, a scanned text or a ref names; null for somebody the show has not heard of. */
export function personNamed(show: ShowState, text: string, ask: Pick<Ask, 'refOf'>): string | null {
  return knownRef(show.attendance, text) ?? knownRef(show.attendance, ask.refOf(text));
}

/** The same, and for a stranger the keyed hash of what was said. */
export function refOfPerson(show: ShowState, text: string, ask: Pick<Ask, 'refOf'>): string {
  return personNamed(show, text, ask) ?? ask.refOf(text);
}

/** The gate alone: the code, or the sign-up. */
export function atTheGate(
  show: ShowState,
  offer: Offer,
  { code, buyer, hold }: GateQuestion,
  { now }: Pick<Ask, 'now'>,
): (Decision & { ok: false }) | null {
  switch (offer.gate) {
    case 'none':
      return null;
    case 'signup':
      if (buyer !== null && show.attendance.people.has(buyer)) return null;
      return refuse(
        'gate-closed',
        `The offer "${offer.id}" is for people who signed up or were checked in. Name the sign-up.`,
        { field: 'signup', offer: offer.id },
      );
    case 'code': {
      if (code === undefined || code.trim() === '')
        return refuse('gate-closed', `The offer "${offer.id}" needs a code.`, { field: 'code', offer: offer.id });
      if (!isCodeOf(offer, code))
        return refuse('code-unknown', `This is no code of the offer "${offer.id}".`, {
          field: 'code',
          offer: offer.id,
        });
      const takenBy =
        offer.codeUse === 'once' ? codeTakenBy(show, offer, { code, ownHold: hold?.holdId ?? null, now }) : null;
      if (takenBy === null) return null;
      return refuse('code-used', 'This code has been used. Each one is good for one sale.', {
        field: 'code',
        offer: offer.id,
        usedBy: takenBy,
      });
    }
    default:
      return offer.gate satisfies never;
  }
}

function perkRefusal(show: ShowState, offer: Offer, { buyer, units }: GateQuestion): (Decision & { ok: false }) | null {
  if (offer.kind !== 'perk') return null;
  if (isSample(offer))
    return refuse('bad-value', `"${offer.id}" is a sample: hand it out with redeem-perk.`, { field: 'offer' });
  return perkOf(show, offer, buyer) ?? (units > 1 ? onlyOne(offer) : null);
}

/** Has this person the perk, and not had it yet? */
export function perkOf(show: ShowState, offer: Offer, ref: string | null): (Decision & { ok: false }) | null {
  if (ref === null)
    return refuse('gate-closed', `The perk "${offer.id}" is given once a person. Name the sign-up.`, {
      field: 'signup',
      offer: offer.id,
    });
  const book = show.attendance.perks.get(offer.id);
  if (book?.redeemed.has(ref))
    return refuse('person-limit', `This person has had the perk "${offer.id}" already.`, {
      field: 'signup',
      offer: offer.id,
      available: 0,
    });
  const hasIt = isForAll(show.attendance.perks, offer.id)
    ? show.attendance.people.has(ref)
    : book?.issued.has(ref) === true;
  if (hasIt || (offer.gate === 'code' && offer.codes.length > 0)) return null;
  return refuse('gate-closed', `This sign-up does not carry the perk "${offer.id}".`, {
    field: 'signup',
    offer: offer.id,
  });
}

function onlyOne(offer: Offer): Decision & { ok: false } {
  return refuse('person-limit', `The perk "${offer.id}" is one to a person.`, {
    field: 'lines',
    offer: offer.id,
    available: 1,
  });
}
