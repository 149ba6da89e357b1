import { isHeldByRule } from './course.ts';
import { COUNTDOWN_MS } from './limits.ts';
import { type FailoverMachine, heldMs, type Look, type Rule, type Wish } from './machine-state.ts';

/**
 * What the rules of section 8 want at this moment, the most useful first. A wish begins when its trouble begins and is
 * due when its guard time is over, so that the guard can be counted down in sight of everybody.
 */

/** F2 */
const SOURCE_GUARD_MS = 3000;
/** F3: the judge calls a source ok only after ten clean seconds (STR-47); so much of a countdown comes on top. */
const RESTORE_GUARD_MS = 3000;
/** F5: OBS has been reconnecting, or its bytes or the ingest's have stood still, for longer than this. */
const RECONNECTING_GUARD_MS = 8000;
const STALL_GUARD_MS = 5000;
/** F5 where a person confirms: whatever the trouble, everybody gets the same time to look. */
const CONFIRM_GUARD_MS = 8000;
/** F5, F6: probes in a row */
const BACKUP_OK = 3;
const INGEST_OK = 2;
/** F6: OBS would wait longer than this by itself. */
const BACK_OFF_MS = 3000;

export function wishesOf(machine: FailoverMachine, look: Look): Wish[] {
  if (machine.running !== null || machine.lockedWhy !== null || look.sight.obsCritical) return [];
  return [retry(machine, look), toBackup(machine, look), slate(machine, look), restore(machine, look)].filter(
    (wish) => wish !== null,
  );
}

/** F6: the ingest is back, but OBS is waiting; stop and start is sooner. Once in each darkness. */
function retry(machine: FailoverMachine, look: Look): Wish | null {
  const { sight, ms, retryInMs } = look;
  if (machine.word !== 'dark' || machine.leftOff || machine.retried || !machine.ingestWasAway) return null;
  if (sight.primaryProbeOkRunning < INGEST_OK || mustNotStop(look)) return null;
  // A wish that is counted down to already is not dropped because the wait has become shorter meanwhile.
  const waits = retryInMs !== null && (retryInMs > BACK_OFF_MS || (machine.pending?.rule === 'F6' && retryInMs > 0));
  if (!waits) return null;
  const from = look.ingest ?? 'primary';
  return wish('F6', 'retry-ingest', from, from, ms, 'The network is back, but OBS still waits before it tries again.');
}

/**
 * F5. Never away from the backup by itself: that would be back to the primary (STR-82). A stream that a failed switch of
 * ours has left off the air is as broken as can be; then the same backup is tried again.
 */
function toBackup(machine: FailoverMachine, look: Look): Wish | null {
  const { sight, ms } = look;
  if (machine.word === 'switching' || machine.word === 'proving' || look.tier === null || !look.backupReady)
    return null;
  if ((look.ingest === 'backup' && !machine.leftOff) || sight.backupProbeOkRunning < BACKUP_OK) return null;
  const from = look.ingest ?? 'primary';
  if (machine.leftOff)
    return wish(
      'F5',
      'switch-ingest',
      from,
      'backup',
      ms,
      'The stream is off since a switch failed, and the backup answers.',
    );
  if (sight.transport !== 2 || mustNotStop(look)) return null;
  if (sight.reconnectingMs === 0 && sight.stallMs === 0) return null;
  // Not even announced before F4 has called it dark, however long the guard has run.
  const due = Math.max(guardEnd(machine, look), machine.word === 'dark' ? -Infinity : ms + COUNTDOWN_MS + 1);
  return wish('F5', 'switch-ingest', from, 'backup', due, whyDark(look));
}

/**
 * While OBS reconnects its bytes stand still too, and its next attempt may succeed: then the longer guard holds, unless
 * the stall had outlasted its own before OBS noticed.
 */
function guardEnd({ mode }: FailoverMachine, { ms, sight }: Look): number {
  const stallGuard = mode === 'auto' ? STALL_GUARD_MS : CONFIRM_GUARD_MS;
  const stallEnd = sight.stallMs > 0 ? ms - sight.stallMs + stallGuard : Infinity;
  if (sight.reconnectingMs === 0) return stallEnd;
  const reconnectingFrom = ms - sight.reconnectingMs;
  return stallEnd <= reconnectingFrom ? stallEnd : reconnectingFrom + RECONNECTING_GUARD_MS;
}

function whyDark({ sight }: Look): string {
  const seconds = Math.round(Math.max(sight.reconnectingMs, sight.stallMs) / 1000);
  return `Nothing has reached the streaming server for ${seconds} s, and the backup answers.`;
}

/** STR-83: OBS's own connection is never cut while something arrives through it. */
function mustNotStop({ tier, sight }: Look): boolean {
  return tier !== 'relay' && sight.ingestGrows;
}

/** F2. A slate covers what the camera or this computer does; it reaches nobody when the way out is broken (STR-85). */
function slate(machine: FailoverMachine, look: Look): Wish | null {
  const { sight, ms, slateScene } = look;
  const held = heldMs(machine, 'source-critical', ms);
  if (held === null || machine.hidden !== null) return null;
  if (machine.word !== 'live' && machine.word !== 'degraded') return null;
  if (sight.transport === 2 || slateScene === null || sight.scene === null || sight.scene === slateScene) return null;
  if (!isListed(look, slateScene) || !mayLeave(look, sight.scene) || ms < machine.handsOffUntilMs) return null;
  const due = ms - held + SOURCE_GUARD_MS;
  return wish('F2', 'show-slate', sight.scene, slateScene, due, 'The picture or the sound has failed at the source.');
}

/** F3, F9: only while the program still is the slate that we have put there. */
function restore(machine: FailoverMachine, look: Look): Wish | null {
  const { sight, ms } = look;
  const held = heldMs(machine, 'source-ok', ms);
  if (held === null || machine.hidden === null || !isHeldByRule(machine, look)) return null;
  if (machine.word !== 'holding' || sight.transport === 2 || look.hiddenMoves === false) return null;
  if (!isListed(look, machine.hidden.scene) || ms < machine.handsOffUntilMs) return null;
  const onBackup = look.ingest === 'backup';
  const rule = onBackup ? 'F9' : 'F3';
  const why = onBackup ? 'The backup has proved itself.' : 'The source has been fine for ten seconds.';
  const asks = onBackup && look.clearSlate === 'ask';
  return { ...wish(rule, 'clear-slate', sight.scene, machine.hidden.scene, ms - held + RESTORE_GUARD_MS, why), asks };
}

function wish(rule: Rule, what: Wish['what'], from: string | null, to: string, dueMs: number, why: string): Wish {
  return { rule, what, from, to, why, dueMs, asks: false };
}

/** STR-80: byte for byte; a list that is not known holds nothing. */
function isListed({ scenes }: Look, scene: string): boolean {
  return scenes?.includes(scene) ?? false;
}

/** STR-78: scenes that automation may leave. */
function mayLeave({ liveScene, slateScene, allowScenes }: Look, scene: string): boolean {
  return scene === liveScene || scene === slateScene || allowScenes.includes(scene);
}
