import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ClipsFile } from '../../contract/clips-file.ts';
import { type Report, TABLE_NAMES } from '../../contract/report-file.ts';
import { CONTRACT_VERSION } from '../../contract/version.ts';
import { notedDark } from '../../domain/clips-dark.ts';
import { makeClips } from '../../domain/clips.ts';
import { type CloseRecord, initialRecord, takeEntry } from '../../domain/close-record.ts';
import { type RecordingRun, type Segment, segmentsOf } from '../../domain/media-time.ts';
import { MOMENT_DEFAULTS } from '../../domain/moments-input.ts';
import { inputOfRecord, recordingRunsOf } from '../../domain/moments-of-record.ts';
import { findMoments } from '../../domain/moments.ts';
import { type ReportBody, makeReport } from '../../domain/report.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import { clipsGuide, llcProject, recordingOf, stemsOf } from './clips-files.ts';
import type { CloseJob, CloseProgressStep, WrittenSet } from './close-job.ts';
import { manifestText, writtenFiles } from './manifest.ts';
import { PartialFolder } from './partial-folder.ts';
import { ffprobe, measureRun } from './recording-files.ts';
import { tableCsv } from './report-csv.ts';
import { reportHtml } from './report-html.ts';
import { reportXlsx } from './report-xlsx.ts';

/** Entries between two words of progress. */
const SLICE = 2000;

/**
 * Writes `close-v<version>/` whole or not at all. Everything is computed from entries up to the pin, so the same ledger,
 * samples, settings and program give the same bytes.
 *
 * Long and in one go: it belongs into a thread of its own, so that the hub keeps answering.
 *
 * @throws CloseWriteError when a file cannot be written; nothing is left then
 */
