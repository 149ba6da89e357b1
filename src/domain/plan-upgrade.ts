import type { ChecklistItem, Offer, Plan, Product, StreamPlan } from './plan.ts';

/**
 * A plan as an older version wrote it, with what has been added since. Entries are never rewritten, so a key that joins
 * the plan gets its default here as well as in the plan file's schema.
 */
export function upgradedPlan(plan: Plan): Plan {
  const stored = plan as Older<Plan>;
  return {
    ...plan,
    packagings: stored.packagings ?? [],
    stream: { ...NO_STREAM, ...plan.stream },
    products: plan.products.map((product: Older<Product>) => ({ tillLease: null, ...product }) as Product),
    offers: plan.offers.map((offer: Older<Offer>) => ({ codeUse: 'many', ...offer }) as Offer),
    checklist: plan.checklist.map((item: Older<ChecklistItem>) => ({ dueMs: null, ...item }) as ChecklistItem),
  };
}

/** A show that names nothing of its stream. */
export const NO_STREAM: StreamPlan = {
  obs: null,
  rtmpStat: null,
  mediamtx: null,
  hls: null,
  edge: null,
  primaryIngest: null,
  backupIngest: null,
  relay: null,
  slateScene: null,
  liveScene: null,
  allowScenes: [],
  stillScenes: [],
  audioInputs: [],
  platform: null,
  shopOrigin: null,
};

type Older<T> = { [K in keyof T]?: T[K] };
