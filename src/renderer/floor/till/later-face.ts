import type { TenderKind, TenderPart } from './bill.ts';

/** One press of a tender, or a split. */
export interface Payment {
  tender: TenderKind | readonly TenderPart[];
  givenMinor?: number;
}

/** What selling needs of the part of the page that is loaded later. */
export interface LaterFace {
  /** the next tap: open questions are gone */
  touched(): void;
  /** @returns the approvals of the bill's sales, or null when somebody has to be asked or a reason is missing */
  mayTakeOff(payment: Payment): (string | null)[] | null;
  /** @param sale id of the intent: its buyer may leave a contact now */
  sold(sale: string): void;
  askUndo(): void;
}
