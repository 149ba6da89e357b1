/** What a till remembers beside its outbox: small, nice to have, never the truth. A forbidden store costs only comfort. */
export interface PastSale {
  /** id of the command */
  id: string;
  /** clock time, epoch ms */
  at: number;
  what: string;
  tender: 'cash' | 'card' | 'other';
  totalMinor: number;
  receipt: string;
  saleId: string | null;
  state: 'kept' | 'safe' | 'refused' | 'voided';
}

export function readReceipt(till: string): number {
  return Number(read(`dropdesk.receipt.${till}`) ?? 0) || 0;
}
export function writeReceipt(till: string, number: number): void {
  write(`dropdesk.receipt.${till}`, String(number));
}

export function readSales(till: string): PastSale[] {
  try {
    return JSON.parse(read(`dropdesk.sales.${till}`) ?? '[]') as PastSale[];
  } catch {
    return [];
  }
}
export function writeSales(till: string, sales: PastSale[]): void {
  write(`dropdesk.sales.${till}`, JSON.stringify(sales));
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // See the top of this file.
  }
}
