import type { SaleChannel, TenderKind } from '../../../domain/words.ts';
import { Press } from '../../lib/press.svelte.ts';
import type { Desk } from '../desk.svelte.ts';

export interface BasketLine {
  sku: string;
  name: string;
  quantity: number;
  unitMinor: number;
}

/** A sale being rung up at the desk. A refusal keeps the basket as it is: only what was accepted is cleared. */
export class SaleBasket {
  readonly press: Press;
  channel = $state<SaleChannel>('in-person');
  tender = $state<TenderKind>('card');
  code = $state('');
  #desk: Desk;
  #quantities = $state<Record<string, number>>({});

  constructor(desk: Desk) {
    this.#desk = desk;
    this.press = new Press(desk.hub);
  }

  get lines(): BasketLine[] {
    return Object.entries(this.#quantities).flatMap(([sku, quantity]) =>
      quantity > 0 ? [{ sku, name: this.#desk.productName(sku), quantity, unitMinor: this.price(sku) }] : [],
    );
  }

  /** An open offer's price goes before the list price; the hub decides the same way and its total is what counts. */
  price(sku: string): number {
    const offer = Object.values(this.#desk.state.offers).find((one) => one.open && one.sku === sku);
    return offer?.priceMinor ?? this.#desk.state.plan?.products.find((product) => product.sku === sku)?.priceMinor ?? 0;
  }

  get totalMinor(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity * line.unitMinor, 0);
  }

  quantity(sku: string): number {
    return this.#quantities[sku] ?? 0;
  }

  add(sku: string, by: number): void {
    this.#quantities[sku] = Math.max(0, this.quantity(sku) + by);
    this.press.forget();
  }

  clear(): void {
    this.#quantities = {};
    this.code = '';
  }

  /** @returns the total that the hub booked, or null when it did not */
  async record(): Promise<number | null> {
    const code = this.code.trim();
    const reply = await this.press.send('record-sale', {
      lines: this.lines.map(({ sku, quantity }) => ({ sku, quantity })),
      channel: this.channel,
      tender: this.tender,
      ...(code === '' ? {} : { creatorCode: code }),
    });
    if (!reply?.ok) return null;
    this.clear();
    return typeof reply['totalMinor'] === 'number' ? reply['totalMinor'] : 0;
  }
}
