import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ClipsFile } from '../contract/clips-file.ts';
import { pathText } from '../contract/path-text.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import { makeClips } from '../domain/clips.ts';
import type { Segment } from '../domain/media-time.ts';
import { MOMENT_DEFAULTS } from '../domain/moments-input.ts';
import { inputOfShowFile, type MomentShowFile } from '../domain/moments-show-file.ts';
import { findMoments } from '../domain/moments.ts';
import { fromIso, toIso } from '../domain/units.ts';
import { canonicalJson } from './canonical.ts';
import { recordingOf } from './closing/clips-files.ts';

/**
 * `npm run moments -- FILE… --out DIR` (MOM-16): finds moments in recorded shows by the code that closes a real one and
 * writes `DIR/<name>.clips.json`. A file that does not fit: one line on stderr naming file and field, exit 2 at the end;
 * the others are still written.
 */
const instant = z.iso.datetime({ offset: true });
const sku = z.string().min(1);
const bodies: Record<string, z.ZodType> = {
  'sale.recorded': z.object({
    saleId: z.string(),
    madeAt: instant,
    channel: z.enum(['in-person', 'stream', 'social', 'unattributed']),
    lines: z.array(
      z.object({
        sku,
        quantity: z.number().int().positive(),
        unitPriceMinor: z.number().int(),
        discountMinor: z.number().int(),
      }),
    ),
  }),
  'sale.voided': z.object({ saleId: z.string() }),
  'moment.marked': z.object({
    momentId: z.string(),
    by: z.string(),
    pressedAt: instant,
    sku: sku.nullish(),
    note: z.string().nullish(),
  }),
  'cue.started': z.object({ cue: z.string() }),
  'cue.finished': z.object({ cue: z.string() }),
  'point.ticked': z.object({ cue: z.string(), index: z.number().int().min(0) }),
};
const showShape = z.object({
  format: z.literal('dropdesk-moment-show'),
  version: z.literal(1),
  plan: z.object({
    show: z.object({ name: z.string(), timeZone: z.string(), currency: z.string() }),
    products: z.array(z.object({ sku, name: z.string(), reserve: z.number().int().min(0).optional() })),
    people: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    cues: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          owners: z.array(z.string()).optional(),
          sku: sku.nullish(),
          points: z.array(z.object({ text: z.string(), mustSay: z.boolean().optional() })).optional(),
        }),
      )
      .optional(),
  }),
  settings: z.object({ 'stream.delayMs': z.number().min(0).nullish() }),
  recordings: z.array(
    z.object({
      path: z.string(),
      zeroAt: instant,
      durationMs: z.number().min(0),
      fps: z.object({ num: z.number().positive(), den: z.number().positive() }),
      width: z.number(),
      height: z.number(),
    }),
  ),
  ledger: z
    .array(z.object({ seq: z.number().int(), at: instant, kind: z.string(), body: z.record(z.string(), z.unknown()) }))
    .min(1),
  samples: z.array(z.object({ at: instant, source: z.string(), metrics: z.record(z.string(), z.number()) })),
});

/** @throws Error naming the field that does not fit */
export function readShow(text: string): MomentShowFile {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new Error('is not JSON', { cause });
  }
  const file = showShape.parse(raw);
  file.ledger.forEach(({ kind, body }, index) => {
    const fault = bodies[kind]?.safeParse(body).error?.issues[0];
    if (fault) throw new Error(`${pathText(['ledger', index, 'body', ...fault.path])}: ${fault.message}`);
  });
  return file as MomentShowFile;
}

export function clipsOf(file: MomentShowFile, name: string): ClipsFile {
  const settings = { ...MOMENT_DEFAULTS, 'stream.delayMs': file.settings['stream.delayMs'] ?? null };
  const input = inputOfShowFile(file);
  const found = findMoments(input, settings, (text) => createHash('sha256').update(text).digest());
  const segments = file.recordings.map(({ zeroAt, ...video }, index): Segment => ({
    ...video,
    id: `rec${index + 1}-1`,
    run: `rec${index + 1}`,
    index: 0,
    state: 'final',
    zeroAt: fromIso(zeroAt),
    loMs: 0,
    hiMs: 0,
    method: 'C',
    flags: [],
    estimates: [],
    videoFrames: null,
    pauses: [],
  }));
  const { clips, dropped } = makeClips(found, segments, input, settings);
  const { show } = file.plan;
  return {
    format: 'dropdesk-clips',
    version: 1,
    contractVersion: CONTRACT_VERSION,
    show: {
      id: name,
      name: show.name,
      timeZone: show.timeZone,
      currency: show.currency,
      openedAt: toIso(input.from),
      closedAt: toIso(input.to),
    },
    closeVersion: null,
    ledgerSeq: file.ledger.at(-1)?.seq ?? 0,
    provisional: false,
    settings: { ...settings },
    streams: [],
    recordings: segments.map(recordingOf),
    moments: found.moments,
    clips,
    dropped,
    notes: segments.length === 0 ? [{ code: 'no-recording', message: 'Nothing was recorded.' }] : [],
  };
}

/** @returns the exit code */
export function main(args: readonly string[], say: (line: string) => void): number {
  const out = args.indexOf('--out');
  const folder = out >= 0 ? args[out + 1] : undefined;
  const paths = args.filter((_, index) => index !== out && (out < 0 || index !== out + 1));
  if (folder === undefined || paths.length === 0 || paths.some((path) => path.startsWith('--'))) {
    say('usage: npm run moments -- FILE… --out DIR');
    return 2;
  }
  mkdirSync(folder, { recursive: true });
  let bad = 0;
  for (const path of paths) {
    try {
      const name = basename(path).replace(/(\.show)?\.json$/, '');
      const target = join(folder, `${name}.clips.json`);
      writeFileSync(`${target}.partial`, canonicalJson(clipsOf(readShow(readFileSync(path, 'utf8')), name)));
      renameSync(`${target}.partial`, target);
    } catch (error) {
      bad += 1;
      say(`${path}: ${reason(error)}`);
    }
  }
  return bad > 0 ? 2 : 0;
}

function reason(error: unknown): string {
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
  if (issue) return `${pathText(issue.path)}: ${issue.message}`;
  return error instanceof Error ? error.message.split('\n', 1).join('') : String(error);
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2), (line) => process.stderr.write(`${line}\n`));
