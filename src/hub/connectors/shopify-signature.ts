import { createHash } from 'node:crypto';
import type { SignatureCheck, VerifyDelivery } from './shop.ts';
import { isSignedWith } from './vendor-signature.ts';

/**
 * Shopify signs the raw body with the app's secret (base64 HMAC-SHA256). The id is the delivery's own and stays the same
 * when it is sent again; its "send test notification" button signs with another secret and is refused, which is known.
 */
export const verifyShopify: VerifyDelivery = ({ headers, body }, secrets): SignatureCheck => {
  const signature = headers.get('x-shopify-hmac-sha256');
  if (!signature || !isSignedWith(secrets, [body], signature)) return { ok: false };
  const id = headers.get('x-shopify-webhook-id');
  return { ok: true, dedupeKey: id || createHash('sha256').update(body).digest('hex') };
};
