import { Press } from '../../lib/press.svelte.ts';
import type { Desk, ImportKind } from '../desk.svelte.ts';

export interface ImportFigures {
  rows: number;
  added: number;
  unchanged: number;
  problems: string[];
}

/** A table on its way in: always looked through first (`dryRun`), and taken only as it was looked through. */
export class FileImport {
  readonly press: Press;
  readonly what: ImportKind;
  preview = $state.raw<ImportFigures | null>(null);
  result = $state.raw<ImportFigures | null>(null);
  #source: { name: string; text: string } | { name: string; base64: string } | null = null;

  constructor(desk: Desk, what: ImportKind) {
    this.press = new Press(desk.hub);
    this.what = what;
  }

  async lookThroughText(text: string): Promise<void> {
    await this.#lookThrough({ name: `${this.what}.csv`, text });
  }

  /** Bytes, not text: the hub tells UTF-16 and other encodings apart. */
  async lookThroughFile(file: File): Promise<void> {
    await this.#lookThrough({ name: file.name, base64: base64(new Uint8Array(await file.arrayBuffer())) });
  }

  /** Plans come whole or not at all; of sales and sign-ups the good rows are taken and the others listed. */
  get ready(): boolean {
    const whole = this.what === 'products' || this.what === 'cues';
    return this.preview !== null && !(whole && this.preview.problems.length > 0);
  }

  async take(): Promise<void> {
    if (!this.#source) return;
    const reply = await this.press.send('import-file', { what: this.what, ...this.#source });
    if (!reply?.ok) return;
    this.result = figuresOf(reply);
    this.preview = null;
    this.#source = null;
  }

  async #lookThrough(source: { name: string; text: string } | { name: string; base64: string }): Promise<void> {
    this.preview = this.result = null;
    this.#source = source;
    const reply = await this.press.send('import-file', { what: this.what, ...source, dryRun: true });
    if (reply?.ok) this.preview = figuresOf(reply);
  }
}

function figuresOf(reply: Record<string, unknown>): ImportFigures {
  const number = (name: string): number => (typeof reply[name] === 'number' ? reply[name] : 0);
  const problems = Array.isArray(reply['problems']) ? reply['problems'].map(problemText) : [];
  return { rows: number('rows'), added: number('added'), unchanged: number('unchanged'), problems };
}

/** "row 7, price: 18.005 has too many digits", however the hub put the parts. */
function problemText(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return String(problem);
  const { row, column, path, field, message } = problem as Record<string, unknown>;
  const place = [row === undefined ? '' : `row ${String(row)}`, String(column ?? field ?? path ?? '')]
    .filter(Boolean)
    .join(', ');
  return place === '' ? String(message ?? '') : `${place}: ${String(message ?? '')}`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
