import type { FloorView } from '../../../contract/floor-views.ts';
import type { Reply } from '../../../contract/commands.ts';

/**
 * What a floor page needs of its line to the hub (`lib/floor-connection.svelte.ts` is the real one; previews have a
 * stand-in). The properties are reactive: pages read them inside `$derived`.
 */
export interface FloorConnection {
  /** the newest whole view; null before the first one of this page load */
  readonly view: FloorView | null;
  readonly link: Link;
  /** `performance.now()` of the last frame heard, from 6 s of silence on; null while the hub is heard */
  readonly staleSince: number | null;
  readonly clock: FloorClock;
  /** what this device still keeps for the hub, oldest first; refused sales stay until `settle` */
  readonly outbox: readonly Kept[];
  /**
   * Writes the intent down first, then sends it; in order, for ever, until the hub has answered.
   *
   * @param about id of a sale's intent: while that is still kept here, this one waits for the sale's number
   */
  send(kind: string, body: object, about?: string): Sending;
  /** asks once, now, without keeping (`read-cue`); rejects when there is no link */
  ask(kind: string, body: object): Promise<Reply>;
  /** a person has dealt with a refused intent, or takes back one that was never sent: forget it */
  settle(id: string): Promise<void>;
}

/** `pending`: a till that the producer has not approved yet. `unpaired`: no key on this device. */
export type Link = 'connecting' | 'live' | 'stale' | 'pending' | 'unpaired' | 'revoked';

export interface FloorClock {
  /** hub time T in ms, by the best sync so far */
  hubNow(): number;
  /** how far off `hubNow` may be; null before the first sync */
  readonly boundMs: number | null;
}

export interface Kept {
  id: string;
  kind: string;
  body: Record<string, unknown>;
  /** ISO, clock time W at the press */
  madeAt: string;
  /** handed to a socket at least once: the hub may already have it */
  tried: boolean;
  refusal: { code: string; message: string } | null;
}

export interface Sending {
  id: string;
  /** resolves when the intent is durable on this device (IndexedDB, `durability: 'strict'`); rejects when it cannot be kept */
  kept: Promise<void>;
  /** the hub's answer, however late */
  reply: Promise<Reply>;
}
