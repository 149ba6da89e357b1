import { words } from '../../i18n/till-later-words.ts';
import type { FloorConnection } from '../../parts/connection.ts';
import type { Till } from '../till.svelte.ts';

/**
 * After a payment: an e-mail address or a phone number for the receipt or for news, if the buyer wants. It takes no tap
 * to be skipped. What is typed here goes to the hub and nowhere else: kept until the hub has it, then erased, never read
 * back (trust: a till's view holds no buyer).
 */
export class Buyer {
  /** intent of the sale that may get a buyer; null: nothing is asked */
  sale = $state<string | null>(null);
  contact = $state('');
  consent = $state(false);
  problem = $state(false);
  readonly #till: Till;
  readonly #connection: FloorConnection;

  constructor(till: Till, connection: FloorConnection) {
    this.#till = till;
    this.#connection = connection;
  }

  offer(sale: string): void {
    this.skip();
    this.sale = sale;
  }

  skip(): void {
    this.sale = null;
    this.contact = '';
    this.consent = false;
    this.problem = false;
  }

  add(): void {
    const contact = readContact(this.contact);
    this.problem = contact === null;
    if (contact === null || this.sale === null) return;
    const { consent } = this;
    const { id, saleId } = this.#till.past.find(this.sale) ?? { id: this.sale, saleId: null };
    const sending =
      saleId === null
        ? this.#connection.send('attach-buyer', { ...contact, consent }, id)
        : this.#connection.send('attach-buyer', { saleId, ...contact, consent });
    this.skip();
    sending.kept.then(
      () => this.#till.say('good', words('buyer.sent')),
      () => this.#till.say('bad', words('till.notKept')),
    );
    void sending.reply.then((reply) => {
      if (!reply.ok) this.#till.say('bad', reply.refusal.message);
    });
  }
}

/** @returns null when the text is neither an address nor a number that could be dialled */
export function readContact(text: string): { email: string } | { phone: string } | null {
  const plain = text.trim();
  if (/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(plain)) return { email: plain };
  const digits = plain.replace(/[\s()./-]/g, '');
  return /^\+?\d{6,15}$/.test(digits) ? { phone: digits } : null;
}
