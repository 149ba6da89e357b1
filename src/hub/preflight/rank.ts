import type { AuditOutcome } from '../../domain/words.ts';
import type { Finding } from './check.ts';

/** The table's three columns for one figure: small is good. */
export function rankUpTo(value: number, passUpTo: number, warnUpTo: number): 'pass' | 'warn' | 'fail' {
  return value <= passUpTo ? 'pass' : value <= warnUpTo ? 'warn' : 'fail';
}

const ORDER: readonly AuditOutcome[] = ['skipped', 'pass', 'unknown', 'warn', 'fail'];

/** The worst of several findings; those that are as bad speak after one another. */
export function worstOf(findings: readonly Finding[]): Finding {
  const grade = (finding: Finding): number => ORDER.indexOf(finding.result);
  const worst = Math.max(...findings.map(grade));
  const loud = findings.filter((finding) => grade(finding) === worst);
  const joined = (texts: string[]): string => [...new Set(texts.filter((text) => text !== ''))].join(' ');
  return {
    result: ORDER[worst] ?? 'unknown',
    evidence: joined(loud.map(({ evidence }) => evidence)),
    fix: joined(loud.map(({ fix }) => fix)),
  };
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** Standard deviation of the whole; null without values. */
export function spread(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
