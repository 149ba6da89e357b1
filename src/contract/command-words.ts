import { z } from 'zod';
import { looksLikeCard } from '../domain/card-number.ts';
import { holdsPersonalText, withoutPersonalText } from '../domain/personal-text.ts';

/** What command bodies are made of: one limit and one sentence for everything that several commands ask for. */

/** Shown in files and logs as it is: nothing invisible, and nothing that could be an e-mail. */
export const id = z
  .string()
  .min(1)
  .max(64)
  .refine((text) => !/[@\p{Cc}]/u.test(text), 'must not hold control characters or @');
export const sku = z.string().min(1).max(64);
export const text = (max: number) => z.string().min(1).max(max);
const isKeepable = (words: string): boolean => !holdsPersonalText(words);
const NOT_KEEPABLE = 'must not hold an e-mail address or a card number: it stays in the ledger';
/** Words that a fact keeps. */
export const kept = (max: number) => text(max).refine(isKeepable, NOT_KEEPABLE);
/** The same with a sale that has perhaps happened already, which no word may turn away: what must not stay is blotted out. */
export const blotted = (max: number, min = 1) => z.string().trim().min(min).max(max).transform(withoutPersonalText);
export const reason = z.string().trim().min(3).max(200).refine(isKeepable, NOT_KEEPABLE);
export const quantity = z.number().int().min(1).max(100_000);
export const amount = z.number().int().min(0).max(1e13);
export const iso = z.iso.datetime({ offset: true });
export const line = z.strictObject({ sku, quantity });
export const pool = z
  .string()
  .regex(
    /^(reserve|quarantine|preorder|allot:.{1,40}|till:.{1,40})$/,
    'must be reserve, quarantine, preorder, allot:<name> or till:<id>',
  );
/** A vendor's payment id. */
export const paymentRef = text(128).refine(
  (ref) => !/[@\p{Cc}]/u.test(ref) && !looksLikeCard(ref),
  'must be the payment id, never a card number',
);
export const percent = z
  .string()
  .regex(/^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/, 'must be a text from "0" to "100" such as "12.5"');
export const lineNumbers = z.array(z.number().int().min(1).max(1000)).min(1).max(100);
/** How to reach somebody; goes to the people of the show and never into the ledger. */
export const contact = {
  email: z.email().max(254).optional(),
  phone: z
    .string()
    .max(40)
    .regex(/^\+?[\d\s().\-/]{5,39}$/, 'must be a phone number such as "+351912345678"')
    .optional(),
  name: z.string().trim().min(1).max(120).optional(),
  consent: z.boolean().optional(),
  consentText: text(500).optional(),
};
export const cueRef = z.strictObject({ cue: id.optional() });
