import { expect, it } from 'vitest';
import { coveredUntil } from '../observed.ts';
import { type TestShow, given, liveShow, now, run, wait } from '../testing.ts';
import { HOUR, type Instant } from '../units.ts';
import { dueCoverage } from './coverage.ts';

function look(show: TestShow, read: [string, Instant][]): string[] {
  const vitals = { cannotSave: null, freeBytes: null, online: new Set<string>(), pending: new Map<string, number>() };
  const facts = dueCoverage(show.state, now(show), { ...vitals, read: new Map(read) });
  given(show, ...facts);
  return facts.map(({ originId }) => originId);
}

it('a shop that is read whole is said to be so once an hour, from closing on', () => {
  const show = liveShow();
  expect(look(show, [['square', show.at]])).toEqual([]);
  run(show, { kind: 'close-show' });
  expect(look(show, [['square', show.at]])).toHaveLength(1);
  expect(look(show, [['square', show.at]])).toEqual([]);
  wait(show, HOUR - 1);
  expect(look(show, [['square', show.at]])).toEqual([]);
  wait(show, 1);
  expect(look(show, [['square', show.at]])).toHaveLength(1);
});

it('all shops together have told no more than the one that is furthest behind', () => {
  const show = liveShow();
  expect(coveredUntil(show.state.observed)).toBeNull();
  run(show, { kind: 'close-show' });
  look(show, [
    ['square', show.at],
    ['shopify', show.at - 3 * HOUR],
  ]);
  expect(coveredUntil(show.state.observed)).toBe(show.at - 3 * HOUR);
});
