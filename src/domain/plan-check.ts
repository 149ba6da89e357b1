import type { Fault } from './plan.ts';
import { offerFaults } from './offer-faults.ts';
import { flagFaults } from './plan-flags.ts';
import type { CueParts, PlanParts } from './plan-parts.ts';
import { type Iso, fromIso } from './units.ts';

const CONTENT_BYTES = 8 * 1024;
const CUE_BYTES = 32 * 1024;

/** What must hold between the parts of a plan. */
export function planFaults(plan: PlanParts): Fault[] {
  const names = planNames(plan);
  return [
    ...windowFaults('show', plan.show.startsAt, plan.show.endsAt, 'endsAt', 'startsAt'),
    ...duplicates(skuRows(plan), 'sku'),
    ...(['people', 'offers', 'cues', 'tills', 'partners', 'packagings', 'checklist'] as const).flatMap((list) =>
      duplicates(idRows(plan[list], list), 'id'),
    ),
    ...duplicates(
      plan.people.map((person, i) => ({ path: `people[${i}].code`, key: person.code?.toLowerCase() })),
      'code',
    ),
    ...plan.products.flatMap((product, i) =>
      unknown(names.partners, product.partner, `products[${i}].partner`, 'partner'),
    ),
    ...packagingFaults(plan),
    ...flagFaults(plan),
    ...offerFaults(plan),
    ...plan.bundles.flatMap((bundle, i) => bundleFaults(bundle, `bundles[${i}]`, names)),
    ...plan.offers.flatMap((offer, i) => [
      ...unknown(names.skus, offer.sku, `offers[${i}].sku`, 'sku'),
      ...unknown(names.people, offer.creator, `offers[${i}].creator`, 'person'),
      ...windowFaults(`offers[${i}]`, offer.opensAt, offer.closesAt, 'closesAt', 'opensAt'),
    ]),
    ...plan.cues.flatMap((cue, i) => cueFaults(cue, names, `cues[${i}]`)),
    ...plan.checklist.flatMap((item, i) => unknown(names.people, item.owner, `checklist[${i}].owner`, 'person')),
  ];
}

/** A plan that lists its packagings names them; one that lists none may write anything there. */
function packagingFaults({ products, packagings }: PlanParts): Fault[] {
  if (packagings.length === 0) return [];
  const known = new Set(packagings.flatMap(({ id }) => id ?? []));
  return products.flatMap((product, i) => unknown(known, product.packaging, `products[${i}].packaging`, 'packaging'));
}

/** Everything in a plan that something else may name. */
export interface PlanNames {
  products: Set<string>;
  /** products and bundles */
  skus: Set<string>;
  people: Set<string>;
  offers: Set<string>;
  partners: Set<string>;
}

export function planNames(plan: Pick<PlanParts, 'products' | 'bundles' | 'people' | 'offers' | 'partners'>): PlanNames {
  const products = new Set(plan.products.flatMap((product) => product.sku ?? []));
  return {
    products,
    skus: new Set([...products, ...plan.bundles.flatMap((bundle) => bundle.sku ?? [])]),
    people: new Set(plan.people.flatMap((person) => person.id ?? [])),
    offers: new Set(plan.offers.flatMap((offer) => offer.id ?? [])),
    partners: new Set(plan.partners.flatMap((partner) => partner.id ?? [])),
  };
}

/**
 * Rules of one cue (CUE-1, CUE-2), for a whole plan and for a cue that is added or edited alone.
 *
 * @param at path of the cue, "" for a cue alone
 */
