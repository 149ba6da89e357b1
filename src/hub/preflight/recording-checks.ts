import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { HOUR, MINUTE } from '../../domain/units.ts';
import { type Finding, type Ground, fails, passed, unknowable, warns } from './check.ts';
import { askingObs, isObsHere, type ObsSettings, obsSettings } from './obs-settings.ts';

/** Formats that can be played after OBS or the computer died; the others are finished only by a proper stop. */
const SURVIVES = /^(mkv|flv|ts|mpegts|m2ts|hls|m3u8|fragmented_\w+|hybrid_\w+)$/;
/** OBS stops a recording when so little is left. */
const OBS_STOPS_AT_MB = 50;
const SPARE = 1.3;
const LEAST_MB = 5 * 1024;

/** rec-1: a recording can be made, and survives a crash. */
export const recordingReadyCheck = askingObs(async (ground) => {
  const settings = await obsSettings(ground);
  const folder = isObsHere(ground) && settings.recordFolder !== null ? await folderFault(settings.recordFolder) : null;
  return readyFinding(settings, folder);
});

/** @param folder why OBS cannot write there; null: it can, or it is not known */
export function readyFinding({ recordFolder, recordFormat, freeDiskMb }: ObsSettings, folder: string | null): Finding {
  if (recordFolder === '' || folder !== null)
    return fails(folder ?? 'OBS has no recording folder.', 'Choose a recording folder that is there, in OBS.');
  if (freeDiskMb !== null && freeDiskMb <= OBS_STOPS_AT_MB)
    return fails(`${Math.round(freeDiskMb)} MB are left: OBS does not record.`, `Free ${gigabytes(LEAST_MB)} GB.`);
  const fix = 'Record to mkv.';
  if (recordFormat === null) return warns('OBS does not tell its recording format.', fix);
  return SURVIVES.test(recordFormat)
    ? passed(`Recording to ${recordFormat.replace('_', ' ')}.`)
    : warns(`Recording to ${recordFormat}: a crash makes the file unreadable.`, fix);
}

async function folderFault(folder: string): Promise<string | null> {
  const found = await stat(folder).catch(() => null);
  if (found === null) return 'The recording folder does not exist.';
  if (!found.isDirectory()) return 'The recording folder is a file.';
  return await access(folder, constants.W_OK).then(
    () => null,
    () => 'The recording folder cannot be written to.',
  );
}

/** rec-2: the disk holds the planned show. */
export const roomCheck = askingObs(async (ground) => {
  const [settings, rate] = await Promise.all([obsSettings(ground), recordingKbps(ground)]);
  return roomFinding({ freeMb: settings.freeDiskMb, lengthMs: plannedMs(ground), rate });
});

/** What a recording of more than 1080p at its best takes: room for it is room for any. */
export const MOST_KBPS = 50_000;

/**
 * @param rate what the recording writes, kbit/s; null: OBS does not tell, then only what is enough for any is enough
 */
export function roomFinding(about: {
  freeMb: number | null;
  lengthMs: number | null;
  rate: { kbps: number; from: string } | null;
}): Finding {
  const { freeMb, lengthMs, rate } = about;
  if (freeMb === null) return unknowable('OBS does not tell how much room its disk has.');
  const free = `${gigabytes(freeMb)} GB are free`;
  if (freeMb < LEAST_MB) return fails(`${free}, less than 5 GB.`, `Free ${wanting(LEAST_MB, freeMb)} GB.`);
  if (lengthMs === null) return unknowable(`${free}; the show's end is not planned.`, 'Plan when the show ends.');
  const kbps = rate?.kbps ?? MOST_KBPS;
  const needMb = (lengthMs / 1000) * (kbps / 8 / 1024) * (1000 / 1024);
  const fix = `Free ${wanting(needMb * SPARE, freeMb)} GB.`;
  const evidence = `${free}; ${hours(lengthMs)} at ${Math.round(kbps)} kbit/s take ${gigabytes(needMb)} GB.`;
  if (freeMb >= needMb * SPARE) return passed(evidence);
  if (rate === null)
    return unknowable(`${free}; OBS does not tell what its recording takes.`, 'Make a test recording.');
  return freeMb >= needMb ? warns(evidence, fix) : fails(evidence, fix);
}

/** From now or the planned start, whichever is later, to the planned end. */
function plannedMs({ times: { startsAt, endsAt }, now, show }: Ground): number | null {
  if (endsAt === null) return null;
  const { at } = now();
  const from = show.phase === 'live' || startsAt === null ? at : startsAt;
  // A plan of yesterday still says how long a show is.
  return endsAt > from ? endsAt - from : null;
}

/** What a recording takes: as it was measured in this one, else by OBS's settings when it takes the stream's encoder. */
export async function recordingKbps(ground: Ground): Promise<{ kbps: number; from: string } | null> {
  const record = ground.health()?.obs.record;
  const [bytes, ms] = [record?.bytes.points.at(-1)?.value ?? null, record?.durationMs ?? null];
  if (record?.active === true && bytes !== null && ms !== null && ms >= MINUTE)
    return { kbps: (bytes * 8) / ms, from: 'this recording' };
  const { recordsTheStream, videoKbps, audioKbps } = await obsSettings(ground);
  if (recordsTheStream !== true || videoKbps === null) return null;
  return { kbps: videoKbps + (audioKbps ?? 160), from: "OBS's settings" };
}

function gigabytes(mb: number): string {
  return (mb / 1024).toFixed(1);
}

/** Whole GB that are missing, one at least. */
function wanting(needMb: number, freeMb: number): number {
  return Math.max(1, Math.ceil((needMb - freeMb) / 1024));
}

function hours(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  return ms < HOUR ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
