import { io, type Socket } from 'socket.io-client';
import { fromBase64Url, toBase64Url } from '../../../contract/base64url.ts';
import { KEY_BYTES } from '../../../contract/device-proof.ts';
import type { JoinAsks, JoinNews, PairAnswer, PairRefusal, PairState } from '../../../contract/messages.ts';
import {
  agree,
  commitment,
  deviceProof,
  equalBytes,
  hubProof,
  inviteId,
  newKeyPair,
  NONCE_BYTES,
  transcriptHash,
} from '../../../contract/pairing.ts';
import type { Identity } from '../../lib/floor-identity.ts';

/** Everything is said within ten seconds, one way or the other (PAI-13). */
const LINK_MS = 5000;
const ANSWER_MS = 4000;

export interface Paired {
  identity: Identity;
  state: PairState;
  /** six digits */
  code: string;
}

/** `page-only` no socket · `hub-gone` no answer · `not-the-desk` commitment or proof is wrong */
export type PairFailure = 'page-only' | 'hub-gone' | 'not-the-desk';
export class PairFailed extends Error {
  readonly failure: PairFailure;
  constructor(failure: PairFailure, cause?: unknown) {
    super(failure, { cause });
    this.failure = failure;
  }
}
/** The hub said no, with a sentence for people. */
export class PairRefused extends Error {
  readonly refusal: PairRefusal;
  constructor(refusal: PairRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

type JoinSocket = Socket<JoinNews, JoinAsks>;

/**
 * The phone's half of a pairing (contract/pairing.ts shows both).
 *
 * @throws PairFailed, PairRefused
 */
export async function pair(invite: Uint8Array, name: string): Promise<Paired> {
  const socket: JoinSocket = io('/join', {
    transports: ['websocket', 'polling'],
    reconnection: false,
    forceNew: true,
    timeout: LINK_MS,
  });
  try {
    await connected(socket);
    return await talk(socket, invite, name);
  } finally {
    socket.disconnect();
  }
}

async function talk(socket: JoinSocket, invite: Uint8Array, name: string): Promise<Paired> {
  const iid = inviteId(invite);
  const deviceId = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const keys = newKeyPair();
  const deviceNonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));

  const { commit, role } = taken(
    await answered(socket.timeout(ANSWER_MS).emitWithAck('pair-ask', { iid, deviceId, name })),
  );
  const said = taken(
    await answered(
      socket
        .timeout(ANSWER_MS)
        .emitWithAck('pair-key', { publicKey: toBase64Url(keys.publicKey), nonce: toBase64Url(deviceNonce) }),
    ),
  );
  const hubPublicKey = fromBase64Url(said.publicKey, KEY_BYTES);
  const hubNonce = fromBase64Url(said.nonce, NONCE_BYTES);
  // The hub was bound to this key before it saw ours; whoever sends another one is not the hub.
  if (!hubPublicKey || !hubNonce || toBase64Url(commitment(hubPublicKey, hubNonce)) !== commit)
    throw new PairFailed('not-the-desk');

  const sides = { devicePublicKey: keys.publicKey, deviceNonce, hubPublicKey, hubNonce };
  const th = transcriptHash({ host: location.host, iid, role, deviceId, name, ...sides });
  const { deviceKey, code } = agree(keys.privateKey, hubPublicKey, invite, th);
  const { proof, state } = taken(
    await answered(
      socket.timeout(ANSWER_MS).emitWithAck('pair-prove', { proof: toBase64Url(deviceProof(invite, th)) }),
    ),
  );
  if (!equalBytes(fromBase64Url(proof, KEY_BYTES) ?? new Uint8Array(0), hubProof(invite, th)))
    throw new PairFailed('not-the-desk');
  return { identity: { id: deviceId, key: deviceKey, role }, state, code };
}

function connected(socket: JoinSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new PairFailed('page-only')), LINK_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('connect_error', (cause) => {
      clearTimeout(timer);
      reject(new PairFailed('page-only', cause));
    });
  });
}

function answered<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((cause: unknown) => {
    throw new PairFailed('hub-gone', cause);
  });
}

function taken<T>(answer: PairAnswer<T>): T {
  if (!answer.ok) throw new PairRefused(answer.refusal);
  return answer;
}
