import { translator, type Translate } from '../../lib/i18n/translate.ts';
import { cueEn } from './cue-en.ts';
import { en } from './en.ts';

const all = { ...en, ...cueEn } as const;

/** The words of a co-host's screen, with those that all floor pages share. */
export const words: Translate<typeof all> = translator(all, 'en');
