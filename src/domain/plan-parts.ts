import type { Iso } from './units.ts';

/**
 * A plan as far as it could be read. A `Plan` fits in here, and so does a plan file in which some values could not be
 * read: those are left out, so that all faults are listed at once and none follows from another.
 */
export interface PlanParts {
  show: { startsAt?: Iso | null; endsAt?: Iso | null };
  products: { sku?: string; partner?: string | null; packaging?: string | null; flags?: string[] }[];
  bundles: { sku?: string; parts?: { sku?: string }[] }[];
  people: { id?: string; code?: string | null }[];
  offers: {
    id?: string;
    kind?: string;
    sku?: string;
    creator?: string | null;
    opensAt?: Iso | null;
    closesAt?: Iso | null;
    gate?: string;
    codes?: string[];
  }[];
  cues: CueParts[];
  tills: { id?: string }[];
  partners: { id?: string }[];
  packagings: { id?: string }[];
  checklist: { id?: string; owner?: string | null }[];
}

export interface CueParts {
  id?: string;
  kind?: string;
  start?: { rule: string; at?: Iso };
  warnMs?: number;
  dangerMs?: number;
  owners?: string[];
  sku?: string | null;
  offer?: string | null;
  points?: { id?: string; text?: string; sku?: string | null }[];
  priceNote?: string | null;
  script?: string | null;
}
