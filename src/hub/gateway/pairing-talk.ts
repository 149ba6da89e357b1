import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../../contract/base64url.ts';
import { KEY_BYTES } from '../../contract/device-proof.ts';
import type { PairAnswer, PairRefusal, PairState } from '../../contract/messages.ts';
import {
  agree,
  commitment,
  deviceProof,
  equalBytes,
  hubProof,
  type KeyPair,
  newKeyPair,
  NONCE_BYTES,
  transcriptHash,
} from '../../contract/pairing.ts';
import type { DeviceRole } from '../../domain/words.ts';
import type { PairedDevice } from '../doors.ts';
import type { Named } from './doors.ts';
import type { Invite, InviteFault, Invites } from './invites.ts';

/** What a talk needs of the gateway. */
export interface PairingDoors {
  invites: Invites;
  mono: () => number;
  wall: () => number;
  people: () => Named[];
  knows: (deviceId: string) => boolean;
  /** tills that wait for the producer: at most ten */
  isFull: () => boolean;
  /** failed tries of this address in the last minute: at most five */
  mayTry: (address: string) => boolean;
  failed: (address: string) => void;
  /** durable when it returns; throws when it cannot be saved */
  join: (device: PairedDevice) => void;
}

type Refused = { ok: false; refusal: PairRefusal };

interface Asked {
  invite: Invite;
  deviceId: string;
  name: string;
  person: string | null;
  keys: KeyPair;
  nonce: Uint8Array;
}

const askShape = z.strictObject({ iid: z.string().max(64), deviceId: z.string(), name: z.string() });
const keyShape = z.strictObject({ publicKey: z.string(), nonce: z.string() });
const proofShape = z.strictObject({ proof: z.string() });

const SENTENCES: Record<InviteFault, string> = {
  'invite-unknown': 'This code is not known here any more. Ask for a new one at the desk.',
  'invite-expired': 'This code was valid for ten minutes, and they are over. Ask for a new one at the desk.',
  'invite-spent': 'This code has been used already. Ask for a new one at the desk.',
};

/**
 * The hub's half of one pairing, over one connection: three questions in order, none of them twice (PAI-2..7). It holds
 * no socket, so the whole exchange can be tested as plain calls.
 */
export class PairingTalk {
  readonly #doors: PairingDoors;
  readonly #place: { host: string; address: string };
  #asked: Asked | null = null;
  #agreed: { key: Uint8Array; code: string; th: Uint8Array } | null = null;

  /** @param place `host` as in the phone's address bar, `address` of the phone */
  constructor(doors: PairingDoors, place: { host: string; address: string }) {
    this.#doors = doors;
    this.#place = place;
  }

