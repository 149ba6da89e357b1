import type { Reply } from '../../../contract/commands.ts';

/** One person as the hub's search tells of them: enough to tell two apart, contacts only in part. */
export interface FoundPerson {
  signup: string;
  ref: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  kind: string;
  channel: string | null;
  consent: boolean;
  checkedInAt: string | null;
  perks: { offer: string; isRedeemed: boolean }[];
}

/** The rows of a `find-people` reply; none when it was refused. */
export function foundPeople(reply: Reply): FoundPerson[] {
  return reply.ok ? (reply['people'] as FoundPerson[]) : [];
}

/** A scanner types what the QR holds: an address with the code in it, or the code alone. */
export function codeOfScan(text: string): string {
  const typed = text.trim();
  if (!URL.canParse(typed) || !/^https?:/i.test(typed)) return typed;
  const { searchParams, pathname } = new URL(typed);
  return searchParams.get('code') ?? pathname.split('/').findLast((part) => part !== '') ?? typed;
}
