import type { Kept } from '../parts/connection.ts';
import type { TenderKind } from './bill.ts';

export interface PastSale {
  /** id of its command */
  id: string;
  /** clock time, epoch ms */
  at: number;
  what: string;
  skus: string[];
  tender: TenderKind | 'split';
  totalMinor: number;
  receipt: string;
  saleId: string | null;
  /** for the receipt; a sale that an older page kept has none */
  slip?: Slip;
  /** the hub's code for goods that are picked up later */
  pickupCode?: string;
  state: 'kept' | 'safe' | 'refused' | 'voided';
}

/** What a receipt says besides the sale's own line. No buyer is on it. */
export interface Slip {
  lines: { name: string; quantity: number; priceMinor: number; offMinor: number }[];
  tenders: { kind: TenderKind; amountMinor: number }[];
  taxMinor: number;
  tipMinor: number;
  dueLaterMinor: number;
  later: boolean;
}

const REMEMBERED = 20;

/**
 * The sales this till rang lately, and the highest receipt number it gave. Comfort, never the truth: that is the outbox
 * and the hub's ledger. A device whose storage is closed forgets them with the page.
 */
export class PastSales {
  /** newest first */
  list = $state.raw<readonly PastSale[]>([]);
  /** the tender of the last sale: what Enter pays by */
  usual = $state<TenderKind>('card');
  #till: string;
  #lastNumber: number;

  constructor(till: string) {
    this.#till = till;
    const { sales, lastNumber, usual } = read(till);
    this.list = sales;
    this.usual = usual;
    this.#lastNumber = lastNumber;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  numberGiven(number: number): void {
    this.#lastNumber = number;
    this.#write();
  }

  usualIs(tender: TenderKind): void {
    this.usual = tender;
  }

  add(...sales: PastSale[]): void {
    this.list = [...sales.toReversed(), ...this.list].slice(0, REMEMBERED);
    this.#write();
  }

  mark(id: string, change: Partial<PastSale>): void {
    this.list = this.list.map((sale) => (sale.id === id ? { ...sale, ...change } : sale));
    this.#write();
  }

  find(id: string): PastSale | undefined {
    return this.list.find((sale) => sale.id === id);
  }
  findSale(saleId: string): PastSale | undefined {
    return this.list.find((sale) => sale.saleId === saleId);
  }

  /** With what has become of each: after a reload only the outbox knows. */
  shown(outbox: readonly Kept[]): PastSale[] {
    return this.list.map((sale) => {
      if (sale.state !== 'kept') return sale;
      const kept = outbox.find(({ id }) => id === sale.id);
      return { ...sale, state: kept ? (kept.refusal ? 'refused' : 'kept') : 'safe' };
    });
  }

  #write(): void {
    try {
      localStorage.setItem(
        key(this.#till),
        JSON.stringify({ sales: this.list, lastNumber: this.#lastNumber, usual: this.usual }),
      );
    } catch {
      // See the top of this class.
    }
  }
}

function read(till: string): { sales: PastSale[]; lastNumber: number; usual: TenderKind } {
  const nothing = { sales: [], lastNumber: 0, usual: 'card' as const };
  try {
    return { ...nothing, ...(JSON.parse(localStorage.getItem(key(till)) ?? '{}') as object) };
  } catch {
    return nothing;
  }
}

const key = (till: string): string => `dropdesk.till.${till}`;
