import { expect, it } from 'vitest';
import { HubClock } from './hub-clock.ts';

it('runs on by the page’s own monotonic clock between two words of the hub', () => {
  let page = 5000;
  const clock = new HubClock(() => page);
  expect(clock.silence()).toBe(0);
  clock.learn('2026-11-28T20:00:00.000Z');
  page += 1500;
  expect([clock.now(), clock.silence()]).toEqual([Date.parse('2026-11-28T20:00:01.500Z'), 1500]);
});

it('keeps what it knows when a frame carries no date', () => {
  const clock = new HubClock(() => 0);
  clock.learn('2026-11-28T20:00:00.000Z');
  clock.learn('soon');
  expect(clock.now()).toBe(Date.parse('2026-11-28T20:00:00.000Z'));
});
