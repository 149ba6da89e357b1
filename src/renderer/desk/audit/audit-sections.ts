import type { AuditCheckView, AuditView } from '../../../contract/audit-state.ts';
import { type AuditWord, wordOver } from '../../../domain/audit/audit-words.ts';
import type { AuditGroup, AuditOutcome } from '../../../domain/words.ts';

/** The audit in the order in which it is read: three words first, then the rest, then what the desk itself looks at. */
export type SectionId = (typeof SECTIONS)[number]['id'];

const SECTIONS = [
  { id: 'network', groups: ['network'] },
  { id: 'caching', groups: ['caching'] },
  { id: 'failover', groups: ['failover'] },
  { id: 'encoder', groups: ['encoder'] },
  { id: 'stage', groups: ['audio', 'scene'] },
  { id: 'recording', groups: ['recording'] },
  { id: 'security', groups: ['security'] },
  { id: 'desk', groups: ['desk'] },
] as const satisfies readonly { id: string; groups: readonly AuditGroup[] }[];

/** How many of the sections stand at the top in large letters. */
export const TOP_SECTIONS = 3;

export interface AuditSection {
  id: SectionId;
  /** null: nothing of it has run, or all was skipped; never a GO */
  word: AuditWord | null;
  counts: Record<AuditOutcome | 'not-run', number>;
  checks: AuditCheckView[];
}

export function auditSections({ checks }: Pick<AuditView, 'checks'>): AuditSection[] {
  return SECTIONS.map(({ id, groups }) => {
    const own = checks.filter(({ group }) => groups.some((one) => one === group));
    const counts = { pass: 0, warn: 0, fail: 0, skipped: 0, unknown: 0, 'not-run': 0 };
    for (const { result } of own) counts[result ?? 'not-run'] += 1;
    return { id, word: wordOver(own.map(({ result }) => result)), counts, checks: own };
  });
}

/** Checks that keep the show from opening as things stand: each needs its fix, or all of them a reason. */
export function blockersOf({ checks }: Pick<AuditView, 'checks'>): AuditCheckView[] {
  return checks.filter(({ blocks, result }) => blocks && result === 'fail');
}

/** What is done now, in words: the first few names, and how many more. */
export function runningNames({ checks }: Pick<AuditView, 'checks'>, most: number): { names: string; more: number } {
  const names = checks.filter(({ running }) => running).map(({ what }) => what);
  return { names: names.slice(0, most).join(', '), more: Math.max(0, names.length - most) };
}
