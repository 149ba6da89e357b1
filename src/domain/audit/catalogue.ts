import type { AuditGroup } from '../words.ts';

/** One check of the audit: what it is, and when it may run. The limits are those of STR-74's table. */
export interface AuditCheck {
  id: string;
  group: AuditGroup;
  /** in plain words, for the desk's row */
  what: string;
  /** what passes, for the desk's row */
  limit: string;
  /** L: may also run while the stream is on air */
  whileLive: boolean;
  /** B: a fail keeps the show from opening */
  blocks: boolean;
  /** T: needs the test stream or the test recording, and up to 20 s */
  test: boolean;
}

/** The stream's own 38 (STR-73). */
export const AUDIT_CHECKS: readonly AuditCheck[] = [
  check('net-1', 'network', 'L', 'How this computer is connected', 'wired'),
  check('net-2', 'network', 'L', 'Names are found', '≤ 200 ms'),
  check('net-3', 'network', 'L', 'Round trip to the ingest', '≤ 100 ms, ± 10 ms'),
  check('net-4', 'network', 'T', 'Upload', 'stream ≤ 70 % of it'),
  check('net-5', 'network', 'L', 'Nothing in between', 'no portal, no interception, no proxy'),
  check('net-6', 'network', 'L', 'Clock of this computer', 'off by < 1 s'),
  check('net-7', 'network', 'LB', 'The ingest lets us in', 'accepted within 1 s'),
  check('net-8', 'network', 'L', 'Certificates', 'valid > 14 days, TLS ≥ 1.2'),
  check('cache-1', 'caching', 'L', 'The playlist goes on', 'valid, advances twice'),
  check('cache-2', 'caching', 'L', 'How long the playlist is kept', '≤ half a segment'),
  check('cache-3', 'caching', 'L', 'How long segments are kept', '≥ 60 s'),
  check('cache-4', 'caching', 'L', 'A segment that is not there yet', '404 kept ≤ 1 s'),
  check('cache-5', 'caching', 'L', 'The shop’s page may play it', 'CORS header matches'),
  check('cache-6', 'caching', 'L', 'The playlist answers “not modified”', '304'),
  check('cache-7', 'caching', 'L', 'The edge keeps segments', 'hit at the second time'),
  check('cache-8', 'caching', 'L', 'Types, compression, ranges', 'right'),
  check('cache-9', 'caching', 'L', 'Edge behind the origin', '≤ 1 segment, dated'),
  check('fail-1', 'failover', 'L', 'The backup ingest', 'accepted, another network'),
  check('fail-2', 'failover', 'L', 'The relay drops dead publishers', '≤ 10 s'),
  check('fail-3', 'failover', 'L', 'Nobody else uses our key', 'nobody'),
  check('fail-4', 'failover', 'T', 'The recording outlives a stop', 'grows'),
  check('fail-5', 'failover', 'T', 'The switch of ingests, rehearsed', '≤ 5 s'),
  check('fail-6', 'failover', 'L', 'This computer', 'on mains'),
  check('fail-7', 'failover', 'L', 'Who decides', 'contact, who confirms, mode'),
  check('enc-1', 'encoder', 'L', 'Rate control and bitrate', 'in the platform’s range'),
  check('enc-2', 'encoder', 'T', 'Keyframe interval', '≤ 2.2 s'),
  check('enc-3', 'encoder', 'L', 'Size, frame rate, codec, sound', 'match'),
  check('enc-4', 'encoder', 'T', 'The encoder keeps up', '< 1 % lost'),
  check('enc-5', 'encoder', 'L', 'OBS reconnects', 'on, ≤ 2 s'),
  check('aud-1', 'audio', 'L', 'Sound', '−30 to −6 dBFS'),
  check('scn-1', 'scene', 'LB', 'Live and slate scenes', 'exact names'),
  check('scn-2', 'scene', 'T', 'The slate, rehearsed', '≤ 1 s, not black'),
  check('scn-3', 'scene', 'L', 'Media of the live scene', 'playing'),
  check('scn-4', 'scene', 'L', 'Studio mode and transition', 'off, ≤ 1 s'),
  check('rec-1', 'recording', 'LB', 'Recording ready', 'mkv, fragmented or hybrid'),
  check('rec-2', 'recording', 'LB', 'Room for the recording', '1.3 × the show'),
  check('rec-3', 'recording', '', 'Speed of the disk', '≥ 4 × the rate'),
  check('sec-1', 'security', 'L', 'Keys and passwords', 'nowhere to be seen'),
];

/** What the desk itself looks at beside the stream (UI-54); read from the house, so at any time. */
export const DESK_CHECKS: readonly AuditCheck[] = [
  check('floor-1', 'desk', 'L', 'Tills', 'every planned one online'),
  check('floor-2', 'desk', 'L', 'Devices of those who have a cue', 'one each'),
  check('floor-3', 'desk', 'L', 'Screens stay on', 'held or proven'),
  check('stock-1', 'desk', 'L', 'Prices and reserve', 'set for every product'),
  check('store-1', 'desk', 'L', 'Safety copy', 'written and verified'),
  check('store-2', 'desk', 'L', 'Free disk', '≥ 5 GB'),
  check('laptop-1', 'desk', 'L', 'Power and sleep', 'on mains, kept awake'),
  check('sound-1', 'desk', 'L', 'Alarm sound', 'heard, or off on purpose'),
];

export const ALL_CHECKS: readonly AuditCheck[] = [...AUDIT_CHECKS, ...DESK_CHECKS];

function check(id: string, group: AuditGroup, marks: string, what: string, limit: string): AuditCheck {
  return {
    id,
    group,
    what,
    limit,
    whileLive: marks.includes('L'),
    blocks: marks.includes('B'),
    test: marks.includes('T'),
  };
}
