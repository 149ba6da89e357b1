import { expect, test } from 'vitest';
import { BadOption, readOptions } from './options.ts';

test('a data folder is all that must be given', () => {
  expect(readOptions(['--data', '/d'])).toEqual({
    dataDir: '/d',
    deskPort: 7700,
    floorPort: null,
    floorHost: null,
    ingestPort: null,
    planFile: null,
    demo: false,
  });
});

test('port 0 asks for a free one', () => {
  expect(readOptions(['--data', 'd', '--desk-port', '0', '--ingest-port', '0'])).toMatchObject({
    deskPort: 0,
    ingestPort: 0,
  });
});

test.each([
  [[]],
  [['--data', 'd', '--desk-port', 'x']],
  [['--data', 'd', '--desk-port', '70000']],
  [['--data', 'd', '--frobnicate']],
  [['--data', 'd', 'extra']],
])('a bad command line %j is one sentence', (args) => {
  expect(() => readOptions(args)).toThrow(BadOption);
  expect(() => readOptions(args)).not.toThrow(/\n/);
});