export function cueFaults(cue: CueParts, names: PlanNames, at: string): Fault[] {
  const path = (key: string) => (at ? `${at}.${key}` : key);
  const faults: Fault[] = [
    ...(cue.owners ?? []).flatMap((owner, i) => unknown(names.people, owner, path(`owners[${i}]`), 'person')),
    ...unknown(names.skus, cue.sku, path('sku'), 'sku'),
    ...unknown(names.offers, cue.offer, path('offer'), 'offer'),
    ...(cue.points ?? []).flatMap((point, i) => unknown(names.skus, point.sku, path(`points[${i}].sku`), 'sku')),
    ...duplicates(
      (cue.points ?? []).map((point, i) => ({ path: path(`points[${i}].id`), key: point.id })),
      'id',
    ),
    ...duplicates(
      (cue.owners ?? []).map((owner, i) => ({ path: path(`owners[${i}]`), key: owner })),
      'owner',
    ),
  ];
  if (cue.kind === 'drop' && cue.offer === null) faults.push({ path: path('offer'), message: 'a drop needs an offer' });
  if (cue.kind !== undefined && cue.kind !== 'drop' && cue.offer)
    faults.push({ path: path('offer'), message: `a ${cue.kind} cannot have an offer, only a drop can` });
  if (cue.warnMs !== undefined && cue.dangerMs !== undefined && cue.dangerMs > cue.warnMs) {
    faults.push({ path: path('dangerMs'), message: `${cue.dangerMs} is more than warnMs (${cue.warnMs})` });
  }
  return [...faults, ...sizeFaults(cue, path)];
}

/**
 * The first cue that can be started needs a clock time to count from; `linked` has nothing before it to follow.
 *
 * @returns its index in `cues`, or null when there is nothing to mend
 */
export function firstLinkedCue(cues: CueParts[]): number | null {
  const first = cues.findIndex((cue) => cue.kind !== 'note');
  return first >= 0 && cues[first]?.start?.rule === 'linked' ? first : null;
}

/** Bytes of a text in UTF-8; the domain has no TextEncoder. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function sizeFaults(cue: CueParts, path: (key: string) => string): Fault[] {
  const content = (cue.points ?? []).reduce(
    (sum, point) => sum + utf8Length(point.text ?? ''),
    utf8Length(cue.priceNote ?? ''),
  );
  if (content > CONTENT_BYTES)
    return [
      { path: path('points'), message: `points and price note are ${content} bytes, at most ${CONTENT_BYTES} fit` },
    ];
  const all = content + utf8Length(cue.script ?? '');
  return all > CUE_BYTES
    ? [{ path: path('script'), message: `the cue's texts are ${all} bytes, at most ${CUE_BYTES} fit` }]
    : [];
}

function bundleFaults(bundle: PlanParts['bundles'][number], at: string, names: PlanNames): Fault[] {
  const parts = bundle.parts ?? [];
  return [
    ...parts.flatMap((part, i) => {
      if (part.sku !== undefined && names.skus.has(part.sku) && !names.products.has(part.sku)) {
        return [{ path: `${at}.parts[${i}].sku`, message: `"${part.sku}" is a bundle; a bundle is made of products` }];
      }
      return unknown(names.products, part.sku, `${at}.parts[${i}].sku`, 'sku');
    }),
    ...duplicates(
      parts.map((part, i) => ({ path: `${at}.parts[${i}].sku`, key: part.sku })),
      'sku',
    ),
  ];
}

function unknown(known: Set<string>, name: string | null | undefined, path: string, what: string): Fault[] {
  return name === null || name === undefined || known.has(name)
    ? []
    : [{ path, message: `there is no ${what} "${name}"` }];
}

interface KeyedRow {
  path: string;
  key: string | null | undefined;
}

function duplicates(rows: KeyedRow[], what: string): Fault[] {
  const first = new Map<string, string>();
  return rows.flatMap(({ path, key }) => {
    if (key === null || key === undefined) return [];
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, path);
    return earlier === undefined ? [] : [{ path, message: `${what} "${key}" is used twice, first at ${earlier}` }];
  });
}

function idRows(rows: { id?: string }[], list: string): KeyedRow[] {
  return rows.map((row, i) => ({ path: `${list}[${i}].id`, key: row.id }));
}

function skuRows(plan: PlanParts): KeyedRow[] {
  return [
    ...plan.products.map((product, i) => ({ path: `products[${i}].sku`, key: product.sku })),
    ...plan.bundles.map((bundle, i) => ({ path: `bundles[${i}].sku`, key: bundle.sku })),
  ];
}

function windowFaults(
  at: string,
  from: Iso | null | undefined,
  to: Iso | null | undefined,
  toKey: string,
  fromKey: string,
): Fault[] {
  return from && to && fromIso(to) <= fromIso(from)
    ? [{ path: `${at}.${toKey}`, message: `must be later than ${fromKey}` }]
    : [];
}
