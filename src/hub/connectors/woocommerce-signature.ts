import { createHash } from 'node:crypto';
import type { SignatureCheck, VerifyDelivery } from './shop.ts';
import { isSignedWith } from './vendor-signature.ts';

/**
 * WooCommerce signs the raw body (base64 HMAC-SHA256). Its delivery id is a hash with the grain of a second, so two
 * different deliveries can share one: the bytes themselves tell a repeat.
 *
 * The first ping after a webhook is set up is form-encoded, unsigned and must be answered with 200, or the webhook is
 * switched off. It holds nothing but `webhook_id=<number>`.
 */
export const verifyWooCommerce: VerifyDelivery = ({ headers, body }, secrets): SignatureCheck => {
  const signature = headers.get('x-wc-webhook-signature');
  if (signature === undefined || signature === '') return isPing(body) ? { ok: 'ping' } : { ok: false };
  if (!isSignedWith(secrets, [body], signature)) return { ok: false };
  return { ok: true, dedupeKey: createHash('sha256').update(body).digest('hex') };
};

function isPing(body: Buffer): boolean {
  return body.length <= 64 && /^webhook_id=\d{1,20}$/.test(body.toString('latin1'));
}
