import { translator, type Translate } from '../../lib/i18n/translate.ts';
import { en } from './en.ts';
import { tillEn } from './till-en.ts';

const all = { ...en, ...tillEn } as const;

/** The words of the till while it sells, with those that all floor pages share. */
export const words: Translate<typeof all> = translator(all, 'en');
