import { z } from 'zod';
import { times } from '../../domain/money.ts';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { toIso } from '../../domain/units.ts';
import { SALE_CHANNELS, TENDER_KINDS } from '../../domain/words.ts';

/** The whole order as it now stands (contract §5, CON-1), told by a sender of our own kind of message. */
const minor = z.number().int().min(0).max(1e13);
const units = z.number().int().min(0).max(100_000);
const words = z.string().trim().max(200);
const at = z.iso.datetime({ offset: true });

const line = z
  .object({
    lineId: words.nullish(),
    sku: z.string().trim().max(128).nullish(),
    name: words.nullish(),
    sold: units.optional(),
    quantity: units.optional(),
    refunded: units.default(0),
    restocked: units.default(0),
    grossMinor: minor.nullish(),
    unitPriceMinor: minor.nullish(),
    discountMinor: minor.default(0),
    taxMinor: minor.default(0),
  })
  .refine(({ sold, quantity }) => (sold ?? quantity) !== undefined, { path: ['sold'], message: 'is missing' })
  .refine(({ grossMinor, unitPriceMinor }) => (grossMinor ?? unitPriceMinor ?? null) !== null, {
    path: ['grossMinor'],
    message: 'is missing',
  });

export const genericSnapshot = z
  .object({
    type: z.literal('order.snapshot'),
    source: z.string().regex(/^[^@\p{Cc}]{1,64}$/u, 'must be 1 to 64 characters without @'),
    account: words.default(''),
    orderId: z.string().trim().min(1).max(128).optional(),
    sourceId: z.string().trim().min(1).max(128).optional(),
    name: words.nullish(),
    version: z.number().int().min(0).nullish(),
    createdAt: at.nullish(),
    updatedAt: at.nullish(),
    at: at.nullish(),
    /** left out: the show's own */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters')
      .default(''),
    test: z.boolean().default(false),
    cancelled: z.boolean().default(false),
    paid: z.boolean().default(true),
    taxIncluded: z.boolean().optional(),
    lines: z.array(line).max(500).default([]),
    tenders: z
      .array(z.object({ kind: z.enum(TENDER_KINDS).default('other'), amountMinor: minor, ref: words.nullish() }))
      .max(50)
      .default([]),
    tender: z.enum(TENDER_KINDS).default('other'),
    totalMinor: minor.nullish(),
    tipMinor: minor.default(0),
    shippingMinor: minor.default(0),
    refundedMinor: minor.nullish(),
    channel: z.enum(SALE_CHANNELS).nullish(),
    creatorCode: z.string().trim().max(64).nullish(),
    hints: z
      .object({
        channel: z.enum(SALE_CHANNELS).nullish(),
        isPos: z.boolean().default(false),
        codes: z.array(words).max(20).default([]),
        link: z.string().max(2000).nullish(),
        utm: z.array(words).max(20).default([]),
      })
      .default({ isPos: false, codes: [], utm: [] }),
    person: z
      .object({
        email: words.nullish(),
        phone: words.nullish(),
        name: words.nullish(),
        consent: z.boolean().default(false),
      })
      .nullish(),
  })
  .refine(({ orderId, sourceId }) => (orderId ?? sourceId) !== undefined, { path: ['orderId'], message: 'is missing' });
type Body = z.output<typeof genericSnapshot>;

/** @param receivedAt for a body without a time of its own */
export function genericSnapshotOf(body: Body, receivedAt: number): OrderSnapshot {
  const updatedAt = body.updatedAt ?? body.at ?? null;
  const createdAt = body.createdAt ?? body.at ?? updatedAt;
  const iso = (text: string | null): string => toIso(text === null ? receivedAt : Date.parse(text));
  const lines = body.lines.map(lineOf);
  return {
    source: `generic:${body.source}`,
    account: body.account,
    orderId: body.orderId ?? body.sourceId ?? '',
    name: body.name ?? '',
    version: body.version ?? null,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    currency: body.currency,
    test: body.test,
    cancelled: body.cancelled,
    paid: body.paid,
    ...(body.taxIncluded === undefined ? {} : { taxIncluded: body.taxIncluded }),
    lines,
    tenders: tendersOf(body, lines),
    tipMinor: body.tipMinor,
    shippingMinor: body.shippingMinor,
    refundedMinor: body.refundedMinor ?? null,
    hints: {
      channel: body.channel ?? body.hints.channel ?? null,
      isPos: body.hints.isPos,
      codes: [...(body.creatorCode ? [body.creatorCode] : []), ...body.hints.codes],
      link: body.hints.link ?? null,
      utm: body.hints.utm,
    },
    person: personOf(body.person),
  };
}

function lineOf(told: Body['lines'][number], index: number): OrderSnapshot['lines'][number] {
  const sold = told.sold ?? told.quantity ?? 0;
  const refunded = Math.min(told.refunded, sold);
  return {
    lineId: told.lineId || String(index + 1),
    sku: told.sku || null,
    name: told.name ?? '',
    sold,
    refunded,
    restocked: Math.min(told.restocked, refunded),
    grossMinor: told.grossMinor ?? times(told.unitPriceMinor ?? 0, sold),
    discountMinor: told.discountMinor,
    taxMinor: told.taxMinor,
  };
}

/** A sender that names no payments has had its order paid all the same. */
function tendersOf(body: Body, lines: OrderSnapshot['lines']): OrderSnapshot['tenders'] {
  if (body.tenders.length > 0) return body.tenders.map((tender) => ({ ...tender, ref: tender.ref ?? null }));
  const goods = lines.reduce((sum, each) => sum + each.grossMinor - each.discountMinor + each.taxMinor, 0);
  return [{ kind: body.tender, amountMinor: body.totalMinor ?? goods + body.tipMinor + body.shippingMinor, ref: null }];
}

function personOf(person: Body['person']): OrderSnapshot['person'] {
  if (!person || (!person.email && !person.phone)) return null;
  const { email, phone, name, consent } = person;
  return { email: email || null, phone: phone || null, name: name || null, consent };
}
