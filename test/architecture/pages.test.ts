import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** What the built pages weigh (desk.md UI-82, UI-95 to UI-97). `npm test` builds before it comes here. */
const PAGES = join(import.meta.dirname, '../../out/renderer');
const FLOOR = ['cue', 'till', 'wall', 'join'].map((name) => `floor/${name}/index.html`);
const DESK = 'desk/index.html';
const FLOOR_BYTES = 60_000;
/** what a page loads once it works: sheets that most sales never see */
const LATER_BYTES = 25_000;
const FLOOR_REQUESTS = 8;
const DESK_BYTES = 250_000;

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}

const manifest = readManifest();

describe.each(FLOOR)('%s', (page) => {
  test(`weighs at most ${FLOOR_BYTES / 1000} kB, scripts and styles, and ${LATER_BYTES / 1000} kB more once it works`, () => {
    const first = gzipBytes(filesOf(page, 'at first'));
    expect(first).toBeLessThanOrEqual(FLOOR_BYTES);
    expect(gzipBytes(filesOf(page, 'ever')) - first).toBeLessThanOrEqual(LATER_BYTES);
  });

  test(`is there after at most ${FLOOR_REQUESTS} requests`, () => {
    const documentAndSocket = 2;
    expect(filesOf(page, 'at first').length + documentAndSocket).toBeLessThanOrEqual(FLOOR_REQUESTS);
  });

  test('brings no schema library to a phone', () => {
    expect(filesOf(page, 'ever').filter((file) => read(file).includes('_zod'))).toEqual([]);
  });

  test('has nothing of the desk', () => {
    expect(filesOf(page, 'ever').filter((file) => file.includes('desk'))).toEqual([]);
  });
});

test(`the desk weighs at most ${DESK_BYTES / 1000} kB and has none of the floor's styles`, () => {
  expect(gzipBytes(filesOf(DESK, 'ever'))).toBeLessThanOrEqual(DESK_BYTES);
  expect(filesOf(DESK, 'ever').filter((file) => file.includes('floor'))).toEqual([]);
});

test('every page can be read by a browser of 2021', () => {
  const scripts = new Set([...FLOOR, DESK].flatMap((page) => filesOf(page, 'ever')).filter((f) => f.endsWith('.js')));
  expect([...scripts].filter((file) => newerSyntax(read(file)) !== null)).toEqual([]);
});

// Control: the same eyes on what must be seen.
test('newer syntax and the schema library are seen where they are', () => {
  expect(newerSyntax('class A { #secret = 1 }')).not.toBeNull();
  expect(newerSyntax('class A { static { go() } }')).not.toBeNull();
  expect(newerSyntax('await go()')).not.toBeNull();
  expect(newerSyntax('class A { constructor() { this.a ??= 1 } }')).toBeNull();
  expect(newerSyntax('async () => { await go() }')).toBeNull();
  const zod = join(import.meta.dirname, '../../node_modules/zod/v4/core/core.js');
  expect(readFileSync(zod, 'utf8')).toContain('_zod');
});

function readManifest(): Record<string, Chunk> {
  const path = join(PAGES, 'pages.json');
  if (!existsSync(path)) throw new Error('The pages are not built, so nobody can weigh them: npm run build');
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>;
}

/** The scripts and styles of a page; `at first` leaves out what it loads later by itself. */
function filesOf(page: string, when: 'at first' | 'ever'): string[] {
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`pages.json does not know ${key}`);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
    if (when === 'ever') for (const next of chunk.dynamicImports ?? []) visit(next);
  };
  visit(page);
  return [...files];
}

function read(file: string): string {
  return readFileSync(join(PAGES, file), 'utf8');
}

function gzipBytes(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(PAGES, file))).length, 0);
}

/** @returns the first piece of syntax younger than ES2021, or null */
function newerSyntax(code: string): string | null {
  const look = (node: ts.Node, isTop: boolean): string | null => {
    if (ts.isPropertyDeclaration(node) || ts.isPrivateIdentifier(node) || ts.isClassStaticBlockDeclaration(node))
      return node.getText(source);
    if (isTop && ts.isAwaitExpression(node)) return node.getText(source);
    if (ts.isRegularExpressionLiteral(node) && /\/[a-z]*[dv][a-z]*$/.test(node.text)) return node.text;
    return ts.forEachChild(node, (child) => look(child, isTop && !ts.isFunctionLike(node)) ?? undefined) ?? null;
  };
  const source = ts.createSourceFile('page.js', code, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  return look(source, true);
}
