import { RETURN_REASONS, type ReturnReason } from './words.ts';

/** Why goods came back, for figures: what is one of the reasons in other letters is that one, all else is `other`. */
export function returnReason(text: string): ReturnReason {
  return known(text) ?? 'other';
}

/** As it is kept: one of the reasons, else the words that were said. */
export function keptReason(text: string): string {
  return known(text) ?? text.trim();
}

function known(text: string): ReturnReason | null {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .replace('color', 'colour');
  return RETURN_REASONS.find((reason) => reason === word) ?? null;
}
