import type { Reply } from '../../../contract/commands.ts';
import type { TillItem, TillView } from '../../../contract/floor-views.ts';
import { toIso } from '../../../domain/units.ts';
import { clockTime, money } from '../../lib/format.ts';
import { words } from '../i18n/till-words.ts';
import type { FloorConnection, Sending } from '../parts/connection.ts';
import { clockAt } from '../parts/cue-state.ts';
import { type BasketLine, leftHere, priced } from './basket.ts';
import {
  type BillPart,
  billOf,
  cashDue,
  type Extras,
  NO_EXTRAS,
  saleBody,
  tendersOf,
  type TenderKind,
  type TenderPart,
} from './bill.ts';
import type { LaterFace, Payment } from './later-face.ts';
import { PastSales, type PastSale } from './past-sales.svelte.ts';
import { nextReceipt } from './receipts.ts';
import { slipOf, whatOf } from './slip.ts';

/** a refusal that comes later than this belongs to a buyer who may have left: it goes to "Needs you" */
const STILL_HERE_MS = 10_000;
/** what a person must not lose sight of until the hub has it */
const MONEY = new Set(['record-sale', 'void-sale', 'open-drawer', 'pay-in', 'pay-out']);

export interface Notice {
  tone: 'good' | 'bad' | 'plain';
  text: string;
  receipt?: string;
  pickupCode?: string;
  /** the sale of the receipt, for [Show receipt] */
  sale?: string;
  /** sku that the seller may hold although the count says none is left */
  inHand?: string;
}

/**
 * One till. A sale is written down on this device before anything is sent and before anyone is told (TIL-2); the hub
 * has the last word on stock, and what it refuses stays with a person until it is settled.
 */
export class Till {
  basket = $state.raw<readonly BasketLine[]>([]);
  extras = $state.raw<Extras>(NO_EXTRAS);
  /** true between the press and the moment the sale is durable here */
  saving = $state(false);
  notice = $state.raw<Notice | null>(null);
  /** the cash sale whose change is being counted; gone at the next tap */
  change = $state.raw<{ totalMinor: number } | null>(null);
  /** what a till does besides selling; null until that part of the page is loaded */
  later = $state.raw<LaterFace | null>(null);
  readonly past: PastSales;
  readonly connection: FloorConnection;

  constructor(connection: FloorConnection) {
    this.connection = connection;
    this.past = new PastSales(this.view.till.id);
  }

