import type { Kept } from '../parts/connection.ts';

export interface PastSale {
  /** id of its command */
  id: string;
  /** clock time, epoch ms */
  at: number;
  what: string;
  skus: string[];
  tender: 'cash' | 'card' | 'other';
  totalMinor: number;
  receipt: string;
  saleId: string | null;
  state: 'kept' | 'safe' | 'refused' | 'voided';
}

const REMEMBERED = 20;

/**
 * The sales this till rang lately, and the highest receipt number it gave. Comfort, never the truth: that is the outbox
 * and the hub's ledger. A device whose storage is closed forgets them with the page.
 */
export class PastSales {
  /** newest first */
  list = $state.raw<readonly PastSale[]>([]);
  #till: string;
  #lastNumber: number;

  constructor(till: string) {
    this.#till = till;
    const { sales, lastNumber } = read(till);
    this.list = sales;
    this.#lastNumber = lastNumber;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  numberGiven(number: number): void {
    this.#lastNumber = number;
    this.#write();
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
      localStorage.setItem(key(this.#till), JSON.stringify({ sales: this.list, lastNumber: this.#lastNumber }));
    } catch {
      // See the top of this class.
    }
  }
}

function read(till: string): { sales: PastSale[]; lastNumber: number } {
  const nothing = { sales: [], lastNumber: 0 };
  try {
    return { ...nothing, ...(JSON.parse(localStorage.getItem(key(till)) ?? '{}') as object) };
  } catch {
    return nothing;
  }
}

const key = (till: string): string => `dropdesk.till.${till}`;
