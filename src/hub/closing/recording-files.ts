import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join, parse } from 'node:path';
import type { Rate, RecordingRun, RunFile } from '../../domain/media-time.ts';

const PROBE_MS = 20_000;
const NEAR_MS = 2000;

export interface Probe {
  videoFrames: number | null;
  durationMs: number;
  fps: Rate | null;
  width: number | null;
  height: number | null;
}

/**
 * Finds and measures the files of a run: as the facts name them, else re-pointed after an auto-remux, and splits that
 * OBS never told of by their times in the record folder (RCD-4). What cannot be reached keeps its name and no figures.
 *
 * @param probe asks a file for its frames; null when it cannot say
 */
export async function measureRun(
  run: RecordingRun,
  probe: (path: string) => Promise<Probe | null>,
): Promise<RecordingRun> {
  const named = await Promise.all(run.files.map(async (file) => ({ ...file, path: await repointed(file.path) })));
  const first = named[0];
  const files = first && named.length === 1 ? [first, ...(await untoldSplits(run, first))] : named;
  let { fps, width, height } = run;
  const measured: RunFile[] = [];
  for (const file of files) {
    const found = await probe(file.path);
    measured.push({ ...file, probe: found && { videoFrames: found.videoFrames, durationMs: found.durationMs } });
    fps = found?.fps ?? fps;
    width = found?.width ?? width;
    height = found?.height ?? height;
  }
  return { ...run, fps, width, height, files: measured };
}

/** `x.mkv` that OBS remuxed into `x.mp4` and removed. */
async function repointed(path: string): Promise<string> {
  if (await sizeOf(path)) return path;
  const { dir, name, ext } = parse(path);
  for (const other of ['.mp4', '.mkv', '.mov']) {
    const candidate = join(dir, `${name}${other}`);
    if (other !== ext && (await sizeOf(candidate))) return candidate;
  }
  return path;
}

/** Files of the same kind in the same folder, made during the run, by name. */
async function untoldSplits(run: RecordingRun, first: RunFile): Promise<RunFile[]> {
  const end = run.stop?.at ?? run.lostAt;
  const folder = dirname(first.path);
  if (end === null || !(await sizeOf(first.path))) return [];
  const names = (await readdir(folder)).filter((name) => extname(name) === extname(first.path)).sort();
  const found: RunFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (path === first.path) continue;
    const { birthtimeMs, mtimeMs } = await stat(path);
    const born = birthtimeMs > 0 ? birthtimeMs : mtimeMs;
    if (born > run.noticedAt + NEAR_MS && born <= end + NEAR_MS && mtimeMs <= end + 10 * NEAR_MS)
      found.push({ path, from: born, probe: null });
  }
  return found;
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : 0;
  } catch {
    // Not there, or on another machine: the caller says `unreachable`.
    return 0;
  }
}

/** Asks ffprobe, without a shell. Null when there is no ffprobe, no such file, or no answer within 20 s. */
export async function ffprobe(path: string): Promise<Probe | null> {
  if (!(await sizeOf(path))) return null;
  const asked = ['-v', 'error', '-select_streams', 'v:0', '-count_packets', '-show_entries'];
  const what = 'stream=nb_read_packets,r_frame_rate,width,height:format=duration';
  const text = await output('ffprobe', [...asked, what, '-of', 'json', '-i', path]);
  return text === null ? null : probeOf(text);
}

/** @returns null when the answer is not what ffprobe says of a video */
export function probeOf(text: string): Probe | null {
  let answer: { streams?: Record<string, unknown>[]; format?: Record<string, unknown> };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    return null;
  }
  const stream = answer.streams?.[0];
  const seconds = Number(answer.format?.['duration']);
  const frames = Number(stream?.['nb_read_packets']);
  const rate = /^(\d+)\/(\d+)$/.exec(String(stream?.['r_frame_rate'] ?? ''));
  const fps =
    rate && Number(rate[1]) > 0 && Number(rate[2]) > 0 ? { num: Number(rate[1]), den: Number(rate[2]) } : null;
  if (!stream || (!Number.isFinite(seconds) && !(frames > 0))) return null;
  const durationMs = Number.isFinite(seconds)
    ? Math.round(seconds * 1000)
    : fps
      ? Math.round((frames * 1000 * fps.den) / fps.num)
      : 0;
  return {
    videoFrames: frames > 0 ? frames : null,
    durationMs,
    fps,
    width: numberOrNull(stream['width']),
    height: numberOrNull(stream['height']),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? value : null;
}

function output(command: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: PROBE_MS, windowsHide: true });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks).toString('utf8') : null));
  });
}
