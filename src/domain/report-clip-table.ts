import { type Clip, clipLength } from './clips.ts';
import { localTime } from './local-time.ts';
import type { Segment } from './media-time.ts';
import type { Moment } from './moments.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';
import { fromIso } from './units.ts';

/** The clip list, one row a part: the columns of clips.csv (FMT-2). */
export function clipsTable(
  clips: readonly Clip[],
  moments: readonly Moment[],
  segments: readonly Segment[],
  show: { timeZone: string; currency: string },
): Table {
  const momentOf = new Map(moments.map((moment) => [moment.id, moment]));
  const fileOf = new Map(segments.map(({ id, path }) => [id, path]));
  const rows = clips.flatMap((clip) =>
    clip.parts.map((part, index) => ({ clip, part, index, moment: momentOf.get(clip.momentId) })),
  );
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  const local = ({ clip }: Row) => localTime(fromIso(clip.from), show.timeZone);
  const name = ({ clip, index }: Row): string =>
    clip.parts.length === 1 ? clip.name : `${clip.name} (${index + 1}/${clip.parts.length})`;
  return tableOf(rows, [
    f.integer('rank', 'Rank', ({ clip }) => clip.rank),
    f.text('clip', 'Clip', name),
    f.text('moment', 'Moment', ({ clip }) => clip.momentId),
    f.text('purpose', 'Purpose', ({ clip }) => clip.purpose),
    f.text('title', 'Title', ({ clip }) => clip.title),
    f.text('sku', 'SKU', ({ clip }) => clip.sku ?? 'none'),
    f.text('creator', 'Creator', ({ clip }) => clip.creators.join(' ')),
    f.ratio('score', 'Score', ({ clip }) => clip.score),
    f.instant('startAt', 'Starts (UTC)', ({ clip }) => clip.from),
    f.text('startLocal', 'Starts', (row) => `${local(row).date} ${local(row).time}`),
    f.text('zone', 'Zone', (row) => local(row).zone),
    f.text('recording', 'Recording', ({ part }) => fileOf.get(part.recording) ?? part.recording),
    f.ratio('in', 'In (s)', ({ part }) => part.inMs / 1000),
    f.ratio('out', 'Out (s)', ({ part }) => part.outMs / 1000),
    f.duration('durationMs', 'Length', ({ clip, part }) =>
      clip.parts.length === 1 ? clipLength(clip) : part.outMs - part.inMs,
    ),
    f.integer('inFrame', 'In frame', ({ part }) => part.inFrame),
    f.integer('outFrame', 'Out frame', ({ part }) => part.outFrame),
    f.duration('handleInMs', 'Handle in', ({ clip }) => clip.handleInMs),
    f.duration('handleOutMs', 'Handle out', ({ clip }) => clip.handleOutMs),
    f.duration('boundMs', 'Within', ({ part }) => part.boundMs),
    f.integer('unitsAttributed', 'Units attributed', ({ moment }) => moment?.attributed.units ?? null),
    f.money('netAttributed', 'Net attributed', ({ moment }) => moment?.attributed.netMinor ?? null),
    f.text('currency', 'Currency', () => show.currency),
    f.text('reasons', 'Why', ({ clip }) => clip.reasons.join(' · ')),
    f.flag('keep', 'Keep', ({ clip }) => clip.keep),
    f.text('flags', 'Flags', ({ part }) => part.flags.join(' ')),
  ]);
}
