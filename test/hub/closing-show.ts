import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../../src/contract/plan-file.ts';
import { planFinish } from '../../src/domain/decide/close.ts';
import type { MomentShowFile } from '../../src/domain/moments-show-file.ts';
import { given, makeShow, now, run, type TestShow } from '../../src/domain/testing.ts';
import { DESK } from '../../src/domain/actor.ts';
import { fromIso } from '../../src/domain/units.ts';
import type { SaleChannel } from '../../src/domain/words.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/moments');

export function readShowFile(name: string): MomentShowFile {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.show.json`), 'utf8')) as MomentShowFile;
}

/** What is done to a plan before the show is played: hostile names, another currency. */
export type Change = (plan: Record<string, unknown>) => Record<string, unknown>;

/**
 * Plays a recorded show through the real deciders, as its desk would have: every sale, void, cue, tick and mark at its
 * own time. Live at the end.
 */
export function playShow(file: MomentShowFile, change: Change = (plan) => plan): TestShow {
  const read = readPlan(change(withOffers(file)));
  if ('faults' in read) throw new Error(read.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const show = makeShow(null);
  const points = new Map(read.plan.cues.map(({ id, points: list }) => [id, list.map((point) => point.id)]));
  const ids = new Map<string, string>();
  const at = (iso: string): void => {
    show.mono += Math.max(0, fromIso(iso) - show.at);
    show.at = Math.max(show.at, fromIso(iso));
  };
  show.at = fromIso(file.ledger[0]?.at ?? '') - 60_000;
  given(show, { kind: 'plan.adopted', body: { plan: read.plan, warnings: [], demo: false, by: 'desk' } });
  for (const { at: when, kind, body } of file.ledger) {
    at(when);
    const text = (key: string): string => String(body[key]);
    if (kind === 'show.opened') run(show, { kind: 'open-show' });
    if (kind === 'recording.started') startRecording(show, text('path'));
    if (kind === 'cue.started') run(show, { kind: 'start-cue', cue: text('cue') });
    if (kind === 'cue.finished') run(show, { kind: 'finish-cue', cue: text('cue') });
    if (kind === 'point.ticked')
      run(show, {
        kind: 'tick-point',
        cue: text('cue'),
        point: points.get(text('cue'))?.[Number(body['index'])] ?? '',
      });
    if (kind === 'sale.voided') run(show, { kind: 'void-sale', saleId: ids.get(text('saleId')) ?? '' });
    if (kind === 'sale.recorded') {
      const lines = (body['lines'] as { sku: string; quantity: number }[]).map(({ sku, quantity }) => ({
        sku,
        quantity,
      }));
      const channel = body['channel'] as SaleChannel;
      const reply = run(show, {
        kind: 'record-sale',
        lines,
        channel,
        tender: channel === 'in-person' ? 'cash' : 'card',
      });
      if (reply.ok) ids.set(text('saleId'), String(reply['saleId']));
    }
    if (kind === 'moment.marked') {
      const sku = typeof body['sku'] === 'string' ? { sku: body['sku'] } : {};
      run(show, { kind: 'mark-moment', pressedAt: text('pressedAt'), ...sku });
    }
  }
  return show;
}

/** The recorded plans name no offers; a drop of ours opens one. */
function withOffers({ plan }: MomentShowFile): Record<string, unknown> {
  const drops = (plan.cues ?? []).map((cue) => ({ ...cue }) as typeof cue & { kind?: string; offer?: string });
  const offers = drops
    .filter(({ kind }) => kind === 'drop')
    .map(({ id, sku }) => ({ id: `o-${id}`, kind: 'drop', sku }));
  for (const cue of drops) if (cue.kind === 'drop') cue.offer = `o-${cue.id}`;
  return { ...plan, version: 1, cues: drops, offers };
}

function startRecording(show: TestShow, path: string): void {
  const noticedAt = new Date(show.at).toISOString();
  const run = `rec${show.entries.length + 1}`;
  given(show, {
    kind: 'recording.started',
    body: {
      run,
      requestedAt: null,
      noticedAt,
      path,
      fps: { num: 30, den: 1 },
      width: 1280,
      height: 720,
      encoder: 'own',
      obsVersion: '30.0.0',
      folder: null,
    },
  });
}

/** Stops the recording and closes: every product that moved counted as the ledger expects it, then the pin. */
export function closeShow(
  show: TestShow,
  { counted = (expected: number) => expected } = {},
): { version: number; ledgerSeq: number } {
  for (const [id] of show.state.close.recording) {
    const noticedAt = new Date(show.at).toISOString();
    given(show, { kind: 'recording.stopped', body: { run: id, requestedAt: null, noticedAt, path: null } });
  }
  run(show, { kind: 'close-show' });
  for (const sku of show.state.close.moved) {
    const cells = show.state.stock.cells.get(sku);
    const expected = [...(cells ?? [])].reduce(
      (sum, [pool, cell]) => sum + (pool === 'preorder' ? 0 : cell.physical),
      0,
    );
    run(show, { kind: 'count-stock', sku, counted: counted(expected) });
  }
  return pin(show, undefined);
}

/** @throws with the refusal when the show may not be finished */
export function pin(show: TestShow, override: string | undefined): { version: number; ledgerSeq: number } {
  const ask = {
    id: 'finish',
    actor: DESK,
    now: now(show),
    seq: show.entries.length + 1,
    refOf: (contact: string) => contact,
    rules: DEFAULT_RULES,
  };
  const decision = planFinish(show.state, override, ask);
  if (!decision.ok) throw new Error(decision.refusal.message);
  given(show, ...decision.facts);
  return decision.reply as { version: number; ledgerSeq: number };
}
