import type { WireEntry } from '../../../contract/messages.ts';
import type { Fact } from '../../../domain/ledger.ts';
import type { Level } from '../../../domain/words.ts';
import { duration } from '../../lib/format.ts';
import { t } from '../../lib/i18n/desk.ts';

/** One line of "what changed when": a fact of the ledger that has to do with the stream, in words. */
export interface Change {
  seq: number;
  at: number;
  text: string;
  tone: 'p1' | 'p3' | 'normal';
  /** drawn over the charts as a vertical */
  deed: boolean;
  /** how many watched, where somebody noted it */
  viewers: number | null;
}

/**
 * @returns the line of an entry, or null when it has nothing to do with the stream. A new fact of the stream: also here.
 */
export function changeOf(entry: WireEntry): Change | null {
  const said = saidOf(entry);
  if (said === null) return null;
  const { text, at = entry.at, tone = 'normal', deed = false, viewers = null } = said;
  return { seq: entry.seq, at: Date.parse(at), text, tone, deed, viewers };
}

interface Said {
  text: string;
  /** when it was, where that is not when it was written down */
  at?: string;
  tone?: Change['tone'];
  deed?: boolean;
  viewers?: number;
}

function saidOf(entry: WireEntry): Said | null {
  // An entry of the union, whose kind and body no longer hang together once its time is text.
  const fact = { kind: entry.kind, body: entry.body } as Fact;
  switch (fact.kind) {
    case 'show.opened':
      return { text: t('changed.opened') };
    case 'show.closing':
      return { text: t('changed.closing') };
    case 'show.closed':
      return { text: t('changed.closed') };
    case 'show.reopened':
      return { text: t('changed.reopened') };
    case 'viewers.noted':
      return {
        text: t('changed.viewers', { n: fact.body.count }),
        at: fact.body.at,
        viewers: fact.body.count,
      };
    case 'scene.changed':
      return { text: t('changed.scene', { scene: fact.body.scene }), deed: true };
    case 'audit.finished':
      return { text: auditWords(fact.body.results) };
    default:
      return streamWords(fact) ?? recordingWords(fact) ?? failoverWords(fact);
  }
}

function streamWords(fact: Fact): Said | null {
  switch (fact.kind) {
    case 'stream.started':
      return { text: t('changed.started', { ingest: fact.body.ingest }), at: fact.body.at, deed: true };
    case 'stream.stopped':
      return { text: t(`changed.stopped.${fact.body.by}`), at: fact.body.at, deed: true };
    case 'stream.degraded': {
      const { layer, level, message, startedAt } = fact.body;
      return { text: `${t(`layer.${layer}`)}: ${message}`, at: startedAt, tone: toneOf(level) };
    }
    case 'stream.worsened':
    case 'stream.eased':
    case 'stream.explained': {
      const { layer, level, message } = fact.body;
      return { text: `${t(`layer.${layer}`)}, ${t(`changed.${fact.kind}`)}: ${message}`, tone: toneOf(level) };
    }
    case 'stream.recovered': {
      const { layer, darkMs, endedAt } = fact.body;
      const name = t(`layer.${layer}`);
      return {
        text:
          darkMs > 0
            ? t('changed.recoveredDark', { layer: name, time: duration(darkMs) })
            : t('changed.recovered', { layer: name }),
        at: endedAt,
      };
    }
    case 'stream.unseen':
      return { text: t('changed.unseen', { source: t(`path.${fact.body.source}`) }), at: fact.body.since };
    case 'stream.seen': {
      const { source, forMs } = fact.body;
      return { text: t('changed.seen', { source: t(`path.${source}`), time: duration(forMs) }) };
    }
    default:
      return null;
  }
}

function recordingWords(fact: Fact): Said | null {
  switch (fact.kind) {
    case 'recording.started':
    case 'recording.paused':
    case 'recording.resumed':
    case 'recording.stopped':
      return { text: t(`changed.${fact.kind}`), at: fact.body.requestedAt ?? fact.body.noticedAt, deed: true };
    case 'recording.split':
      return { text: t('changed.recording.split'), at: fact.body.noticedAt };
    case 'recording.stalled':
      return { text: t('changed.recording.stalled'), at: fact.body.noticedAt, tone: 'p1' };
    case 'recording.lost':
      return { text: t('changed.recording.lost'), at: fact.body.lastSampleAt, tone: 'p1' };
    case 'recording.ensured':
      return { text: t('changed.recording.ensured'), deed: true };
    default:
      return null;
  }
}

function failoverWords(fact: Fact): Said | null {
  switch (fact.kind) {
    case 'failover.armed':
      return { text: t(`changed.armed.${fact.body.mode}`), deed: true };
    case 'failover.disarmed':
      return { text: t(`changed.disarmed.${fact.body.why}`), deed: true };
    case 'failover.proposed': {
      const { what, wouldHave, why } = fact.body;
      return { text: t(wouldHave ? 'changed.wouldHave' : 'changed.proposed', { what: t(`deed.${what}`), why }) };
    }
    case 'failover.started':
      return { text: t('changed.actStarted', { what: t(`deed.${fact.body.what}`), why: fact.body.why }), deed: true };
    case 'failover.finished': {
      const { what, tookMs } = fact.body;
      return { text: t('changed.actFinished', { what: t(`deed.${what}`), time: seconds(tookMs) }), deed: true };
    }
    case 'failover.failed':
      return { text: t('changed.actFailed', { what: t(`deed.${fact.body.what}`), why: fact.body.why }), tone: 'p1' };
    case 'failover.cancelled':
      return { text: t('changed.actCancelled', { what: t(`deed.${fact.body.what}`), why: fact.body.why }) };
    case 'failover.locked':
      return { text: t('changed.locked', { why: fact.body.why }), tone: 'p1' };
    case 'slate.shown':
      return { text: t(`changed.slate.${fact.body.by}`, { scene: fact.body.scene }), deed: true };
    case 'slate.cleared':
      return { text: t('changed.slateCleared', { scene: fact.body.scene }), deed: true };
    default:
      return null;
  }
}

function auditWords(results: readonly { result: string }[]): string {
  const count = (...words: string[]): number => results.filter(({ result }) => words.includes(result)).length;
  return t('changed.audit', { go: count('pass'), check: count('warn', 'unknown'), no: count('fail') });
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function toneOf(level: Level): Change['tone'] {
  return level === 'critical' ? 'p1' : level === 'warn' ? 'p3' : 'normal';
}
