import { randomBytes } from 'node:crypto';
import { INVITE_BYTES, inviteId } from '../../contract/pairing.ts';
import { type Duration, MINUTE } from '../../domain/units.ts';
import type { DeviceRole } from '../../domain/words.ts';

export const INVITE_LIVES: Duration = 10 * MINUTE;
const LIVE_AT_MOST = 16;
const BAD_PROOFS = 5;
/** Spent and expired ones are remembered by id, so that a late scan hears why it is refused. */
const REMEMBERED = 500;

export interface Invite {
  /** looks it up without showing it */
  iid: string;
  secret: Uint8Array;
  role: DeviceRole;
  person: string | null;
  till: string | null;
  /** hub's monotonic clock */
  until: number;
  badProofs: number;
}

export type InviteFault = 'invite-unknown' | 'invite-expired' | 'invite-spent';

/** Invitations live in memory only: one role, one use, ten minutes, gone at a restart (PAI-1). */
export class Invites {
  readonly #live = new Map<string, Invite>();
  readonly #gone = new Map<string, 'invite-expired' | 'invite-spent'>();

  /** @returns null when 16 are live already */
  make(ask: Pick<Invite, 'role' | 'person' | 'till'>, mono: number): Invite | null {
    for (const invite of this.#live.values()) this.#expire(invite, mono);
    if (this.#live.size >= LIVE_AT_MOST) return null;
    const secret = new Uint8Array(randomBytes(INVITE_BYTES));
    const invite = { ...ask, iid: inviteId(secret), secret, until: mono + INVITE_LIVES, badProofs: 0 };
    this.#live.set(invite.iid, invite);
    return invite;
  }

  find(iid: string, mono: number): Invite | InviteFault {
    const invite = this.#live.get(iid);
    if (invite && !this.#expire(invite, mono)) return invite;
    return this.#gone.get(iid) ?? 'invite-unknown';
  }

  /** The first valid proof, or the fifth bad one. */
  burn(invite: Invite): void {
    this.#end(invite, 'invite-spent');
  }

  badProof(invite: Invite): void {
    invite.badProofs += 1;
    if (invite.badProofs >= BAD_PROOFS) this.burn(invite);
  }

  #expire(invite: Invite, mono: number): boolean {
    if (mono < invite.until) return false;
    this.#end(invite, 'invite-expired');
    return true;
  }

  #end(invite: Invite, why: 'invite-expired' | 'invite-spent'): void {
    this.#live.delete(invite.iid);
    this.#gone.set(invite.iid, why);
    const oldest = this.#gone.keys().next().value;
    if (this.#gone.size > REMEMBERED && oldest !== undefined) this.#gone.delete(oldest);
  }
}
