/**
 * A contact as it is hashed, so that the same person is the same ref however it was written (CON-12): e-mails trimmed and
 * in small letters, phones as digits. Dots and +tags of an e-mail stay (DEM-1): to most providers they are other people.
 */
export function normalContact(text: string): string {
  const trimmed = text.trim();
  return looksLikePhone(trimmed) ? normalPhone(trimmed) : trimmed.toLowerCase();
}

/**
 * "+351 912-345 678" and "00351912345678" → "+351912345678". Without a country in front it is only its digits: which
 * country they belong to is not guessed.
 */
export function normalPhone(text: string): string {
  const compact = text.trim().replaceAll(/[\s().\-/]/g, '');
  const international = compact.replace(/^00/, '+');
  return international.startsWith('+') ? `+${digits(international)}` : digits(compact);
}

/** What a consent column or a form said. Silence and every word for no are no; a statement is a yes. */
export function saysYes(text: string | null | undefined): boolean {
  const word = (text ?? '').trim().toLowerCase();
  return word !== '' && !NO.has(word) && !/^(no|not|none|never|nicht|kein|não|nunca)\b/u.test(word);
}

const NO = new Set([
  '0',
  'n',
  'no',
  'false',
  'off',
  'nein',
  'não',
  'nao',
  'non',
  'nee',
  'nej',
  '-',
  '–',
  '?',
  'n/a',
  'unknown',
]);

function looksLikePhone(text: string): boolean {
  return /^\+?[\d\s().\-/]{6,}$/.test(text) && digits(text).length >= 6;
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '');
}
