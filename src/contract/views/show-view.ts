import { currencyDigits } from '../../domain/money.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Instant, toIso } from '../../domain/units.ts';
import type { PlanView, ShowView } from '../desk-state.ts';

export function showView(show: ShowState | null): ShowView | null {
  if (!show?.plan) return null;
  const { name, timeZone, currency, language, startsAt, endsAt, salesTargetMinor } = show.plan.show;
  return {
    id: show.id,
    name,
    phase: show.phase,
    timeZone,
    currency,
    currencyDigits: currencyDigits(currency) ?? 0,
    language,
    openedAt: isoOrNull(show.openedAt),
    closingAt: isoOrNull(show.closingAt),
    closedAt: isoOrNull(show.closedAt),
    startsAt,
    endsAt,
    salesTargetMinor,
    demo: show.demo,
  };
}

export function planView(show: ShowState | null): PlanView | null {
  if (!show?.plan) return null;
  const { products, bundles, people, tills, stream } = show.plan;
  return {
    taxMode: show.plan.show.taxMode,
    products: [
      ...products.map(({ sku, name, priceMinor, reserve, lowAt, flags, taxRate }) => ({
        sku,
        name,
        priceMinor,
        reserve,
        lowAt,
        flags,
        taxRate,
        bundle: false,
        parts: [],
      })),
      ...bundles.map(({ sku, name, priceMinor, parts, taxRate }) => ({
        sku,
        name,
        priceMinor,
        reserve: 0,
        lowAt: 0,
        flags: [],
        taxRate,
        bundle: true,
        parts,
      })),
    ],
    people: people.map(({ id, name, role, code }) => ({ id, name, role, code })),
    tills,
    stream,
    warnings: [],
  };
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : toIso(at);
}
