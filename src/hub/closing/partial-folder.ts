import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CloseWriteError } from './close-job.ts';

export interface FileSeal {
  /** inside the folder */
  path: string;
  bytes: number;
  sha256: string;
}

/** Removes what a kill left half written. Called when a show is opened. */
export async function clearPartial(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    if (name.endsWith('.partial')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * A folder that appears whole or not at all (FIL-1): everything is written below `NAME.partial`, each file and folder
 * synced, then one rename. An existing `NAME` is never opened for writing.
 */
export class PartialFolder {
  readonly #final: string;
  readonly #partial: string;
  readonly #folders = new Set<string>();
  readonly seals: FileSeal[] = [];

  private constructor(final: string) {
    this.#final = final;
    this.#partial = `${final}.partial`;
  }

  /**
   * A folder that already has the final name belongs to no closed version (its fact was never written): it is moved
   * aside to `NAME.orphan`, as it is.
   *
   * @throws CloseWriteError when the folder cannot be made
   */
  static async begin(final: string): Promise<PartialFolder> {
    const folder = new PartialFolder(final);
    try {
      await setAside(final);
      await rm(folder.#partial, { recursive: true, force: true });
      await folder.#make(folder.#partial);
    } catch (cause) {
      throw new CloseWriteError(folder.#partial, cause);
    }
    return folder;
  }

  /** @param path inside the folder, with forward slashes */
  async write(path: string, content: string | Uint8Array): Promise<FileSeal> {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    const target = join(this.#partial, ...path.split('/'));
    try {
      await this.#make(dirname(target));
      const file = await open(target, 'wx', 0o444);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw new CloseWriteError(path, cause);
    }
    const seal = { path, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
    this.seals.push(seal);
    return seal;
  }

  /** From here on the set exists. */
  async commit(): Promise<void> {
    try {
      for (const folder of this.#folders) await syncFolder(folder);
      await rename(this.#partial, this.#final);
      await syncFolder(dirname(this.#final));
    } catch (cause) {
      throw new CloseWriteError(this.#final, cause);
    }
  }

  async discard(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true });
  }

  async #make(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o755 });
    this.#folders.add(folder);
  }
}

/** Renames a folder to `NAME.orphan`, `NAME.orphan-2` …; without effect when there is none. */
export async function setAside(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  let name = `${folder}.orphan`;
  for (let copy = 2; existsSync(name); copy++) name = `${folder}.orphan-${copy}`;
  await rename(folder, name);
}

/** Windows cannot sync a folder; there the rename itself is journalled. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
