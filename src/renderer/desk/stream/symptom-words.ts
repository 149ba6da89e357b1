import type { SymptomId } from '../../../domain/health/findings.ts';
import { t } from '../../lib/i18n/desk.ts';

const NAMED = [
  'obsAnswerMs',
  'gaveUp',
  'reconnecting',
  'ingestLagMs',
  'congestion',
  'droppedPct',
  'sendStallMs',
  'ingestStallMs',
  'legStallMs',
  'ingestListed',
  'ingestSilentMs',
  'probe',
  'rttMs',
  'srt',
  'bitrateKbps',
  'deliveryRatio',
  'encoderLagPct',
  'renderLagPct',
  'fps',
  'renderMs',
  'blackMs',
  'stillMs',
  'silentMs',
  'recording',
  'recordStallMs',
  'diskMinutes',
  'playlistAgeMs',
  'playlistErrors',
  'edgeLagSegments',
  'segment',
] as const satisfies readonly SymptomId[];

/** A symptom in a word or two; one that is newer than this page by its own name. */
export function symptomName(id: string): string {
  const known = NAMED.find((one) => one === id);
  return known ? t(`symptom.${known}`) : id;
}
