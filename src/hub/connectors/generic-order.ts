import { createHash } from 'node:crypto';
import { z } from 'zod';
import { pathText } from '../../contract/path-text.ts';
import type { OutsideOrder } from '../../domain/commands.ts';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { toIso } from '../../domain/units.ts';
import { SALE_CHANNELS, TENDER_KINDS } from '../../domain/words.ts';
import { genericSnapshot, genericSnapshotOf } from './generic-snapshot.ts';

/**
 * The generic order body (contract §5). Keys that we do not know are passed over and a sku may be missing: the buyer has
 * paid already, so only what cannot be understood at all is turned away.
 */
const minor = z.number().int().min(0).max(1e13);
const name = z.string().trim().min(1).max(128);
const body = z.object({
  type: z.enum(['sale.recorded', 'sale.refunded'], {
    error: 'must be "sale.recorded", "sale.refunded" or "order.snapshot"',
  }),
  source: z.string().regex(/^[^@\p{Cc}]{1,64}$/u, 'must be 1 to 64 characters without @'),
  sourceId: z.string().regex(/^[^@\p{Cc}]{1,128}$/u, 'must be 1 to 128 characters without @'),
  /** refunds only: the order it gives back, when `sourceId` names the refund itself */
  saleSourceId: name.optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  channel: z.enum(SALE_CHANNELS).nullish(),
  lines: z
    .array(
      z.object({
        sku: z.string().max(128).nullish(),
        name: z.string().max(200).nullish(),
        quantity: z.number().int().min(1).max(100_000),
        unitPriceMinor: minor.nullish(),
        discountMinor: minor.default(0),
      }),
    )
    .max(200)
    .default([]),
  creatorCode: z.string().max(64).nullish(),
  totalMinor: minor.nullish(),
  tipMinor: minor.default(0),
  tender: z.enum(TENDER_KINDS).default('other'),
});
type Body = z.output<typeof body>;

/**
 * @param receivedAt when the delivery came, for a body without a time of its own
 * @returns the order, or what is wrong in a sentence for the sender's log
 */
export function readGenericOrder(
  raw: Buffer,
  receivedAt = 0,
): { order: OutsideOrder } | { snapshot: OrderSnapshot } | { problem: string } {
  const json = parseJson(raw);
  if (json === undefined) return { problem: 'The body is not JSON.' };
  if (isSnapshot(json)) {
    const whole = genericSnapshot.safeParse(json);
    return whole.success
      ? { snapshot: genericSnapshotOf(whole.data, receivedAt) }
      : { problem: problemOf(whole.error) };
  }
  const read = body.safeParse(json);
  if (!read.success) return { problem: problemOf(read.error) };
  if (read.data.type === 'sale.recorded' && read.data.lines.length === 0)
    return { problem: 'lines: a sale needs at least one line' };
  return {
    order: read.data.type === 'sale.recorded' ? saleOf(read.data, receivedAt) : refundOf(read.data, receivedAt),
  };
}

function isSnapshot(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'type' in json && json.type === 'order.snapshot';
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${pathText(issue?.path ?? []) || 'body'}: ${issue?.message ?? 'does not fit'}`;
}

function saleOf(sale: Body, receivedAt: number): OutsideOrder {
  return {
    type: 'sale',
    source: `generic:${sale.source}`,
    sourceId: sale.sourceId,
    at: instant(sale.at, receivedAt),
    channel: sale.channel ?? null,
    lines: sale.lines.map((line) => ({
      sku: line.sku?.trim() || null,
      name: line.name?.trim() || null,
      quantity: line.quantity,
      unitPriceMinor: line.unitPriceMinor ?? null,
      discountMinor: line.discountMinor,
    })),
    creatorCode: sale.creatorCode?.trim() || null,
    tender: sale.tender,
    tipMinor: sale.tipMinor,
    personRef: null,
  };
}

function refundOf(refund: Body, receivedAt: number): OutsideOrder {
  return {
    type: 'refund',
    source: `generic:${refund.source}`,
    sourceId: refund.saleSourceId === undefined ? `${refund.sourceId}~${contentHash(refund)}` : refund.sourceId,
    saleSourceId: refund.saleSourceId ?? refund.sourceId,
    at: instant(refund.at, receivedAt),
    channel: refund.channel ?? null,
    lines: refund.lines.map((line) => ({ sku: line.sku?.trim() || null, quantity: line.quantity })),
    amountMinor: refund.totalMinor ?? null,
    tender: refund.tender,
  };
}

/** An order may be given back in several parts under its one id; the same part told twice has the same content. */
function contentHash({ at, lines, totalMinor }: Body): string {
  return createHash('sha256')
    .update(JSON.stringify([at, lines, totalMinor]))
    .digest('hex')
    .slice(0, 12);
}

function instant(at: string | undefined, receivedAt: number): string {
  return toIso(at === undefined ? receivedAt : Date.parse(at));
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined; // JSON.parse's way to say that it is none
  }
}
