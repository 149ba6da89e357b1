import { createHash } from 'node:crypto';
import { saysYes } from '../domain/contact.ts';
import type { OriginFact } from '../domain/ledger.ts';
import type { Plan } from '../domain/plan.ts';
import type { PersonRow } from './store/people.ts';

/**
 * A sign-up as the ledger may know it: keyed hash, code, channel, time. Its origin id comes from what it says, so that
 * the same sign-up told again is booked once and a changed one once more.
 */
export function signupFact(
  row: PersonRow,
  { source, by, plan, refOf }: { source: string; by: string; plan: Plan | null; refOf: (text: string) => string },
): OriginFact {
  const perk = plan?.offers.find(({ id, kind }) => kind === 'perk' && id === row.perk)?.id;
  const body = {
    ref: row.ref,
    signup: ledgerCode(row, refOf),
    channel: row.channel,
    consent: saysYes(row.consent),
    source,
    by,
    at: row.at,
    as: ledgerWord(row),
    ...(perk === undefined ? {} : { perk }),
  };
  const { source: _source, by: _by, ...said } = body;
  const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 12);
  return { kind: 'signup.recorded', body, origin: 'people', originId: `signup:${body.signup}:${digest}` };
}

/** The sign-up's own code, unless it could say who it is: then a keyed hash of it stands there. */
export function ledgerCode(row: PersonRow, refOf: (text: string) => string): string {
  return isOpaque(row.id, row) ? row.id : `x-${refOf(`code:${row.id}`).slice(0, 12)}`;
}

/** Made by an import from the contact without a key: whoever guesses the contact could recognise it. */
const DERIVED = /^su-[0-9a-f]{12}$/;

/** What somebody signed up for, in one plain word; other texts are only for the desk. */
function ledgerWord(row: PersonRow): string {
  const word = row.kind.toLowerCase();
  return /^[a-z][a-z0-9-]{0,23}$/.test(word) && isOpaque(word, row) ? word : 'other';
}

function isOpaque(text: string, { name, email, phone }: PersonRow): boolean {
  if (!/^[\w.-]{1,48}$/.test(text) || /\d{7,}/.test(text) || DERIVED.test(text)) return false;
  const known = [name, email, phone].flatMap((each) => (each ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return !known.some((part) => part.length >= 3 && text.toLowerCase().includes(part));
}
