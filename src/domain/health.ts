import { accountFlow, learnRates, measureLag } from './health/baselines.ts';
import { adviceFor, wordsOf } from './health/causes.ts';
import { ageMs, isUnknown, unknownAfterMs } from './health/contact.ts';
import type { Grade } from './health/hold.ts';
import { observeIngest } from './health/ingest-side.ts';
import { heldOf, judgeLayers, layerLevel, levelOf } from './health/layers.ts';
import { type Figures, metricsOf } from './health/metrics.ts';
import { observeNetwork } from './health/network-side.ts';
import { observeObs, observeObsEvent } from './health/obs-side.ts';
import { observePlaylist } from './health/playlist-side.ts';
import type { HealthSample } from './health/sample.ts';
import { type Health, LAYERS, isConfigured, isExpected } from './health/state.ts';
import { RULES } from './health/symptoms.ts';
import type { Duration } from './units.ts';
import type { Level, StreamLayer, StreamSource } from './words.ts';

/**
 * The judge of the stream: samples in, verdicts out, for the live show and for a recorded trace alike (STR-50).
 *
 * Sources keep what they said (`*-side.ts`), rules find symptoms (`symptoms.ts`), each symptom is held with hysteresis
 * (`hold.ts`), layers gather them, suppress what only follows, and name one cause (`layers.ts`, `causes.ts`). All time
 * comes in as a value; the state is advanced in place. Judge at least four times a second, also when nothing is heard:
 * silence is a finding too.
 */
export interface Verdict {
  ms: number;
  level: Level;
  /** of the worst layer */
  cause: string | null;
  message: string | null;
  advice: string | null;
  sinceMs: number;
  layers: Record<StreamLayer, LayerVerdict>;
  /** every symptom that is held, worst layer first */
  symptoms: string[];
}

export interface LayerVerdict {
  level: Level;
  cause: string | null;
  sinceMs: number | null;
  symptoms: string[];
}

export interface SourceVerdict {
  level: Level;
  sinceMs: number;
  metrics: Figures;
  message: string;
  ageMs: Duration | null;
}

/** Takes one sample in. Samples of one source come in the order of their `ms`. */
export function observe(health: Health, sample: HealthSample): void {
  switch (sample.source) {
    case 'obs':
      observeObs(health.obs, sample);
      measureLag(health);
      accountFlow(health, 'obs');
      break;
    case 'obs-event':
      observeObsEvent(health.obs, sample);
      break;
    case 'rtmp':
      observeIngest(health.ingest, sample);
      measureLag(health);
      accountFlow(health, 'rtmp');
      break;
    case 'hls':
      observePlaylist(health.hls, sample);
      break;
    case 'edge':
      observePlaylist(health.edge, sample);
      break;
    case 'network':
      observeNetwork(health.network, sample);
      break;
  }
}

/** What is true at `ms`. Never call with an earlier `ms` than before. */
export function judge(health: Health, ms: number): Verdict {
  judgeLayers(health, ms);
  learnRates(health, ms);
  health.judgedMs = ms;
  const layers = Object.fromEntries(LAYERS.map((layer) => [layer, layerVerdict(health, layer)])) as Verdict['layers'];
  const level = streamLevel(health, layers, ms);
  if (health.level?.level !== level) health.level = { level, sinceMs: ms };
  const cause = worstCause(layers);
  return {
    ms,
    level,
    cause,
    message: cause === null ? null : wordsOf(cause).message,
    advice: cause === null ? null : adviceFor(health, cause),
    sinceMs: health.level.sinceMs,
    layers,
    symptoms: LAYERS.flatMap((layer) => layers[layer].symptoms),
  };
}

/** Layers whose trouble viewers feel; the recording is apart (STR-49). Ties are broken in this order. */
const VIEWED = ['obs', 'transport', 'source', 'delivery'] as const satisfies StreamLayer[];
const WORST_FIRST: readonly Level[] = ['critical', 'warn'];

function layerVerdict(health: Health, layer: StreamLayer): LayerVerdict {
  const { cause, sinceMs } = health.layers[layer];
  const held = RULES.filter((rule) => rule.layer === layer && heldOf(health, rule.key).grade > 0);
  return { level: layerLevel(health, layer), cause, sinceMs, symptoms: [...new Set(held.map((rule) => rule.id))] };
}

function worstCause(layers: Verdict['layers']): string | null {
  for (const level of WORST_FIRST) {
    const bad = VIEWED.find((layer) => layers[layer].level === level);
    if (bad !== undefined) return layers[bad].cause;
  }
  return null;
}

function streamLevel(health: Health, layers: Verdict['layers'], now: number): Level {
  const bad = WORST_FIRST.find((level) => VIEWED.some((layer) => layers[layer].level === level));
  if (bad !== undefined) return bad;
  const silent = SOURCES.every((source) => !isConfigured(health, source) || isUnknownSource(health, source, now));
  if (silent) return 'unknown';
  if (isExpected(health)) return 'ok';
  const teller = isConfigured(health, 'obs') ? health.obs.contact : health.ingest.contact;
  return isUnknown(teller, now) ? 'unknown' : 'off';
}

const SOURCES: readonly StreamSource[] = ['obs', 'rtmp', 'hls', 'edge', 'network'];

function contactOf(health: Health, source: StreamSource) {
  switch (source) {
    case 'obs':
      return health.obs.contact;
    case 'rtmp':
      return health.ingest.contact;
    case 'hls':
      return health.hls.contact;
    case 'edge':
      return health.edge.contact;
    case 'network':
      return (
        (health.network.get('ingest') ?? health.network.get('gateway') ?? health.network.get('backup'))?.contact ?? null
      );
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

/** The recording is apart here too: OBS that sends well but does not record is a good source with a bad layer. */
function sourceLevel(health: Health, source: StreamSource, now: number): Level {
  const rules = RULES.filter((rule) => rule.source === source && rule.layer !== 'recording');
  const grade = rules.reduce<Grade>((worst, rule) => Math.max(worst, heldOf(health, rule.key).grade) as Grade, 0);
  if (isUnknownSource(health, source, now)) return source === 'obs' && grade === 2 ? 'critical' : 'unknown';
  if (grade > 0) return levelOf(grade);
  return isExpected(health) || (source === 'obs' && health.obs.record.active === true) ? 'ok' : 'off';
}

function sourceMessage(level: Level, age: Duration | null): string {
  if (age === null) return 'No answer yet.';
  if (level === 'unknown' || age >= 3000) return `No answer for ${Math.round(age / 1000)} s.`;
  return '';
}
