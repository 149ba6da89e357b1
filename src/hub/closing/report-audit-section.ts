import type { Table } from '../../contract/report-file.ts';
import type { Markup } from './markup.ts';
import { objectsOf } from './report-rows.ts';
import { tableMarkup } from './report-table-markup.ts';
import type { Words } from './report-words.ts';

/** The audit before the show; a show that was never audited has no such part. */
export function auditSection(audit: Table, words: Words): Markup[] {
  if (audit.rows.length === 0) return [];
  const table = tableMarkup(audit, 'group check what result evidence fix atUtc overridden', words);
  return [
    `<section><h2>Pre-flight audit</h2><p>${countsText(audit)}</p><details><summary>Show all checks</summary>${table}</details></section>`,
  ];
}

function countsText(audit: Table): string {
  const results = objectsOf(audit).map(({ result }) => result);
  const count = (word: string): number => results.filter((result) => result === word).length;
  const parts = ['pass', 'warn', 'fail', 'unknown', 'skipped'].map((word) => `${count(word)} ${word}`);
  return `As it stood when the doors opened: ${parts.join(', ')}.`;
}
