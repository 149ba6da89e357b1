import type { AuditResult } from './facts/audit-facts.ts';
import type { CloseRecord } from './close-record.ts';
import { ALL_CHECKS } from './audit/catalogue.ts';
import { type Instant, toIso } from './units.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';

interface Row {
  result: AuditResult;
  at: Instant;
  by: string;
  version: string;
  /** the show was opened in spite of this fail, and why */
  overridden: string | null;
}

/** The audit as it stood when the doors opened: of each check the newest result before that (STR-61, STR-74). */
export function auditTable({ entries }: Pick<CloseRecord, 'entries'>): Table {
  const [opened] = entries.of('show.opened');
  const newest = new Map<string, Row>();
  for (const { at, seq, body } of entries.of('audit.finished')) {
    if (opened !== undefined && seq > opened.seq) break;
    for (const result of body.results)
      newest.set(result.id, { result, at, by: body.by, version: body.version, overridden: null });
  }
  const reason = opened?.body.overrideReason ?? null;
  const rows = ALL_CHECKS.flatMap(({ id, blocks }): Row[] => {
    const row = newest.get(id);
    if (row === undefined) return [];
    return [{ ...row, overridden: blocks && row.result.result === 'fail' ? reason : null }];
  });
  const f = fieldsOf<Row>();
  return tableOf(rows, [
    f.text('group', 'Group', ({ result }) => result.group),
    f.text('check', 'Check', ({ result }) => result.id),
    f.text('what', 'What', ({ result }) => ALL_CHECKS.find(({ id }) => id === result.id)?.what ?? result.id),
    f.text('result', 'Result', ({ result }) => result.result),
    f.text('evidence', 'Evidence', ({ result }) => result.evidence),
    f.text('fix', 'What to do', ({ result }) => result.fix),
    f.instant('atUtc', 'At (UTC)', ({ at }) => toIso(at)),
    f.text('by', 'By', ({ by }) => by),
    f.text('version', 'Version', ({ version }) => version),
    f.text('overridden', 'Opened in spite of it', ({ overridden }) => overridden),
  ]);
}
