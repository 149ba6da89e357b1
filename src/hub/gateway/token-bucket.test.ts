import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('lets a burst through, then the average', () => {
  const bucket = new TokenBucket(30, 60);
  const taken = (now: number, tries: number): number =>
    Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length;
  expect(taken(0, 100)).toBe(60);
  expect(taken(1000, 100)).toBe(30);
  expect(taken(100_000, 100)).toBe(60);
  expect(taken(99_000, 100)).toBe(0);
});
