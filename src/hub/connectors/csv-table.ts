import { CsvError, parse } from 'csv-parse/sync';
import { undefuse } from '../../contract/csv.ts';

/** A file as rows of text under headings. Row numbers are those a spreadsheet shows: the headings are row 1. */
export interface CsvTable {
  headings: string[];
  rows: CsvRow[];
}
export interface CsvRow {
  row: number;
  cells: string[];
}

/** What keeps one row from being taken, for a person. */
export interface Problem {
  row: number;
  /** the heading; empty when the whole row is meant */
  column: string;
  message: string;
}

export interface Unreadable {
  refusal: { code: 'unreadable' | 'too-large'; message: string };
}

export interface TableLimits {
  bytes: number;
  rows: number;
}
export const ORDER_LIMITS: TableLimits = { bytes: 50 * 1024 * 1024, rows: 50_000 };
export const PLAN_LIMITS: TableLimits = { bytes: 2 * 1024 * 1024, rows: 20_000 };
const MAX_COLUMNS = 1000;

/**
 * Reads UTF-8 (with or without BOM) and UTF-16, separated by comma, semicolon or tab, whichever the first line has most
 * of. A quote that our own writer put before a dangerous character is taken off again.
 */
export function readTable(bytes: Buffer, limits: TableLimits): CsvTable | Unreadable {
  if (bytes.length > limits.bytes)
    return refused('too-large', `The file is larger than ${limits.bytes / 1024 / 1024} MB.`);
  const text = decoded(bytes);
  if (text === null)
    return refused('unreadable', 'The file is neither UTF-8 nor UTF-16. Save it as "CSV UTF-8" and try again.');
  const records = recordsOf(text);
  if ('refusal' in records) return records;
  const [first, ...rest] = records.records;
  if (!first) return refused('unreadable', 'The file is empty.');
  if (first.length > MAX_COLUMNS) return refused('too-large', `The file has more than ${MAX_COLUMNS} columns.`);
  if (rest.length > limits.rows)
    return refused('too-large', `The file has ${rest.length} rows, at most ${limits.rows} fit.`);
  const rows = rest
    .map((cells, i): CsvRow => ({ row: i + 2, cells: cells.map((cell) => undefuse(cell)) }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  return { headings: first.map((heading) => undefuse(heading).trim()), rows };
}

export function refused(code: 'unreadable' | 'too-large', message: string): Unreadable {
  return { refusal: { code, message } };
}

/** @returns null when the bytes are no text in an encoding that we read */
export function decoded(bytes: Buffer): string | null {
  const encoding = encodingOf(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') && encoding === 'utf-8' && /\0/.test(text.slice(0, 4)) ? null : text;
  } catch {
    return null; // the decoder's way to say that it is none
  }
}

/** By BOM; without one, Latin text in UTF-16 shows as a zero in every second byte. */
function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, 200);
  const zeros = (odd: 0 | 1): number => sample.filter((byte, i) => byte === 0 && i % 2 === odd).length;
  if (sample.length >= 8 && zeros(1) > sample.length / 4) return 'utf-16le';
  if (sample.length >= 8 && zeros(0) > sample.length / 4) return 'utf-16be';
  return 'utf-8';
}

function recordsOf(text: string): { records: string[][] } | Unreadable {
  try {
    const records: string[][] = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    });
    return { records };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refused('unreadable', `The file breaks off: ${error.message}.`);
  }
}

function separatorOf(text: string): ',' | ';' | '\t' {
  const end = text.search(/[\r\n]/);
  const line = end < 0 ? text : text.slice(0, end);
  const count = (mark: string): number => line.split(mark).length;
  return (['\t', ';', ','] as const).reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',');
}
