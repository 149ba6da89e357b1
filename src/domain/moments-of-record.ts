import type { CloseRecord } from './close-record.ts';
import type { RecordingRun, RunFile } from './media-time.ts';
import type { MomentCue, MomentInput, MomentSale } from './moments-input.ts';
import { soldAt } from './sale-record.ts';
import { fromIso, type Instant } from './units.ts';

/** Boils a record down to what moment finding reads. */
export function inputOfRecord(record: CloseRecord, viewers: MomentInput['viewers']): MomentInput {
  const { show, entries } = record;
  const plan = show.plan;
  const from = show.openedAt ?? record.at;
  return {
    from,
    to: Math.max(from, show.closingAt ?? record.at),
    timeZone: plan?.show.timeZone ?? 'UTC',
    sales: salesOf(record),
    cues: cueRunsOf(record),
    marks: show.moments
      .map(({ id, by, person, sku, note, pressedAt, uncertaintyMs }) => ({
        id,
        at: fromIso(pressedAt),
        by: person ?? by,
        sku,
        note,
        uncertaintyMs,
      }))
      .sort((a, b) => a.at - b.at),
    stockOuts: record.stockOuts,
    viewers,
    scenes: entries.of('scene.changed').map(({ at }) => at),
    skuNames: new Map([...(plan?.products ?? []), ...(plan?.bundles ?? [])].map(({ sku, name }) => [sku, name])),
    people: new Map((plan?.people ?? []).map(({ id, name }) => [id, name])),
  };
}

function salesOf({ show }: CloseRecord): MomentSale[] {
  const sales: MomentSale[] = [];
  for (const sale of show.sales.byId.values()) {
    const back = sale.lines.every((line, index) => (sale.refundedUnits[index] ?? 0) >= line.quantity);
    if (sale.voided || back) continue;
    const lines = sale.lines.flatMap(({ sku, quantity, netMinor }) =>
      sku === null ? [] : [{ sku, quantity, netMinor }],
    );
    sales.push({ id: sale.saleId, at: soldAt(sale), channel: sale.channel, lines });
  }
  return sales.sort((a, b) => a.at - b.at);
}

/** Runs that counted, in order of their start; one still on air ends with the show. */
export function cueRunsOf({ show, entries, at }: CloseRecord): MomentCue[] {
  const offers = new Map((show.plan?.offers ?? []).map(({ id, sku }) => [id, sku]));
  const runs = new Map<string, MomentCue>();
  for (const entry of entries.of('cue.started')) {
    const cue = show.cues.byId.get(entry.body.cue)?.cue;
    const skus = [cue?.sku, cue?.offer ? offers.get(cue.offer) : null, ...(cue?.points.map(({ sku }) => sku) ?? [])];
    runs.set(entry.body.run, {
      cue: entry.body.cue,
      run: entry.body.run,
      title: cue?.title ?? entry.body.cue,
      from: entry.at,
      to: show.closingAt ?? at,
      skus: [...new Set(skus.filter((sku) => typeof sku === 'string'))],
      owners: cue?.owners ?? [],
      ticks: [],
    });
  }
  for (const { body, at: endedAt } of entries.of('cue.finished')) {
    const run = runs.get(body.run);
    if (run) run.to = endedAt;
  }
  for (const { body } of entries.of('cue.withdrawn')) runs.delete(body.run);
  addTicks({ show, entries }, runs);
  return [...runs.values()].sort((a, b) => a.from - b.from);
}

/** A point that was unticked was not said. */
function addTicks(
  { show, entries }: Pick<CloseRecord, 'show' | 'entries'>,
  runs: ReadonlyMap<string, MomentCue>,
): void {
  const taken = new Set(entries.of('point.unticked').map(({ body }) => `${body.run ?? ''} ${body.point}`));
  for (const { body, at } of entries.of('point.ticked')) {
    const run = body.run === null ? undefined : runs.get(body.run);
    const point = show.cues.byId.get(body.cue)?.cue.points.find(({ id }) => id === body.point);
    if (!run || !point || taken.has(`${body.run ?? ''} ${body.point}`)) continue;
    run.ticks.push({ at, text: point.text, mustSay: point.mustSay });
  }
}

/** Recordings as facts tell them; files still without a probe, samples still to be read. */
export function recordingRunsOf({ entries }: CloseRecord): RecordingRun[] {
  return entries.of('recording.started').map(({ at, body }) => {
    const mine = <T extends { body: { run: string } }>(list: T[]): T[] =>
      list.filter((entry) => entry.body.run === body.run);
    const stopped = mine(entries.of('recording.stopped')).at(-1);
    const lost = mine(entries.of('recording.lost')).at(-1);
    const fps = body.fps ?? { num: 30, den: 1 };
    const stop = stopped ? { at: edge(stopped.body), asked: stopped.body.requestedAt !== null } : null;
    const first = body.path ?? stopped?.body.path ?? null;
    const splits = mine(entries.of('recording.split')).sort((a, b) => a.body.index - b.body.index);
    const files: RunFile[] = [
      ...(first === null ? [] : [{ path: first, from: fromIso(body.noticedAt), probe: null }]),
      ...splits
        .filter((split) => split.body.path !== first)
        .map((split) => ({ path: split.body.path, from: fromIso(split.body.noticedAt), probe: null })),
    ];
    const frameMs = (1000 * fps.den) / fps.num;
    return {
      run: body.run,
      noticedAt: Number.isNaN(fromIso(body.noticedAt)) ? at : fromIso(body.noticedAt),
      encoder: body.encoder,
      fps,
      width: body.width ?? 0,
      height: body.height ?? 0,
      pauses: pausesOf(
        mine(entries.of('recording.paused')),
        mine(entries.of('recording.resumed')),
        stop?.at ?? null,
        frameMs,
      ),
      stop,
      lostAt: stop === null && lost ? fromIso(lost.body.lastSampleAt) : null,
      files,
      samples: [],
    };
  });
}

type Edge = { body: { requestedAt: string | null; noticedAt: string } };

/** MAP-3: a pause edge is the middle of its request, else when it was noticed, and one frame. */
function pausesOf(
  paused: Edge[],
  resumed: Edge[],
  stop: Instant | null,
  frameMs: number,
): { from: Instant; to: Instant }[] {
  const ends = resumed.map(({ body }) => edge(body) + frameMs);
  return paused.flatMap(({ body }) => {
    const from = edge(body) + frameMs;
    const to = ends.find((end) => end > from) ?? stop;
    return to !== null && to > from ? [{ from, to }] : [];
  });
}

function edge(body: { requestedAt: string | null; noticedAt: string }): Instant {
  return fromIso(body.requestedAt ?? body.noticedAt);
}
