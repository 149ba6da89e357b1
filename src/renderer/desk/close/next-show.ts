/**
 * The plan of the next show made from this one: every time in it moves by as many whole weeks as bring the start into
 * the future. Stock counts, sign-ups and people's devices are no part of a plan file, so none of them comes along.
 */
export function copyOfPlan(plan: unknown, now: number): unknown {
  if (typeof plan !== 'object' || plan === null) return plan;
  const starts = Date.parse(String(((plan as { show?: Record<string, unknown> }).show ?? {})['startsAt'] ?? ''));
  const WEEK = 7 * 86_400_000;
  const by = Number.isNaN(starts) ? 0 : Math.max(1, Math.ceil((now - starts) / WEEK)) * WEEK;
  return shift(plan, by);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function shift(value: unknown, by: number): unknown {
  if (typeof value === 'string') return INSTANT.test(value) ? new Date(Date.parse(value) + by).toISOString() : value;
  if (Array.isArray(value)) return value.map((item) => shift(item, by));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shift(item, by)]));
  return value;
}
