import type { Namespace } from 'socket.io';
import type { JoinAsks, JoinNews, PairAnswer, PairState } from '../../contract/messages.ts';
import { accept, type Decision, refuse } from '../../domain/refusal.ts';
import { MINUTE, toIso } from '../../domain/units.ts';
import type { DeviceRole } from '../../domain/words.ts';
import type { PairedDevice } from '../doors.ts';
import type { GatewayDoors } from './doors.ts';
import { INVITE_LIVES, Invites } from './invites.ts';
import { PairingTalk } from './pairing-talk.ts';
import { toBase64Url } from '../../contract/base64url.ts';

const FAILED_TRIES = 5;
const PENDING_AT_MOST = 10;
const WRONG_CODES = 3;

type JoinNamespace = Namespace<JoinAsks, JoinNews, object, { deviceId?: string }>;

/** Who may join: invitations, pairings, and the producer's yes to a till. Outlives the floor's listener. */
export class JoinDesk {
  readonly #doors: GatewayDoors;
  readonly #failures = new Map<string, number[]>();
  readonly #wrongCodes = new Map<string, number>();
  #invites = new Invites();
  #namespace: JoinNamespace | null = null;

  constructor(doors: GatewayDoors) {
    this.#doors = doors;
  }

  /** `/join` has exactly the three messages of a pairing and no credential. Invitations are bound to this listener. */
  serve(namespace: JoinNamespace): void {
    this.#invites = new Invites();
    this.#namespace = namespace;
    namespace.on('connection', (socket) => {
      const place = { host: socket.handshake.headers.host ?? '', address: socket.handshake.address };
      const talk = new PairingTalk(this.#pairingDoors(), place);
      socket.on('pair-ask', (ask: unknown, ack: unknown) => answer(ack, talk.ask(ask)));
      socket.on('pair-key', (ask: unknown, ack: unknown) => answer(ack, talk.key(ask)));
      socket.on('pair-prove', (ask: unknown, ack: unknown) => {
        const proved = talk.prove(ask);
        if (proved.ok) void socket.join(proved.deviceId);
        answer(ack, proved);
      });
    });
  }

  /** @param base the floor's address, e.g. `http://192.168.1.20:7701` */
  invite(ask: { role: DeviceRole; person?: string | undefined; till?: string | undefined }, base: string): Decision {
    const whom = this.#whom(ask);
    if (typeof whom === 'string') return refuse('bad-value', whom, { field: ask.role === 'till' ? 'till' : 'person' });
    const { at, mono } = this.#doors.readNow();
    const invite = this.#invites.make({ role: ask.role, ...whom }, mono);
    if (!invite)
      return refuse('too-many-requests', '16 invitations are open already. Use one, or wait until they end.');
    return accept([], { url: `${base}/j#${toBase64Url(invite.secret)}`, expiresAt: toIso(at + INVITE_LIVES) });
  }

  /** @param code the six digits that the producer reads on the till; null: a script that holds the desk token vouches */
  approve(id: string, code: string | null): Decision {
    const device = this.#doors.devices.find(id);
    if (device?.state !== 'pending')
      return refuse('unknown-device', 'No till waits under this name.', { field: 'device' });
    if (code !== null && code.replace(/\D/g, '') !== device.code) return this.#wrongCode(device);
    this.#wrongCodes.delete(id);
    this.#doors.record([
      { kind: 'device.approved', body: { device: id, by: 'desk' }, origin: `device:${id}`, originId: 'approved' },
    ]);
    this.#doors.devices.approve(id);
    this.tell(id, 'joined');
    return accept([]);
  }

  /** The waiting join page hears how it ended. */
  tell(device: string, state: PairState): void {
    this.#namespace?.to(device).emit('pair-state', { state });
  }

  #wrongCode(device: PairedDevice): Decision {
    const wrong = (this.#wrongCodes.get(device.id) ?? 0) + 1;
    this.#wrongCodes.set(device.id, wrong);
    const left = WRONG_CODES - wrong;
    if (left > 0)
      return refuse(
        'code-mismatch',
        `These are not the digits on ${device.name}. ${left === 1 ? 'One try is' : `${left} tries are`} left.`,
        { field: 'code', left },
      );
    this.#wrongCodes.delete(device.id);
    this.#doors.devices.revoke(device.id);
    this.#doors.record([
      {
        kind: 'device.revoked',
        body: { device: device.id, by: 'desk' },
        origin: `device:${device.id}`,
        originId: 'revoked',
      },
    ]);
    this.tell(device.id, 'revoked');
    return refuse('code-mismatch', `Three wrong codes: ${device.name} was turned away. Invite it again.`, {
      field: 'code',
      left: 0,
    });
  }

  /** @returns a sentence when the invitation would lead nowhere */
  #whom({
    role,
    person,
    till,
  }: {
    role: DeviceRole;
    person?: string | undefined;
    till?: string | undefined;
  }): { person: string | null; till: string | null } | string {
    if (role === 'viewer') return { person: null, till: null };
    if (role === 'co-host') {
      const people = this.#doors.people();
      if (person !== undefined && !people.some(({ id }) => id === person)) return `The plan has no person "${person}".`;
      if (people.length === 0) return 'The plan names no people yet: add the co-host first.';
      return { person: person ?? null, till: null };
    }
    const tills = this.#doors.tills();
    const chosen = till ?? (tills.length === 1 ? tills[0]?.id : undefined);
    if (chosen === undefined || !tills.some(({ id }) => id === chosen))
      return tills.length === 0 ? 'The plan names no tills yet: add one first.' : 'Say which till of the plan this is.';
    return { person: null, till: chosen };
  }

  #pairingDoors() {
    const { devices, people, readNow, record } = this.#doors;
    return {
      invites: this.#invites,
      people,
      mono: () => readNow().mono,
      wall: () => readNow().at,
      knows: (id: string) => devices.find(id) !== null,
      isFull: () => devices.list().filter(({ state }) => state === 'pending').length >= PENDING_AT_MOST,
      mayTry: (address: string) => this.#recentFailures(address).length < FAILED_TRIES,
      failed: (address: string) => void this.#failures.set(address, [...this.#recentFailures(address), readNow().mono]),
      join: (device: PairedDevice) => {
        // The fact first: a device that works is always on the desk's list.
        record([joinedFact(device)]);
        devices.save(device);
      },
    };
  }

  #recentFailures(address: string): number[] {
    const since = this.#doors.readNow().mono - MINUTE;
    for (const [other, times] of this.#failures) if ((times.at(-1) ?? 0) < since) this.#failures.delete(other);
    return (this.#failures.get(address) ?? []).filter((time) => time >= since);
  }
}

/** The same for a device that joins and for one that is kept from an earlier show. No key is in it. */
export function joinedFact({ id, role, name, person, till, state }: PairedDevice) {
  const body = {
    device: id,
    role,
    name,
    person,
    till,
    state: state === 'pending' ? ('pending' as const) : ('joined' as const),
  };
  return { kind: 'device.joined' as const, body, origin: `device:${id}`, originId: 'joined' };
}

function answer(ack: unknown, reply: PairAnswer<object>): void {
  if (typeof ack === 'function') ack(reply);
}
