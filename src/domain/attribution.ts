import type { OutsideSale } from './commands.ts';
import type { Attribution } from './facts/sale-facts.ts';
import type { Offer, Plan } from './plan.ts';
import type { SaleChannel } from './words.ts';

/**
 * Channel and creator of a sale, each with the rule that decided (ATT-2 … ATT-8). The first rule that fits decides, and
 * nothing is ever guessed: without a sign an outside sale stays `unattributed`.
 */

/** Rung by hand: the seller said which channel. */
export function rungAttribution(
  plan: Plan,
  rung: { channel: SaleChannel; evidence: string; creatorCode: string | null; offer: Offer | null },
): Attribution {
  return {
    channel: rung.channel,
    rule: 'till',
    evidence: rung.evidence,
    ...creatorOf(plan, rung.creatorCode, rung.offer),
  };
}

/** Came from outside: what the source declared, else what the creator's code maps to, else nothing. */
export function outsideAttribution(plan: Plan | null, order: OutsideSale): Attribution {
  const creator = creatorOf(plan, order.creatorCode, null);
  if (order.channel !== null) return { channel: order.channel, rule: 'declared', evidence: order.source, ...creator };
  const code = folded(order.creatorCode);
  const mapped = code === null ? undefined : channelOfCode(plan, code);
  if (mapped) return { channel: mapped, rule: 'code', evidence: code, ...creator };
  return { channel: 'unattributed', rule: 'none', evidence: null, ...creator };
}

function creatorOf(
  plan: Plan | null,
  creatorCode: string | null,
  offer: Offer | null,
): Pick<Attribution, 'creator' | 'creatorRule' | 'creatorCode'> {
  const code = folded(creatorCode);
  const person = code === null ? undefined : plan?.people.find((each) => folded(each.code) === code);
  if (person) return { creator: person.id, creatorRule: 'code', creatorCode };
  if (offer !== null && offer.creator !== null) return { creator: offer.creator, creatorRule: 'offer', creatorCode };
  return { creator: null, creatorRule: 'none', creatorCode };
}

function channelOfCode(plan: Plan | null, code: string): SaleChannel | undefined {
  const entry = Object.entries(plan?.channels ?? {}).find(([key]) => folded(key) === code);
  return entry?.[1];
}

function folded(code: string | null): string | null {
  const text = code?.trim().toLowerCase() ?? '';
  return text === '' ? null : text;
}
