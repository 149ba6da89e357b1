import type { CommandKind, Reply } from '../../../contract/commands.ts';
import type { SaleSheet } from '../../../contract/views/sale-sheet-view.ts';
import type { BodyOf } from '../../lib/hub-connection.svelte.ts';
import { Press } from '../../lib/press.svelte.ts';
import type { Desk } from '../desk.svelte.ts';

/** One sale on the desk: read from the hub, changed by commands, read again after each. */
export class SheetModel {
  sheet = $state.raw<SaleSheet | null>(null);
  /** why it could not be read; '' while it can */
  problem = $state('');
  /** what was done last, with the way back where there is one */
  done = $state.raw<{ text: string; undo: (() => Promise<unknown>) | null } | null>(null);
  readonly press: Press;
  readonly saleId: string;
  #desk: Desk;

  constructor(desk: Desk, saleId: string) {
    this.#desk = desk;
    this.saleId = saleId;
    this.press = new Press(desk.hub);
  }

  async read(): Promise<void> {
    const reply = await this.#desk.hub.command('find-sale', { text: this.saleId });
    const found = salesOf(reply).find(({ saleId }) => saleId === this.saleId);
    if (found) this.sheet = found;
    this.problem = found ? '' : reply.ok ? '' : reply.refusal.message;
  }

  /** @returns the reply when it was accepted, else null; the refusal stands beside the form that was sent */
  async send<K extends CommandKind>(press: Press, kind: K, body: BodyOf<K>): Promise<(Reply & { ok: true }) | null> {
    const reply = await press.send(kind, body);
    await this.read();
    return reply?.ok ? reply : null;
  }

  say(text: string, undo: (() => Promise<unknown>) | null = null): void {
    this.done = { text, undo };
  }
}

/** The hub is ours and speaks the same types as this page. */
export function salesOf(reply: Reply): SaleSheet[] {
  return reply.ok ? (reply['sales'] as SaleSheet[]) : [];
}
