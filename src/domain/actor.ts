import type { DeviceRole } from './words.ts';

/** Who asks. Taken from the connection by the hub, never from the payload. */
export interface Actor {
  /** idempotency and ledger origin: `desk`, `device:<id>`, `timer`, `demo`, `source:<name>` */
  key: string;
  role: 'desk' | DeviceRole | 'timer' | 'source';
  /** what `by` says in facts: a person id, a till id, `desk`, `timer` */
  by: string;
  device: string | null;
  person: string | null;
  till: string | null;
}

export const DESK: Actor = { key: 'desk', role: 'desk', by: 'desk', device: null, person: null, till: null };
export const TIMER: Actor = { key: 'timer', role: 'timer', by: 'timer', device: null, person: null, till: null };
