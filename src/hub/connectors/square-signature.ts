import { createHash } from 'node:crypto';
import type { SignatureCheck, VerifyDelivery } from './shop.ts';
import { isSignedWith, textMember } from './vendor-signature.ts';

/**
 * Square signs the notification URL followed by the raw body (base64 HMAC-SHA256). The URL counts to the letter: one
 * slash more at its end and nothing fits any more, so it is used exactly as it was entered.
 */
export const verifySquare: VerifyDelivery = ({ headers, body }, secrets, { notificationUrl }): SignatureCheck => {
  const signature = headers.get('x-square-hmacsha256-signature');
  if (!signature || !notificationUrl) return { ok: false };
  if (!isSignedWith(secrets, [notificationUrl, body], signature)) return { ok: false };
  return { ok: true, dedupeKey: textMember(body, 'event_id') ?? createHash('sha256').update(body).digest('hex') };
};
