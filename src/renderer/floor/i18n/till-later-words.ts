import { translator, type Translate } from '../../lib/i18n/translate.ts';
import { tillEn } from './till-en.ts';
import { tillLaterEn } from './till-later-en.ts';

const all = { ...tillEn, ...tillLaterEn } as const;

/** The words of what the till loads later, with its own. */
export const words: Translate<typeof all> = translator(all, 'en');
