import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { knowSecret } from '../net/redact.ts';

/** A secrets file that others could read is refused: one sentence, exit 2. */
export class UnsafeSecrets extends Error {}

/**
 * Secrets by name (`obs.password`, `ingest.secret`, …). What the desk sets or the hub makes lies in DIR/secrets.json
 * (0600); a file named by DROPDESK_SECRETS is read besides and wins. Write-only towards people: nothing gives one back.
 */
export class Secrets {
  readonly #path: string;
  #own: Record<string, string>;
  readonly #given: Record<string, string>;
  #installationKey: Buffer | null = null;

  constructor(dataDir: string, givenFile: string | undefined) {
    this.#path = join(dataDir, 'secrets.json');
    this.#own = existsSync(this.#path) ? readPrivate(this.#path) : {};
    this.#given = givenFile ? readPrivate(givenFile) : {};
    for (const secret of [...Object.values(this.#own), ...Object.values(this.#given)]) knowSecret(secret);
    if (!this.#own['installation.key']) this.set('installation.key', randomBytes(32).toString('base64url'));
  }

  read(name: string): string | null {
    return this.#given[name] ?? this.#own[name] ?? null;
  }

  /** Names that are set, for the desk to show "set"; never values. */
  names(): string[] {
    return [...new Set([...Object.keys(this.#own), ...Object.keys(this.#given)])]
      .filter((name) => name !== 'installation.key')
      .sort();
  }

  set(name: string, value: string): void {
    knowSecret(value);
    const own = { ...this.#own, [name]: value };
    const temporary = `${this.#path}.new`;
    writeFileSync(temporary, JSON.stringify(own), { mode: 0o600, flush: true });
    renameSync(temporary, this.#path);
    this.#own = own;
  }

  /** Key of this installation: contacts are hashed with it, device keys encrypted. 32 bytes. */
  installationKey(): Buffer {
    // The same bytes at every call, so that who hashes with them wraps them once.
    return (this.#installationKey ??= Buffer.from(this.#own['installation.key'] ?? '', 'base64url'));
  }
}

function readPrivate(path: string): Record<string, string> {
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new UnsafeSecrets(`${path} can be read by others. Say: chmod 600 ${path}`);
  }
  const raw = jsonOf(readFileSync(path, 'utf8'));
  if (typeof raw !== 'object' || raw === null || Object.values(raw).some((value) => typeof value !== 'string')) {
    throw new UnsafeSecrets(`${path} must be a JSON object of texts, for example {"obs.password":"…"}.`);
  }
  return raw as Record<string, string>;
}

/** What the parser says of a broken file quotes it, so that is not passed on. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/**
 * The desk token: 256 bits, in DIR/desk-token (0600) so that scripts and open tabs survive a restart of the hub.
 */
export function deskToken(dataDir: string): string {
  const path = join(dataDir, 'desk-token');
  if (existsSync(path)) {
    const token = readFileSync(path, 'utf8').trim();
    if (/^[A-Za-z0-9_-]{43}$/.test(token)) {
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      return token;
    }
  }
  const token = randomBytes(32).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600, flush: true });
  return token;
}
