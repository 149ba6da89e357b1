import { deskEn } from './desk-en.ts';
import { translator } from './translate.ts';

/** The control room's words. Keys and slots are checked by the compiler. */
export const t = translator(deskEn, 'en');
export type DeskKey = keyof typeof deskEn;
