import type { CommandKind, Reply } from '../../contract/commands.ts';
import type { BodyOf, HubConnection } from './hub-connection.svelte.ts';

/** After this long without an answer the control says so; the id stays the same until the hub has spoken (UI-43). */
const UNCONFIRMED_MS = 2000;

/**
 * One control that sends a command: locked while its command is under way, and keeper of the refusal that is shown
 * beside it.
 */
export class Press {
  status = $state<'idle' | 'sending' | 'unconfirmed'>('idle');
  refusal = $state.raw<{ code: string; message: string } | null>(null);
  #hub: Pick<HubConnection, 'command'>;

  constructor(hub: Pick<HubConnection, 'command'>) {
    this.#hub = hub;
  }

  get busy(): boolean {
    return this.status !== 'idle';
  }

  /** @returns the reply, or null when this control is still waiting for an earlier one */
  async send<K extends CommandKind>(kind: K, body: BodyOf<K>): Promise<Reply | null> {
    if (this.busy) return null;
    this.status = 'sending';
    this.refusal = null;
    const timer = setTimeout(() => (this.status = 'unconfirmed'), UNCONFIRMED_MS);
    const reply = await this.#hub.command(kind, body);
    clearTimeout(timer);
    this.status = 'idle';
    if (!reply.ok) this.refusal = reply.refusal;
    return reply;
  }

  forget(): void {
    this.refusal = null;
  }
}
