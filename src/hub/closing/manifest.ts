import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { WrittenFile } from '../../contract/desk-state.ts';
import type { Report } from '../../contract/report-file.ts';
import type { ClosePin } from '../../domain/closing.ts';
import { sha256 } from '../canonical.ts';
import type { WrittenSet } from './close-job.ts';
import { clearPartial, type FileSeal, setAside } from './partial-folder.ts';

/** What a version consists of: every other file with its size and hash (FIL-2). */
const manifestShape = z.object({
  format: z.literal('dropdesk-manifest'),
  version: z.literal(1),
  closeVersion: z.number().int(),
  ledgerSeq: z.number().int(),
  ledgerHash: z.string(),
  contentSha256: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string(), reproducible: z.boolean() })),
});
export type Manifest = z.infer<typeof manifestShape>;

export function manifestText(report: Report, seals: readonly FileSeal[]): string {
  const files = byPath(seals).map((seal) => ({ ...seal, reproducible: true }));
  const { closeVersion, ledgerSeq, ledgerHash, contentSha256 } = report;
  const manifest: Manifest = {
    format: 'dropdesk-manifest',
    version: 1,
    closeVersion,
    ledgerSeq,
    ledgerHash,
    contentSha256,
    files,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export function writtenFiles(folder: string, seals: readonly { path: string; bytes: number }[]): WrittenFile[] {
  return byPath(seals).map(({ path, bytes }) => ({
    path: `${folder}/${path}`,
    bytes,
    kind: path.slice(path.lastIndexOf('.') + 1),
  }));
}

/**
 * After a crash (CLO-8): removes what is half written and looks at a folder whose `show.closed` is missing.
 *
 * @param folder the show's folder
 * @param pin    the pin that no `show.closed` followed; null when there is none
 * @returns the whole set of that pin, for the `show.closed` that is missing; null when there is nothing to finish (a set
 *          that does not belong to the pin or does not verify was moved to `close-vN.orphan`)
 */
export async function recoverClose(folder: string, pin: ClosePin | null): Promise<WrittenSet | null> {
  await clearPartial(folder);
  if (!pin) return null;
  const name = `close-v${pin.version}`;
  const written = join(folder, name);
  if (!existsSync(written)) return null;
  const set = await verified(written, name, pin.ledgerSeq);
  if (!set) await setAside(written);
  return set;
}

async function verified(written: string, name: string, ledgerSeq: number): Promise<WrittenSet | null> {
  const text = await read(join(written, 'manifest.json'));
  const manifest = text === null ? null : manifestShape.safeParse(jsonOf(text)).data;
  if (text === null || !manifest || manifest.ledgerSeq !== ledgerSeq) return null;
  for (const file of manifest.files) {
    const content = await read(join(written, ...file.path.split('/')));
    if (content === null || createHash('sha256').update(content).digest('hex') !== file.sha256) return null;
  }
  const files = writtenFiles(name, [...manifest.files, { path: 'manifest.json', bytes: text.byteLength }]);
  return { files, contentSha256: manifest.contentSha256, manifestSha256: sha256(text), failedChecks: [] };
}

async function read(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch {
    // Missing or unreadable: either way this is no whole set.
    return null;
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

function byPath<T extends { path: string }>(files: readonly T[]): T[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
