import { translator, type Translate } from '../../lib/i18n/translate.ts';
import { en } from './en.ts';

export type FloorWords = Translate<typeof en>;

/** The words of the floor pages. English is the only catalogue so far; a language is one more file and one line here. */
export const words: FloorWords = translator(en, 'en');
