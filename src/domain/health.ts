import { accountFlow, learnRates, measureLag } from './health/baselines.ts';
import { adviceFor, messageFor } from './health/causes.ts';
import { isUnknown } from './health/contact.ts';
import { observeIngest } from './health/ingest-side.ts';
import { observeLeg } from './health/leg-side.ts';
import { heldOf, judgeLayers, layerLevel, suppressor } from './health/layers.ts';
import { observeNetwork } from './health/network-side.ts';
import { observeObs, observeObsEvent } from './health/obs-heard.ts';
import { beginPicture, observePicture } from './health/picture-side.ts';
import type { Place } from './health/place-names.ts';
import { noteEdgeLag, observePlaylist } from './health/playlist-side.ts';
import type { HealthSample } from './health/sample.ts';
import { secondLine } from './health/second.ts';
import { observeSegment } from './health/segment-side.ts';
import { observeSound } from './health/sound-side.ts';
import { isAllSilent } from './health/sources.ts';
import { type Follows, type Health, LAYERS, type LayerVerdict, isConfigured, isExpected } from './health/state.ts';
import { RULES_OF } from './health/symptoms.ts';
import type { Level, StreamLayer } from './words.ts';

export type { LayerVerdict } from './health/state.ts';
export { type SourceVerdict, sourceVerdicts } from './health/sources.ts';

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
  /** where it is; null: nothing is wrong, or nobody can say */
  place: Place | null;
  message: string | null;
  advice: string | null;
  /** what OBS is about to do, or is waiting for, where that helps to know (STR-53) */
  second: string | null;
  sinceMs: number;
  /** the very same object as before while nothing in it has changed */
  layers: Record<StreamLayer, LayerVerdict>;
  /** every symptom that is held and judged, worst layer first */
  symptoms: string[];
  /** true symptoms that only follow from a worse trouble above (STR-48) */
  follows: Follows[];
}

/** Takes one sample in. Samples of one source come in the order of their `ms`. */
export function observe(health: Health, sample: HealthSample): void {
  if (health.elsewhere && /^(rtmp|hls|edge)(-segment)?$/.test(sample.source)) return;
  switch (sample.source) {
    case 'obs':
      observeObs(health.obs, sample);
      measureLag(health);
      accountFlow(health, 'obs');
      break;
    case 'obs-event':
      observeEvent(health, sample);
      break;
    case 'picture':
      observePicture(health.picture, sample);
      break;
    case 'audio':
      observeSound(health.sound, sample);
      break;
    case 'rtmp':
      observeIngest(health.ingest, sample);
      measureLag(health);
      accountFlow(health, 'rtmp');
      break;
    case 'leg':
      health.leg = observeLeg(health.leg, sample);
      accountFlow(health, 'leg');
      break;
    case 'hls':
      observePlaylist(health.hls, sample);
      break;
    case 'edge':
      observePlaylist(health.edge, sample);
      noteEdgeLag(health.edgeLag, health.hls, health.edge);
      break;
    case 'hls-segment':
      observeSegment(health.hls.segments, sample);
      break;
    case 'edge-segment':
      observeSegment(health.edge.segments, sample);
      break;
    case 'rtmp-backup':
      observeIngest(health.backup.ingest, sample);
      break;
    case 'hls-backup':
      observePlaylist(health.backup.hls, sample);
      break;
    case 'network':
      observeNetwork(health.network, health.names, sample);
      break;
  }
}

/** Another scene, or a stream that begins: how long the picture had stood before does not count. */
function observeEvent(health: Health, sample: HealthSample): void {
  const { obs, picture } = health;
  const [scene, startedMs] = [obs.scene, obs.startedMs];
  observeObsEvent(obs, sample);
  if (obs.scene !== scene || obs.startedMs !== startedMs) beginPicture(picture);
}

/** What is true at `ms`. Never call with an earlier `ms` than before. */
export function judge(health: Health, ms: number): Verdict {
  const changed = judgeLayers(health, ms);
  learnRates(health, ms);
  health.judgedMs = ms;
  const shown = shownLayers(health, changed);
  const worst = worstLayer(shown.layers);
  const level = worst?.level ?? calmLevel(health, ms);
  if (health.level?.level !== level) health.level = { level, sinceMs: ms };
  const cause = worst?.cause ?? null;
  return {
    ms,
    level,
    cause,
    place: worst?.place ?? null,
    message: cause === null ? null : messageFor(health, cause),
    advice: cause === null ? null : adviceFor(health, cause),
    second: secondLine(health, ms),
    sinceMs: health.level.sinceMs,
    layers: shown.layers,
    symptoms: shown.symptoms,
    follows: health.follows,
  };
}

/** Layers whose trouble viewers feel; the recording is apart (STR-49). Ties are broken in this order. */
const VIEWED = ['obs', 'transport', 'source', 'delivery'] as const satisfies StreamLayer[];
const WORST_FIRST: readonly Level[] = ['critical', 'warn'];

/** The layers as they are shown; the same objects as last time unless something is different. */
function shownLayers(health: Health, changed: boolean): NonNullable<Health['shown']> {
  const { shown } = health;
  if (shown !== null && !changed && LAYERS.every((layer) => shown.layers[layer].level === layerLevel(health, layer))) {
    return shown;
  }
  const layers = Object.fromEntries(LAYERS.map((layer) => [layer, layerVerdict(health, layer)])) as Verdict['layers'];
  health.shown = { layers, symptoms: LAYERS.flatMap((layer) => layers[layer].symptoms) };
  return health.shown;
}

function layerVerdict(health: Health, layer: StreamLayer): LayerVerdict {
  const level = layerLevel(health, layer);
  const { cause, place, sinceMs } = health.layers[layer];
  if (suppressor(health, layer) !== null) return { level, cause: null, place: null, sinceMs, symptoms: [] };
  const held = RULES_OF[layer].filter((rule) => heldOf(health, rule).grade > 0);
  return { level, cause, place, sinceMs, symptoms: [...new Set(held.map((rule) => rule.id))] };
}

function worstLayer(layers: Verdict['layers']): LayerVerdict | null {
  for (const level of WORST_FIRST) {
    const bad = VIEWED.find((layer) => layers[layer].level === level);
    if (bad !== undefined) return layers[bad];
  }
  return null;
}

/** No layer is bad: is all well, off, or does nobody say? */
function calmLevel(health: Health, now: number): Level {
  if (isAllSilent(health, now)) return 'unknown';
  if (isExpected(health)) return 'ok';
  const teller = isConfigured(health, 'obs') ? health.obs.contact : health.ingest.contact;
  return isUnknown(teller, now) ? 'unknown' : 'off';
}
