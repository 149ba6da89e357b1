import type { ImportView } from '../../../contract/desk-state.ts';
import type { Reply } from '../../../contract/commands.ts';
import { type HubConnection, newId } from '../../lib/hub-connection.svelte.ts';
import { t } from '../../lib/i18n/desk.ts';
import { Press } from '../../lib/press.svelte.ts';
import type { Desk, ImportKind } from '../desk.svelte.ts';
import { type ImportReply, readImportReply } from './import-reply.ts';

type Source = { name: string; text: string } | { name: string; base64: string };

/** A table on its way in: always looked through first (`dryRun`), and taken only as it was looked through. */
export class FileImport {
  readonly press: Press;
  readonly stopPress: Press;
  readonly what: ImportKind;
  preview = $state.raw<ImportReply | null>(null);
  result = $state.raw<ImportReply | null>(null);
  /** field → heading; `dateOrder` → which comes first. Null: as the hub guesses or remembers */
  mapping = $state.raw<Record<string, string> | null>(null);
  /** the file's name while it is looked through */
  reading = $state('');
  readonly #desk: Desk;
  #source: Source | null = null;
  #id = '';

  constructor(desk: Desk, what: ImportKind) {
    this.#desk = desk;
    // A file may be larger than a frame of the socket, so it goes by HTTP.
    this.press = new Press({ command: (kind, body) => this.#upload(desk.hub, kind, body) } as Pick<
      HubConnection,
      'command'
    >);
    this.stopPress = new Press(desk.hub);
    this.what = what;
  }

  /** Imports under way, this desk's and others'. */
  get running(): ImportView[] {
    return this.#desk.state.imports;
  }

  async lookThroughText(text: string): Promise<void> {
    await this.#lookThrough({ name: `${this.what}.csv`, text });
  }

  /** Bytes, not text: the hub tells UTF-16 and other encodings apart. */
  async lookThroughFile(file: File): Promise<void> {
    this.reading = file.name;
    await this.#lookThrough({ name: file.name, base64: base64(new Uint8Array(await file.arrayBuffer())) });
  }

  /** Says which column a field is in, or which of day and month comes first, and looks again. */
  async choose(field: string, heading: string): Promise<void> {
    this.mapping = { ...(this.mapping ?? this.preview?.mapping), [field]: heading };
    if (this.#source) await this.#look(this.#source);
  }

  /** Plans come whole or not at all; of sales and returns the good rows are taken and the others listed. */
  get isWhole(): boolean {
    return this.what !== 'sales' && this.what !== 'returns';
  }

  get ready(): boolean {
    const { preview } = this;
    if (!preview || preview.needsMapping || preview.rows === 0) return false;
    return this.isWhole ? preview.problemCount === 0 : preview.added + preview.changed + preview.unchanged > 0;
  }

  async take(): Promise<void> {
    if (!this.#source) return;
    const reply = await this.press.send('import-file', { what: this.what, ...this.#source, ...this.#chosen() });
    if (!reply?.ok) return;
    this.result = readImportReply(reply);
    this.preview = null;
    this.#source = null;
  }

  async stop(id: string): Promise<void> {
    await this.stopPress.send('cancel-action', { action: id });
  }

  async #lookThrough(source: Source): Promise<void> {
    this.preview = this.result = this.mapping = null;
    this.#source = source;
    await this.#look(source);
  }

  async #look(source: Source): Promise<void> {
    this.reading = source.name;
    const reply = await this.press.send('import-file', {
      what: this.what,
      ...source,
      ...this.#chosen(),
      dryRun: true,
    });
    this.reading = '';
    if (reply?.ok) this.preview = readImportReply(reply);
  }

  #chosen(): { mapping?: Record<string, string> } {
    return this.mapping === null ? {} : { mapping: this.mapping };
  }

  async #upload(hub: HubConnection, ...[kind, body]: Parameters<HubConnection['command']>): Promise<Reply> {
    this.#id = newId();
    try {
      return await hub.upload(kind, body, this.#id);
    } catch {
      // The way to the hub is broken, which is said here; the same file again is safe.
      return { ok: false, refusal: { code: 'unreachable', message: t('import.unreachable') } };
    }
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
