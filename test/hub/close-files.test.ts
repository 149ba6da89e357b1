import { DEFAULT_COHORTS } from '../../src/domain/show-cohorts.ts';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipsFile } from '../../src/contract/clips-file.ts';
import { type Report, TABLE_NAMES } from '../../src/contract/report-file.ts';
import { fromIso } from '../../src/domain/units.ts';
import type { TestShow } from '../../src/domain/testing.ts';
import { canonicalJson, sha256 } from '../../src/hub/canonical.ts';
import type { CloseJob } from '../../src/hub/closing/close-job.ts';
import { recoverClose } from '../../src/hub/closing/manifest.ts';
import { clearPartial } from '../../src/hub/closing/partial-folder.ts';
import { tableCsv } from '../../src/hub/closing/report-csv.ts';
import { reportHtml } from '../../src/hub/closing/report-html.ts';
import { reportXlsx } from '../../src/hub/closing/report-xlsx.ts';
import { writeClose } from '../../src/hub/closing/write-close.ts';
import { closeShow, playShow, readShowFile } from './closing-show.ts';

const HOSTILE = [
  '=HYPERLINK("x")',
  '<img src=x onerror=alert(1)>',
  ']]> & "quotes"',
  '-2+3',
  '@SUM(A1)',
  '＝1+1',
  'constructor',
  'שלום 🎉',
];
const home = mkdtempSync(join(tmpdir(), 'dropdesk-close-'));
const file = readShowFile('standard-9001');

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The recorded show with product names that attack every format. */
function hostileShow(): TestShow {
  return playShow(file, (plan) => ({
    ...plan,
    products: (plan['products'] as object[]).map((product, index) => ({
      ...product,
      name: HOSTILE[index % HOSTILE.length],
    })),
  }));
}

function jobFor(show: TestShow, name: string, pinned: { version: number; ledgerSeq: number }): CloseJob {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  return {
    showId: 'show-1',
    folder,
    ...pinned,
    entries: show.entries,
    settings: { 'stream.delayMs': 8000 },
    cohorts: DEFAULT_COHORTS,
    readViewers: () => file.samples.map(({ at, metrics }) => ({ at: fromIso(at), count: metrics['count'] ?? 0 })),
    readRecordClock: () => [],
    onProgress: () => undefined,
  };
}

