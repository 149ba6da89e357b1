import type { Level, StreamLayer } from '../words.ts';
import { type GradeOf, causeOf, isBetter } from './causes.ts';
import { drop, hold, initialHeld, type Grade, type HeldSymptom } from './hold.ts';
import { type Health, LAYERS, inGrace, isExpected, targetDurationMs } from './state.ts';
import { RULES, type Rule } from './symptoms.ts';

const CALM_MS = 10_000;
const OBS_CALM_MS = 3000;
/** STR-51: a cause may be replaced by a better one for this long after the layer's first symptom. */
const CAUSE_SETTLES_MS = 5000;

const RULES_OF = Object.fromEntries(
  LAYERS.map((layer) => [layer, RULES.filter((rule) => rule.layer === layer)]),
) as unknown as Record<StreamLayer, typeof RULES>;

/** Brings every symptom and layer up to `now`. */
export function judgeLayers(health: Health, now: number): void {
  const turn: Turn = {
    now,
    sinceMs: now - (health.judgedMs ?? now),
    gradeOf: gradeReader(health),
    expected: isExpected(health),
  };
  for (const rule of RULES) judgeRule(health, rule, turn);
  for (const layer of LAYERS) settle(health, layer, now);
  const badWay = health.layers.obs.grade > 0 || health.layers.transport.grade > 0;
  if (badWay || inGrace(health, now)) health.deliveryWaitFromMs = now;
}

interface Turn {
  now: number;
  /** ms since the turn before */
  sinceMs: number;
  gradeOf: GradeOf;
  /** a stream is meant to be on air */
  expected: boolean;
}

function judgeRule(health: Health, rule: (typeof RULES)[number], { now, sinceMs, gradeOf, expected }: Turn): void {
  const held = heldOf(health, rule.key);
  if (!expected && !isKept(health, rule)) return drop(held, now);
  const finding = isSuppressed(health, rule.layer, now) ? null : rule.find(health, now, gradeOf);
  const calmMs = rule.layer === 'obs' ? OBS_CALM_MS : CALM_MS;
  const times = { warnMs: rule.warnMs ?? 0, criticalMs: rule.criticalMs ?? 0, calmMs };
  hold(held, finding, times, now, sinceMs);
}

/** A stream that is not meant to be on air has no faults; a running recording is watched all the same. */
function isKept(health: Health, rule: Rule): boolean {
  return rule.layer === 'recording' && rule.id !== 'recording' && health.obs.record.active === true;
}

/**
 * STR-48: what only follows from a worse trouble above is not judged. A delivery that has been cut off also needs time
 * to fill again, and so does one that has just begun.
 */
function isSuppressed(health: Health, layer: StreamLayer, now: number): boolean {
  if (layer === 'obs') return false;
  if (health.layers.obs.grade === 2) return true;
  if (layer !== 'delivery') return false;
  if (health.layers.transport.grade > 0) return true;
  const from = Math.max(health.deliveryWaitFromMs ?? -Infinity, health.obs.startedMs ?? -Infinity);
  return now - from < 3 * targetDurationMs(health) + 5000;
}

function settle(health: Health, layer: StreamLayer, now: number): void {
  const held = health.layers[layer];
  const symptoms = RULES_OF[layer].map((rule) => heldOf(health, rule.key));
  const grade = symptoms.reduce<Grade>((worst, symptom) => (symptom.grade > worst ? symptom.grade : worst), 0);
  const rose = grade > held.grade;
  if (grade !== held.grade) held.sinceMs = now;
  if (grade === 0 && held.grade > 0) {
    const calm = symptoms.map((symptom) => symptom.calmFromMs).filter((ms) => ms !== null);
    held.calmFromMs = Math.min(now, Math.max(...calm, held.firstSymptomMs ?? now));
  }
  held.grade = grade;
  if (grade === 0) {
    held.cause = null;
    held.firstSymptomMs = null;
    return;
  }
  held.firstSymptomMs ??= now;
  const cause = causeOf(health, layer, now, gradeReader(health));
  const young = now - held.firstSymptomMs <= CAUSE_SETTLES_MS;
  if (held.cause === null || rose || (young && isBetter(cause, held.cause))) held.cause = cause;
}

export function heldOf(health: Health, key: string): HeldSymptom {
  const held = health.symptoms.get(key);
  if (held !== undefined) return held;
  const fresh = initialHeld();
  health.symptoms.set(key, fresh);
  return fresh;
}

/** Reads the grade that a symptom is held at; of the two playlists the worse, unless one is named. */
export function gradeReader(health: Health): GradeOf {
  return (id, source) =>
    (KEYS_OF.get(source === undefined ? id : `${id}/${source}`) ?? []).reduce<Grade>(
      (worst, key) => Math.max(worst, heldOf(health, key).grade) as Grade,
      0,
    );
}

/** Keys of the rules, by symptom and by symptom and source. */
const KEYS_OF = keysByName();

function keysByName(): ReadonlyMap<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const { id, key } of RULES) {
    keys.set(id, [...(keys.get(id) ?? []), key]);
    keys.set(key, [key]);
  }
  return keys;
}

/** The level of a layer as the desk shows it, suppression included. */
export function layerLevel(health: Health, layer: StreamLayer): Level {
  const expected = isExpected(health) || (layer === 'recording' && health.obs.record.active === true);
  if (!expected) return 'off';
  if (layer !== 'obs' && health.layers.obs.grade === 2) return 'unknown';
  if (layer === 'delivery' && health.layers.transport.grade > 0) return 'unknown';
  return levelOf(health.layers[layer].grade);
}

export function levelOf(grade: Grade): Level {
  return grade === 2 ? 'critical' : grade === 1 ? 'warn' : 'ok';
}
