import { cashOf } from '../drawers.ts';
import type { SaleLine, Tender } from '../facts/sale-facts.ts';
import { type TaxMode, formatMinor, times } from '../money.ts';
import type { Offer } from '../plan.ts';
import { type Decision, refuse } from '../refusal.ts';
import { type Payment, paymentOf, tenderSum } from '../sale-pricing.ts';
import type { Minor } from '../units.ts';
import type { Ask } from './ask.ts';
import type { Ringing } from './ringing.ts';

/** How a sale is paid now, or why that does not add up. @param dueNowMinor total less what is due later */
export function takePayment(
  { command, plan, happened }: Ringing,
  dueNowMinor: Minor,
  ask: Ask,
): Payment | (Decision & { ok: false }) {
  const { cashRoundingMinor: stepMinor } = ask.rules;
  const payment = paymentOf(command.tender, { dueNowMinor, stepMinor, mayBeUnrounded: happened });
  if (!payment) return tenderMismatch(command.tender as Tender[], dueNowMinor, plan.show.currency);
  const cash = cashOf(payment.tenders);
  if (command.givenMinor === undefined || command.givenMinor >= cash || happened) return payment;
  const missing = formatMinor(cash - command.givenMinor, plan.show.currency);
  return refuse('tender-mismatch', `${missing} of the cash is still missing.`, {
    field: 'givenMinor',
    cashMinor: cash,
  });
}

/** What a preorder with a deposit leaves to be paid when the goods are handed over (OFR-4). */
export function dueLater({ kind, depositMinor }: Offer, lines: readonly SaleLine[], mode: TaxMode): Minor {
  if (kind !== 'preorder' || depositMinor === null) return 0;
  return lines.reduce((sum, line) => {
    if (line.offer === null) return sum;
    const costs = line.netMinor + (mode === 'exclusive' ? line.taxMinor : 0);
    return sum + Math.max(0, costs - times(depositMinor, line.quantity));
  }, 0);
}

function tenderMismatch(tenders: readonly Tender[], totalMinor: number, currency: string): Decision & { ok: false } {
  const paidMinor = tenderSum(tenders);
  const differenceMinor = totalMinor - paidMinor;
  const word = differenceMinor > 0 ? 'short of' : 'more than';
  const message = `The tenders are ${formatMinor(Math.abs(differenceMinor), currency)} ${word} the total of ${formatMinor(totalMinor, currency)}.`;
  return refuse('tender-mismatch', message, { field: 'tender', totalMinor, paidMinor, differenceMinor });
}
