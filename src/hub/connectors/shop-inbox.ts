import type { LetterBox } from '../doors.ts';
import { type ShopKind, type VerifyDelivery } from './shop.ts';
import { verifyShopify } from './shopify-signature.ts';
import { verifySquare } from './square-signature.ts';
import { stripeClockTrouble, verifyStripe } from './stripe-signature.ts';
import { parseJson } from './vendor-http.ts';
import type { IngestAnswer } from './webhook-inbox.ts';
import { verifyWooCommerce } from './woocommerce-signature.ts';

const VERIFIERS: Readonly<Record<ShopKind, VerifyDelivery>> = {
  shopify: verifyShopify,
  square: verifySquare,
  stripe: verifyStripe,
  woocommerce: verifyWooCommerce,
};

const MAX_BODY = 1024 * 1024;

/**
 * The door for a vendor's webhooks (CON-7). In this order: signature over the raw bytes, durable in the inbox, 202;
 * fetching and booking come afterwards. A bad signature leaves nothing behind but a count.
 */
export function acceptVendor(
  kind: ShopKind,
  { headers, body }: { headers: ReadonlyMap<string, string>; body: Buffer },
  doors: {
    secrets: readonly string[];
    /** the URL that Square was told, to the letter; null: not set */
    notificationUrl: string | null;
    letters: LetterBox | null;
    now: number;
    onForged: () => void;
    /** a sentence when deliveries are refused for this laptop's clock alone; null: one has come that fits */
    onClock: (trouble: string | null) => void;
  },
): IngestAnswer {
  if (body.length > MAX_BODY) return no(413, 'The body is larger than 1 MB.');
  const check = VERIFIERS[kind]({ headers, body }, doors.secrets, doors);
  if (check.ok === 'ping') return { status: 200, body: { ok: true } };
  if (!check.ok) {
    doors.onForged();
    const trouble = kind === 'stripe' ? stripeClockTrouble({ headers, body }, doors.secrets, doors) : null;
    if (trouble !== null) doors.onClock(trouble);
    return no(401, 'The signature does not fit.');
  }
  doors.onClock(null);
  if (doors.letters === null) return no(503, 'There is no show yet that could take orders.');
  if (parseJson(body.toString('utf8')) === undefined) return no(400, 'The body is not JSON.');
  const outcome = doors.letters.insert(kind, check.dedupeKey, body, doors.now);
  return { status: 202, body: { ok: true, ...(outcome === 'repeat' && { repeated: true as const }) } };
}

function no(status: 400 | 401 | 413 | 503, message: string): IngestAnswer {
  return { status, body: { ok: false, message } };
}
