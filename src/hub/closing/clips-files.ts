import { basename, parse } from 'node:path';
import type { ClipsFile, Recording } from '../../contract/clips-file.ts';
import { fileSafe } from '../../domain/clip-names.ts';
import type { Clip } from '../../domain/clips.ts';
import type { Segment } from '../../domain/media-time.ts';
import { toIso } from '../../domain/units.ts';

export function recordingOf(segment: Segment): Recording {
  return {
    id: segment.id,
    run: segment.run,
    index: segment.index,
    path: segment.path,
    alternates: [],
    state: segment.state,
    zeroAt: toIso(segment.zeroAt),
    zeroLoMs: segment.loMs,
    zeroHiMs: segment.hiMs,
    method: segment.method,
    flags: segment.flags,
    estimates: segment.estimates.map(({ method, zeroAt, loMs, hiMs }) => ({
      method,
      zeroAt: toIso(zeroAt),
      loMs,
      hiMs,
    })),
    fps: segment.fps,
    width: segment.width,
    height: segment.height,
    videoFrames: segment.videoFrames,
    durationMs: segment.durationMs,
    pauses: segment.pauses.map(({ from, to }) => ({ from: toIso(Math.round(from)), to: toIso(Math.round(to)) })),
    selfCheck: null,
  };
}

/** Recording id → file-safe stem; the second of one name is `<stem>~2`. */
export function stemsOf(recordings: readonly Recording[]): Map<string, string> {
  const taken = new Map<string, number>();
  return new Map(
    recordings.map(({ id, path }) => {
      const stem = fileSafe(parse(fileName(path)).name);
      const times = (taken.get(stem.toLowerCase()) ?? 0) + 1;
      taken.set(stem.toLowerCase(), times);
      return [id, times === 1 ? stem : `${stem}~${times}`];
    }),
  );
}

/** OBS may run on another system: both kinds of separator end a folder. */
function fileName(path: string): string {
  return basename(path.replaceAll('\\', '/'));
}

interface LlcSegment {
  start: number;
  end?: number;
  name: string;
  tags: Record<string, string>;
  selected: boolean;
}

/** A LosslessCut project of one recording (FMT-4): seconds, stills without an end and not selected, tags all text. */
export function llcProject(recording: Recording, file: ClipsFile): string {
  const cutSegments = file.clips.flatMap((clip) =>
    clip.parts.flatMap((part, index): LlcSegment[] => {
      if (part.recording !== recording.id) return [];
      const still = clip.purpose === 'thumbnail';
      return [
        {
          start: part.inMs / 1000,
          ...(still ? {} : { end: part.outMs / 1000 }),
          name: partName(clip, index),
          tags: {
            clip: clip.id,
            creator: clip.creators.join(' '),
            purpose: clip.purpose,
            score: String(clip.score),
            sku: clip.sku ?? 'none',
          },
          selected: !still && clip.keep,
        },
      ];
    }),
  );
  return `${JSON.stringify({ version: 2, mediaFileName: fileName(recording.path), cutSegments }, null, 2)}\n`;
}

export function partName(clip: Clip, part: number): string {
  const text = clip.parts.length === 1 ? clip.name : `${clip.name} (${part + 1}/${clip.parts.length})`;
  return plain(text);
}

/** Text fields of editor files lose what their parsers trip over. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[|\r\n\u0000-\u001f\u007f]/g, ' ');
}

/** For people: what was found, why, and how to open it. */
export function clipsGuide(file: ClipsFile, stems: ReadonlyMap<string, string>): string {
  const paths = new Map(file.recordings.map(({ id, path }) => [id, path]));
  const lines = [
    `# Clips of ${md(file.show.name)}`,
    '',
    `Clips: ${file.clips.length}, from ${file.moments.length} moments; recordings: ${file.recordings.length}.${file.provisional ? ' A recording was not final: times are provisional.' : ''}`,
    'Sales choose and rank; cues, talking points and marks place the cut. What is counted is attributed to a moment, not proven to come from it.',
    '',
    ...file.notes.map(({ message }) => `> ${md(message)}`),
    '',
    '| # | clip | from | to | recording | score | why |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...file.clips.flatMap((clip) =>
      clip.parts.map((part, index) => {
        const cells = [
          clip.rank,
          md(partName(clip, index)),
          clock(part.inMs),
          clock(part.outMs),
          md(paths.get(part.recording) ?? ''),
          clip.score,
          md(clip.reasons.join('; ')),
        ];
        return `| ${cells.join(' | ')} |`;
      }),
    ),
    '',
    '## How to open them',
    '',
    ...file.recordings.map(
      ({ id, path, method, zeroLoMs, zeroHiMs }) =>
        `- ${md(path)}: put \`${stems.get(id) ?? id}-proj.llc\` beside the recording and open it with LosslessCut. Times are within ${zeroLoMs} to +${zeroHiMs} ms (method ${method}).`,
    ),
    '- `clips.csv` opens in any spreadsheet; `in` and `out` are seconds in the recording.',
    '',
    '## Left out',
    '',
    ...(file.dropped.length === 0
      ? ['Nothing.']
      : file.dropped.map(
          ({ clip, why, mergedInto }) => `- ${clip}: ${why}${mergedInto === undefined ? '' : ` into ${mergedInto}`}`,
        )),
    '',
  ];
  return lines.join('\n');
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const text = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return `${text}.${String(Math.round(ms % 1000)).padStart(3, '0')}`;
}

function md(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>|#]/g, '\\$&');
}
