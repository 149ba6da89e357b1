import { z } from 'zod';
import { REPEAT_WINDOWS } from '../domain/cohorts.ts';
import { SALE_CHANNELS } from '../domain/words.ts';
import { SHOP_KINDS } from './connectors/shop.ts';
import { isLoopback } from './net/address.ts';
import { SHOP_SECRETS } from './connectors/shop-secrets.ts';

/** https, or this machine: a shop's key must not cross a network in the open (CON-11). */
const shopUrl = z
  .url()
  .max(500)
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  });

/** Every setting a desk may change, with what it accepts. A secret is write-only: state says that it is set. */
const SETTINGS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['floor.host', z.string().max(64).nullable()],
  ['stream.delayMs', z.number().int().min(0).max(120_000).nullable()],
  ['cues.showStock', z.enum(['number', 'level', 'nothing'])],
  ['moments.reactionMs', z.number().int().min(0).max(60_000)],
  ['moments.fdr', z.number().min(0.0001).max(0.5)],
  // A ceiling for the show's file, in pages of 4 KiB: what a full disk does, without one.
  ['storage.maxPages', z.number().int().min(1).nullable()],
  ['cashRoundingMinor', z.number().int().min(0).max(10_000)],
  ['till.discountPercent', z.number().min(0).max(100)],
  ['drawer.variancePercent', z.number().min(0).max(100)],
  // Every sale of a source without a sign of its own is of this channel (ATT-6): {"square": "in-person"}; null: off.
  ['attribution.sourceDefault', z.record(z.string().min(1).max(80), z.enum(SALE_CHANNELS)).nullable()],
  // Who rings what is sold in person (CON-10); `rung-here`: orders of a shop's point of sale are kept apart.
  ['outside.inPerson', z.enum(['import', 'rung-here'])],
  ['funnel.clock', z.enum(['show', 'signup'])],
  ['verdict.minRepeatGain', z.number().min(-100).max(100)],
  ['verdict.minLtvGainMinor', z.number().int().min(-1e12).max(1e12)],
  ['verdict.repeatWindow', z.literal(REPEAT_WINDOWS)],
  ['verdict.minBuyers', z.number().int().min(2).max(1_000_000)],
  // null: a shop is on as soon as its key is set
  ...SHOP_KINDS.flatMap((kind): [string, z.ZodType][] => [
    [`connectors.${kind}.enabled`, z.boolean().nullable()],
    [`connectors.${kind}.baseUrl`, shopUrl.nullable()],
    [`connectors.${kind}.account`, z.string().trim().max(128).nullable()],
    // To the letter as the vendor was told it: Square signs it, too.
    [`connectors.${kind}.notificationUrl`, z.url().max(500).nullable()],
  ]),
  ['connectors.pollMs', z.number().int().min(1000).max(600_000).nullable()],
  // A recording is expected from the opening on (STR-86).
  ['recording.expected', z.boolean()],
  ['stream.watchPicture', z.boolean()],
  // What brings the picture back after a slate on the backup: a person, or ten clean seconds.
  ['failover.clearSlate', z.enum(['ask', 'auto'])],
  // May co-hosts see "stream trouble, keep talking"?
  ['failover.tellFloor', z.boolean()],
  ['failover.contact', z.string().trim().max(120).nullable()],
  ['failover.confirms', z.string().trim().max(120).nullable()],
  // Where the audit may send ten seconds of upload: http(s), by PUT, or rtmp.
  ['preflight.sinkUrl', z.url().max(500).nullable()],
  // May the audit send a test stream to the ingest, under a name of its own?
  ['preflight.testStream', z.boolean()],
  // The program that carries the stream from the relay to an ingest.
  ['relay.program', z.string().trim().max(500).nullable()],
  ['sound.checked', z.boolean()],
  ['sound.muted', z.boolean()],
]);
const SECRETS: readonly string[] = [
  'obs.password',
  'ingest.secret',
  'ingest.secret.former',
  'stream.primary.key',
  'stream.backup.key',
  'stream.test.key',
  ...SHOP_SECRETS,
];

export type SettingCheck =
  | { setting: string; value: unknown }
  | { secret: string; value: string }
  | { refusal: 'unknown-setting' | 'bad-value' };

/** Sorts a `set-setting` into a setting, a secret (`secret.<name>`) or a refusal. */
export function checkSetting(key: string, value: unknown): SettingCheck {
  if (key.startsWith('secret.')) {
    const secret = key.slice('secret.'.length);
    if (!SECRETS.includes(secret)) return { refusal: 'unknown-setting' };
    return typeof value === 'string' && value.length <= 1000 ? { secret, value } : { refusal: 'bad-value' };
  }
  const schema = SETTINGS.get(key);
  if (!schema) return { refusal: 'unknown-setting' };
  const parsed = schema.safeParse(value);
  return parsed.success ? { setting: key, value: parsed.data } : { refusal: 'bad-value' };
}

export const SETTING_KEYS = [...SETTINGS.keys()];
