import type { AuditView } from '../../../contract/audit-state.ts';
import { t } from '../../lib/i18n/desk.ts';
import { auditSections } from './audit-sections.ts';

/** The audit as plain text, one line a check: for a message to whoever has to mend it. */
export function auditText(audit: AuditView, head: string): string {
  const sections = auditSections(audit).map(({ id, word, checks }) => {
    const lines = checks.map(({ what, result, evidence, limit, fix }) =>
      [
        `  ${t(`audit.result.${result ?? 'not-run'}`)}: ${what}.`,
        evidence,
        t('audit.limitIs', { limit }),
        result === 'pass' ? '' : fix,
      ]
        .filter((text) => text !== '')
        .join(' '),
    );
    return [`${t(`audit.section.${id}`)}: ${t(`audit.word.${word ?? 'none'}`)}`, ...lines].join('\n');
  });
  return [head, ...sections].join('\n\n');
}
