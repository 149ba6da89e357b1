/** Text that is markup already. Everything else that reaches a page goes through `esc`. */
export type Markup = string & { readonly __markup?: true };

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for element content and quoted attributes; characters that HTML forbids become `�`. */
export function esc(value: string | number): Markup {
  return String(value)
    .toWellFormed()
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** A number in an SVG attribute: two places, never an exponent. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
