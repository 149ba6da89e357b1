import type { DeskState } from '../contract/desk-state.ts';
import type { Live, Presence } from '../contract/live.ts';
import type { Vitals } from '../domain/decide/vitals.ts';
import type { ConnectorView } from '../contract/desk-state.ts';
import { Imports } from './imports.ts';
import { redact } from './net/redact.ts';

/** The present: who is connected, what is wired, how a long job goes. Gone at a restart, never in the ledger. */
export class LiveState {
  readonly presence = new Map<string, Presence>();
  readonly #connectors = new Map<string, ConnectorView>();
  readonly imports = new Imports();
  closeProgress: Live['closeProgress'] = null;
  unsettledLetters = 0;
  /** when a condition of an alarm was first seen, hub time by alarm id; alarms wait for some of them to last */
  readonly pending: Vitals['pending'] = new Map();

  report(view: ConnectorView): void {
    if (view.state === 'off') this.#connectors.delete(view.id);
    else this.#connectors.set(view.id, { ...view, message: redact(view.message) });
  }

  connectors(): DeskState['connectors'] {
    return [...this.#connectors.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  online(): ReadonlySet<string> {
    return new Set([...this.presence].filter(([, { state }]) => state === 'online').map(([id]) => id));
  }

  /** Another show is on the desk: nothing of the former one may linger. */
  forget(): void {
    this.pending.clear();
    this.closeProgress = null;
    this.unsettledLetters = 0;
  }
}
