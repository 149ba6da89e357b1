import { SvelteMap } from 'svelte/reactivity';
import { cashRounding } from '../../../domain/sale-pricing.ts';
import { type SaleChannel, TENDER_KINDS, type TenderKind } from '../../../domain/words.ts';
import type { BodyOf } from '../../lib/hub-connection.svelte.ts';
import { readMoney } from '../../lib/format.ts';
import { Press } from '../../lib/press.svelte.ts';
import type { Desk } from '../desk.svelte.ts';
import { type Off, priceOf, readPercent } from './sale-price.ts';

export interface BasketLine {
  sku: string;
  name: string;
  quantity: number;
  unitMinor: number;
}

/** What was booked: for the seller's last words to the buyer. */
export interface Rung {
  totalMinor: number;
  changeMinor: number | null;
  dueMinor: number | null;
  pickupCode: string | null;
}

/** What most sales leave empty. */
const NOTHING_ELSE = {
  code: '',
  gateCode: '',
  signup: '',
  off: '',
  offKind: 'percent' as 'percent' | 'amount',
  reason: '',
  later: false,
  ageChecked: false,
  given: '',
};

/** A sale being rung up at the desk. A refusal keeps the basket as it is: only what was accepted is cleared. */
export class SaleBasket {
  readonly press: Press;
  channel = $state<SaleChannel>('in-person');
  tender = $state<TenderKind | 'split'>('card');
  /** amounts as typed, when several pay */
  split = $state<Record<TenderKind, string>>({ cash: '', card: '', other: '' });
  /** `auto`: the first open offer of what is in the basket */
  chosenOffer = $state('auto');
  more = $state({ ...NOTHING_ELSE });
  #desk: Desk;
  #quantities = new SvelteMap<string, number>();

  constructor(desk: Desk) {
    this.#desk = desk;
    this.press = new Press(desk.hub);
  }

