import { words } from '../../i18n/till-later-words.ts';
import type { LaterFace, Payment } from '../later-face.ts';
import type { Till } from '../till.svelte.ts';
import { Buyer } from './buyer.svelte.ts';
import { LeaseReturn } from './lease-return.ts';
import { Undo } from './undo.svelte.ts';
import { Yes } from './yes.svelte.ts';

/** What a till does besides selling: take back, ask, give back its lease, and note who has bought. */
export class Later implements LaterFace {
  /** pressed while the discount is above what a till may give: the producer may be asked */
  mayAsk = $state.raw<Payment | null>(null);
  readonly undo: Undo;
  readonly yes: Yes;
  readonly buyer: Buyer;
  readonly leaseReturn: LeaseReturn;
  readonly #till: Till;

  constructor(till: Till) {
    this.#till = till;
    this.undo = new Undo(till, till.connection, till.past);
    this.yes = new Yes(till, till.connection);
    this.buyer = new Buyer(till, till.connection);
    this.leaseReturn = new LeaseReturn(till);
  }

  touched(): void {
    this.mayAsk = null;
    this.undo.asks = false;
    this.yes.stop();
    this.buyer.skip();
  }

  sold(sale: string): void {
    this.buyer.offer(sale);
  }

  askUndo(): void {
    this.undo.ask();
  }

  mayTakeOff(payment: Payment): (string | null)[] | null {
    const { bill, extras, cutOff } = this.#till;
    if (extras.reason.trim().length < 3 && extras.code === '' && extras.creatorCode === '') {
      this.#till.say('bad', words('till.why'));
      return null;
    }
    const found = this.yes.of(bill);
    if (found) return found;
    if (cutOff) this.#till.say('bad', words('till.askCut', { off: this.#till.money(bill.offMinor) }));
    else this.mayAsk = payment;
    return null;
  }

  /** "Ask the producer", then the same press again by itself. */
  askProducer(): void {
    const payment = this.mayAsk;
    this.#till.touched();
    if (payment) void this.yes.ask(this.#till.bill, () => void this.#till.sell(payment.tender, payment.givenMinor));
  }
}
