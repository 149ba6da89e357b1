const KEY = '‹key›';

/**
 * The one place where keys are taken out of text before it may reach a log, a fact, a sample or a screen (STR-87): every
 * secret given, also URL-encoded or in base64; the last path part of any rtmp(s) address, which is the stream key; and
 * every query value.
 *
 * @param secrets texts that must not appear; empty ones are ignored
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const plain = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret), base64Of(secret), base64Of(secret).replace(/=+$/, '')])
    .toSorted((a, b) => b.length - a.length);
  const hidden = plain.reduce((rest, secret) => rest.replaceAll(secret, KEY), text);
  return hidden
    .replace(/(rtmps?:\/\/[^\s"'<>?]*\/)[^\s"'<>/?]+/gi, `$1${KEY}`)
    .replace(/([?&][^=\s&"'<>]+=)[^&\s"'<>]+/g, `$1${KEY}`);
}

function base64Of(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
