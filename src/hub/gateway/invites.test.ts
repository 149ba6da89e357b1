import { describe, expect, it } from 'vitest';
import { INVITE_LIVES, Invites } from './invites.ts';

const WALL = { role: 'viewer', person: null, till: null } as const;

describe('invitations', () => {
  it('are found by an id that does not show the secret', () => {
    const invites = new Invites();
    const invite = invites.make(WALL, 0);
    expect(invite?.secret).toHaveLength(16);
    expect(invite && invites.find(invite.iid, 1)).toBe(invite);
  });

  it('end after ten minutes by the monotonic clock, and say so', () => {
    const invites = new Invites();
    const invite = invites.make(WALL, 0);
    expect(invites.find(invite?.iid ?? '', INVITE_LIVES - 1)).toBe(invite);
    expect(invites.find(invite?.iid ?? '', INVITE_LIVES)).toBe('invite-expired');
  });

  it('are gone after one use or five bad proofs, and say so', () => {
    const invites = new Invites();
    const [used, abused] = [invites.make(WALL, 0), invites.make(WALL, 0)];
    if (!used || !abused) throw new Error('no invite');
    invites.burn(used);
    for (let n = 0; n < 5; n++) {
      expect(invites.find(abused.iid, 0)).toBe(abused);
      invites.badProof(abused);
    }
    expect([invites.find(used.iid, 0), invites.find(abused.iid, 0)]).toEqual(['invite-spent', 'invite-spent']);
  });

  it('are at most 16 at a time; ended ones make room', () => {
    const invites = new Invites();
    for (let n = 0; n < 16; n++) expect(invites.make(WALL, 0)).not.toBeNull();
    expect(invites.make(WALL, 1)).toBeNull();
    expect(invites.make(WALL, INVITE_LIVES)).not.toBeNull();
  });

  it('are unknown when nobody made them', () => {
    expect(new Invites().find('constructor', 0)).toBe('invite-unknown');
  });
});
