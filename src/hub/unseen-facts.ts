import type { StreamFact } from '../domain/facts/stream-facts.ts';
import { type Contact, silentMs } from '../domain/health/contact.ts';
import { type Health, isConfigured } from '../domain/health/state.ts';
import type { StreamRecord } from '../domain/stream-record.ts';
import { type Duration, type Now, SECOND, toIso } from '../domain/units.ts';
import type { StreamSource } from '../domain/words.ts';

/** STR-58: silence of a source is told when it has lasted this long. */
const UNSEEN_MS = 10 * SECOND;

export interface UnseenAsk {
  health: Health;
  record: StreamRecord;
  now: Now;
  /** since when this watch asks its sources, on the hub's monotonic clock */
  watchedFromMs: Duration;
}

/** The next source whose silence, or whose first answer after one, the ledger has not told; one fact each. */
export function nextUnseenFact({ health, record, now, watchedFromMs }: UnseenAsk): StreamFact | null {
  for (const source of ASKED) {
    const contact = contactOf(health, source);
    const since = record.unseen.get(source);
    const silent = isConfigured(health, source) ? silenceMs(contact, now.mono, watchedFromMs) : 0;
    if (since === undefined && silent >= UNSEEN_MS)
      return { kind: 'stream.unseen', body: { source, since: toIso(Math.round(now.at - silent)) } };
    // An inherited silence ends with an answer of this watch, not with the watch's beginning.
    const answers = !isConfigured(health, source) || (contact.lastAnswerMs !== null && contact.error === null);
    if (since !== undefined && silent === 0 && answers)
      return { kind: 'stream.seen', body: { source, forMs: Math.max(0, Math.round(now.at - since)) } };
  }
  return null;
}

/** Probes are many and go to many places; what they say is in the causes. */
const ASKED = ['obs', 'rtmp', 'hls', 'edge'] as const satisfies readonly StreamSource[];

function contactOf(health: Health, source: (typeof ASKED)[number]): Contact {
  switch (source) {
    case 'obs':
      return health.obs.contact;
    case 'rtmp':
      return health.ingest.contact;
    case 'hls':
      return health.hls.contact;
    case 'edge':
      return health.edge.contact;
  }
}

/** How long a source has said nothing; one that never answered is silent since we ask it. */
function silenceMs(contact: Contact, now: Duration, watchedFromMs: Duration): Duration {
  return silentMs(contact, now) ?? now - watchedFromMs;
}
