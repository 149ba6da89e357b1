/** What the desk reads out of `report.json`: figures only, as the file has them, never counted again (UI-57). */
export interface ReportFigures {
  totals: { label: string; minor?: number; count?: number }[];
  channels: { name: string; units: number | null; netMinor: number | null }[];
  warnings: string[];
}

type Row = unknown[];
interface Table {
  columns: { key: string }[];
  rows: Row[];
}

/** @returns null when the file is not a report that this desk can read */
export function readReport(raw: unknown): ReportFigures | null {
  if (typeof raw !== 'object' || raw === null || (raw as { format?: unknown }).format !== 'dropdesk-report')
    return null;
  const { totals, tables, warnings } = raw as {
    totals: Record<string, number>;
    tables: Record<string, Table>;
    warnings: { message: string }[];
  };
  return {
    totals: [
      { label: 'sales', count: totals['sales'] ?? 0 },
      { label: 'units', count: totals['units'] ?? 0 },
      { label: 'gross', minor: totals['grossMinor'] ?? 0 },
      { label: 'discount', minor: totals['discountMinor'] ?? 0 },
      { label: 'refunded', minor: totals['refundedMinor'] ?? 0 },
      { label: 'net', minor: totals['netMinor'] ?? 0 },
      { label: 'collected', minor: totals['collectedMinor'] ?? 0 },
    ],
    channels: channelRows(tables['channels']),
    warnings: warnings.map((warning) => warning.message),
  };
}

function channelRows(table: Table | undefined): ReportFigures['channels'] {
  if (!table) return [];
  const at = (key: string): number => table.columns.findIndex((column) => column.key === key);
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  const [name, units] = [at('channel'), at('units')];
  const net = at('net') === -1 ? at('netMinor') : at('net');
  return table.rows.map((row) => ({
    name: String(row[name] ?? ''),
    units: number(row[units]),
    netMinor: number(row[net]),
  }));
}
