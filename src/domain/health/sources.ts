import type { Duration } from '../units.ts';
import type { Level, StreamSource } from '../words.ts';
import { type Contact, ageMs, isUnknown, unknownAfterMs } from './contact.ts';
import { type Grade, worse } from './hold.ts';
import { levelOf } from './layers.ts';
import { type Figures, metricsOf } from './metrics.ts';
import { type Health, isConfigured, isExpected } from './state.ts';
import { RULES } from './symptoms.ts';

/** How each source is doing: what it says, and for how long it has said nothing (STR-12). */

export interface SourceVerdict {
  level: Level;
  sinceMs: number;
  metrics: Figures;
  message: string;
  ageMs: Duration | null;
}

const SOURCES: readonly StreamSource[] = ['obs', 'rtmp', 'hls', 'edge', 'network'];

/** What each source says, and how it is doing, as of the newest judgement. */
export function sourceVerdicts(health: Health): Partial<Record<StreamSource, SourceVerdict>> {
  const now = health.judgedMs ?? 0;
  const verdicts: Partial<Record<StreamSource, SourceVerdict>> = {};
  for (const source of SOURCES) {
    if (!isConfigured(health, source)) continue;
    const level = sourceLevel(health, source, now);
    const held = health.sourceLevels.get(source);
    if (held?.level !== level) health.sourceLevels.set(source, { level, sinceMs: now });
    const contact = contactOf(health, source);
    const age = contact === null ? null : ageMs(contact, now);
    verdicts[source] = {
      level,
      sinceMs: health.sourceLevels.get(source)?.sinceMs ?? now,
      metrics: metricsOf(health, source, now),
      message: sourceMessage(level, age),
      ageMs: age,
    };
  }
  return verdicts;
}

/** @returns true when no source of the plan has answered lately, or none is in it */
export function isAllSilent(health: Health, now: number): boolean {
  return SOURCES.every((source) => !isConfigured(health, source) || isUnknownSource(health, source, now));
}

function contactOf({ obs, ingest, hls, edge, network }: Health, source: StreamSource): Contact | null {
  switch (source) {
    case 'obs':
      return obs.contact;
    case 'rtmp':
      return ingest.contact;
    case 'hls':
      return hls.contact;
    case 'edge':
      return edge.contact;
    case 'network':
      return (network.get('ingest') ?? network.get('gateway') ?? network.get('backup'))?.contact ?? null;
    default:
      source satisfies never;
      return null;
  }
}

/** Off air most sources are asked rarely, and not hearing from them means nothing yet. */
const IDLE_UNKNOWN_MS = 25_000;

function isUnknownSource(health: Health, source: StreamSource, now: number): boolean {
  const contact = contactOf(health, source);
  if (contact === null || contact.lastAnswerMs === null) return true;
  if (source === 'obs' || isExpected(health)) return isUnknown(contact, now);
  return now - contact.lastAnswerMs >= Math.max(IDLE_UNKNOWN_MS, unknownAfterMs(contact));
}

/** The recording is apart here too: OBS that sends well but does not record is a good source with a bad layer. */
function sourceLevel(health: Health, source: StreamSource, now: number): Level {
  let grade: Grade = 0;
  for (const rule of RULES) {
    if (rule.source !== source || rule.layer === 'recording') continue;
    grade = worse(grade, health.held[rule.index]?.grade ?? 0);
  }
  if (isUnknownSource(health, source, now)) return source === 'obs' && grade === 2 ? 'critical' : 'unknown';
  if (grade > 0) return levelOf(grade);
  return isExpected(health) || (source === 'obs' && health.obs.record.active === true) ? 'ok' : 'off';
}

function sourceMessage(level: Level, age: Duration | null): string {
  if (age === null) return 'No answer yet.';
  // Off air most sources are asked rarely: a pause between two questions is no silence.
  if (level === 'unknown' || (level !== 'off' && age >= 3000)) return `No answer for ${Math.round(age / 1000)} s.`;
  return '';
}
