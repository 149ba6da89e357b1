import { type Approval, granted } from '../approvals.ts';
import { isCreatorCode } from '../attribution.ts';
import { isCodeOf } from '../gate-codes.ts';
import { times } from '../money.ts';
import { type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import type { Minor } from '../units.ts';
import type { Ask } from './ask.ts';
import { soldTime } from './crediting.ts';
import type { Ringing, RungLine } from './ringing.ts';

/**
 * What a till may take off by itself (TIL-5, TIL-7). The price is the hub's; another price and any discount need a
 * reason or a code; more than a share of what the sale costs needs the producer's yes. Only what was sold while cut off
 * is past asking; money that was taken is no leave to have taken less of it.
 */
export function tillRefusal(show: ShowState, ringing: Ringing, ask: Ask): (Decision & { ok: false }) | null {
  const { command, lines } = ringing;
  if (ask.actor.role !== 'till' || command.offline === true) return null;
  const offMinor = lines.reduce((sum, line) => sum + below(line), 0);
  const changed = lines.findIndex(({ unitPriceMinor, priceMinor }) => unitPriceMinor !== priceMinor);
  if (offMinor === 0 && changed < 0) return null;
  if (command.priceReason === undefined && !hasCode(ringing)) {
    const message = 'Another price or a discount needs a reason, or the code that it is for.';
    return refuse('reason-required', message, { field: 'priceReason' });
  }
  if (offMinor <= 0) return null;
  const approval = approvalOf(show, ringing, ask);
  const limitMinor = Math.max(approval?.amountMinor ?? 0, mayTakeOff(lines, ask));
  const isCheaper = lines.some(({ unitPriceMinor, priceMinor }) => unitPriceMinor < priceMinor);
  if (offMinor <= limitMinor && (!isCheaper || approval)) return null;
  return isCheaper && !approval ? needsPrice(lines) : needsDiscount(ringing, limitMinor, ask);
}

/**
 * The producer's yes that this sale uses: to its till, held when it was sold, and for the article alone if it named one.
 * What a sale names without having it is not written down, so that nobody reads it as allowed.
 */
export function approvalOf(show: ShowState, { command, lines, till }: Ringing, ask: Ask): Approval | null {
  const t = soldTime(command.madeAt, ask.now);
  const asked = { approval: command.approval, till, what: ['discount' as const, 'price' as const] };
  const approval = granted(show.approvals, asked, { t });
  if (approval === null || approval.sku === null) return approval;
  return lines.every((line) => below(line) === 0 || line.article.sku === approval.sku) ? approval : null;
}

/** A code that the sale is really for: of its offer, or a creator's. */
function hasCode({ plan, command, offer, code }: Ringing): boolean {
  const isOfOffer = code !== undefined && offer !== null && isCodeOf(offer.offer, code);
  return isOfOffer || (command.creatorCode !== undefined && isCreatorCode(plan, command.creatorCode));
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
