/** Names that Windows keeps for devices, with or without an extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE = /[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const LONGEST = 80;

/** Text as a file name that every system takes (CLP-5): normalised, without separators, control characters or device names. */
export function fileSafe(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(UNSAFE, '_')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '_');
  const cut = [...clean]
    .slice(0, LONGEST)
    .join('')
    .replace(/^\.+/, '_')
    .replace(/[. ]+$/, '');
  const named = cut === '' ? '_' : cut;
  return DEVICE.test(named) ? `_${named}`.slice(0, LONGEST) : named;
}

/** `07_MUG-BLUE_product_Ana`, at most 80 characters: the sku gives way first. */
export function clipName(rank: number, sku: string | null, purpose: string, creator: string | null): string {
  return fileSafe(
    [
      String(rank).padStart(2, '0'),
      short(sku ?? 'none', 32),
      purpose,
      ...(creator === null ? [] : [short(creator, 24)]),
    ].join('_'),
  );
}

function short(text: string, most: number): string {
  return [...text].slice(0, most).join('');
}
