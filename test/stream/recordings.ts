import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a recording really holds, by ffprobe. */
export interface Recorded {
  frames: number;
  lengthMs: number;
  /** longest distance of two pictures, ms */
  longestGapMs: number;
}

/** @throws when the file cannot be read as media */
export async function readRecording(path: string): Promise<Recorded> {
  const { stdout } = await promisify(execFile)(
    '/usr/bin/ffprobe',
    ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path],
    { maxBuffer: 64_000_000 },
  );
  const times = stdout
    .split('\n')
    .map((line) => Number.parseFloat(line) * 1000)
    .filter((ms) => Number.isFinite(ms))
    .toSorted((a, b) => a - b);
  const gaps = times.slice(1).map((ms, i) => ms - (times[i] ?? ms));
  return {
    frames: times.length,
    lengthMs: Math.round((times.at(-1) ?? 0) - (times[0] ?? 0)),
    longestGapMs: Math.round(Math.max(0, ...gaps)),
  };
}
