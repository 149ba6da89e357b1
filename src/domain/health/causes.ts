import type { StreamLayer } from '../words.ts';
import { silentMs } from './contact.ts';
import { kbps } from './counter.ts';
import type { SymptomId } from './findings.ts';
import { diskMinutes } from './recording-findings.ts';
import { inputsHeard } from './sound-side.ts';
import { type Health, isConfigured } from './state.ts';
import type { IngestSide } from './ingest-side.ts';
import { legStillMs } from './leg-side.ts';
import { RULES_OF } from './symptoms.ts';
import { ABSENT_ANSWERS, ingestStillMs, sendStillMs } from './transport-findings.ts';

/** Cause codes, the better evidence first; `unclear` when nothing fits. */
export const CAUSES = [
  'obs-gone',
  'obs-frozen',
  'local-network',
  'ingest-wedged',
  'ingest-dropped',
  'path-to-ingest',
  'uplink-too-slow',
  'obs-gave-up',
  'encoder-overloaded',
  'picture-black',
  'picture-frozen',
  'sound-gone',
  'recording-stopped',
  'recording-stalled',
  'disk-low',
  'packager-stalled',
  'edge-stale',
  'unclear',
] as const;
export type Cause = (typeof CAUSES)[number];

/** What a person at the desk reads: what is wrong, and what to do first. */
export interface Words {
  message: string;
  advice: string;
}

const WORDS: Record<Cause, Words> = {
  'obs-gone': { message: 'OBS is closed or crashed.', advice: 'Start OBS; the recording up to now is on disk.' },
  'obs-frozen': { message: 'OBS does not answer.', advice: 'Wait 10 s, then restart OBS.' },
  'local-network': {
    message: 'This computer has no network.',
    advice: 'Check the cable or Wi-Fi; use the phone hotspot.',
  },
  'ingest-wedged': {
    message: 'The streaming server accepts us but does not react.',
    advice: 'Switch to the backup.',
  },
  'ingest-dropped': { message: 'The streaming server hung up on us.', advice: 'OBS retries; retry now, or switch.' },
  'path-to-ingest': {
    message: 'The way to the streaming server is broken.',
    advice: 'Switch to the backup or another network.',
  },
  'uplink-too-slow': { message: 'The upload is too slow for the stream.', advice: 'Lower the bitrate.' },
  'obs-gave-up': { message: 'OBS stopped streaming by itself.', advice: 'Start the stream.' },
  'encoder-overloaded': {
    message: 'This computer cannot keep up.',
    advice: 'Close other programs, or lower the output size.',
  },
  'picture-black': { message: 'The picture is black.', advice: 'Check the camera and its cable, or show the slate.' },
  'picture-frozen': {
    message: 'The picture stands still.',
    advice: 'Restart the camera source in OBS, or show the slate.',
  },
  'sound-gone': { message: 'There is no sound.', advice: 'Check the microphone, its battery and its mute button.' },
  'recording-stopped': { message: 'The recording has stopped.', advice: 'Start it.' },
  'recording-stalled': {
    message: 'The recording does not grow.',
    advice: 'Check the disk, then start a new recording.',
  },
  'disk-low': { message: 'The recording disk is almost full.', advice: 'Free space on it, or stop other downloads.' },
  'packager-stalled': {
    message: 'The ingest gets the stream but publishes nothing new.',
    advice: 'Restart the packager.',
  },
  'edge-stale': {
    message: 'Viewers get old pieces from the edge.',
    advice: 'Check the edge, or send viewers to the origin.',
  },
  unclear: { message: 'Something is wrong with the stream; we cannot tell what.', advice: 'Look at the symptoms.' },
};

export function isCause(code: string | null): code is Cause {
  return code !== null && Object.hasOwn(WORDS, code);
}

export function wordsOf(cause: string | null): Words {
  return WORDS[isCause(cause) ? cause : 'unclear'];
}

/** The sentence with the names in it where there are any. */
export function messageFor(health: Health, cause: string | null): string {
  const inputs = cause === 'sound-gone' ? inputsHeard(health.sound) : [];
  return inputs.length === 0 ? wordsOf(cause).message : `No sound from ${inputs.join(' and ')}.`;
}

/** Share of what gets through that a lower bitrate should aim for. */
const ROOM = 0.7;

/** Advice with the number in it where there is one. */
export function adviceFor(health: Health, cause: string | null): string {
  if (cause === 'uplink-too-slow') {
    const through = kbps(health.ingest.bytes) ?? kbps(health.obs.bytes);
    if (through !== null && through > 0) return `Lower the bitrate to ${Math.round(through * ROOM)} kbps.`;
  }
  if (cause === 'disk-low') {
    const minutes = diskMinutes(health);
    if (minutes !== null) return `Free space on it: ${minutes} min of recording are left.`;
  }
  return wordsOf(cause).advice;
}

/** @returns true when `a` rests on better evidence than `b` */
export function isBetter(a: string, b: string): boolean {
  const rank = (cause: string): number => (isCause(cause) ? CAUSES.indexOf(cause) : CAUSES.length);
  return rank(a) < rank(b);
}

