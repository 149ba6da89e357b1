import { test } from 'vitest';
import { storm } from '../hub/storm-kit.ts';

/** The whole of it: 20,400 deliveries. */
test('20,400 deliveries of four vendors end in their newest states', { timeout: 600_000 }, () => storm(340));
