/** What the hub says of a file: read defensively, for the reply of a command has no schema of its own. */
export interface ImportReply {
  rows: number;
  added: number;
  changed: number;
  unchanged: number;
  problems: string[];
  problemCount: number;
  /** of order files: what wrote it */
  format: ImportFormat | null;
  headings: string[];
  /** field → heading */
  mapping: Record<string, string>;
  needsMapping: boolean;
  missing: ImportField[];
  asksDateOrder: boolean;
  preview: ImportRow[];
  /** of an import that was stopped */
  stopped: { done: number; total: number } | null;
}

export interface ImportRow {
  order: string;
  at: string;
  what: 'sale' | 'refund';
  items: string;
  amountMinor: number | null;
  tender: string;
  standing: 'added' | 'changed' | 'unchanged' | 'nothing';
  unknown: string[];
}

const FORMATS = [
  'shopify-orders',
  'square-items',
  'square-transactions',
  'tiktok-orders',
  'dropdesk-sales',
  'mapped',
] as const;
export type ImportFormat = (typeof FORMATS)[number];

// prettier-ignore
const FIELDS = ['orderId', 'at', 'sku', 'name', 'quantity', 'unitPrice', 'discount', 'total', 'channel', 'tender', 'creatorCode', 'tip'] as const;
export type ImportField = (typeof FIELDS)[number];

/** Columns that a person may name, for what is imported. */
export function fieldsFor(what: string): ImportField[] {
  const isReturn = what === 'returns';
  const others: ImportField[] = isReturn ? ['unitPrice', 'discount', 'tip', 'creatorCode'] : ['total'];
  return FIELDS.filter((field) => !others.includes(field));
}

export function readImportReply(reply: Record<string, unknown>): ImportReply {
  const number = (name: string): number => (typeof reply[name] === 'number' ? reply[name] : 0);
  const list = (name: string): unknown[] => (Array.isArray(reply[name]) ? reply[name] : []);
  const problems = list('problems').map(problemText);
  return {
    rows: number('rows'),
    added: number('added'),
    changed: number('changed'),
    unchanged: number('unchanged'),
    problems,
    problemCount: Math.max(problems.length, number('problemCount')),
    format: FORMATS.find((format) => format === reply['format']) ?? null,
    headings: list('headings').map(String),
    mapping: Object.fromEntries(
      Object.entries((reply['mapping'] ?? {}) as object).map(([field, heading]) => [field, String(heading)]),
    ),
    needsMapping: reply['needsMapping'] === true,
    missing: FIELDS.filter((field) => list('missing').includes(field)),
    asksDateOrder: reply['asksDateOrder'] === true,
    preview: list('preview').filter(isRow),
    stopped: reply['cancelled'] === true ? { done: number('done'), total: number('total') } : null,
  };
}

/** Lists of the plan come as they are; orders come as rows. */
function isRow(row: unknown): row is ImportRow {
  return typeof row === 'object' && row !== null && 'standing' in row && 'items' in row;
}

/** "row 7, price: 18.005 has too many digits", however the hub put the parts. */
function problemText(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return String(problem);
  const { row, column, path, field, message } = problem as Record<string, unknown>;
  const place = [row === undefined || row === 0 ? '' : `row ${String(row)}`, String(column ?? field ?? path ?? '')]
    .filter(Boolean)
    .join(', ');
  return place === '' ? String(message ?? '') : `${place}: ${String(message ?? '')}`;
}
