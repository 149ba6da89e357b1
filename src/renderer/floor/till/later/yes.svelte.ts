import type { TillView } from '../../../../contract/floor-views.ts';
import { words } from '../../i18n/till-later-words.ts';
import type { FloorConnection } from '../../parts/connection.ts';
import type { Bill } from '../bill.ts';
import type { Till } from '../till.svelte.ts';
import { needsYes } from './limits.ts';

/**
 * The producer's yes to a discount that is above what a till may give (TIL-7): asked on the desk, answered in the view.
 * A sale of two drops is two sales, and each asks for itself.
 */
export class Yes {
  /** approval by sale of the bill, in its order; null where a sale needs none */
  #asked = $state.raw<(string | null)[]>([]);
  /** goes on with the sale once all have said yes */
  #then: (() => void) | null = null;
  offMinor = $state(0);
  readonly #till: Till;
  readonly #connection: FloorConnection;

  constructor(till: Till, connection: FloorConnection) {
    this.#till = till;
    this.#connection = connection;
  }

  readonly waits = $derived.by(() => this.#asked.some((id) => id !== null));
  readonly #answers = $derived.by(() =>
    this.#asked.flatMap((id) => (id === null ? [] : [stateOf(this.#till.view, id)])),
  );

  /** @returns the approvals to send with the bill's sales; null: not yet, it is asked or said why it cannot be */
  of(bill: Bill): (string | null)[] | null {
    const { view } = this.#till;
    const free = view.approvals.filter(({ what, state }) => what === 'discount' && state === 'yes');
    const found = bill.parts.map((part) => {
      if (!needsYes(part, view.rules.discountPercent)) return null;
      const i = free.findIndex(({ amountMinor }) => amountMinor >= part.offMinor);
      return i < 0 ? undefined : (free.splice(i, 1)[0]?.id ?? undefined);
    });
    return found.includes(undefined) ? null : (found as (string | null)[]);
  }

  /** @param then the same press again */
  async ask(bill: Bill, then: () => void): Promise<void> {
    this.stop();
    this.offMinor = bill.offMinor;
    this.#then = then;
    const wanting = bill.parts.filter((part) => needsYes(part, this.#till.view.rules.discountPercent));
    const asked: string[] = [];
    for (const { offMinor, lines } of wanting) {
      const goods = lines.map(({ item, quantity }) => `${quantity} × ${item.name}`).join(', ');
      const note = [...`${goods}. ${this.#till.extras.reason}`].slice(0, 180).join('');
      const question = { what: 'discount', amountMinor: offMinor, note };
      const reply = await this.#connection.ask('request-approval', question).catch(() => null);
      if (!reply?.ok) {
        this.stop();
        return this.#till.say('bad', reply?.refusal.message ?? words('till.askCut', this.#slots(bill)));
      }
      asked.push(String(reply['approval']));
    }
    this.#asked = asked;
  }

  /** Called whenever the view has changed. */
  look(): void {
    if (!this.waits) return;
    if (this.#answers.some((state) => state === 'no')) {
      this.stop();
      this.#till.say('bad', words('till.saidNo'));
    } else if (this.#answers.every((state) => state === 'yes')) {
      const then = this.#then;
      this.stop();
      // Not within the effect that has looked.
      if (then) queueMicrotask(then);
    }
  }

  stop(): void {
    this.#asked = [];
    this.#then = null;
  }

  #slots({ offMinor }: Bill): { off: string } {
    return { off: this.#till.money(offMinor) };
  }
}

function stateOf({ approvals }: TillView, id: string): 'asked' | 'yes' | 'no' {
  // Not in the view yet: the reply was faster.
  return approvals.find((one) => one.id === id)?.state ?? 'asked';
}
