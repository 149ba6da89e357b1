import { Stripe } from 'stripe';
import { MINUTE } from '../../domain/units.ts';
import type { SignatureCheck, SignedDelivery, VerifyDelivery } from './shop.ts';

const TOLERANCE_S = 300;
const { webhooks } = Stripe;

/** Stripe signs `t.body` and gives the stamp along; a stamp older than 300 s is refused by Stripe's own verifier. */
export const verifyStripe: VerifyDelivery = (delivery, secrets, { now }): SignatureCheck => {
  for (const secret of secrets) {
    const id = eventId(delivery, secret, now);
    if (id !== null) return { ok: true, dedupeKey: id };
  }
  return { ok: false };
};

/**
 * A sentence for the screen when deliveries are refused for their stamp alone: the signature fits, the clocks do not.
 * Null when the delivery is forged, or good.
 */
export function stripeClockTrouble(
  delivery: SignedDelivery,
  secrets: readonly string[],
  { now }: { now: number },
): string | null {
  const stamp = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(headerOf(delivery))?.[1] ?? NaN) * 1000;
  if (Number.isNaN(stamp) || now - stamp <= TOLERANCE_S * 1000) return null;
  if (!secrets.some((secret) => eventId(delivery, secret, stamp) !== null)) return null;
  const minutes = Math.round((now - stamp) / MINUTE);
  return `Stripe's webhooks are refused because this laptop's clock is about ${minutes} min ahead of Stripe's. Set the clock (turn on automatic time); until then Stripe is asked every few seconds instead.`;
}

function eventId(delivery: SignedDelivery, secret: string, now: number): string | null {
  try {
    const event = webhooks.constructEvent(delivery.body, headerOf(delivery), secret, TOLERANCE_S, undefined, now);
    return typeof event.id === 'string' && event.id !== '' ? event.id : null;
  } catch {
    // Its reasons name headers and payloads; whoever sends a delivery learns only that it does not fit.
    return null;
  }
}

function headerOf({ headers }: SignedDelivery): string {
  return headers.get('stripe-signature') ?? '';
}
