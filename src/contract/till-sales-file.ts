import { z } from 'zod';
import { joinTillSalesPages, type TillSales } from './till-sales.ts';

/** What may have been made at a till while it was cut off; the contact of a buyer is never among it. */
const CARRIED = ['record-sale', 'void-sale', 'open-drawer', 'pay-in', 'pay-out'] as const;

const shape = z.strictObject({
  format: z.literal('dropdesk-till-sales'),
  version: z.literal(1),
  show: z.string().min(1).max(64),
  device: z.string().min(1).max(64),
  commands: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64),
        kind: z.enum(CARRIED),
        body: z.record(z.string(), z.unknown()),
        madeAt: z.iso.datetime({ offset: true }),
      }),
    )
    .min(1)
    .max(2000),
}) satisfies z.ZodType<TillSales>;

/** @param given the file's text, or scanned pages, one a line */
export function readTillSales(given: string): { sales: TillSales } | { problem: string } {
  const joined = joinTillSalesPages(given);
  if ('missing' in joined) return { problem: `Page ${joined.missing.join(', ')} is missing. Scan it too.` };
  let raw: unknown;
  try {
    raw = JSON.parse(joined.text);
  } catch {
    return { problem: 'This is no list of a till’s sales. Use the till’s file, or scan every page of it.' };
  }
  const read = shape.safeParse(raw);
  if (read.success) return { sales: read.data };
  const [issue] = read.error.issues;
  return { problem: `This list cannot be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() };
}
