import type { TillView } from '../../../contract/floor-views.ts';
import type { Reply } from '../../../contract/commands.ts';
import { clockTime, money } from '../../lib/format.ts';
import { words } from '../i18n/words.ts';
import type { FloorConnection, Kept } from '../parts/connection.ts';
import { clockAt } from '../parts/cue-state.ts';
import { leftHere, priced, saleBody, soldLines, type BasketLine } from './basket.ts';
import { nextReceipt } from './receipts.ts';
import { readReceipt, readSales, writeReceipt, writeSales, type PastSale } from './remembered.ts';

/** own last sale, at the till (TIL-6) */
const UNDO_MS = 600_000;
/** a refusal that comes later than this belongs to a buyer who may have left: it goes to "Needs you" */
const STILL_HERE_MS = 10_000;

export type Tender = PastSale['tender'];
export type Notice = { tone: 'good' | 'bad' | 'plain'; text: string; receipt?: string; inHand?: string };

/**
 * One till. A sale is written down on this device before anything is sent and before anyone is told (TIL-2); the hub
 * has the last word on stock, and what it refuses stays with a person until it is settled.
 */
export class Till {
  readonly view: TillView = $derived.by(() => this.#connection.view as TillView);
  basket = $state.raw<readonly BasketLine[]>([]);
  /** true between the press and the moment the sale is durable here */
  saving = $state(false);
  notice = $state.raw<Notice | null>(null);
  /** the cash sale whose change is being counted; gone at the next tap */
  change = $state.raw<{ totalMinor: number } | null>(null);
  asksUndo = $state(false);
  /** newest first */
  past = $state.raw<readonly PastSale[]>([]);

  #connection: FloorConnection;

  constructor(connection: FloorConnection) {
    this.#connection = connection;
    this.past = readSales(this.view.till.id);
  }

  readonly lines = $derived.by(() => priced(this.basket, this.view.items));
  readonly totalMinor = $derived.by(() => this.lines.reduce((sum, line) => sum + line.totalMinor, 0));
  readonly count = $derived.by(() => this.lines.reduce((sum, line) => sum + line.quantity, 0));
  readonly left = $derived.by(() => leftHere(this.view.items, this.#connection.outbox));
  readonly #sales = $derived.by(() =>
    this.#connection.outbox.filter((kept) => kept.kind === 'record-sale' || kept.kind === 'void-sale'),
  );
  readonly unsent = $derived.by(() => this.#sales.filter((kept) => !kept.refusal).length);
  readonly refused = $derived.by(() => this.#sales.filter((kept) => kept.refusal));
  /** the last sales with what has become of them; a page that was reloaded learns it from the outbox */
  readonly recent = $derived.by(() =>
    this.past.map((sale) => {
      if (sale.state !== 'kept') return sale;
      const kept = this.#sales.find((one) => one.id === sale.id);
      return { ...sale, state: kept ? (kept.refusal ? 'refused' : 'kept') : 'safe' } as PastSale;
    }),
  );
  readonly open = $derived.by(() => this.view.show.phase === 'live');
  readonly cutOff = $derived.by(() => this.#connection.link !== 'live');

  money(minor: number): string {
    return money(
      minor,
      { currency: this.view.currency.code, digits: this.view.currency.digits },
      this.view.show.language,
    );
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
    const line = this.basket.find((one) => one.sku === sku);
    const left = this.left.get(sku) ?? 0;
    if (!line?.inHand && (line?.quantity ?? 0) >= left) {
      const text = this.cutOff
        ? words('till.leftHere', { n: left, name: item.name })
        : left === 0
          ? words('till.noneLeft', { name: item.name })
          : words('till.onlyLeft', { n: left, name: item.name });
      this.notice = { tone: 'bad', text, ...(this.cutOff ? { inHand: sku } : {}) };
      return;
    }
    this.#put({ sku, quantity: (line?.quantity ?? 0) + 1, inHand: line?.inHand ?? false });
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
    const { basket, lines, totalMinor } = this;
    const till = this.view.till.id;
    const at = clockAt(this.view, this.#connection.clock.hubNow());
    const { number, receipt } = nextReceipt(this.view, this.#connection.outbox, readReceipt(till));
    writeReceipt(till, number);
    const body = saleBody(lines, { tender, receipt, madeAt: new Date(at).toISOString(), offline: this.cutOff });
    this.saving = true;
    const sending = this.#connection.send('record-sale', body);
    try {
      await sending.kept;
    } catch {
      this.notice = { tone: 'bad', text: words('till.notKept') };
      void sending.reply.catch(() => undefined);
      return;
    } finally {
      this.saving = false;
    }
    const what = lines.map(({ item, quantity }) => (quantity > 1 ? `${item.name} ×${quantity}` : item.name)).join(', ');
    this.#remember([
      { id: sending.id, at, what, tender, totalMinor, receipt, saleId: null, state: 'kept' },
      ...this.past,
    ]);
    this.basket = [];
    this.change = tender === 'cash' ? { totalMinor } : null;
    this.notice = {
      tone: 'good',
      text: words('till.savedHere', { clock: this.clock(at, true), total: this.money(totalMinor) }),
      receipt,
    };
    const keptAt = performance.now();
    void sending.reply.then((reply) => this.#answered(sending.id, reply, basket, keptAt));
  }

  #answered(id: string, reply: Reply, basket: readonly BasketLine[], keptAt: number): void {
    const sale = this.past.find((one) => one.id === id);
    if (!sale) return;
    if (reply.ok) {
      this.#mark(id, { state: 'safe', saleId: String(reply['saleId']) });
      if (this.notice?.receipt === sale.receipt) {
        this.notice = {
          ...this.notice,
          text: words('till.safeOnHub', { clock: this.clock(sale.at, true), total: this.money(sale.totalMinor) }),
        };
      }
      return;
    }
    this.#mark(id, { state: 'refused' });
    // The buyer still stands here and nothing new was begun: the basket comes back as if the press had been refused.
    if (this.basket.length === 0 && performance.now() - keptAt < STILL_HERE_MS) {
      this.basket = basket;
      this.change = null;
      this.notice = { tone: 'bad', text: words('till.refused', { message: reply.refusal.message }) };
      void this.#connection.settle(id);
    }
  }

  askUndo(): void {
    this.#touched();
    const unsent = this.#sales.findLast((kept) => kept.kind === 'record-sale' && !kept.refusal);
    if (unsent?.tried) this.notice = { tone: 'plain', text: words('till.undoWaits') };
    else if (!unsent && !this.#inTime)
      this.notice = { tone: 'plain', text: words(this.view.last ? 'till.undoTooLate' : 'till.undoNothing') };
    else this.asksUndo = true;
  }

  /** What [Undo last sale] would undo: a sale that never left this device, else the hub's last one of this till. */
  readonly undoable = $derived.by(() => {
    const unsent = this.#sales.findLast((kept) => kept.kind === 'record-sale' && !kept.refusal && !kept.tried);
    if (unsent) {
      const sale = this.past.find((one) => one.id === unsent.id);
      return {
        kept: unsent.id,
        saleId: null,
        totalMinor: sale?.totalMinor ?? 0,
        at: Date.parse(unsent.madeAt),
        tender: sale?.tender ?? null,
      };
    }
    const { last } = this.view;
    if (!last) return null;
    const sale = this.past.find((one) => one.saleId === last.saleId);
    return {
      kept: null,
      saleId: last.saleId,
      totalMinor: last.totalMinor,
      at: Date.parse(last.at),
      tender: sale?.tender ?? null,
    };
  });

  get #inTime(): boolean {
    const last = this.undoable;
    return last !== null && clockAt(this.view, this.#connection.clock.hubNow()) - last.at <= UNDO_MS;
  }

  async undo(): Promise<void> {
    const last = this.undoable;
    this.#touched();
    if (!last) return;
    const total = this.money(last.totalMinor);
    const undone = {
      tone: 'good',
      text: words(last.tender === 'card' ? 'till.undoneCard' : 'till.undone', { total }),
    } as const;
    if (last.kept !== null) {
      await this.#connection.settle(last.kept);
      this.#mark(last.kept, { state: 'voided' });
      this.notice = undone;
      return;
    }
    const reply = await this.#connection.send('void-sale', { saleId: last.saleId, reason: 'undone at the till' }).reply;
    if (reply.ok) {
      const sale = this.past.find((one) => one.saleId === last.saleId);
      if (sale) this.#mark(sale.id, { state: 'voided' });
      this.notice = undone;
    } else {
      this.notice = { tone: 'bad', text: reply.refusal.message };
    }
  }

  /** "Goods are gone: book it": the same sale again, as one that has already happened. */
  async bookAnyway(kept: Kept): Promise<void> {
    const sale = this.past.find((one) => one.id === kept.id);
    const sending = this.#connection.send(kept.kind, {
      ...kept.body,
      madeAt: kept.body['madeAt'] ?? kept.madeAt,
      offline: true,
      beyondLease: true,
    });
    await sending.kept;
    await this.#connection.settle(kept.id);
    if (sale) {
      this.#remember([{ ...sale, id: sending.id, state: 'kept' }, ...this.past.filter((one) => one.id !== kept.id)]);
      void sending.reply.then((reply) => this.#answered(sending.id, reply, [], -Infinity));
    }
  }

  async backToBasket(kept: Kept): Promise<void> {
    this.#touched();
    for (const { sku, quantity } of soldLines(kept.body))
      this.#put({ sku, quantity: this.quantity(sku) + quantity, inHand: false });
    await this.#connection.settle(kept.id);
  }

  async drop(kept: Kept): Promise<void> {
    await this.#connection.settle(kept.id);
  }

  /** The next tap takes the last sentence, the change and an open question away. */
  #touched(): void {
    this.notice = null;
    this.change = null;
    this.asksUndo = false;
  }

  #put(line: BasketLine): void {
    const known = this.basket.some((one) => one.sku === line.sku);
    this.basket = known ? this.basket.map((one) => (one.sku === line.sku ? line : one)) : [...this.basket, line];
  }

  #mark(id: string, change: Partial<PastSale>): void {
    this.#remember(this.past.map((sale) => (sale.id === id ? { ...sale, ...change } : sale)));
  }

  #remember(sales: readonly PastSale[]): void {
    this.past = sales.slice(0, 20);
    writeSales(this.view.till.id, [...this.past]);
  }
}
