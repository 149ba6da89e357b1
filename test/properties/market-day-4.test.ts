import { expect, it } from 'vitest';
import { playDays } from './days.ts';

/** Of 10,000 days of 200 steps a quarter. DROPDESK_SEED plays a failure again, DROPDESK_DAYS more or fewer days. */
const days = Math.ceil(Number(process.env['DROPDESK_DAYS'] ?? 10_000) / 4);
const seed = Number(process.env['DROPDESK_SEED'] ?? (Date.now() + 4 * 7919) % 2 ** 31);

it('every invariant of stock and money holds on random market days, 4 of 4', { timeout: 300_000 }, () => {
  console.log(`${days} market days, DROPDESK_SEED=${seed}`);
  const { entries, accepted, withinLease } = playDays({ days, seed });
  expect(entries / days).toBeGreaterThan(80);
  expect(accepted / days).toBeGreaterThan(20);
  expect(withinLease).toBeGreaterThan(days);
});