describe('the files of a closed show', () => {
  let show: TestShow;
  let job: CloseJob;
  let folder: string;
  let report: Report;
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

  beforeAll(async () => {
    show = hostileShow();
    job = jobFor(show, 'first', closeShow(show));
    await writeClose(job);
    folder = join(job.folder, 'close-v1');
    report = JSON.parse(read('report.json')) as Report;
  });

  it('are all there, each as the manifest says, under one name', () => {
    expect(readdirSync(job.folder)).toEqual(['close-v1']);
    const manifest = JSON.parse(read('manifest.json')) as {
      contentSha256: string;
      files: { path: string; bytes: number; sha256: string }[];
    };
    const paths = manifest.files.map(({ path }) => path);
    for (const path of [
      'report.json',
      'report.html',
      'report.xlsx',
      'clips/clips.json',
      'clips/clips.csv',
      'clips/sim-standard-9001-proj.llc',
    ])
      expect(paths).toContain(path);
    for (const table of TABLE_NAMES) expect(paths).toContain(`csv/${table}.csv`);
    for (const { path, bytes, sha256: sum } of manifest.files) {
      const content = readFileSync(join(folder, path));
      expect([path, content.byteLength, createHash('sha256').update(content).digest('hex')]).toEqual([
        path,
        bytes,
        sum,
      ]);
      expect(statSync(join(folder, path)).mode & 0o222).toBe(0);
    }
  });

  it('carry one content hash that anybody can compute anew', () => {
    const clips = JSON.parse(read('clips/clips.json')) as ClipsFile;
    const bare = { ...report, contentSha256: '', reportId: '' };
    expect(sha256(`${canonicalJson(bare)}\n${canonicalJson(clips)}`)).toBe(report.contentSha256);
    expect(read('report.html')).toContain(report.contentSha256);
  });

  it('are the same bytes when they are written again', async () => {
    const again = { ...job, folder: join(home, 'again') };
    mkdirSync(again.folder);
    await writeClose(again);
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of paths) {
      const path = join(parentPath, name).slice(folder.length + 1);
      expect([
        path,
        readFileSync(join(again.folder, 'close-v1', path)).equals(readFileSync(join(folder, path))),
      ]).toEqual([path, true]);
    }
  });

  it('follow from report.json alone', async () => {
    expect(reportHtml(report)).toBe(read('report.html'));
    expect(Buffer.from(await reportXlsx(report)).equals(readFileSync(join(folder, 'report.xlsx')))).toBe(true);
    for (const table of TABLE_NAMES)
      expect(tableCsv(report.tables[table], report.show.currency)).toBe(read(`csv/${table}.csv`));
  });

  it('tie to the minor unit', () => {
    const ok = report.tables.checks.columns.findIndex(({ key }) => key === 'ok');
    expect(report.tables.checks.rows.filter((row) => row[ok] !== true)).toEqual([]);
    const rows = parse(read('csv/sales.csv'), { bom: true, columns: true }) as Record<string, string>[];
    const cents = rows.reduce((sum, row) => sum + Math.round(Number(row['net']) * 100), 0);
    expect(cents).toBe(report.totals.netMinor);
  });

  it('hold names that no spreadsheet runs and no browser reads as markup', () => {
    const names = (parse(read('csv/products.csv'), { bom: true, columns: true }) as Record<string, string>[]).map(
      ({ name }) => name ?? '',
    );
    expect(names).toContain(`'=HYPERLINK("x")`);
    expect(names).toContain(`'-2+3`);
    expect(names).toContain(HOSTILE[1]);
    const html = read('report.html');
    expect(html).not.toMatch(/<img|<script|onerror=alert\(1\)>|https?:\/\//i);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).toContain("default-src 'none'");
  });

  it('give LosslessCut seconds and text tags, stills unselected', () => {
    const project = JSON.parse(read('clips/sim-standard-9001-proj.llc')) as {
      version: number;
      mediaFileName: string;
      cutSegments: { start: number; end?: number; selected: boolean; tags: Record<string, unknown> }[];
    };
    expect(project).toMatchObject({ version: 2, mediaFileName: 'sim-standard-9001.mkv' });
    for (const { start, end, selected, tags } of project.cutSegments) {
      expect(end === undefined ? !selected : end > start).toBe(true);
      expect(Object.values(tags).every((tag) => typeof tag === 'string')).toBe(true);
    }
  });

  it('open in LibreOffice with numbers as numbers and a formula name as text', () => {
    const out = join(home, 'sheets');
    const profile = pathToFileURL(join(home, 'profile')).href;
    const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1';
    execFileSync(
      'soffice',
      [
        `-env:UserInstallation=${profile}`,
        '--headless',
        '--convert-to',
        filter,
        '--outdir',
        out,
        join(folder, 'report.xlsx'),
      ],
      { stdio: 'pipe', timeout: 60_000 },
    );
    const sheet = (name: string) =>
      parse(readFileSync(join(out, `report-${name}.csv`), 'utf8'), { columns: true }) as Record<string, string>[];
    expect(readdirSync(out)).toHaveLength(TABLE_NAMES.length);
    const names = sheet('products').map(({ Product }) => Product?.trimEnd());
    expect(names).toEqual(expect.arrayContaining(['=HYPERLINK("x")', '-2+3', 'constructor']));
    const cents = sheet('sales').reduce(
      (sum, row) => sum + Math.round(Number(row['Net']?.replace(/^(-?)EUR /, '$1').replaceAll(',', '')) * 100),
      0,
    );
    expect(cents).toBe(report.totals.netMinor);
    expect(sheet('sales')[0]?.['At']).toMatch(/^2026-03-07 \d\d:\d\d:\d\d$/);
  });
});

