import { randomBytes } from 'node:crypto';
import { open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, fails, passed, skips, unknowable, warns } from './check.ts';
import { askingObs, isObsHere, obsSettings } from './obs-settings.ts';
import { MOST_KBPS, recordingKbps } from './recording-checks.ts';

const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCKS = 8;
/** A slow disk is known for what it is long before 64 MB are written. */
const LONGEST_MS = 3000;
const ROOM_MB = 1024;

/** rec-3: 64 MB are written to the recording folder and brought to the disk, then removed. */
export const diskSpeedCheck = askingObs(async (ground, signal) => {
  const { recordFolder, recording, freeDiskMb } = await obsSettings(ground);
  if (recording) return skips('A recording is running, and is not disturbed.');
  if (!isObsHere(ground)) return skips('OBS is on another computer: its disk cannot be tried from here.');
  if (recordFolder === null || !(await isFolder(recordFolder)))
    return skips('The recording folder is not reachable from here.');
  if (freeDiskMb !== null && freeDiskMb < ROOM_MB) return skips('There is too little room to try.');
  const rate = await recordingKbps(ground);
  return speedFinding(await write(recordFolder, signal), rate);
});

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Blocks that cannot be made smaller, each on the disk before the next. @returns what came of it; null: nothing */
async function write(folder: string, signal: AbortSignal): Promise<{ bytes: number; ms: number } | null> {
  const path = join(folder, `.dropdesk-disk-${randomBytes(6).toString('hex')}.tmp`);
  const block = randomBytes(BLOCK_BYTES);
  const file = await open(path, 'wx');
  try {
    const began = performance.now();
    let written = 0;
    for (let i = 0; i < BLOCKS && !signal.aborted && performance.now() - began < LONGEST_MS; i += 1) {
      await file.write(block);
      await file.datasync();
      written += BLOCK_BYTES;
    }
    return written === 0 ? null : { bytes: written, ms: performance.now() - began };
  } finally {
    await file.close();
    await unlink(path);
  }
}

/** @param rate what the recording writes, kbit/s; null: not told, then only what is enough for any is enough */
export function speedFinding(
  wrote: { bytes: number; ms: number } | null,
  rate: Awaited<ReturnType<typeof recordingKbps>>,
): Finding {
  const fix = 'Record to a faster disk.';
  if (wrote === null) return unknowable('Nothing could be written in time.', fix);
  const kbps = (wrote.bytes * 8) / Math.max(1, wrote.ms);
  const times = kbps / (rate?.kbps ?? MOST_KBPS);
  const speed = `${Math.round(kbps / 8000)} MB/s`;
  if (rate === null)
    return times >= 4
      ? passed(`${speed}, enough for any recording.`)
      : unknowable(`${speed}; OBS does not tell what its recording takes.`, fix);
  const evidence = `${speed}, ${Math.floor(times)} times what the recording takes (${Math.round(rate.kbps)} kbit/s).`;
  return times >= 4 ? passed(evidence) : times >= 2 ? warns(evidence, fix) : fails(evidence, fix);
}
