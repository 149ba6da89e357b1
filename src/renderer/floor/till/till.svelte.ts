import type { Reply } from '../../../contract/commands.ts';
import type { TillView } from '../../../contract/floor-views.ts';
import { toIso } from '../../../domain/units.ts';
import { clockTime, money } from '../../lib/format.ts';
import { words } from '../i18n/words.ts';
import type { FloorConnection, Kept, Sending } from '../parts/connection.ts';
import { clockAt } from '../parts/cue-state.ts';
import { bySale, leftHere, priced, saleBody, soldLines, type BasketLine, type PricedLine } from './basket.ts';
import { PastSales, type PastSale } from './past-sales.svelte.ts';
import { nextReceipt } from './receipts.ts';

/** own last sale, at the till (TIL-6) */
const UNDO_MS = 600_000;
/** a refusal that comes later than this belongs to a buyer who may have left: it goes to "Needs you" */
const STILL_HERE_MS = 10_000;

export type Tender = PastSale['tender'];
export interface Notice {
  tone: 'good' | 'bad' | 'plain';
  text: string;
  receipt?: string;
  /** sku that the seller may hold although the count says none is left */
  inHand?: string;
}

/**
 * One till. A sale is written down on this device before anything is sent and before anyone is told (TIL-2); the hub
 * has the last word on stock, and what it refuses stays with a person until it is settled.
 */
export class Till {
  basket = $state.raw<readonly BasketLine[]>([]);
  /** true between the press and the moment the sale is durable here */
  saving = $state(false);
  notice = $state.raw<Notice | null>(null);
  /** the cash sale whose change is being counted; gone at the next tap */
  change = $state.raw<{ totalMinor: number } | null>(null);
  asksUndo = $state(false);

  #connection: FloorConnection;
  #past: PastSales;

  constructor(connection: FloorConnection) {
    this.#connection = connection;
    this.#past = new PastSales(this.view.till.id);
  }