export async function writeClose(job: CloseJob): Promise<WrittenSet> {
  const name = `close-v${job.version}`;
  const folder = await PartialFolder.begin(join(job.folder, name));
  try {
    const set = await writeInto(folder, job);
    step(job, 'rename', 0, 1);
    await folder.commit();
    step(job, 'rename', 1, 1);
    return { files: writtenFiles(name, folder.seals), ...set };
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

async function writeInto(folder: PartialFolder, job: CloseJob): Promise<Omit<WrittenSet, 'files'>> {
  const record = foldTo(job);
  const { clipsFile, reportBody, checks } = await compute(record, job);
  const sealed = sealReport(reportBody, clipsFile);

  step(job, 'clips', 0, 1);
  const stems = stemsOf(clipsFile.recordings);
  await folder.write('clips/clips.json', canonicalJson(clipsFile));
  await folder.write('clips/clips.csv', tableCsv(sealed.tables.clips, sealed.show.currency));
  await folder.write('clips/clips.md', clipsGuide(clipsFile, stems));
  for (const recording of clipsFile.recordings)
    await folder.write(`clips/${stems.get(recording.id) ?? recording.id}-proj.llc`, llcProject(recording, clipsFile));

  step(job, 'report', 0, 1);
  await folder.write('report.json', canonicalJson(sealed));
  await folder.write('report.html', reportHtml(sealed));
  step(job, 'xlsx', 0, 1);
  await folder.write('report.xlsx', await reportXlsx(sealed));
  for (const [index, table] of TABLE_NAMES.entries()) {
    step(job, 'csv', index, TABLE_NAMES.length);
    await folder.write(`csv/${table}.csv`, tableCsv(sealed.tables[table], sealed.show.currency));
  }
  step(job, 'check', 0, 1);
  const manifest = await folder.write('manifest.json', manifestText(sealed, folder.seals));
  const failedChecks = checks.filter(({ left, right }) => left !== right).map(({ check }) => check);
  return { contentSha256: sealed.contentSha256, manifestSha256: manifest.sha256, failedChecks };
}

/** @throws when the ledger does not hold the pin it was asked for */
function foldTo(job: CloseJob): CloseRecord {
  const record = initialRecord(job.showId);
  let taken = 0;
  for (const entry of job.entries) {
    if (entry.seq > job.ledgerSeq) break;
    takeEntry(record, entry);
    if (++taken % SLICE === 0) {
      step(job, 'pin', taken, job.ledgerSeq);
    }
  }
  if (record.show.seq !== job.ledgerSeq)
    throw new Error(`close: the ledger ends at ${record.show.seq}, the pin is ${job.ledgerSeq}`);
  step(job, 'pin', 1, 1);
  return record;
}

async function compute(record: CloseRecord, job: CloseJob) {
  const { show } = record;
  const settings = { ...MOMENT_DEFAULTS, ...job.settings };
  const measured = job.readViewers(show.openedAt ?? 0, show.closingAt ?? record.at);
  const viewers = [...measured, ...show.viewers.notes].sort((a, b) => a.at - b.at);
  // Counts of several platforms jump when told in turn: a peak is looked for where one source has told.
  const isOne = new Set(viewers.map((told) => ('source' in told ? told.source : ''))).size <= 1;
  const input = inputOfRecord(record, isOne ? viewers : measured);
  step(job, 'moments', 0, 1);
  const found = findMoments(input, settings, (text) => createHash('sha256').update(text).digest());

  const runs = recordingRunsOf(record);
  const segments: Segment[] = [];
  for (const [index, run] of runs.entries()) {
    step(job, 'probe', index, runs.length);
    const samples = job.readRecordClock(run.noticedAt, run.stop?.at ?? run.lostAt ?? record.at);
    segments.push(...segmentsOf(await measureRun({ ...run, samples }, ffprobe)));
  }
  const { clips: cut, dropped } = makeClips(found, segments, input, settings);
  const clips = notedDark(cut, record);
  const notes = notesOf(runs, segments);
  const { report, checks } = makeReport({
    record,
    moments: found.moments,
    clips,
    segments,
    model: found.model,
    viewers,
    notes,
    cohorts: job.cohorts,
  });
  const clipsFile: ClipsFile = {
    format: 'dropdesk-clips',
    version: 1,
    contractVersion: CONTRACT_VERSION,
    show: {
      id: show.id,
      name: report.show.name,
      timeZone: report.show.timeZone,
      currency: report.show.currency,
      openedAt: report.show.openedAt,
      closedAt: report.show.closedAt,
    },
    closeVersion: job.version,
    ledgerSeq: job.ledgerSeq,
    provisional: segments.some(({ state }) => state === 'open'),
    settings: { ...settings },
    streams: record.entries.of('stream.started').map(({ body }) => {
      const end = record.entries.of('stream.stopped').find((stop) => stop.body.at >= body.at);
      return { startedAt: body.at, endedAt: end?.body.at ?? null };
    }),
    recordings: segments.map(recordingOf),
    moments: found.moments,
    clips,
    dropped,
    notes,
  };
  return { clipsFile, reportBody: report, checks };
}

function notesOf(runs: readonly RecordingRun[], segments: readonly Segment[]): { code: string; message: string }[] {
  const notes =
    runs.length === 0
      ? [{ code: 'no-recording', message: 'Nothing was recorded: moments carry times of day, and there are no clips.' }]
      : [];
  for (const { path, state } of segments) {
    if (state === 'unreachable')
      notes.push({
        code: 'unreachable',
        message: `${path} cannot be reached from this machine; its times are estimates.`,
      });
    if (state === 'open')
      notes.push({ code: 'open', message: `${path} was still being recorded; its times are provisional.` });
  }
  return notes;
}

/** FIL-2: the hash is over the files with its own place empty, so that it can be printed in all that derive from them. */
function sealReport(body: ReportBody, clips: ClipsFile): Report {
  const unsealed: Report = {
    ...body,
    format: 'dropdesk-report',
    version: 1,
    contractVersion: CONTRACT_VERSION,
    reportId: '',
    contentSha256: '',
    supersedes: null,
    changes: [],
    followUps: [],
  };
  const contentSha256 = sha256(`${canonicalJson(unsealed)}\n${canonicalJson(clips)}`);
  return { ...unsealed, contentSha256, reportId: contentSha256.slice(0, 12) };
}

function step(job: CloseJob, name: CloseProgressStep, done: number, total: number): void {
  job.onProgress({ step: name, done, total });
}