describe('writing the files', () => {
  it('measures a recording that can be reached and counts back from its stop', async () => {
    const path = join(home, 'real take.mkv');
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=64x36:rate=30:duration=20',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      path,
    ]);
    const short = {
      ...file,
      ledger: file.ledger.map((entry) => (entry.kind === 'recording.started' ? { ...entry, body: { path } } : entry)),
    };
    const show = playShow(short);
    const made = jobFor(show, 'measured', closeShow(show));
    await writeClose(made);
    const clips = JSON.parse(readFileSync(join(made.folder, 'close-v1/clips/clips.json'), 'utf8')) as ClipsFile;
    expect(clips.recordings[0]).toMatchObject({
      state: 'final',
      videoFrames: 600,
      durationMs: 20_000,
      width: 64,
      height: 36,
      fps: { num: 30, den: 1 },
    });
    expect(clips.recordings[0]?.estimates.map(({ method }) => method)).toContain('C');
    expect(clips.provisional).toBe(false);
  });

  it('moves a folder that belongs to no closed version aside, as it is', async () => {
    const show = playShow(file);
    const job = jobFor(show, 'taken', closeShow(show));
    mkdirSync(join(job.folder, 'close-v1'));
    writeFileSync(join(job.folder, 'close-v1/report.json'), 'kept');
    await writeClose(job);
    expect(readdirSync(job.folder).sort()).toEqual(['close-v1', 'close-v1.orphan']);
    expect(readFileSync(join(job.folder, 'close-v1.orphan/report.json'), 'utf8')).toBe('kept');
  });

  it('finds a whole set again after a crash before show.closed, and puts a spoilt one aside', async () => {
    const show = playShow(file);
    const pinned = closeShow(show);
    const job = jobFor(show, 'crashed', pinned);
    const set = await writeClose(job);
    const pin = { ...pinned, at: 0 };
    expect(await recoverClose(job.folder, pin)).toEqual(set);
    expect(await recoverClose(job.folder, null)).toBeNull();
    const report = join(job.folder, 'close-v1/report.html');
    chmodSync(report, 0o600);
    writeFileSync(report, 'spoilt');
    expect(await recoverClose(job.folder, pin)).toBeNull();
    expect(readdirSync(job.folder)).toEqual(['close-v1.orphan']);
  });

  it('tells every step', async () => {
    const show = playShow(file);
    const steps = new Set<string>();
    await writeClose({ ...jobFor(show, 'told', closeShow(show)), onProgress: ({ step }) => steps.add(step) });
    expect([...steps]).toEqual(['pin', 'moments', 'probe', 'clips', 'report', 'xlsx', 'csv', 'check', 'rename']);
  });

  it('leaves nothing behind when it fails half way', async () => {
    const show = playShow(file);
    const job = jobFor(show, 'failed', closeShow(show));
    const onProgress = ({ step }: { step: string }): void => {
      if (step === 'csv') throw new Error('half way');
    };
    await expect(writeClose({ ...job, onProgress })).rejects.toThrow('half way');
    expect(readdirSync(job.folder)).toEqual([]);
  });

  it('names the file that cannot be written', async () => {
    const show = playShow(file);
    const job = { ...jobFor(show, 'full', closeShow(show)), folder: join(home, 'full/no folder') };
    writeFileSync(job.folder, 'a file where the folder should be');
    await expect(writeClose(job)).rejects.toMatchObject({
      name: 'CloseWriteError',
      file: expect.stringContaining('close-v1'),
      reason: expect.stringContaining('ENOTDIR'),
    });
  });

  it('clears what a kill left half written, and nothing else', async () => {
    const folder = join(home, 'killed');
    mkdirSync(join(folder, 'close-v1.partial/csv'), { recursive: true });
    mkdirSync(join(folder, 'close-v2'), { recursive: true });
    await clearPartial(folder);
    expect(readdirSync(folder)).toEqual(['close-v2']);
  });

  it('closes a show that sold, ran and recorded nothing', async () => {
    const show = playShow({ ...file, ledger: file.ledger.filter(({ kind }) => kind.startsWith('show.')), samples: [] });
    const job = { ...jobFor(show, 'empty', closeShow(show)), readViewers: () => [] };
    const { failedChecks } = await writeClose(job);
    expect(failedChecks).toEqual([]);
    const clips = JSON.parse(readFileSync(join(job.folder, 'close-v1/clips/clips.json'), 'utf8')) as ClipsFile;
    expect(clips.notes.map(({ code }) => code)).toEqual(['no-recording']);
    expect(readFileSync(join(job.folder, 'close-v1/report.html'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
  });
});
