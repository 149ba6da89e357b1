const KEY = '‹key›';

/** Shorter text would be found in every other word: a key of five letters hides nothing, with us or without. */
const SHORTEST = 6;

/** Every secret that this run of the hub has come to know, with the forms it may travel in, longest first. */
const known = new Map<string, readonly string[]>();
let knownForms: readonly string[] = [];

/**
 * From now on this text is taken out of whatever leaves: what the secrets store holds is made known when it is read or
 * set, the key that OBS streams with when OBS tells it. Never forgotten: a key that was replaced is a key still.
 */
export function knowSecret(text: string | null | undefined): void {
  if (typeof text !== 'string' || text.length < SHORTEST || known.has(text)) return;
  known.set(text, formsOf(text));
  knownForms = byLength([...known.values()].flat());
}

/** Is this text, or a part of it, a secret that we know? */
export function holdsSecret(text: string): boolean {
  return knownForms.some((form) => text.includes(form));
}

/**
 * The one place where keys are taken out of text before it may reach a log, a fact, a sample or a screen (STR-87): every
 * known secret and every one given, also URL-encoded, in base64 or in hexadecimal; the last path part of any rtmp(s)
 * address, which is the stream key; and every query value.
 *
 * @param secrets further texts that must not appear; those too short to be a key are ignored
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const given = secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf);
  const forms = given.length === 0 ? knownForms : byLength([...given, ...knownForms]);
  return hide(text, forms)
    .replace(/(rtmps?:\/\/[^\s"'<>?]*\/)[^\s"'<>/?]+/gi, `$1${KEY}`)
    .replace(/([?&][^=\s&"'<>]+=)[^&\s"'<>]+/g, `$1${KEY}`);
}

/** Only what is known is hidden: for scene names, paths and sentences of ours, which may well look like an address. */
export function hideKnown(text: string): string {
  return hide(text, knownForms);
}

/** The same value with `clean` applied to every text in it, keys of objects aside. */
export function cleaned<T>(value: T, clean: (text: string) => string): T {
  return cleanedValue(value, clean) as T;
}

function cleanedValue(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((one) => cleanedValue(one, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleanedValue(one, clean)]));
}

function hide(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, KEY), text);
}

function byLength(forms: readonly string[]): string[] {
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

/** As it is, as JSON writes it, as an address writes it, and as the usual encodings of its bytes. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const encoded = encodeURIComponent(secret);
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (part) => part.toLowerCase());
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    lower,
    encodeURI(secret),
    hex,
    hex.toUpperCase(),
  ];
  return [...forms, ...base64Of(bytes)];
}

/**
 * Also when the secret is only a part of what was encoded: three bytes become four letters, so it shows in one of three
 * ways, its outermost letters mixed with its neighbours'.
 */
function base64Of(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = [0, 2, 3][before] ?? 0;
    const to = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(from, to);
  });
  const plain = [whole, whole.replace(/=+$/, ''), ...inside.filter((text) => text.length >= SHORTEST)];
  return [...plain, ...plain.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
}
