import type { ReportBody } from '../domain/report.ts';
import type { Cell } from '../domain/report-table.ts';
import type { Iso } from '../domain/units.ts';

export type { Cell, Column, ColumnType, Table, TableName } from '../domain/report-table.ts';
export { TABLE_NAMES } from '../domain/report-table.ts';

/** `report.json` (closing spec, section 8): what the domain computes, with the names and hashes a file carries. */
export interface Report extends ReportBody {
  format: 'dropdesk-report';
  version: 1;
  contractVersion: number;
  /** first 12 hex digits of contentSha256 */
  reportId: string;
  /** over the canonical JSON of this file with this and reportId empty, a line feed, and that of clips.json */
  contentSha256: string;
  supersedes: { closeVersion: number; contentSha256: string; why: string } | null;
  changes: { table: string; key: string; column: string; before: Cell; after: Cell }[];
  followUps: { list: string; people: number; dueAt: Iso }[];
}
