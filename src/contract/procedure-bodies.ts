import { z } from 'zod';
import { SALE_CHANNELS, SIGNUP_KINDS } from '../domain/words.ts';
import { contact, id, iso, reason, text } from './command-words.ts';

/** Asks that the hub carries out itself: they touch a disk, a socket or a secret. */
export const procedureBodies = {
  'adopt-plan': z.strictObject({ plan: z.unknown() }),
  'new-show': z.strictObject({
    name: text(120).optional(),
    plan: z.unknown().optional(),
    template: z.enum(['micro-event']).optional(),
  }),
  'load-show': z.strictObject({ show: id }),
  'copy-show': z.strictObject({ startsAt: iso.optional(), name: text(120).optional() }),
  'start-demo': z.strictObject({}),
  'stop-demo': z.strictObject({}),
  'finish-close': z.strictObject({ overrideReason: reason.optional() }),
  'invite-device': z.strictObject({
    role: z.enum(['co-host', 'till', 'viewer']),
    person: id.optional(),
    till: id.optional(),
  }),
  'approve-device': z.strictObject({ device: id, code: z.string().max(16).optional() }),
  'revoke-device': z.strictObject({ device: id }),
  'read-cue': z.strictObject({ cue: id }),
  'read-pickup': z.strictObject({ code: text(16) }),
  'find-sale': z.strictObject({ text: z.string().max(128), suggestedTo: id.optional() }),
  'import-till-sales': z.strictObject({ text: z.string().min(1).max(5_000_000) }),
  'import-file': z.strictObject({
    what: z.enum(['sales', 'signups', 'cues', 'products', 'returns']),
    name: text(255),
    text: z.string().optional(),
    base64: z.string().optional(),
    mapping: z.record(z.string(), z.string()).optional(),
    dryRun: z.boolean().optional(),
  }),
  'cancel-action': z.strictObject({ action: id }),
  'record-signup': z.strictObject({
    ...contact,
    signupKind: z.enum(SIGNUP_KINDS).optional(),
    channel: z.enum(SALE_CHANNELS).optional(),
    perk: id.optional(),
    minor: z.boolean().optional(),
    checkIn: z.boolean().optional(),
  }),
  'find-people': z.strictObject({ text: z.string().max(120) }),
  'attach-buyer': z.strictObject({ saleId: id, ...contact }),
  'erase-person': z.strictObject({ signup: text(64).optional(), ref: text(64).optional() }),
  'import-control': z.strictObject({
    name: text(80),
    text: z.string().optional(),
    base64: z.string().optional(),
    mapping: z.record(z.string(), z.string()).optional(),
    dryRun: z.boolean().optional(),
  }),
  'settle-letter': z.strictObject({ letter: id, reason }),
  'retry-letter': z.strictObject({ letter: id }),
  'verify-ledger': z.strictObject({}),
  'take-snapshot': z.strictObject({}),
  'set-setting': z.strictObject({ key: text(80), value: z.unknown() }),
} satisfies Record<string, z.ZodType>;
