import type { MomentCue, MomentInput, MomentSale } from './moments-input.ts';
import { fromIso, type Iso } from './units.ts';
import type { Channel } from './words.ts';

/** A show as recorded for trying moment finding: plan, ledger without hashes, samples, settings and recordings. */
export interface MomentShowFile {
  format: 'dropdesk-moment-show';
  version: 1;
  plan: {
    show: { name: string; timeZone: string; currency: string };
    products: { sku: string; name: string; reserve?: number }[];
    people?: { id: string; name: string }[];
    cues?: {
      id: string;
      title: string;
      owners?: string[];
      sku?: string | null;
      points?: { text: string; mustSay?: boolean }[];
    }[];
  };
  settings: { 'stream.delayMs'?: number | null };
  recordings: {
    path: string;
    zeroAt: Iso;
    durationMs: number;
    fps: { num: number; den: number };
    width: number;
    height: number;
  }[];
  ledger: { seq: number; at: Iso; kind: string; body: Record<string, unknown> }[];
  samples: { at: Iso; source: string; metrics: Record<string, number> }[];
}

/** @throws never; entries that say nothing about moments are passed over */
export function inputOfShowFile(file: MomentShowFile): MomentInput {
  const { plan, ledger } = file;
  const at = (kind: string, fallback: Iso): number =>
    fromIso(ledger.find((entry) => entry.kind === kind)?.at ?? fallback);
  const from = at('show.opened', ledger[0]?.at ?? '1970-01-01T00:00:00.000Z');
  const to = at('show.closing', ledger.at(-1)?.at ?? '1970-01-01T00:00:00.000Z');
  const sales = salesOf(file);
  return {
    from,
    to,
    timeZone: plan.show.timeZone,
    sales,
    cues: cuesOf(file, to),
    marks: ledger
      .filter((entry) => entry.kind === 'moment.marked')
      .map(({ body }) => ({
        id: String(body['momentId']),
        at: fromIso(String(body['pressedAt'])),
        by: String(body['by']),
        sku: typeof body['sku'] === 'string' ? body['sku'] : null,
        note: typeof body['note'] === 'string' ? body['note'] : null,
        uncertaintyMs: 0,
      })),
    stockOuts: stockOutsOf(sales, new Map(plan.products.map(({ sku, reserve }) => [sku, reserve ?? Infinity]))),
    viewers: file.samples
      .filter(({ source }) => source === 'viewers')
      .map((sample) => ({ at: fromIso(sample.at), count: sample.metrics['count'] ?? 0 })),
    scenes: [],
    skuNames: new Map(plan.products.map(({ sku, name }) => [sku, name])),
    people: new Map((plan.people ?? []).map(({ id, name }) => [id, name])),
  };
}

function salesOf({ ledger }: MomentShowFile): MomentSale[] {
  const voided = new Set(ledger.filter(({ kind }) => kind === 'sale.voided').map(({ body }) => String(body['saleId'])));
  return ledger
    .filter(({ kind, body }) => kind === 'sale.recorded' && !voided.has(String(body['saleId'])))
    .map(({ body }) => ({
      id: String(body['saleId']),
      at: fromIso(String(body['madeAt'])),
      channel: body['channel'] as Channel,
      lines: (body['lines'] as { sku: string; quantity: number; unitPriceMinor: number; discountMinor: number }[]).map(
        (line) => ({
          sku: line.sku,
          quantity: line.quantity,
          netMinor: line.quantity * line.unitPriceMinor - line.discountMinor,
        }),
      ),
    }))
    .sort((a, b) => a.at - b.at);
}

function stockOutsOf(sales: readonly MomentSale[], reserve: ReadonlyMap<string, number>): MomentInput['stockOuts'] {
  const sold = new Map<string, number>();
  const outs: MomentInput['stockOuts'] = [];
  for (const sale of sales) {
    for (const { sku, quantity } of sale.lines) {
      const before = sold.get(sku) ?? 0;
      sold.set(sku, before + quantity);
      const limit = reserve.get(sku) ?? Infinity;
      if (before < limit && before + quantity >= limit) outs.push({ sku, saleId: sale.id, at: sale.at });
    }
  }
  return outs;
}

function cuesOf({ plan, ledger }: MomentShowFile, close: number): MomentCue[] {
  const planned = new Map((plan.cues ?? []).map((cue) => [cue.id, cue]));
  const runs: MomentCue[] = [];
  const running = new Map<string, MomentCue>();
  for (const entry of ledger) {
    const cue = planned.get(String(entry.body['cue']));
    if (!cue) continue;
    if (entry.kind === 'cue.started') {
      const skus = typeof cue.sku === 'string' ? [cue.sku] : [];
      const run: MomentCue = {
        cue: cue.id,
        run: `r${entry.seq}`,
        title: cue.title,
        from: fromIso(entry.at),
        to: close,
        skus,
        owners: cue.owners ?? [],
        ticks: [],
      };
      running.set(cue.id, run);
      runs.push(run);
    }
    const run = running.get(cue.id);
    if (!run) continue;
    if (entry.kind === 'cue.finished') run.to = fromIso(entry.at);
    if (entry.kind === 'point.ticked') {
      const point = cue.points?.[Number(entry.body['index'])];
      run.ticks.push({ at: fromIso(entry.at), text: point?.text ?? '', mustSay: point?.mustSay ?? false });
    }
  }
  return runs;
}
