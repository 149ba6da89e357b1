import type { Fault } from './plan.ts';
import type { PlanParts } from './plan-parts.ts';
import { SKU_FLAGS } from './words.ts';

/** Flags of a plan that contradict each other or the rest of it (R26): such a plan could not be kept at the table. */
export function flagFaults({ products, bundles, offers }: PlanParts): Fault[] {
  const bundled = new Set(bundles.flatMap(({ parts = [] }) => parts.flatMap(({ sku }) => sku ?? [])));
  return products.flatMap(({ sku, flags = [], partner }, i) => {
    const has = (flag: (typeof SKU_FLAGS)[number]): boolean => flags.includes(flag);
    const faults: Fault[] = [];
    const say = (path: string, message: string): number => faults.push({ path, message });
    const at = `products[${i}].flags`;
    if (has('bundle-only') && sku !== undefined && !bundled.has(sku))
      say(at, '"bundle-only" needs a bundle that holds this product');
    if (has('event-only') && has('pickup-only'))
      say(at, '"event-only" is sold over the table, "pickup-only" never is; keep one of them');
    if (has('partner') && partner === null) say(at, '"partner" needs the partner whose goods these are');
    if (sku === undefined) return faults;
    for (const [n, offer] of offers.entries()) {
      if (has('bundle-only') && offer.sku === sku)
        say(`offers[${n}].sku`, `"${sku}" is bundle-only; offer a bundle that holds it`);
      if (has('event-only') && offer.kind === 'preorder' && holds(bundles, offer.sku, sku))
        say(`offers[${n}].kind`, `"${sku}" is event-only; it cannot be promised by a preorder`);
    }
    return faults;
  });
}

/** Texts that were meant as a flag and are none: written otherwise, they switch no rule on. Other texts are labels. */
export function mistakenFlags(products: readonly { flags: readonly string[] }[]): string[] {
  return products.flatMap(({ flags }, i) =>
    flags.flatMap((flag, n) => {
      const meant = SKU_FLAGS.find((known) => known === flag.toLowerCase().replace(/[\s_]+/g, '-'));
      return meant === undefined || meant === flag
        ? []
        : [`products[${i}].flags[${n}]: "${flag}" is only a label; the rule is written "${meant}"`];
    }),
  );
}

function holds(bundles: PlanParts['bundles'], offered: string | undefined, sku: string): boolean {
  if (offered === sku) return true;
  return bundles.some((bundle) => bundle.sku === offered && (bundle.parts ?? []).some((part) => part.sku === sku));
}
