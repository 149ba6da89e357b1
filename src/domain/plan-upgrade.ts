import type { Plan } from './plan.ts';

/**
 * A plan as an older version wrote it, with what has been added since. Entries are never rewritten, so a key that joins
 * the plan gets its default here as well as in the plan file's schema.
 */
export function upgradedPlan(plan: Plan): Plan {
  const stored = plan as Older<Plan>;
  if (
    stored.packagings !== undefined &&
    plan.checklist.every((item) => (item as Older<typeof item>).dueMs !== undefined)
  )
    return plan;
  return {
    ...plan,
    packagings: stored.packagings ?? [],
    checklist: plan.checklist.map((item) => ({ ...item, dueMs: (item as Older<typeof item>).dueMs ?? null })),
  };
}

type Older<T> = { [K in keyof T]?: T[K] };
