/**
 * Every word under which a row can be found: each part of the name, the e-mail whole, the code, and the phone with its
 * country and without, since people say their number as they dial it at home.
 */
export function wordsOf(row: {
  signup: string;
  name: string | null;
  email: string | null;
  phone: string | null;
}): Set<string> {
  const phone = (row.phone ?? '').replaceAll(/\D/g, '');
  const numbers = phone.length < 7 ? [phone] : [0, 1, 2, 3].map((country) => phone.slice(country));
  const name = folded(row.name ?? '');
  const words = [...name.split(/\s+/), ...foldedParts(name), folded(row.email ?? ''), folded(row.signup), ...numbers];
  return new Set(words.filter((word) => word !== ''));
}

/** What was typed, as words to look for: a phone number in one piece, everything else word by word, six at most. */
export function searchTerms(text: string): string[] {
  const digits = text.replaceAll(/[\s+().\-/]/g, '');
  if (/^\d{3,}$/.test(digits)) return [digits.replace(/^00/, '')];
  const typed = folded(text);
  const terms = typed.includes('@') || !typed.includes(' ') ? [typed] : foldedParts(text);
  return terms.filter((term) => term !== '').slice(0, 6);
}

/** "Zoë D’Souza-Lima" → zoe, d, souza, lima */
function foldedParts(text: string): string[] {
  return folded(text).split(/[^\p{L}\p{N}]+/u);
}

/** Without case and accents. */
function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
}
