import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { APP_VERSION } from '../../src/contract/version.ts';
import { arrows, findCycle, isDoorOpen, sourceFiles, SRC } from './house.ts';

const files = sourceFiles();
const all = arrows(files);
const read = (file: string) => readFileSync(join(SRC, file), 'utf8');

test('the house is found at all', () => {
  expect(files.length).toBeGreaterThan(60);
  expect(all.length).toBeGreaterThan(200);
});

test('no import goes through a closed door', () => {
  expect(all.filter((arrow) => !isDoorOpen(arrow)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('no file leads back to itself', () => {
  expect(findCycle(all)).toBeNull();
});

test('the domain has no clock and no dice', () => {
  const guilty = files.filter(
    (file) => file.startsWith('domain/') && /Date\.now|Math\.random|new Date\(\)|performance\.now/.test(read(file)),
  );
  expect(guilty).toEqual([]);
});

test('only the database room and what builds it name the native module', () => {
  expect(
    all
      .filter(({ to }) => to === 'better-sqlite3')
      .map(({ from }) => from)
      .filter((from) => !from.startsWith('hub/store/')),
  ).toEqual([]);
});

test('no page writes HTML from text', () => {
  expect(files.filter((file) => file.endsWith('.svelte') && read(file).includes('{@html'))).toEqual([]);
});

test('the program says the version that the package has', () => {
  expect(APP_VERSION).toBe(pkg.version);
});

// Controls: the same checks on a house that is wrong.
test('a closed door, a cycle and a room that reaches across are seen', () => {
  expect(isDoorOpen({ from: 'domain/a.ts', to: 'node:fs' })).toBe(false);
  expect(isDoorOpen({ from: 'domain/a.ts', to: 'contract/b.ts' })).toBe(false);
  expect(isDoorOpen({ from: 'hub/store/a.ts', to: 'hub/gateway/b.ts' })).toBe(false);
  expect(isDoorOpen({ from: 'renderer/desk/a.ts', to: 'hub/b.ts' })).toBe(false);
  expect(isDoorOpen({ from: 'hub/store/a.ts', to: 'electron' })).toBe(false);
  expect(
    findCycle([
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'a' },
    ]),
  ).toEqual(['a', 'b', 'c', 'a']);
  expect(arrows(['domain/x.ts'], () => "import { a } from '../hub/y.ts';\nexport { b } from './z.ts';")).toEqual([
    { from: 'domain/x.ts', to: 'hub/y.ts' },
    { from: 'domain/x.ts', to: 'domain/z.ts' },
  ]);
});
