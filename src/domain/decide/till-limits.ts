import { granted } from '../approvals.ts';
import { times } from '../money.ts';
import { type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import type { Minor } from '../units.ts';
import type { Ask } from './ask.ts';
import type { Ringing, RungLine } from './ringing.ts';

/**
 * What a till may take off by itself (TIL-5, TIL-7). The price is the hub's; another price and any discount need a
 * reason or a code; more than a share of what the sale costs needs the producer's yes.
 */
export function tillRefusal(show: ShowState, ringing: Ringing, ask: Ask): (Decision & { ok: false }) | null {
  const { command, happened, lines, till } = ringing;
  if (ask.actor.role !== 'till' || happened) return null;
  const offMinor = lines.reduce((sum, line) => sum + below(line), 0);
  const changed = lines.findIndex(({ unitPriceMinor, priceMinor }) => unitPriceMinor !== priceMinor);
  if (offMinor === 0 && changed < 0) return null;
  if (command.priceReason === undefined && command.creatorCode === undefined && command.code === undefined) {
    const message = 'Another price or a discount needs a reason or a code.';
    return refuse('reason-required', message, { field: 'priceReason' });
  }
  if (offMinor <= 0) return null;
  const approval = granted(show.approvals, { approval: command.approval, till, what: ['discount', 'price'] }, ask.now);
  const limitMinor = Math.max(approval?.amountMinor ?? 0, mayTakeOff(lines, ask));
  const isCheaper = lines.some(({ unitPriceMinor, priceMinor }) => unitPriceMinor < priceMinor);
  if (offMinor <= limitMinor && (!isCheaper || approval)) return null;
  return isCheaper && !approval ? needsPrice(lines) : needsDiscount(ringing, limitMinor, ask);
}

function needsPrice(lines: readonly RungLine[]): Decision & { ok: false } {
  const i = lines.findIndex(({ unitPriceMinor, priceMinor }) => unitPriceMinor < priceMinor);
  const line = lines[i];
  const message = `${line?.name ?? 'This'}: a till cannot sell below the price. Ask the producer.`;
  return refuse('needs-approval', message, { field: `lines[${i}].unitPriceMinor`, priceMinor: line?.priceMinor ?? 0 });
}

function needsDiscount({ command, lines }: Ringing, limitMinor: Minor, ask: Ask): Decision & { ok: false } {
  const i = lines.findIndex((line) => below(line) > 0);
  const field = command.basketDiscount === undefined ? `lines[${i}].discountMinor` : 'basketDiscount';
  const message = `More than ${ask.rules.tillDiscountPercent} % off needs the producer's yes.`;
  return refuse('needs-approval', message, { field, limitMinor });
}

/** Money below what the plan asks; a dearer line saves nothing on another. */
function below(line: RungLine): Minor {
  const asked = times(line.priceMinor, line.quantity);
  return Math.max(0, asked - (times(line.unitPriceMinor, line.quantity) - line.discountMinor));
}

function mayTakeOff(lines: readonly RungLine[], ask: Ask): Minor {
  const costs = lines.reduce((sum, line) => sum + times(line.priceMinor, line.quantity), 0);
  return Math.floor((costs * ask.rules.tillDiscountPercent) / 100);
}