  ask(raw: unknown): PairAnswer<{ commit: string; role: DeviceRole }> {
    this.#asked = this.#agreed = null;
    if (!this.#doors.mayTry(this.#place.address))
      return refused('too-many-requests', 'Too many tries from this network. Wait a minute.');
    const read = askShape.safeParse(raw);
    const { iid, deviceId, name } = read.success ? read.data : { iid: '', deviceId: '', name: '' };
    if (!read.success || !fromBase64Url(deviceId, 16) || this.#doors.knows(deviceId))
      return refused('bad-value', 'This page and the hub do not understand each other. Load the page again.');
    const invite = this.#doors.invites.find(iid, this.#doors.mono());
    if (typeof invite === 'string') return this.#fail(refused(invite, SENTENCES[invite]));
    if (!isName(name)) return refused('bad-value', 'A name has 1 to 40 characters.');
    if (invite.role === 'till' && this.#doors.isFull())
      return refused(
        'too-many-requests',
        'Ten tills wait for approval already. Approve or refuse them at the desk first.',
      );
    const person = this.#personOf(invite, name);
    if (person === undefined)
      return {
        ok: false,
        refusal: { code: 'who-are-you', message: 'Who is using this screen?', people: this.#doors.people() },
      };
    const keys = newKeyPair();
    const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
    this.#asked = { invite, deviceId, name, person, keys, nonce };
    return { ok: true, commit: toBase64Url(commitment(keys.publicKey, nonce)), role: invite.role };
  }

  key(raw: unknown): PairAnswer<{ publicKey: string; nonce: string }> {
    const asked = this.#asked;
    const read = keyShape.safeParse(raw);
    const devicePublicKey = fromBase64Url(read.data?.publicKey, KEY_BYTES);
    const deviceNonce = fromBase64Url(read.data?.nonce, NONCE_BYTES);
    // One try: a second key for the same commitment would let somebody search for a matching code.
    if (!asked || this.#agreed || !devicePublicKey || !deviceNonce) return this.#outOfOrder();
    const { invite, deviceId, name, keys, nonce } = asked;
    const sides = { devicePublicKey, deviceNonce, hubPublicKey: keys.publicKey, hubNonce: nonce };
    const th = transcriptHash({ host: this.#place.host, iid: invite.iid, role: invite.role, deviceId, name, ...sides });
    try {
      const { deviceKey, code } = agree(keys.privateKey, devicePublicKey, invite.secret, th);
      this.#agreed = { key: deviceKey, code, th };
    } catch {
      return this.#outOfOrder(); // a public key of low order
    }
    return { ok: true, publicKey: toBase64Url(keys.publicKey), nonce: toBase64Url(nonce) };
  }

  prove(raw: unknown): PairAnswer<{ proof: string; state: PairState; deviceId: string }> {
    const asked = this.#asked;
    const agreed = this.#agreed;
    const proof = fromBase64Url(proofShape.safeParse(raw).data?.proof, KEY_BYTES);
    if (!asked || !agreed || !proof) return this.#outOfOrder();
    this.#asked = this.#agreed = null;
    const { invite } = asked;
    const still = this.#doors.invites.find(invite.iid, this.#doors.mono());
    if (typeof still === 'string') return this.#fail(refused(still, SENTENCES[still]));
    if (!equalBytes(proof, deviceProof(invite.secret, agreed.th))) {
      this.#doors.invites.badProof(invite);
      return this.#fail(refused('bad-proof', 'The code did not fit. Scan it again.'));
    }
    const device = this.#deviceOf(asked, agreed);
    try {
      this.#doors.join(device);
    } catch {
      // Logged and said on the desk already; the invitation stays good for when there is room again.
      return refused('storage-failed', 'The desk cannot save this screen just now. Scan the code again in a moment.');
    }
    this.#doors.invites.burn(invite);
    return {
      ok: true,
      proof: toBase64Url(hubProof(invite.secret, agreed.th)),
      state: device.state,
      deviceId: device.id,
    };
  }

  #deviceOf({ invite, deviceId, name, person }: Asked, { key, code }: { key: Uint8Array; code: string }): PairedDevice {
    const isPending = invite.role === 'till';
    return {
      id: deviceId,
      role: invite.role,
      name,
      person,
      till: invite.till,
      key,
      state: isPending ? 'pending' : 'joined',
      code: isPending ? code : null,
      address: this.#place.address,
      createdAt: this.#doors.wall(),
    };
  }

  /** @returns undefined when the invitation names nobody and neither does the phone */
  #personOf(invite: Invite, name: string): string | null | undefined {
    if (invite.role !== 'co-host' || invite.person !== null) return invite.person;
    return this.#doors.people().find((person) => person.name === name)?.id;
  }

  #outOfOrder(): Refused {
    this.#asked = this.#agreed = null;
    return this.#fail(refused('bad-value', 'This page and the hub do not understand each other. Load the page again.'));
  }

  #fail(answer: Refused): Refused {
    this.#doors.failed(this.#place.address);
    return answer;
  }
}

function refused(code: PairRefusal['code'], message: string): Refused {
  return { ok: false, refusal: { code, message } };
}

/** No control, no line, and no direction characters: names stand beside others on the desk. */
function isName(name: string): boolean {
  const length = [...name].length;
  return (
    length >= 1 &&
    length <= 40 &&
    name.trim() === name &&
    !/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(name)
  );
}
