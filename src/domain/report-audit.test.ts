import { expect, it } from 'vitest';
import type { AuditResult } from './facts/audit-facts.ts';
import { auditTable } from './report-audit.ts';
import type { CloseRecord } from './close-record.ts';
import { given, makeShow, run } from './testing.ts';
import type { Entry, EntryOf, FactKind } from './ledger.ts';

const result = (id: string, outcome: AuditResult['result']): AuditResult => ({
  ...{ id, group: 'network', evidence: 'As found.', fix: '', tookMs: 1 },
  result: outcome,
});

it('prints the newest result of each check before the doors opened, and why they opened in spite of a fail', () => {
  const show = makeShow();
  const audit = (auditId: string, ...results: AuditResult[]): void => {
    given(show, {
      kind: 'audit.finished',
      body: { auditId, partial: true, results, tookMs: 1, by: 'desk', version: '1' },
    });
  };
  audit('a2', result('net-7', 'pass'), result('net-1', 'warn'));
  audit('a3', result('net-7', 'fail'));
  run(show, { kind: 'open-show', overrideReason: 'the platform is late' });
  audit('a5', result('net-7', 'pass'));
  const of = <K extends FactKind>(kind: K) =>
    show.entries.filter((entry: Entry): entry is EntryOf<K> => entry.kind === kind);
  const { columns, rows } = auditTable({ entries: { of } } as Pick<CloseRecord, 'entries'>);
  const at = (key: string): number => columns.findIndex((column) => column.key === key);
  expect(rows.map((row) => [row[at('check')], row[at('result')], row[at('overridden')]])).toEqual([
    ['net-1', 'warn', null],
    ['net-7', 'fail', 'the platform is late'],
  ]);
});
