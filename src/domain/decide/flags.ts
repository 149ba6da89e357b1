import { type Article, catalogueOf } from '../catalogue.ts';
import type { Plan, Product } from '../plan.ts';
import { type Decision, refuse } from '../refusal.ts';
import type { SkuFlag } from '../words.ts';

/** What is known about a sale, a hold or an exchange when its flags are looked at. */
export interface FlagQuestion {
  /** as asked: bundles under their own sku */
  lines: readonly { sku: string; ageChecked?: boolean | undefined }[];
  /** undefined: not said yet, as with a hold */
  pickup?: 'now' | 'later' | undefined;
  /** the seller has looked at the buyer's age, for all lines at once */
  ageChecked?: boolean | undefined;
  /** it has happened already (cut off, paid, outside): flags forbid nothing any more */
  happened?: boolean;
  /** only set aside: age and pickup are asked when it is sold */
  hold?: boolean;
}

/**
 * Flags of a sku as rules (R26). `bundle-only` is not sold by itself, `pickup-only` leaves only by pickup, `age-check`
 * needs the seller's word for each line. A bundle obeys the flags of its parts, but for `bundle-only`.
 *
 * @returns refusal `flag-forbids` with `field`, `flag` and `sku`, or null
 */
export function flagRefusal(plan: Plan | null, asked: FlagQuestion): (Decision & { ok: false }) | null {
  if (!plan || asked.happened) return null;
  const catalogue = catalogueOf(plan);
  for (const [i, line] of asked.lines.entries()) {
    const article = catalogue.get(line.sku);
    if (!article) continue;
    const found = soldAlone(plan, article, i) ?? (asked.hold ? null : notThisWay(plan, article, asked, i));
    if (found) return found;
  }
  return null;
}

/** Products of the article, itself or its parts, that carry a flag. */
export function flagged(plan: Plan, article: Article, flag: SkuFlag): Product[] {
  const parts = new Set(article.parts.map(({ sku }) => sku));
  return plan.products.filter(({ sku, flags }) => flags.includes(flag) && parts.has(sku));
}

/** What a seller must know before the goods are handed over, for the till's tile. */
export function tillNotes(plan: Plan, sku: string): SkuFlag[] {
  const article = catalogueOf(plan).get(sku);
  if (!article) return [];
  return (['age-check', 'pickup-only', 'fragile'] as const).filter((flag) => flagged(plan, article, flag).length > 0);
}

function soldAlone(plan: Plan, article: Article, i: number): (Decision & { ok: false }) | null {
  if (article.bundle || flagged(plan, article, 'bundle-only').length === 0) return null;
  const bundles = plan.bundles.filter(({ parts }) => parts.some(({ sku }) => sku === article.sku));
  const names = bundles.map(({ name }) => `"${name}"`).join(' or ');
  const message = `${article.name} is not sold by itself${names ? `; sell ${names}` : ''}.`;
  return forbids('bundle-only', article.sku, `lines[${i}].sku`, message);
}

function notThisWay(
  plan: Plan,
  article: Article,
  { lines, pickup, ageChecked }: FlagQuestion,
  i: number,
): (Decision & { ok: false }) | null {
  const [later] = flagged(plan, article, 'pickup-only');
  if (later && pickup !== 'later') {
    return forbids(
      'pickup-only',
      later.sku,
      'pickup',
      `${later.name} is picked up later; sell it with pickup "later".`,
    );
  }
  const [adult] = flagged(plan, article, 'age-check');
  if (adult && !ageChecked && !lines[i]?.ageChecked) {
    const message = `Check the buyer’s age for ${adult.name}, then say so with ageChecked.`;
    return forbids('age-check', adult.sku, `lines[${i}].ageChecked`, message);
  }
  return null;
}

function forbids(flag: SkuFlag, sku: string, field: string, message: string): Decision & { ok: false } {
  return refuse('flag-forbids', message, { field, flag, sku });
}