  readonly view = $derived.by(() => this.connection.view as TillView);
  get open(): boolean {
    return this.view.show.phase === 'live';
  }
  get cutOff(): boolean {
    return this.connection.link !== 'live';
  }
  readonly lines = $derived.by(() => priced(this.basket, this.view.items, this.view.offers));
  readonly bill = $derived.by(() => billOf(this.lines, this.extras, this.view));
  get count(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0);
  }
  readonly left = $derived.by(() => leftHere(this.view.items, this.connection.outbox, this.cutOff));
  readonly recent = $derived.by(() => this.past.shown(this.connection.outbox));
  /** sales, what takes them back and cash, as far as the hub has not accepted them */
  readonly kept = $derived.by(() => this.connection.outbox.filter(({ kind }) => MONEY.has(kind)));
  get unsent(): number {
    return this.kept.filter(({ refusal }) => !refusal).length;
  }
  readonly refused = $derived.by(() => this.kept.filter(({ refusal }) => refusal));
  /** the first line whose buyer's age nobody has looked at */
  readonly ageOpen = $derived.by(() =>
    this.lines.find(({ item, ageChecked }) => item.notes?.includes('age-check') && !ageChecked),
  );

  money(minor: number): string {
    const { code, digits } = this.view.currency;
    return money(minor, { currency: code, digits }, this.view.show.language);
  }
  clock(at: number | string, seconds = false): string {
    return clockTime(at, this.view.show.timeZone, seconds);
  }
  quantity(sku: string): number {
    return this.basket.find((line) => line.sku === sku)?.quantity ?? 0;
  }
  say(tone: Notice['tone'], text: string, more: Partial<Notice> = {}): void {
    this.notice = { tone, text, ...more };
  }

  add(sku: string): void {
    this.touched();
    const item = this.view.items.find((one) => one.sku === sku);
    if (!item) return;
    const line = this.basket.find((one) => one.sku === sku) ?? { sku, quantity: 0 };
    const left = this.left.get(sku) ?? 0;
    if (line.inHand || line.quantity < left) return this.put({ ...line, quantity: line.quantity + 1 });
    if (this.cutOff) return this.say('bad', words('till.leftHere', { n: left, name: item.name }), { inHand: sku });
    this.say('bad', this.#noneLeft(item, left));
  }

  /** "I have it in my hand": only offered while the hub cannot be asked. */
  addInHand(sku: string): void {
    this.touched();
    this.put({ ...this.basket.find((one) => one.sku === sku), sku, quantity: this.quantity(sku) + 1, inHand: true });
  }

  less(sku: string): void {
    this.touched();
    const line = this.basket.find((one) => one.sku === sku);
    if (line) this.put({ ...line, quantity: line.quantity - 1 });
  }

  confirmAge(sku: string): void {
    this.basket = this.basket.map((line) => (line.sku === sku ? { ...line, ageChecked: true } : line));
  }

  /** Replaces the line of its sku; one of no units goes. */
  put(line: BasketLine): void {
    const isKnown = this.basket.some(({ sku }) => sku === line.sku);
    const all = isKnown ? this.basket.map((one) => (one.sku === line.sku ? line : one)) : [...this.basket, line];
    this.basket = all.filter(({ quantity }) => quantity > 0);
  }

  /** @param tender one kind for the whole, or a split that adds up */
  async sell(tender: Payment['tender'], givenMinor?: number): Promise<void> {
    if (this.saving || this.lines.length === 0 || !this.open) return;
    this.touched();
    const payment = { tender, ...(givenMinor === undefined ? {} : { givenMinor }) };
    // A discount is given in a sheet, so what judges it is loaded by then.
    const approvals = this.bill.offMinor > 0 ? (this.later?.mayTakeOff(payment) ?? null) : [];
    if (!approvals || this.ageOpen) return;
    const { basket, bill, extras } = this;
    const at = this.now();
    this.saving = true;
    try {
      const tenders = tendersOf(bill, tender);
      const sales = bill.parts.map((part, i) =>
        this.#ring(part, { ...payment, tender: tenders[i] ?? 'other', approval: approvals[i] ?? null, at, i }),
      );
      await Promise.all(sales.map(({ sending }) => sending.kept));
      if (typeof tender === 'string') this.past.usualIs(tender);
      this.past.add(...sales.map(({ sale }) => sale));
      this.basket = [];
      this.extras = NO_EXTRAS;
      const paid = tender === 'cash' ? cashDue(bill, this.view.rules.cashStepMinor) : bill.dueMinor;
      this.change = tender === 'cash' ? { totalMinor: paid } : null;
      const text = words('till.savedHere', { clock: this.clock(at, true), total: this.money(paid) });
      const receipt = sales.map(({ sale }) => sale.receipt).join(', ');
      const first = sales[0]?.sale.id ?? '';
      this.say('good', text, { receipt, sale: first });
      this.later?.sold(first);
      const keptAt = performance.now();
      for (const { sending, sale } of sales) {
        const own = basket.filter((line) => sale.skus.includes(line.sku));
        void sending.reply.then((reply) => this.answered(sale.id, reply, { basket: own, extras, keptAt }));
      }
    } catch {
      this.say('bad', words('till.notKept'));
    } finally {
      this.saving = false;
    }
  }

  /** Clock time W, epoch ms. */
  now(): number {
    return clockAt(this.view, this.connection.clock.hubNow());
  }

  /** The next tap takes the last sentence, the change and an open question away. */
  touched(): void {
    this.notice = null;
    this.change = null;
    this.later?.touched();
  }

  #noneLeft({ name, elsewhere = [] }: TillItem, left: number): string {
    const other = elsewhere[0];
    if (left === 0 && other) return words('till.leasedTo', { name, n: other.units, till: other.till });
    return words(left === 0 ? 'till.noneLeft' : 'till.onlyLeft', { n: left, name });
  }

  /** Writes one sale down and sends it. */
  #ring(part: BillPart, { tender, givenMinor, approval, at, i }: RingOf): { sending: Sending; sale: PastSale } {
    const { number, receipt } = nextReceipt(this.view, this.connection.outbox, this.past.lastNumber);
    this.past.numberGiven(number);
    // A code that serves once goes with the sale of the gated offer, else with the first.
    const gated = this.bill.parts.findIndex(({ offer }) =>
      this.view.offers.some(({ id, gate }) => id === offer && gate),
    );
    const extras = i === Math.max(0, gated) ? this.extras : { ...this.extras, code: '' };
    const body = saleBody(part, {
      extras,
      tender,
      receipt,
      madeAt: toIso(at),
      offline: this.cutOff,
      ...(approval === null ? {} : { approval }),
      ...(givenMinor === undefined ? {} : { givenMinor }),
    });
    const sending = this.connection.send('record-sale', body);
    const { cashStepMinor } = this.view.rules;
    const slip = slipOf(part, { tender, cashStepMinor, later: body['pickup'] === 'later' });
    const paidMinor = slip.tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const kind: PastSale['tender'] =
      typeof tender === 'string' ? tender : (tender.length === 1 && tender[0]?.kind) || 'split';
    const known = { id: sending.id, at, what: whatOf(part), tender: kind, totalMinor: paidMinor, receipt, slip };
    return { sending, sale: { ...known, skus: part.lines.map(({ sku }) => sku), saleId: null, state: 'kept' } };
  }

  /** The hub has spoken about a sale. @param was what was pressed, to be put back when the buyer still stands here */
  answered(id: string, reply: Reply, was: { basket: readonly BasketLine[]; extras: Extras; keptAt: number }): void {
    if (reply.ok) {
      const code = reply['pickupCode'];
      const pickup = typeof code === 'string' ? { pickupCode: code } : {};
      this.past.mark(id, { state: 'safe', saleId: String(reply['saleId']), ...pickup });
      this.#sayWhenSafe(id);
      return;
    }
    this.past.mark(id, { state: 'refused' });
    // The buyer still stands here and nothing new was begun: the basket comes back as if the press had been refused.
    if (this.basket.length === 0 && performance.now() - was.keptAt < STILL_HERE_MS) {
      this.touched();
      this.basket = was.basket;
      this.extras = was.extras;
      this.say('bad', words('till.refused', { message: reply.refusal.message }));
      void this.connection.settle(id);
    }
  }

  /** "Saved here" becomes "safe on the hub" once every sale of that press is. */
  #sayWhenSafe(id: string): void {
    const sale = this.past.find(id);
    if (!sale || !this.notice?.receipt?.includes(sale.receipt)) return;
    const press = this.past.list.filter(({ at }) => at === sale.at);
    if (press.some(({ state }) => state !== 'safe')) return;
    const total = this.money(press.reduce((sum, { totalMinor }) => sum + totalMinor, 0));
    const text = words('till.safeOnHub', { clock: this.clock(sale.at, true), total });
    const pickupCode = press.find((one) => one.pickupCode)?.pickupCode;
    this.notice = { ...this.notice, text, ...(pickupCode === undefined ? {} : { pickupCode }) };
  }
}

interface RingOf {
  tender: TenderKind | TenderPart[];
  givenMinor?: number;
  approval: string | null;
  at: number;
  /** which sale of the bill */
  i: number;
}