  get lines(): BasketLine[] {
    return [...this.#quantities].flatMap(([sku, quantity]) =>
      quantity > 0 ? [{ sku, name: this.#desk.productName(sku), quantity, unitMinor: this.price(sku) }] : [],
    );
  }

  /** Open offers of what is in the basket; one sale is under one of them. */
  get offers(): string[] {
    return Object.entries(this.#desk.state.offers).flatMap(([id, { open, sku, kind }]) =>
      open && kind !== 'perk' && this.quantity(sku) > 0 ? [id] : [],
    );
  }

  get offer(): string | null {
    if (this.chosenOffer === 'auto') return this.offers[0] ?? null;
    return this.offers.includes(this.chosenOffer) ? this.chosenOffer : null;
  }

  /** The price of the offer that this sale is under, else the list price; a tile shows what one tap would cost. */
  price(sku: string): number {
    const { offers, plan } = this.#desk.state;
    const list = plan?.products.find((product) => product.sku === sku)?.priceMinor ?? 0;
    if (this.quantity(sku) > 0) {
      const own = this.offer === null ? undefined : offers[this.offer];
      return own?.sku === sku ? own.priceMinor : list;
    }
    const first = Object.values(offers).find((one) => one.open && one.kind !== 'perk' && one.sku === sku);
    return this.chosenOffer === 'auto' && this.offer === null ? (first?.priceMinor ?? list) : list;
  }

  /** null: nothing typed; `bad`: typed, and no discount */
  get off(): Off | null | 'bad' {
    const { off, offKind } = this.more;
    if (off.trim() === '') return null;
    const percent = offKind === 'percent' ? readPercent(off) : null;
    const amountMinor = offKind === 'amount' ? readMoney(off, this.#desk.show.currencyDigits) : null;
    return percent !== null ? { percent } : amountMinor !== null ? { amountMinor } : 'bad';
  }

  get bill(): { offMinor: number; totalMinor: number; dueNowMinor: number } {
    const { plan, offers } = this.#desk.state;
    const offer = this.offer === null ? undefined : offers[this.offer];
    const off = this.off;
    return priceOf(
      this.lines.map(({ sku, quantity, unitMinor }) => ({
        quantity,
        unitMinor,
        taxRate: plan?.products.find((product) => product.sku === sku)?.taxRate ?? '0',
        depositMinor: offer?.kind === 'preorder' && offer.sku === sku ? offer.depositMinor : null,
      })),
      off === 'bad' ? null : off,
      plan?.taxMode ?? 'inclusive',
    );
  }

  get totalMinor(): number {
    return this.bill.totalMinor;
  }

  /** Cash to be paid: all of it, or its part of a split; rounded to coins when cash alone pays. */
  get cashMinor(): number | null {
    const due = this.bill.dueNowMinor;
    const step = this.#desk.state.settings['cashRoundingMinor'];
    if (this.tender === 'cash') return due + cashRounding(due, typeof step === 'number' ? step : 0);
    return this.tender === 'split' ? this.#amount(this.split.cash) : null;
  }

  get changeMinor(): number | null {
    const [given, cash] = [this.#amount(this.more.given), this.cashMinor];
    return given === null || cash === null || cash === 0 ? null : given - cash;
  }

  /** Still missing of a split; negative: too much. */
  get missingMinor(): number {
    const paid = TENDER_KINDS.reduce((sum, kind) => sum + (this.#amount(this.split[kind]) ?? 0), 0);
    return this.bill.dueNowMinor - paid;
  }

  get asksAge(): boolean {
    const { products = [] } = this.#desk.state.plan ?? {};
    return this.lines.some(({ sku }) => products.find((one) => one.sku === sku)?.flags.includes('age-check'));
  }

  quantity(sku: string): number {
    return this.#quantities.get(sku) ?? 0;
  }

  add(sku: string, by: number): void {
    this.#quantities.set(sku, Math.max(0, this.quantity(sku) + by));
    this.press.forget();
  }

  clear(): void {
    this.#quantities.clear();
    this.more = { ...NOTHING_ELSE };
    this.split = { cash: '', card: '', other: '' };
    this.chosenOffer = 'auto';
    if (this.tender === 'split') this.tender = 'card';
  }

  /** @returns what the hub booked, or null when it did not */
  async record(): Promise<Rung | null> {
    const reply = await this.press.send('record-sale', this.#body());
    if (!reply?.ok) return null;
    this.clear();
    const figure = (key: string): number | null => (typeof reply[key] === 'number' ? reply[key] : null);
    return {
      totalMinor: figure('totalMinor') ?? 0,
      changeMinor: figure('changeMinor'),
      dueMinor: figure('dueMinor'),
      pickupCode: typeof reply['pickupCode'] === 'string' ? reply['pickupCode'] : null,
    };
  }

  #body(): BodyOf<'record-sale'> {
    const { code, gateCode, signup, reason, later, ageChecked, given } = this.more;
    const [off, offer, givenMinor] = [this.off, this.offer, this.#amount(given)];
    const tenders = TENDER_KINDS.flatMap((kind) => {
      const amountMinor = this.#amount(this.split[kind]);
      return amountMinor ? [{ kind, amountMinor }] : [];
    });
    const ages = this.asksAge && ageChecked ? { ageChecked } : {};
    return {
      lines: this.lines.map(({ sku, quantity }) => ({ sku, quantity, ...ages })),
      channel: this.channel,
      tender: this.tender === 'split' ? tenders : this.tender,
      ...(offer === null ? {} : { offer }),
      ...(code.trim() === '' ? {} : { creatorCode: code.trim() }),
      ...(gateCode.trim() === '' ? {} : { code: gateCode.trim() }),
      ...(signup.trim() === '' ? {} : { signup: signup.trim() }),
      ...(off === null || off === 'bad' ? {} : { basketDiscount: off }),
      ...(reason.trim() === '' ? {} : { priceReason: reason.trim() }),
      ...(later ? { pickup: 'later' as const } : {}),
      ...(givenMinor === null || this.cashMinor === null ? {} : { givenMinor }),
    };
  }

  #amount(text: string): number | null {
    return readMoney(text, this.#desk.show.currencyDigits);
  }
}
