import type { Fact } from './ledger.ts';

/** A polite no: a value, never an exception. Extra keys say the number that would have worked (`available`, `faults`). */
export interface Refusal {
  code: string;
  message: string;
  field?: string;
  [detail: string]: unknown;
}

/** What deciding yields. A refusal may carry facts too: missed demand is worth keeping. */
export type Decision =
  { ok: true; facts: Fact[]; reply?: Record<string, unknown> } | { ok: false; refusal: Refusal; facts?: Fact[] };

export function refuse(code: string, message: string, detail: Record<string, unknown> = {}): Decision & { ok: false } {
  return { ok: false, refusal: { code, message, ...detail } };
}

export function accept(facts: Fact[], reply: Record<string, unknown> = {}): Decision & { ok: true } {
  return { ok: true, facts, reply };
}
