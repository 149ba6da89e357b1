import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseJson } from './vendor-http.ts';

/**
 * Whether the text is the base64 HMAC-SHA256 of these bytes under one of the secrets. The texts are compared, not what
 * they decode to: base64 has many spellings of the same bytes, and vendors send one.
 */
export function isSignedWith(secrets: readonly string[], signed: readonly (string | Buffer)[], given: string): boolean {
  const claim = Buffer.from(given, 'utf8');
  let fits = false;
  // All secrets are tried, so that the time taken does not say which one fits.
  for (const secret of secrets) {
    if (secret === '') continue;
    const mac = createHmac('sha256', secret);
    for (const part of signed) mac.update(part);
    const own = Buffer.from(mac.digest('base64'), 'utf8');
    if (own.length === claim.length && timingSafeEqual(own, claim)) fits = true;
  }
  return fits;
}

/** A text member of a JSON object; null when there is none. */
export function textMember(body: Buffer, name: string): string | null {
  const json = parseJson(body.toString('utf8'));
  if (typeof json !== 'object' || json === null || !(name in json)) return null;
  const value = (json as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