  readonly view = $derived.by(() => this.#connection.view as TillView);
  readonly open = $derived.by(() => this.view.show.phase === 'live');
  readonly cutOff = $derived.by(() => this.#connection.link !== 'live');
  readonly lines = $derived.by(() => priced(this.basket, this.view.items));
  readonly totalMinor = $derived.by(() => this.lines.reduce((sum, line) => sum + line.totalMinor, 0));
  readonly count = $derived.by(() => this.lines.reduce((sum, line) => sum + line.quantity, 0));
  readonly left = $derived.by(() => leftHere(this.view.items, this.#connection.outbox));
  readonly recent = $derived.by(() => this.#past.shown(this.#connection.outbox));
  readonly #kept = $derived.by(() =>
    this.#connection.outbox.filter(({ kind }) => kind === 'record-sale' || kind === 'void-sale'),
  );
  readonly unsent = $derived.by(() => this.#kept.filter(({ refusal }) => !refusal).length);
  readonly refused = $derived.by(() => this.#kept.filter(({ refusal }) => refusal));

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

  add(sku: string): void {
    this.#touched();
    const item = this.view.items.find((one) => one.sku === sku);
    if (!item) return;
    const line = this.basket.find((one) => one.sku === sku) ?? { sku, quantity: 0, inHand: false };
    const left = this.left.get(sku) ?? 0;
    if (line.inHand || line.quantity < left) this.#put({ ...line, quantity: line.quantity + 1 });
    else if (this.cutOff)
      this.notice = { tone: 'bad', text: words('till.leftHere', { n: left, name: item.name }), inHand: sku };
    else
      this.notice = {
        tone: 'bad',
        text: words(left === 0 ? 'till.noneLeft' : 'till.onlyLeft', { n: left, name: item.name }),
      };
  }

  /** "I have it in my hand": only offered while the hub cannot be asked. */
  addInHand(sku: string): void {
    this.#touched();
    this.#put({ sku, quantity: this.quantity(sku) + 1, inHand: true });
  }

  less(sku: string): void {
    this.#touched();
    const line = this.basket.find((one) => one.sku === sku);
    if (!line) return;
    if (line.quantity > 1) this.#put({ ...line, quantity: line.quantity - 1 });
    else this.basket = this.basket.filter((one) => one.sku !== sku);
  }

  async sell(tender: Tender): Promise<void> {
    if (this.saving || this.lines.length === 0) return;
    this.#touched();
    const { basket, totalMinor } = this;
    const at = this.#now();
    this.saving = true;
    try {
      const sales = bySale(this.lines).map((lines) => this.#ring(lines, tender, at));
      await Promise.all(sales.map(({ sending }) => sending.kept));
      this.#past.add(...sales.map(({ sale }) => sale));
      this.basket = [];
      this.change = tender === 'cash' ? { totalMinor } : null;
      const text = words('till.savedHere', { clock: this.clock(at, true), total: this.money(totalMinor) });
      this.notice = { tone: 'good', text, receipt: sales.map(({ sale }) => sale.receipt).join(', ') };
      const keptAt = performance.now();
      for (const { sending, sale } of sales) {
        const own = basket.filter((line) => sale.skus.includes(line.sku));
        void sending.reply.then((reply) => this.#answered(sale.id, reply, own, keptAt));
      }
    } catch {
      this.notice = { tone: 'bad', text: words('till.notKept') };
    } finally {
      this.saving = false;
    }
  }

  /** Writes one sale down and sends it. */
  #ring(lines: PricedLine[], tender: Tender, at: number): { sending: Sending; sale: PastSale } {
    const { number, receipt } = nextReceipt(this.view, this.#connection.outbox, this.#past.lastNumber);
    this.#past.numberGiven(number);
    const made = { tender, receipt, madeAt: toIso(at), offline: this.cutOff };
    const sending = this.#connection.send('record-sale', saleBody(lines, made));
    const what = lines.map(({ item, quantity }) => (quantity > 1 ? `${item.name} ×${quantity}` : item.name)).join(', ');
    const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
    const skus = lines.map((line) => line.sku);
    return {
      sending,
      sale: { id: sending.id, at, what, skus, tender, totalMinor, receipt, saleId: null, state: 'kept' },
    };
  }

  #answered(id: string, reply: Reply, basket: readonly BasketLine[], keptAt: number): void {
    if (reply.ok) {
      this.#past.mark(id, { state: 'safe', saleId: String(reply['saleId']) });
      this.#sayWhenSafe(id);
      return;
    }
    this.#past.mark(id, { state: 'refused' });
    // The buyer still stands here and nothing new was begun: the basket comes back as if the press had been refused.
    if (this.basket.length === 0 && performance.now() - keptAt < STILL_HERE_MS) {
      this.basket = basket;
      this.change = null;
      this.notice = { tone: 'bad', text: words('till.refused', { message: reply.refusal.message }) };
      void this.#connection.settle(id);
    }
  }

  /** "Saved here" becomes "safe on the hub" once every sale of that press is. */
  #sayWhenSafe(id: string): void {
    const sale = this.#past.find(id);
    if (!sale || !this.notice?.receipt?.includes(sale.receipt)) return;
    const press = this.#past.list.filter(({ at }) => at === sale.at);
    if (press.some(({ state }) => state !== 'safe')) return;
    const total = this.money(press.reduce((sum, { totalMinor }) => sum + totalMinor, 0));
    this.notice = { ...this.notice, text: words('till.safeOnHub', { clock: this.clock(sale.at, true), total }) };
  }

  /** What [Undo last sale] would undo: a sale that never left this device, else the hub's last one of this till. */
  readonly undoable = $derived.by(() => {
    const unsent = this.#kept.findLast(({ kind, refusal, tried }) => kind === 'record-sale' && !refusal && !tried);
    const sale = unsent ? this.#past.find(unsent.id) : undefined;
    if (unsent)
      return {
        kept: unsent.id,
        saleId: null,
        totalMinor: sale?.totalMinor ?? 0,
        at: Date.parse(unsent.madeAt),
        tender: sale?.tender,
      };
    const { last } = this.view;
    if (!last) return null;
    return {
      kept: null,
      saleId: last.saleId,
      totalMinor: last.totalMinor,
      at: Date.parse(last.at),
      tender: this.#past.findSale(last.saleId)?.tender,
    };
  });

  askUndo(): void {
    this.#touched();
    const unsent = this.#kept.findLast(({ kind, refusal }) => kind === 'record-sale' && !refusal);
    const last = this.undoable;
    if (unsent?.tried || (this.cutOff && last?.kept === null))
      this.notice = { tone: 'plain', text: words('till.undoWaits') };
    else if (!last) this.notice = { tone: 'plain', text: words('till.undoNothing') };
    else if (this.#now() - last.at > UNDO_MS) this.notice = { tone: 'plain', text: words('till.undoTooLate') };
    else this.asksUndo = true;
  }

  async undo(): Promise<void> {
    const last = this.undoable;
    this.#touched();
    if (!last) return;
    if (last.kept !== null) {
      await this.#connection.settle(last.kept);
      this.#past.mark(last.kept, { state: 'voided' });
    } else {
      const { id, reply } = this.#connection.send('void-sale', { saleId: last.saleId, reason: 'undone at the till' });
      const answer = await reply;
      if (!answer.ok) {
        this.notice = { tone: 'bad', text: answer.refusal.message };
        return this.#connection.settle(id);
      }
      const sale = this.#past.findSale(last.saleId);
      if (sale) this.#past.mark(sale.id, { state: 'voided' });
    }
    const total = this.money(last.totalMinor);
    this.notice = { tone: 'good', text: words(last.tender === 'card' ? 'till.undoneCard' : 'till.undone', { total }) };
  }

  /** "Goods are gone: book it": the same sale again under a new id, as one that has already happened. */
  async bookAnyway(kept: Kept): Promise<void> {
    const sending = this.#connection.send(kept.kind, { ...kept.body, offline: true, beyondLease: true });
    await sending.kept;
    await this.#connection.settle(kept.id);
    this.#past.mark(kept.id, { id: sending.id, state: 'kept' });
    void sending.reply.then((reply) => this.#answered(sending.id, reply, [], -Infinity));
  }

  async backToBasket(kept: Kept): Promise<void> {
    this.#touched();
    for (const { sku, quantity } of soldLines(kept.body))
      this.#put({ sku, quantity: this.quantity(sku) + quantity, inHand: false });
    await this.#connection.settle(kept.id);
  }

  drop(kept: Kept): Promise<void> {
    return this.#connection.settle(kept.id);
  }

  /** Clock time W, epoch ms. */
  #now(): number {
    return clockAt(this.view, this.#connection.clock.hubNow());
  }

  /** The next tap takes the last sentence, the change and an open question away. */
  #touched(): void {
    this.notice = null;
    this.change = null;
    this.asksUndo = false;
  }

  #put(line: BasketLine): void {
    const isKnown = this.basket.some(({ sku }) => sku === line.sku);
    this.basket = isKnown ? this.basket.map((one) => (one.sku === line.sku ? line : one)) : [...this.basket, line];
  }
}
