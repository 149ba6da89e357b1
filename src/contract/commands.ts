import { z } from 'zod';
import type { CommandBodies, DomainCommand, DomainCommandKind } from '../domain/commands.ts';
import { COST_KINDS, RETURN_REASONS, SALE_CHANNELS, SIGNUP_KINDS, TENDER_KINDS, WRITE_OFFS } from '../domain/words.ts';
import { looksLikeCard } from '../domain/card-number.ts';
import { pathText } from './path-text.ts';
import { cueSchema } from './plan-file.ts';

/**
 * Runtime checks of every command. Unknown keys are refused by name, so that a typo in a script is heard.
 * `CommandBodies` (domain) and these schemas are compared by the compiler through `satisfies`.
 */
/** Shown in files and logs as it is: nothing invisible, and nothing that could be an e-mail. */
const id = z
  .string()
  .min(1)
  .max(64)
  .refine((text) => !/[@\p{Cc}]/u.test(text), 'must not hold control characters or @');
const sku = z.string().min(1).max(64);
const text = (max: number) => z.string().min(1).max(max);
const reason = z.string().trim().min(3).max(200);
const quantity = z.number().int().min(1).max(100_000);
const amount = z.number().int().min(0).max(1e13);
const iso = z.iso.datetime({ offset: true });
const line = z.strictObject({ sku, quantity });
const pool = z
  .string()
  .regex(
    /^(reserve|quarantine|preorder|allot:.{1,40}|till:.{1,40})$/,
    'must be reserve, quarantine, preorder, allot:<name> or till:<id>',
  );
/** A vendor's payment id. */
const paymentRef = text(128).refine(
  (ref) => !/[@\p{Cc}]/u.test(ref) && !looksLikeCard(ref),
  'must be the payment id, never a card number',
);
const percent = z
  .string()
  .regex(/^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/, 'must be a text from "0" to "100" such as "12.5"');
