import { test } from 'vitest';
import { storm } from './storm-kit.ts';

test(
  '2,040 deliveries of four vendors, shuffled and ten times each, end in their newest states',
  { timeout: 120_000 },
  () => storm(34),
);
