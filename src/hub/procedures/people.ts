import { knownRef } from '../../domain/attendance.ts';
import { perkOf } from '../../domain/decide/gate.ts';
import type { OriginFact } from '../../domain/ledger.ts';
import { accept, type Decision, refuse } from '../../domain/refusal.ts';
import type { ShowState } from '../../domain/show.ts';
import { toIso } from '../../domain/units.ts';
import { saysYes } from '../../domain/contact.ts';
import type { PersonRow } from '../store/people.ts';
import type { Procedure } from './hall.ts';

/** More than a person at the door reads. */
const FOUND = 20;

/**
 * Takes a sign-up at the desk or the door. Of a minor no contact is kept: the code alone stands for them.
 *
 * Reply: `signup` (the code), `ref`; `repeated` when the contact had signed up before and keeps that code.
 */
export const recordSignup: Procedure<'record-signup'> = (command, actor, hall) => {
  const { show } = hall.book() ?? {};
  if (!show?.plan) return refuse('no-plan', 'There is no show yet. Import a plan, or start the demo.');
  if (show.phase === 'closed') return refuse('show-not-open', 'The show is closed; nobody signs up for it any more.');
  const { perk = null, minor = false, checkIn = false, channel = checkIn ? 'in-person' : null } = command;
  if (perk !== null && !show.plan.offers.some(({ id, kind }) => id === perk && kind === 'perk'))
    return refuse('unknown-offer', `There is no perk "${perk}".`, { field: 'perk' });
  const { email, phone, name, consent, consentText } = minor ? NOBODY : command;
  const given = { email, phone, name, consent, consentText, kind: command.signupKind, channel, perk };
  const arrival = (ref: string, signup: string): OriginFact[] => {
    if (!checkIn || show.attendance.people.get(ref)?.checkedInAt) return [];
    const body = { ref, signup: show.attendance.bySignup.has(signup) ? signup : null, by: actor.by };
    return [{ kind: 'person.checked-in', body, origin: actor.key, originId: `${command.id}#in` }];
  };
  const source = checkIn ? 'door' : 'desk';
  const { row, repeated } = hall.guests.record(given, { source, by: actor.by, more: arrival });
  return accept([], { signup: row.id, ref: row.ref, ...(repeated ? { repeated: true } : {}) });
};

/** Reply: `people`, at most 20 by name, with what somebody at the door needs to tell two of them apart. */
export const findPeople: Procedure<'find-people'> = (command, _actor, hall) => {
  const [people, show] = [hall.guests.people(), hall.book()?.show];
  if (!people || !show) return refuse('show-not-open', 'There is no show yet.');
  return accept([], { people: people.search(command.text, FOUND).map((row) => foundPerson(show, row)) });
};

/** A buyer leaves a contact after paying. Whoever asks learns nothing: the reply is only yes or no. */
export const attachBuyer: Procedure<'attach-buyer'> = (command, actor, hall) => {
  const show = hall.book()?.show;
  const sale = show?.sales.byId.get(command.saleId);
  if (!sale || (actor.role === 'till' && sale.till !== actor.till))
    return refuse('unknown-sale', `There is no sale ${command.saleId} of this till.`, { field: 'saleId' });
  const contact = command.email ?? command.phone;
  if (contact === undefined) return refuse('bad-value', 'An e-mail or a phone number is needed.', { field: 'email' });
  if (sale.personRef !== null && sale.personRef !== hall.guests.refOf(contact))
    return refuse('already-identified', 'The buyer of this sale is known by another contact.', { field: 'saleId' });
  const { saleId, personRef } = sale;
  hall.guests.attachBuyer(command, {
    id: `buyer-${saleId}`,
    identify: (ref) =>
      personRef !== null
        ? []
        : [
            {
              kind: 'sale.identified',
              body: { saleId, personRef: ref, by: actor.by },
              origin: actor.key,
              originId: `${command.id}#0`,
            },
          ],
  });
  return accept([]);
};

const NOBODY = { email: undefined, phone: undefined, name: undefined, consent: false, consentText: undefined };

/** Whom an ask names, by a sign-up's code or a ref; null for somebody nobody knows. */
export function refNamed(
  show: ShowState,
  { signup, ref }: { signup?: string | undefined; ref?: string | undefined },
  find: (signup: string) => PersonRow | null,
): string | null {
  const text = ref ?? signup;
  if (text === undefined) return null;
  return knownRef(show.attendance, text) ?? find(text)?.ref ?? null;
}

export function unknownSignup(field: string): Decision & { ok: false } {
  return refuse('unknown-signup', 'Nobody is known by this code.', { field });
}

function foundPerson(show: ShowState, row: PersonRow) {
  const person = show.attendance.people.get(row.ref);
  const perks = (show.plan?.offers ?? []).flatMap((offer) => {
    if (offer.kind !== 'perk') return [];
    const isRedeemed = show.attendance.perks.get(offer.id)?.redeemed.has(row.ref) === true;
    return isRedeemed || perkOf(show, offer, row.ref) === null ? [{ offer: offer.id, isRedeemed }] : [];
  });
  const checkedInAt = person?.checkedInAt ?? null;
  return {
    signup: row.id,
    ref: row.ref,
    name: row.name,
    email: masked(row.email),
    phone: row.phone === null ? null : `… ${row.phone.slice(-3)}`,
    kind: row.kind,
    channel: row.channel,
    at: row.at,
    consent: saysYes(row.consent),
    checkedInAt: checkedInAt === null ? null : toIso(checkedInAt),
    perks,
  };
}

/** "ana.silva@example.org" → "an…@example.org": enough to ask "is this yours?", not enough to carry away. */
function masked(email: string | null): string | null {
  if (email === null) return null;
  const at = email.lastIndexOf('@');
  return `${email.slice(0, Math.min(2, at))}…${email.slice(at)}`;
}
