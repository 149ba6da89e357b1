import { expect, it } from 'vitest';
import {
  advanced,
  around,
  between,
  HOUR,
  lastOf,
  LONGEST,
  MINUTE,
  moved,
  SHORTEST,
  ticksOf,
  zoomed,
} from './time-window.ts';

const NOW = Date.parse('2026-11-28T20:12:44.000Z');

it('follows the clock until somebody looks back', () => {
  const window = lastOf(10 * MINUTE, NOW);
  expect(advanced(window, NOW + 5000)).toEqual({ from: NOW + 5000 - 10 * MINUTE, to: NOW + 5000, follows: true });
  const earlier = moved(window, -0.5, NOW);
  expect(earlier).toEqual({ from: NOW - 15 * MINUTE, to: NOW - 5 * MINUTE, follows: false });
  expect(advanced(earlier, NOW + 5000)).toBe(earlier);
});

it('follows again when it is moved up to now', () => {
  expect(moved(moved(lastOf(HOUR, NOW), -0.25, NOW), 1, NOW)).toEqual(lastOf(HOUR, NOW));
});

it('keeps what is pointed at in its place', () => {
  const window = { from: NOW - 3 * HOUR, to: NOW - HOUR, follows: false };
  expect(zoomed(window, 2, 0.25, NOW)).toEqual({ from: NOW - 2.75 * HOUR, to: NOW - 1.75 * HOUR, follows: false });
});

it('never shows more than eight hours, less than half a minute, or what is to come', () => {
  expect(zoomed(lastOf(HOUR, NOW), 0.001, 1, NOW)).toEqual(lastOf(LONGEST, NOW));
  expect(zoomed(lastOf(HOUR, NOW), 1e6, 1, NOW)).toEqual(lastOf(SHORTEST, NOW));
  expect(moved(lastOf(HOUR, NOW), -100, NOW)).toEqual({
    from: NOW - LONGEST,
    to: NOW - LONGEST + HOUR,
    follows: false,
  });
  expect(around(NOW - 1000, lastOf(HOUR, NOW), NOW)).toEqual(lastOf(10 * MINUTE, NOW));
});

it('takes a chosen stretch in either direction', () => {
  const [one, other] = [NOW - HOUR, NOW - 2 * HOUR];
  expect(between(one, other, NOW)).toEqual({ from: other, to: one, follows: false });
  expect(between(one, one + 1000, NOW)).toEqual({ from: one - 14_500, to: one + 15_500, follows: false });
});

it('rules the axis at round moments', () => {
  expect(ticksOf(lastOf(10 * MINUTE, NOW)).map((at) => new Date(at).toISOString().slice(11, 19))).toEqual([
    '20:04:00',
    '20:06:00',
    '20:08:00',
    '20:10:00',
    '20:12:00',
  ]);
  expect(ticksOf(lastOf(LONGEST, NOW)).length).toBe(8);
});