/** The cause of a bad layer by the evidence of this moment (STR-52); first match wins. */
export function causeOf(health: Health, layer: StreamLayer, now: number): Cause {
  const { grades } = health;
  switch (layer) {
    case 'obs':
      return health.obs.contact.error === 'refused' || health.obs.contact.error === 'closed'
        ? 'obs-gone'
        : 'obs-frozen';
    case 'transport':
      return transportCause(health, now);
    case 'source':
      return sourceCause(health);
    case 'recording':
      if (grades.recording > 0) return 'recording-stopped';
      if (grades.recordStallMs > 0) return 'recording-stalled';
      return 'disk-low';
    case 'delivery':
      return originIsBad(health) ? 'packager-stalled' : 'edge-stale';
    default:
      layer satisfies never;
      return 'unclear';
  }
}

const SOURCE_CAUSES: readonly (readonly [Cause, readonly SymptomId[]])[] = [
  ['encoder-overloaded', ['encoderLagPct', 'renderLagPct', 'fps', 'renderMs']],
  ['picture-black', ['blackMs']],
  ['picture-frozen', ['stillMs']],
  ['sound-gone', ['silentMs']],
];

/** Of several troubles the worst is named: a computer that is a little slow must not hide a black picture. */
function sourceCause({ grades }: Health): Cause {
  for (const grade of [2, 1]) {
    const found = SOURCE_CAUSES.find(([, ids]) => ids.some((id) => grades[id] === grade));
    if (found !== undefined) return found[0];
  }
  return 'unclear';
}

function originIsBad(health: Health): boolean {
  return RULES_OF.delivery.some(({ source, index }) => source === 'hls' && (health.held[index]?.grade ?? 0) > 0);
}

const FLAT_MS = 1500;
const JUST_GREW_MS = 2000;
const SLOW: readonly SymptomId[] = [
  'ingestLagMs',
  'congestion',
  'droppedPct',
  'bitrateKbps',
  'deliveryRatio',
  'rttMs',
  'srt',
];

function transportCause(health: Health, now: number): Cause {
  const { obs, ingest, grades, network } = health;
  if (isConfigured(health, 'obs') && obs.active === false) return 'obs-gave-up';
  const probe = network.get('ingest');
  const probeFails = (probe?.failedRunning ?? 0) >= 1;
  const ingestFlat = (ingestStillMs(health) ?? 0) >= FLAT_MS;
  const sendFlat = (sendStillMs(health) ?? 0) >= FLAT_MS;
  const legFlat = (legStillMs(health.leg, now) ?? 0) >= FLAT_MS;

  const gatewayFails = (network.get('gateway')?.failedRunning ?? 0) >= 1;
  const pageSilent = (silentMs(ingest.contact, now) ?? 0) >= FLAT_MS;
  // Connections that are lost while media gets through are what a poor Wi-Fi does: it is not gone.
  if (gatewayFails && (ingestFlat || sendFlat || legFlat || pageSilent)) return 'local-network';

  const refused = ingest.contact.error === 'refused' || probe?.refused === true;
  const hungUp = grades.reconnecting > 0 && (obs.growthBeforeReconnectMs ?? Infinity) < JUST_GREW_MS;
  if (!hungUp && isWedged(health, now, ingestFlat || sendFlat || legFlat)) return 'ingest-wedged';
  if (refused || hungUp || wasTakenOff(ingest)) return 'ingest-dropped';
  if (ingestFlat || legFlat || (probeFails && sendFlat)) return 'path-to-ingest';
  if (SLOW.some((id) => grades[id] > 0)) return 'uplink-too-slow';
  // Nothing arrives anywhere and no ingest page says better.
  if (sendFlat || probeFails) return 'path-to-ingest';
  // Media gets through while connections of our own are lost.
  return grades.probe > 0 ? 'uplink-too-slow' : 'unclear';
}

/** Not listed any more although media had just come. A publisher that was silent before has been given up by the server. */
function wasTakenOff({ absentRunning, absentFromMs, bytes }: IngestSide): boolean {
  if (absentRunning < ABSENT_ANSWERS || absentFromMs === null) return false;
  return bytes.lastGrowthMs === null || absentFromMs - bytes.lastGrowthMs < JUST_GREW_MS;
}

const PAGE_SILENT_MS = 2000;
/** STR-2: when the page is asked, its answer is due within this time. */
const PAGE_DEADLINE_MS = 1000;

/** The server's machine takes our connection, its program does not answer. A server that hung up on OBS is not wedged. */
function isWedged(health: Health, now: number, flat: boolean): boolean {
  const probe = health.network.get('ingest');
  const { contact } = health.ingest;
  const silent = silentMs(contact, now) ?? 0;
  // One open question is nothing yet.
  const pageHangs = contact.error === 'timeout' && (contact.errorsRunning >= 2 || silent >= PAGE_SILENT_MS);
  if (probe === undefined) return pageHangs;
  if (probe.connectMs === null) return false;
  if (probe.handshakeFailed) return pageHangs || flat || !isConfigured(health, 'rtmp');
  // A connection that went well before the page fell silent says nothing of now.
  const askedMs = (contact.errorsSinceMs ?? Infinity) - PAGE_DEADLINE_MS;
  return pageHangs && (probe.contact.lastAnswerMs ?? -Infinity) > askedMs;
}

/** Evidence that has since proved wrong: a server that cannot be reached is not one that takes us in and hangs. */
export function isRefuted(health: Health, cause: string): boolean {
  if (cause === 'unclear') return true;
  return cause === 'ingest-wedged' && (health.network.get('ingest')?.failedRunning ?? 0) > 0;
}
