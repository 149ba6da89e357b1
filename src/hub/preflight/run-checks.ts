import type { AuditCheck } from '../../domain/audit/catalogue.ts';
import type { AuditResult } from '../../domain/facts/audit-facts.ts';
import type { Duration } from '../../domain/units.ts';
import { redact } from '../net/redact.ts';
import { type Check, type Finding, type Ground, skips, unknowable } from './check.ts';

/** As long as a line on the desk, and in the ledger. */
const MOST_CHARACTERS = 200;

/** One check with what makes it and how long it may take. */
export interface PlannedCheck extends AuditCheck {
  make: Check;
  deadlineMs: Duration;
}

export interface RunWatch {
  /** a check has ended; those that still run are left */
  onProgress: (running: readonly string[]) => void;
  /** texts that must be in no result */
  secrets: () => readonly string[];
}

/**
 * Makes the checks side by side, each within its own deadline. Whatever a check does, it ends as a result; a cancelled
 * run keeps what was found by then and leaves the others out.
 */
export async function runChecks(
  planned: readonly PlannedCheck[],
  ground: Ground,
  watch: RunWatch,
): Promise<AuditResult[]> {
  const running = new Set(planned.map(({ id }) => id));
  const results = await Promise.all(
    planned.map(async (check): Promise<AuditResult | null> => {
      const began = performance.now();
      const finding = await findingOf(check, ground);
      running.delete(check.id);
      if (finding === null) return null;
      watch.onProgress([...running]);
      const clean = (text: string): string => shortened(redact(text, watch.secrets()));
      return {
        id: check.id,
        group: check.group,
        result: finding.result,
        evidence: clean(finding.evidence),
        fix: clean(finding.fix),
        tookMs: Math.round(performance.now() - began),
      };
    }),
  );
  return results.filter((result) => result !== null);
}

/** @returns null when the run was cancelled before the check had an answer */
async function findingOf(check: PlannedCheck, ground: Ground): Promise<Finding | null> {
  if (ground.isLive && !check.whileLive) return skips('Not while live.');
  const ownEnd = new AbortController();
  const signal = AbortSignal.any([ground.signal, ownEnd.signal]);
  const timer = setTimeout(() => ownEnd.abort(), check.deadlineMs);
  const cut = new Promise<Finding | null>((resolve) => {
    const end = (): void => resolve(ground.signal.aborted ? null : tooLong(check));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([made(check, ground, signal), cut]);
  } finally {
    clearTimeout(timer);
    ownEnd.abort();
  }
}

/** An async wrapper, so that what is thrown at once ends the same way as what is thrown later. */
async function made({ id, make }: PlannedCheck, ground: Ground, signal: AbortSignal): Promise<Finding | null> {
  try {
    return await make(ground, signal);
  } catch (error) {
    if (ground.signal.aborted) return null;
    ground.log({
      level: 'warn',
      kind: 'check-threw',
      check: id,
      error: error instanceof Error ? error.name : 'unknown',
    });
    return unknowable(`The check could not be made: ${sentenceOf(error)}`, 'Run it again.');
  }
}

function tooLong({ deadlineMs }: PlannedCheck): Finding {
  return unknowable(`No result within ${Math.round(deadlineMs / 1000)} s.`, 'Run it again.');
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : 'it ended without a reason';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