const lineNumbers = z.array(z.number().int().min(1).max(1000)).min(1).max(100);
/** How to reach somebody; goes to the people of the show and never into the ledger. */
const contact = {
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
const cueRef = z.strictObject({ cue: id.optional() });

const bodies = {
  'open-show': z.strictObject({ overrideReason: reason.optional() }),
  'close-show': z.strictObject({ overrideReason: reason.optional() }),
  'reopen-show': z.strictObject({ reason }),
  'count-stock': z.strictObject({ sku, counted: z.number().int().min(0).max(1_000_000), by: text(80).optional() }),
  'adjust-stock': z.strictObject({
    sku,
    delta: z.number().int().min(-1_000_000).max(1_000_000),
    pool: pool.optional(),
    reason: text(80),
    note: text(200).optional(),
  }),
  'record-sale': z.strictObject({
    lines: z
      .array(
        z.strictObject({
          sku,
          quantity,
          unitPriceMinor: amount.optional(),
          discountMinor: amount.optional(),
          care: z.boolean().optional(),
          ageChecked: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(100),
    channel: z.enum(SALE_CHANNELS),
    tender: z.union([
      z.enum(TENDER_KINDS),
      z
        .array(z.strictObject({ kind: z.enum(TENDER_KINDS), amountMinor: amount, ref: paymentRef.optional() }))
        .min(1)
        .max(10),
    ]),
    basketDiscount: z.union([z.strictObject({ amountMinor: amount }), z.strictObject({ percent })]).optional(),
    priceReason: reason.optional(),
    approval: id.optional(),
    code: text(64).optional(),
    givenMinor: amount.optional(),
    till: id.optional(),
    creatorCode: text(64).optional(),
    signup: text(64).optional(),
    offer: id.optional(),
    hold: id.optional(),
    pickup: z.enum(['now', 'later']).optional(),
    tipMinor: amount.optional(),
    madeAt: iso.optional(),
    offline: z.boolean().optional(),
    paid: z.boolean().optional(),
    beyondLease: z.boolean().optional(),
    receipt: text(40).optional(),
  }),
  'void-sale': z.strictObject({ saleId: id, reason: text(200).optional() }),
  'refund-sale': z.strictObject({
    saleId: id.nullable(),
    lines: z.array(line).min(1).max(100),
    amountMinor: amount.optional(),
    reason: text(200),
    restock: z.enum(['reserve', 'quarantine', 'no']),
    approval: id.optional(),
  }),
  'exchange-items': z.strictObject({
    saleId: id,
    lines: z.array(line).min(1).max(100),
    reason: z.enum(RETURN_REASONS),
    restock: z.enum(['reserve', 'quarantine', 'no']),
    take: z
      .array(
        z.strictObject({
          sku,
          quantity,
          unitPriceMinor: amount.optional(),
          discountMinor: amount.optional(),
          ageChecked: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(100),
    tender: z.enum(TENDER_KINDS),
    offer: id.optional(),
  }),
  'ready-pickup': z.strictObject({ saleId: id }),
  'hand-over-pickup': z.strictObject({
    code: text(16).optional(),
    saleId: id.optional(),
    lines: lineNumbers.optional(),
    tender: z.enum(TENDER_KINDS).optional(),
  }),
  'miss-pickup': z.strictObject({ saleId: id }),
  'note-authorisation': z.strictObject({
    provider: text(40),
    ref: paymentRef,
    amountMinor: amount,
    expiresAt: iso.optional(),
    saleId: id.optional(),
    present: z.boolean().optional(),
  }),
  'settle-authorisation': z.strictObject({
    authorisation: id,
    how: z.enum(['captured', 'voided', 'failed']),
    amountMinor: amount.optional(),
  }),
  'reattribute-sale': z.strictObject({
    saleId: id,
    channel: z.enum(SALE_CHANNELS).optional(),
    creator: id.nullable().optional(),
    reason,
  }),
  'accept-suggestion': z.strictObject({ saleId: id }),
  'set-control': z.strictObject({
    name: text(80),
    buyers: z.number().int().min(0).max(10_000_000),
    repeats: z.number().int().min(0).max(10_000_000),
    sumMinor: z.number().int().min(-1e15).max(1e15),
    sumSquaresMinor: z.string().regex(/^\d{1,40}$/, 'must be a whole number as text'),
  }),
  'cover-orders': z.strictObject({ source: text(80), until: iso }),
  'release-promise': z.strictObject({ saleId: id, reason }),
  'open-drawer': z.strictObject({ till: id.optional(), floatMinor: amount }),
  'pay-in': z.strictObject({ till: id.optional(), amountMinor: amount.min(1), reason }),
  'pay-out': z.strictObject({ till: id.optional(), amountMinor: amount.min(1), reason }),
  'count-drawer': z.strictObject({
    till: id.optional(),
    countedMinor: amount.optional(),
    denominations: z
      .array(z.strictObject({ valueMinor: amount.min(1), count: z.number().int().min(0).max(100_000) }))
      .max(40)
      .optional(),
    reason: reason.optional(),
  }),
  'request-approval': z.strictObject({
    what: z.enum(['discount', 'price', 'refund']),
    amountMinor: amount,
    sku: sku.optional(),
    saleId: id.optional(),
    note: text(200).optional(),
  }),
  'answer-approval': z.strictObject({ approval: id, approved: z.boolean() }),
  'give-back-stock': z.strictObject({
    sku,
    quantity,
    pool: pool.optional(),
    location: text(64).optional(),
    reason: text(200).optional(),
  }),
  'write-off-stock': z.strictObject({
    sku,
    quantity,
    pool: pool.optional(),
    reason: z.enum(WRITE_OFFS),
    note: text(200).optional(),
  }),
  'return-lease': z.strictObject({ skus: z.array(sku).max(1000).optional() }),
  'declare-till-lost': z.strictObject({ till: id }),
  'tick-item': z.strictObject({ item: id, done: z.boolean(), note: text(200).optional() }),
  'note-cost': z.strictObject({
    label: text(120),
    costKind: z.enum(COST_KINDS),
    amountMinor: amount,
    creator: id.optional(),
    partner: id.optional(),
  }),
  'place-hold': z.strictObject({
    lines: z.array(line).min(1).max(100),
    ttlMs: z.number().int().min(1000).max(86_400_000).optional(),
    offer: id.optional(),
    buyer: text(200).optional(),
    code: text(64).optional(),
  }),
  'extend-hold': z.strictObject({ holdId: id }),
  'release-hold': z.strictObject({ holdId: id }),
  'receive-stock': z.strictObject({
    sku,
    quantity,
    pool: pool.optional(),
    reason: text(200).optional(),
    batch: text(64).optional(),
    location: text(64).optional(),
  }),
  'move-stock': z.strictObject({ sku, quantity, from: pool, to: pool, reason: text(200).optional() }),
  'resolve-shortfall': z.strictObject({
    shortfall: id,
    how: z.enum(['fulfilled', 'refunded', 'substituted', 'backordered']),
    sku: sku.optional(),
  }),
  'map-sku': z.strictObject({ line: id, sku, remember: z.boolean().optional() }),
  'open-offer': z.strictObject({ offer: id }),
  'close-offer': z.strictObject({ offer: id }),
  'change-offer': z.strictObject({
    offer: id,
    cap: z.number().int().min(1).max(1_000_000).nullable().optional(),
    perBuyer: z.number().int().min(1).max(10_000).nullable().optional(),
    closesAt: iso.nullable().optional(),
  }),
  'check-in': z.strictObject({ code: text(64).optional(), ref: text(64).optional() }),
  'redeem-perk': z.strictObject({
    offer: id,
    signup: text(64).optional(),
    ref: text(64).optional(),
    code: text(64).optional(),
    sku: sku.optional(),
  }),
  'start-cue': z.strictObject({
    cue: id.optional(),
    expect: id.optional(),
    again: z.boolean().optional(),
    overrideReason: reason.optional(),
  }),
  'standby-cue': cueRef,
  'finish-cue': cueRef,
  'back-cue': cueRef,
  'pause-cue': cueRef,
  'resume-cue': cueRef,
  'skip-cue': z.strictObject({ cue: id.optional(), skip: z.boolean().optional() }),
  'add-time': z.strictObject({ cue: id.optional(), ms: z.number().int().min(-43_200_000).max(43_200_000) }),
  'add-cue': z.strictObject({ cue: cueSchema, before: id.optional() }),
  'edit-cue': z.strictObject({ cue: cueSchema, rev: z.number().int().min(0).optional() }),
  'move-cue': z.strictObject({ cue: id, before: id.optional() }),
  'remove-cue': z.strictObject({ cue: id }),
  'tick-point': z.strictObject({ cue: id, point: text(64), ticked: z.boolean().optional() }),
  'send-message': z.strictObject({
    to: z.array(text(80)).min(1).max(50),
    text: text(400),
    needsAck: z.boolean().optional(),
    tone: z.enum(['info', 'hurry', 'stop']).optional(),
    expiresMs: z.number().int().min(1000).max(3_600_000).optional(),
  }),
  'answer-cue': z.strictObject({ dispatch: id, answer: z.enum(['seen', 'accepted', 'need-a-minute', 'declined']) }),
  'request-help': z.strictObject({
    what: z.enum(['stock', 'price', 'break', 'help']),
    note: text(80).optional(),
    sku: sku.optional(),
  }),
  'answer-request': z.strictObject({
    request: id,
    answer: z.enum(['coming', 'done', 'no']),
    text: text(80).optional(),
  }),
  'mark-moment': z.strictObject({
    note: text(200).optional(),
    sku: sku.optional(),
    pressedAt: iso.optional(),
    uncertaintyMs: z.number().min(0).max(86_400_000).optional(),
  }),
  'acknowledge-alarm': z.strictObject({ alarm: text(160) }),
  'shelve-alarm': z.strictObject({
    alarm: text(160),
    untilMs: z.number().int().min(1000).optional(),
    untilCue: z.boolean().optional(),
  }),
  'adopt-clock': z.strictObject({ as: z.enum(['sleep', 'clock', 'ignore']) }),
} satisfies { [K in DomainCommandKind]: z.ZodType<CommandBodies[K]> };

/** Asks that the hub carries out itself: they touch a disk, a socket or a secret. */
const procedures = {
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

export type ProcedureKind = keyof typeof procedures;
export type ProcedureBody<K extends ProcedureKind> = z.infer<(typeof procedures)[K]>;
export type CommandKind = DomainCommandKind | ProcedureKind;
export type ProcedureCommand = { [K in ProcedureKind]: { id: string; kind: K } & ProcedureBody<K> }[ProcedureKind];
export type Command = DomainCommand | ProcedureCommand;

const schemas: Record<string, z.ZodType> = { ...bodies, ...procedures };
export const COMMAND_KINDS = Object.keys(schemas) as CommandKind[];

export function isDomainKind(kind: CommandKind): kind is DomainCommandKind {
  return Object.hasOwn(bodies, kind);
}
export function isDomainCommand(command: Command): command is DomainCommand {
  return isDomainKind(command.kind);
}

/** A request that is no command at all: answered 400 with the field's name. */
export interface Malformed {
  error: 'malformed';
  field: string;
  message: string;
}

/**
 * Reads one command from a wire.
 *
 * @param raw    parsed JSON
 * @param makeId used for the reserved id "auto" (control surfaces cannot send a new id at each press)
 */
export function readCommand(raw: unknown, makeId: () => string): { command: Command } | { malformed: Malformed } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return bad('', 'the body must be a JSON object');
  const { id: rawId, kind, ...body } = raw as Record<string, unknown>;
  if (typeof kind !== 'string') return bad('kind', 'kind is missing');
  const schema = Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
  if (!schema) return bad('kind', `"${kind.slice(0, 64)}" is no command`);
  const commandId = id.safeParse(rawId);
  if (!commandId.success) return bad('id', 'id must be 1 to 64 characters');
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])];
    return bad(
      pathText(path),
      unknownKey === undefined ? (issue?.message ?? 'does not fit') : 'is not part of this command',
    );
  }
  return {
    command: { ...(parsed.data as object), id: commandId.data === 'auto' ? makeId() : commandId.data, kind } as Command,
  };
}

function bad(field: string, message: string): { malformed: Malformed } {
  return { malformed: { error: 'malformed', field, message } };
}

/** The answer to every command, on every wire. */
export type Reply =
  | ({ ok: true; seq: number; repeated?: true } & Record<string, unknown>)
  | {
      ok: false;
      refusal: { code: string; message: string; field?: string; [detail: string]: unknown };
      repeated?: true;
    };
