import type { Level, StreamLayer } from '../words.ts';
import { causeOf, isBetter, isRefuted } from './causes.ts';
import { drop, hold, initialHeld, worse, type Grade, type HeldSymptom } from './hold.ts';
import { placeOf } from './places.ts';
import { type Follows, type Health, LAYERS, inGrace, isExpected, isOfPrimary, targetDurationMs } from './state.ts';
import { type NumberedRule, RULES, RULES_OF } from './symptoms.ts';
import { type Turn, beginTurn } from './turn.ts';

/** STR-51: a cause may be replaced by a better one for this long after the layer's first symptom. */
const CAUSE_SETTLES_MS = 5000;

/**
 * Brings every symptom and layer up to `now`, the layers above first: what is suppressed by them is known by then.
 *
 * @returns true when a symptom, a cause or what follows from the above is no longer what it was
 */
export function judgeLayers(health: Health, now: number): boolean {
  const turn = beginTurn(health, now);
  const follows: Follows[] = [];
  let changed = false;
  for (const layer of LAYERS) {
    const above = suppressor(health, layer);
    const waits = layer === 'delivery' && isWaiting(health, now);
    for (const rule of RULES_OF[layer]) {
      if (judgeRule(health, rule, turn, above !== null || waits)) changed = true;
      if (above !== null && turn.expected && isTrue(health, rule, turn)) follows.push({ id: rule.id, from: above });
    }
    if (settle(health, layer, now)) changed = true;
  }
  const badWay = health.layers.obs.grade > 0 || health.layers.transport.grade > 0;
  if (badWay || inGrace(health, now)) health.deliveryWaitFromMs = now;
  if (differ(follows, health.follows)) {
    health.follows = follows;
    return true;
  }
  return changed;
}

function differ(a: Follows[], b: Follows[]): boolean {
  return a.length !== b.length || a.some((one, i) => one.id !== b[i]?.id || one.from !== b[i].from);
}

/** @returns true when the grade that is held has changed */
function judgeRule(health: Health, rule: NumberedRule, turn: Turn, hushed: boolean): boolean {
  const held = heldOf(health, rule);
  const before = held.grade;
  const isGone = health.elsewhere && isOfPrimary(rule.source);
  const finding = hushed || isGone ? null : rule.find(health, turn);
  if (isGone || (!turn.expected && !isKept(health, rule))) drop(held, turn.now);
  else hold(held, finding, rule.times, turn.now, turn.sinceMs);
  const kept = finding?.keep ?? 0;
  health.present[rule.id] = kept < held.grade ? kept : held.grade;
  if (held.grade === before) return false;
  let worst: Grade = 0;
  for (const other of RULES) if (other.id === rule.id) worst = worse(worst, heldOf(health, other).grade);
  health.grades[rule.id] = worst;
  return true;
}

/** A stream that is not meant to be on air has no faults; a running recording is watched all the same. */
function isKept(health: Health, rule: NumberedRule): boolean {
  return rule.layer === 'recording' && rule.id !== 'recording' && health.obs.record.active === true;
}

/** A symptom that is suppressed: was held before, or would be entered now. */
function isTrue(health: Health, rule: NumberedRule, turn: Turn): boolean {
  return heldOf(health, rule).grade > 0 || (rule.find(health, turn)?.enter ?? 0) > 0;
}

/** STR-48: the layer whose trouble is above this one's; null: it is judged. */
export function suppressor(health: Health, layer: StreamLayer): 'obs' | 'transport' | null {
  if (layer === 'obs') return null;
  if (health.layers.obs.grade === 2) return 'obs';
  return layer === 'delivery' && health.layers.transport.grade > 0 ? 'transport' : null;
}

/** STR-46: a delivery that has been cut off needs time to fill again, and so does one that has just begun. */
function isWaiting(health: Health, now: number): boolean {
  const from = Math.max(health.deliveryWaitFromMs ?? -Infinity, health.obs.startedMs ?? -Infinity);
  return now - from < 3 * targetDurationMs(health) + 5000;
}

/** @returns true when the layer's grade or cause has changed */
function settle(health: Health, layer: StreamLayer, now: number): boolean {
  const held = health.layers[layer];
  let grade: Grade = 0;
  for (const rule of RULES_OF[layer]) grade = worse(grade, heldOf(health, rule).grade);
  if (grade === 0 && held.grade === 0) return false;
  const [before, cause] = [held.grade, held.cause];
  held.grade = grade;
  if (grade !== before) held.sinceMs = now;
  if (grade === 0) end(health, layer, now);
  else nameCause(health, layer, now, grade > before);
  return grade !== before || held.cause !== cause;
}

function nameCause(health: Health, layer: StreamLayer, now: number, rose: boolean): void {
  const held = health.layers[layer];
  held.firstSymptomMs ??= now;
  const young = now - held.firstSymptomMs <= CAUSE_SETTLES_MS;
  if (held.cause !== null && held.cause !== 'unclear' && !rose && !young) return;
  const cause = causeOf(health, layer, now);
  if (held.cause !== null && !rose && !isBetter(cause, held.cause) && !isRefuted(health, held.cause)) return;
  held.cause = cause;
  held.place = placeOf(health, cause);
}

function end(health: Health, layer: StreamLayer, now: number): void {
  const held = health.layers[layer];
  let calm = held.firstSymptomMs ?? now;
  for (const rule of RULES_OF[layer]) calm = Math.max(calm, heldOf(health, rule).calmFromMs ?? calm);
  held.calmFromMs = Math.min(now, calm);
  held.cause = null;
  held.place = null;
  held.firstSymptomMs = null;
}

export function heldOf(health: Health, rule: NumberedRule): HeldSymptom {
  const known = health.held[rule.index];
  if (known !== undefined) return known;
  const fresh = initialHeld();
  health.held[rule.index] = fresh;
  return fresh;
}

/** The level of a layer as the desk shows it, suppression included. */
export function layerLevel(health: Health, layer: StreamLayer): Level {
  const expected = isExpected(health) || (layer === 'recording' && health.obs.record.active === true);
  if (!expected) return 'off';
  if (suppressor(health, layer) !== null) return 'unknown';
  return levelOf(health.layers[layer].grade);
}

export function levelOf(grade: Grade): Level {
  return grade === 2 ? 'critical' : grade === 1 ? 'warn' : 'ok';
}
