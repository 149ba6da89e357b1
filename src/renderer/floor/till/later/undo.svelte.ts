import { words } from '../../i18n/till-later-words.ts';
import type { FloorConnection } from '../../parts/connection.ts';
import type { PastSales } from '../past-sales.svelte.ts';
import type { Till } from '../till.svelte.ts';

/** own last sale, at the till (TIL-6) */
const UNDO_MS = 600_000;

/** [Undo last sale]: asks once, then takes back what never left this device, else voids on the hub. */
export class Undo {
  asks = $state(false);
  readonly #till: Till;
  readonly #connection: FloorConnection;
  readonly #past: PastSales;

  constructor(till: Till, connection: FloorConnection, past: PastSales) {
    this.#till = till;
    this.#connection = connection;
    this.#past = past;
  }

  /** A sale that never left this device, else the hub's last one of this till. */
  readonly what = $derived.by(() => {
    const unsent = this.#till.kept.findLast(({ kind, refusal, tried }) => kind === 'record-sale' && !refusal && !tried);
    const sale = unsent ? this.#past.find(unsent.id) : undefined;
    if (unsent)
      return {
        kept: unsent.id,
        saleId: null,
        totalMinor: sale?.totalMinor ?? 0,
        at: Date.parse(unsent.madeAt),
        tender: sale?.tender,
      };
    const { last } = this.#till.view;
    if (!last) return null;
    return {
      kept: null,
      saleId: last.saleId,
      totalMinor: last.totalMinor,
      at: Date.parse(last.at),
      tender: this.#past.findSale(last.saleId)?.tender,
    };
  });

  ask(): void {
    const till = this.#till;
    till.touched();
    const unsent = till.kept.findLast(({ kind, refusal }) => kind === 'record-sale' && !refusal);
    const last = this.what;
    if (unsent?.tried || (till.cutOff && last?.kept === null)) till.say('plain', words('till.undoWaits'));
    else if (!last) till.say('plain', words('till.undoNothing'));
    else if (till.now() - last.at > UNDO_MS) till.say('plain', words('till.undoTooLate'));
    else this.asks = true;
  }

  async carryOut(): Promise<void> {
    const last = this.what;
    this.#till.touched();
    if (!last) return;
    if (last.kept !== null) {
      await this.#connection.settle(last.kept);
      this.#past.mark(last.kept, { state: 'voided' });
    } else {
      const { id, reply } = this.#connection.send('void-sale', { saleId: last.saleId, reason: 'undone at the till' });
      const answer = await reply;
      if (!answer.ok) {
        this.#till.say('bad', answer.refusal.message);
        return this.#connection.settle(id);
      }
      const sale = this.#past.findSale(last.saleId);
      if (sale) this.#past.mark(sale.id, { state: 'voided' });
    }
    const total = this.#till.money(last.totalMinor);
    this.#till.say('good', words(isOnTerminal(last.tender) ? 'till.undoneCard' : 'till.undone', { total }));
  }
}

function isOnTerminal(tender: string | undefined): boolean {
  return tender === 'card' || tender === 'split';
}
