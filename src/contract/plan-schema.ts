import { z } from 'zod';
import { PLATFORMS, SALE_CHANNELS } from '../domain/words.ts';

/**
 * The plan file's shape, one part of it at a time. What needs two parts to judge (does this sku exist, how many digits
 * has the currency) is judged in plan-file.ts and domain/plan-check.ts. Unknown keys are faults, so that a typing slip
 * in a key is heard; every optional key has its default here, and resources/plan.schema.json is made from this page.
 */
const printable = /^[^\p{Cc}]*$/u;
const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^@\p{Cc}]*$/u, 'must not hold control characters or @');
const sku = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
  .regex(/^\S(.*\S)?$/u, 'must not begin or end with a space');
const label = (max: number) => z.string().trim().min(1).max(max).regex(printable, 'must be one line');
const money = z.string().regex(/^\d{1,13}(\.\d{1,8})?$/, 'must be a decimal text such as "18.00"');
const fraction = z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'must be a text from "0" to "1" such as "0.23"');
const instant = z.iso.datetime({
  offset: true,
  error: 'must be a date and time with its offset, such as "2026-11-28T19:00:00+00:00"',
});
const count = z.number().int().min(0).max(1_000_000);
const duration = z.number().int().min(0).max(43_200_000);

export const showShape = z.strictObject({
  name: label(120),
  timeZone: z.string().min(1).max(64),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter code such as "EUR"'),
  startsAt: instant.nullable().default(null),
  endsAt: instant.nullable().default(null),
  salesTargetMinor: z.number().int().min(0).max(1e13).nullable().default(null),
  series: label(120).nullable().default(null),
  taxMode: z.enum(['inclusive', 'exclusive']).default('inclusive'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as "en"')
    .default('en'),
});

export const productShape = z.strictObject({
  sku,
  name: label(120),
  price: money,
  reserve: count.default(0),
  tillLease: count.nullable().default(null),
  lowAt: count.default(0),
  flags: z.array(label(40)).max(20).default([]),
  taxRate: fraction.default('0'),
  cost: money.nullable().default(null),
  barcode: label(64).nullable().default(null),
  location: label(64).nullable().default(null),
  partner: id.nullable().default(null),
  packaging: label(120).nullable().default(null),
});

export const bundleShape = z.strictObject({
  sku,
  name: label(120),
  price: money,
  parts: z
    .array(z.strictObject({ sku, quantity: z.number().int().min(1).max(1000) }))
    .min(1)
    .max(20),
  taxRate: fraction.default('0'),
});

export const personShape = z.strictObject({
  id,
  name: label(80),
  role: label(40).default('co-host'),
  code: label(64).nullable().default(null),
  fee: money.nullable().default(null),
});

export const offerShape = z.strictObject({
  id,
  kind: z.enum(['drop', 'limited', 'bundle', 'preorder', 'perk']),
  sku,
  price: money.nullable().default(null),
  cap: z.number().int().min(1).max(1_000_000).nullable().default(null),
  perBuyer: z.number().int().min(1).max(10_000).nullable().default(null),
  holdTtlMs: z.number().int().min(1000).max(86_400_000).nullable().default(null),
  gate: z.enum(['none', 'code', 'signup']).default('none'),
  codes: z.array(label(64)).max(5000).default([]),
  codeUse: z.enum(['once', 'many']).default('many'),
  deposit: money.nullable().default(null),
  opensAt: instant.nullable().default(null),
  closesAt: instant.nullable().default(null),
  creator: id.nullable().default(null),
});

export const cueShape = z.strictObject({
  id,
  title: label(80),
  kind: z.enum(['talk', 'drop', 'break', 'note']).default('talk'),
  start: z
    .discriminatedUnion('rule', [
      z.strictObject({ rule: z.literal('soft'), at: instant }),
      z.strictObject({ rule: z.literal('hard'), at: instant }),
      z.strictObject({ rule: z.literal('linked') }),
    ])
    .default({ rule: 'linked' }),
  durationMs: duration.default(0),
  countTo: z.enum(['duration', 'end']).default('duration'),
  warnMs: duration.default(60_000),
  dangerMs: duration.default(15_000),
  owners: z.array(id).max(4).default([]),
  sku: sku.nullable().default(null),
  offer: id.nullable().default(null),
  offerCloses: z.union([z.enum(['cue-end', 'manual']), z.number().int().min(1000).max(43_200_000)]).default('cue-end'),
  points: z
    .array(
      z.strictObject({
        id: id.optional(),
        text: z.string().trim().min(1).max(120),
        mustSay: z.boolean().default(false),
        sku: sku.nullable().default(null),
      }),
    )
    .max(12)
    .default([]),
  priceNote: z.string().max(60).nullable().default(null),
  script: z.string().max(20_000).nullable().default(null),
  autoStart: z.boolean().default(false),
  group: label(40).nullable().default(null),
});

const url = (schemes: string[]) =>
  z
    .string()
    .max(2000)
    .superRefine((text, context) => {
      const fault = urlFault(text, schemes);
      if (fault) context.addIssue({ code: 'custom', message: fault });
    });

/** A name of OBS's, byte for byte: blanks at its ends are part of it (STR-80). */
const sceneName = z.string().min(1).max(120);

export const streamShape = z.strictObject({
  obs: z
    .strictObject({ url: url(['ws', 'wss']) })
    .nullable()
    .default(null),
  rtmpStat: z
    .strictObject({
      url: url(['http', 'https']),
      application: label(64).default('live'),
      name: label(120).default('show'),
    })
    .nullable()
    .default(null),
  hls: z
    .strictObject({ url: url(['http', 'https']) })
    .nullable()
    .default(null),
  mediamtx: z
    .strictObject({ url: url(['http', 'https']), path: label(200) })
    .nullable()
    .default(null),
  edge: z
    .strictObject({ url: url(['http', 'https']).nullable() })
    .nullable()
    .default(null),
  primaryIngest: url(['rtmp', 'rtmps', 'srt', 'https']).nullable().default(null),
  backupIngest: url(['rtmp', 'rtmps', 'srt', 'https']).nullable().default(null),
  relay: z
    .strictObject({ url: url(['rtmp', 'rtmps', 'srt', 'http', 'https']) })
    .nullable()
    .default(null),
  slateScene: sceneName.nullable().default(null),
  liveScene: sceneName.nullable().default(null),
  allowScenes: z.array(sceneName).max(50).default([]),
  stillScenes: z.array(sceneName).max(50).default([]),
  audioInputs: z.array(sceneName).max(16).default([]),
  platform: z.enum(PLATFORMS).nullable().default(null),
  shopOrigin: url(['http', 'https']).nullable().default(null),
});

export const signupShape = z.strictObject({
  id,
  email: z.email().max(254).nullable().default(null),
  name: label(120).nullable().default(null),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be in the form "+351912345678"')
    .nullable()
    .default(null),
  kind: label(40).default('rsvp'),
  channel: z.enum(SALE_CHANNELS).nullable().default(null),
  at: instant,
  /** what was said, "yes" or a statement; none: no */
  consent: z.string().max(500).nullable().default(null),
  /** the sentence that was agreed to */
  consentText: z.string().max(500).nullable().default(null),
  /** offer of kind perk that comes with it */
  perk: label(64).nullable().default(null),
  /** where the row came from, in the file's own words */
  source: label(80).nullable().default(null),
});

export const tillShape = z.strictObject({ id, name: label(80) });
export const partnerShape = z.strictObject({ id, name: label(120), rate: fraction.default('0') });
export const packagingShape = z.strictObject({
  id,
  name: label(120),
  cost: money.nullable().default(null),
  returnRate: fraction.nullable().default(null),
});
export const checklistShape = z.strictObject({
  id,
  text: label(200),
  owner: id.nullable().default(null),
  dueAt: instant.nullable().default(null),
  dueMs: z
    .number()
    .int()
    .min(-366 * 86_400_000)
    .max(366 * 86_400_000)
    .nullable()
    .default(null),
  blocks: z.boolean().default(false),
});

export const listShapes = {
  products: productShape,
  bundles: bundleShape,
  people: personShape,
  offers: offerShape,
  cues: cueShape,
  signups: signupShape,
  tills: tillShape,
  partners: partnerShape,
  packagings: packagingShape,
  checklist: checklistShape,
};

export const planFileShape = z.strictObject({
  format: z.literal('dropdesk-plan'),
  version: z.literal(1),
  show: showShape,
  products: z.array(productShape).max(5000).default([]),
  bundles: z.array(bundleShape).max(500).default([]),
  people: z.array(personShape).max(200).default([]),
  offers: z.array(offerShape).max(500).default([]),
  cues: z.array(cueShape).max(500).default([]),
  stream: streamShape.prefault({}),
  signups: z.array(signupShape).max(20_000).default([]),
  tills: z.array(tillShape).max(50).default([]),
  channels: z.record(label(64), z.enum(SALE_CHANNELS)).default({}),
  partners: z.array(partnerShape).max(200).default([]),
  packagings: z.array(packagingShape).max(200).default([]),
  checklist: z.array(checklistShape).max(200).default([]),
});

/** A plan file as people may write it. */
export type PlanFile = z.input<typeof planFileShape>;
/** The same with every default filled in. */
export type FullPlanFile = z.output<typeof planFileShape>;
export type FileCue = z.output<typeof cueShape>;
/** Someone who signed up. A person: goes to the person table, never into the ledger. */
export type Signup = z.output<typeof signupShape>;

/** Plans are mailed around, so an address that carries a password is refused (secrets live in the desk's settings). */
function urlFault(text: string, schemes: string[]): string | null {
  if (!URL.canParse(text)) return `is no address; it should begin with ${schemes[0]}://`;
  const parsed = new URL(text);
  if (!schemes.includes(parsed.protocol.slice(0, -1)))
    return `must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  if (parsed.username !== '' || parsed.password !== '')
    return 'must not carry a user name or password; secrets belong in the settings';
  const secret = [...parsed.searchParams.keys()].find((key) => /pass|secret|token|key|auth|sig/i.test(key));
  return secret === undefined ? null : `must not carry a secret ("${secret}"); secrets belong in the settings`;
}
