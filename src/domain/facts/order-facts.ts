import type { Minor } from '../units.ts';
import type { OrderMark, SaleLine, Taken, Tender } from './sale-facts.ts';

/** One line of a sale as it now stands at its source, and the goods that this took or brought back. */
export interface AmendedLine {
  /** `taken` holds all that the line ever took, so what was brought back is not subtracted in it */
  now: SaleLine;
  key: string;
  taken: Taken[];
  restocked: Taken[];
}

/** What becomes of outside orders after they were booked as sales (§5), and of sales that two tell of (CON-10). */
export type OrderFact =
  /** An outside order has changed: what the sale now is, whole; only lines that changed or are new are named (§5). */
  | {
      kind: 'sale.amended';
      body: {
        saleId: string;
        lines: AmendedLine[];
        tenders: Tender[];
        tipMinor: Minor;
        shippingMinor: Minor;
        /** the card may still be declined, or no more; left out: as before */
        atRisk?: boolean;
        grossMinor: Minor;
        discountMinor: Minor;
        netMinor: Minor;
        taxMinor: Minor;
        totalMinor: Minor;
        by: string;
        source: string;
        order: OrderMark;
      };
    }
  /** A newer state of an outside order that changes nothing here; kept so that an older one stays older. */
  | { kind: 'order.seen'; body: { source: string; order: OrderMark } }
  /**
   * Not in any sum: another currency than the show's (MON-1), or sold in person and rung here as well (CON-10). Told again
   * when its total changes.
   */
  | {
      kind: 'order.set-apart';
      body: { source: string; currency: string; totalMinor: Minor; why: 'currency' | 'rung-here'; order: OrderMark };
    }
  /**
   * The outside order is a sale that is booked already. `rung-here`: a tender's ref says so (CON-10), and the sale stays
   * as it was rung; `same-id`: it was told as a single sale before; `same-order`: the vendor's other door (connector or
   * file) told it as `twin`. `keys`: by line, null where no line fits.
   */
  | {
      kind: 'order.joined';
      body: {
        source: string;
        saleId: string;
        why: 'rung-here' | 'same-id' | 'same-order';
        keys: (string | null)[];
        order: OrderMark;
        twin?: { source: string; account: string; orderId: string };
      };
    }
  /** A person has looked: two sales that look alike are two. `saleId`: told by a shop; `rung`: rung here. */
  | { kind: 'duplicate.dismissed'; body: { saleId: string; rung: string; note: string | null; by: string } };
