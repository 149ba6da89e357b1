import { z } from 'zod';
import { currencyDigits, formatDecimal, parseMinor } from '../domain/money.ts';
import type { Cue, Fault, Plan } from '../domain/plan.ts';
import { firstLinkedCue, planFaults } from '../domain/plan-check.ts';
import type { PlanParts } from '../domain/plan-parts.ts';
import { mistakenFlags } from '../domain/plan-flags.ts';
import type { Iso, Minor } from '../domain/units.ts';
import { fromIso, toIso } from '../domain/units.ts';
import { pathText } from './path-text.ts';
import { cueShape, listShapes, planFileShape, showShape } from './plan-schema.ts';
import type { FileCue, FullPlanFile, PlanFile, Signup } from './plan-schema.ts';

export type { PlanFile, Signup } from './plan-schema.ts';

export interface ReadPlan {
  plan: Plan;
  /** people: for the person table, never for the ledger */
  signups: Signup[];
  warnings: string[];
}

/**
 * Reads a plan file (contract §1). A plan that does not fit is refused whole, with every fault: those of shape and those
 * between the parts are found in one pass, so that a person mends the file once.
 *
 * @param raw parsed JSON
 */
export function readPlan(raw: unknown): ReadPlan | { faults: Fault[] } {
  if (!isRecord(raw)) return { faults: [{ path: '', message: 'the plan must be a JSON object' }] };
  const shaped = planFileShape.safeParse(raw);
  const parts = shaped.success ? shaped.data : readableParts(raw);
  const faults = [
    ...(shaped.success ? [] : shapeFaults(shaped.error)),
    ...zoneFaults(parts.show.timeZone),
    ...moneyFaults(parts),
    ...channelFaults(parts.channels),
    ...planFaults(parts),
    ...idFaults(parts.signups),
    ...firstCueFaults(parts),
  ];
  if (!shaped.success || faults.length > 0) return { faults };
  return planOf(shaped.data);
}

/** One cue as a command or an import brings it: the plan file's form, defaults filled in, instants in UTC. */
export const cueSchema: z.ZodType<Cue, unknown> = cueShape.transform(cueOf);

/** JSON Schema of the plan file, for editors and other programs. */
export function planJsonSchema(): Record<string, unknown> {
  return { title: 'Dropdesk plan', ...z.toJSONSchema(planFileShape, { io: 'input' }) };
}

/** The plan as a file that `readPlan` reads back to an equal plan. Sign-ups are left out: they are people. */
export function planToFile(plan: Plan): PlanFile {
  const money = (amount: Minor): string => formatDecimal(amount, plan.show.currency);
  const moneyOrNull = (amount: Minor | null): string | null => (amount === null ? null : money(amount));
  return {
    format: 'dropdesk-plan',
    version: 1,
    show: { ...plan.show },
    products: plan.products.map(({ priceMinor, costMinor, ...rest }) => ({
      ...rest,
      price: money(priceMinor),
      cost: moneyOrNull(costMinor),
    })),
    bundles: plan.bundles.map(({ priceMinor, ...rest }) => ({ ...rest, price: money(priceMinor) })),
    people: plan.people.map(({ feeMinor, ...rest }) => ({ ...rest, fee: moneyOrNull(feeMinor) })),
    offers: plan.offers.map(({ priceMinor, depositMinor, ...rest }) => ({
      ...rest,
      price: moneyOrNull(priceMinor),
      deposit: moneyOrNull(depositMinor),
    })),
    cues: plan.cues,
    stream: plan.stream,
    tills: plan.tills,
    channels: plan.channels,
    partners: plan.partners,
    packagings: plan.packagings.map(({ costMinor, ...rest }) => ({ ...rest, cost: moneyOrNull(costMinor) })),
    checklist: plan.checklist,
  };
}

function planOf(file: FullPlanFile): ReadPlan {
  const minor = (text: string): Minor => parseMinor(text, file.show.currency) ?? 0;
  const minorOrNull = (text: string | null): Minor | null => (text === null ? null : minor(text));
  const cues = file.cues.map(cueOf);
  const warnings: string[] = mistakenFlags(file.products);
  const linked = firstLinkedCue(cues);
  const startsAt = isoOrNull(file.show.startsAt);
  const first = linked === null ? undefined : cues[linked];
  if (first && startsAt !== null) {
    first.start = { rule: 'soft', at: startsAt };
    warnings.push(
      `cues[${linked}].start: the first cue follows nothing, so it starts with the show ("${first.title}", soft, ${startsAt})`,
    );
  }
  const plan: Plan = {
    show: { ...file.show, startsAt, endsAt: isoOrNull(file.show.endsAt) },
    products: file.products.map(({ price, cost, ...rest }) => ({
      ...rest,
      priceMinor: minor(price),
      costMinor: minorOrNull(cost),
    })),
    bundles: file.bundles.map(({ price, ...rest }) => ({ ...rest, priceMinor: minor(price) })),
    people: file.people.map(({ fee, ...rest }) => ({ ...rest, feeMinor: minorOrNull(fee) })),
    offers: file.offers.map(({ price, deposit, ...rest }) => ({
      ...rest,
      priceMinor: minorOrNull(price),
      depositMinor: minorOrNull(deposit),
      opensAt: isoOrNull(rest.opensAt),
      closesAt: isoOrNull(rest.closesAt),
    })),
    cues,
    stream: { ...file.stream, edge: file.stream.edge?.url ? { url: file.stream.edge.url } : null },
    tills: file.tills,
    channels: Object.fromEntries(Object.entries(file.channels).map(([code, channel]) => [code.toLowerCase(), channel])),
    partners: file.partners,
    packagings: file.packagings.map(({ cost, ...rest }) => ({ ...rest, costMinor: minorOrNull(cost) })),
    checklist: file.checklist.map((item) => ({ ...item, dueAt: isoOrNull(item.dueAt) })),
  };
  return { plan, signups: file.signups.map((signup) => ({ ...signup, at: utc(signup.at) })), warnings };
}

function cueOf(cue: FileCue): Cue {
  return {
    ...cue,
    start: cue.start.rule === 'linked' ? cue.start : { rule: cue.start.rule, at: utc(cue.start.at) },
    points: withPointIds(cue.points),
  };
}

/** Ticks name a point by its id, so every point has one: `p1`, `p2` … where the file gives none. */
function withPointIds(points: FileCue['points']): Cue['points'] {
  const taken = new Set(points.flatMap((point) => point.id ?? []));
  let next = 1;
  return points.map((point) => {
    if (point.id !== undefined) return { ...point, id: point.id };
    while (taken.has(`p${next}`)) next += 1;
    taken.add(`p${next}`);
    return { ...point, id: `p${next}` };
  });
}

/** What of an ill-formed plan can be read: bad values are left out, places in lists are kept. */
type Readable = { [K in keyof typeof listShapes]: Partial<z.output<(typeof listShapes)[K]>>[] } & {
  show: Partial<z.output<typeof showShape>>;
  channels: Record<string, unknown>;
};

function readableParts(raw: Record<string, unknown>): Readable {
  const list = <K extends keyof typeof listShapes>(key: K): Partial<z.output<(typeof listShapes)[K]>>[] => {
    const rows: unknown = raw[key];
    return Array.isArray(rows) ? rows.map((row: unknown) => readableKeys(listShapes[key], row)) : [];
  };
  return {
    show: readableKeys(showShape, raw.show),
    products: list('products'),
    bundles: list('bundles'),
    people: list('people'),
    offers: list('offers'),
    cues: list('cues'),
    signups: list('signups'),
    tills: list('tills'),
    partners: list('partners'),
    packagings: list('packagings'),
    checklist: list('checklist'),
    channels: isRecord(raw.channels) ? raw.channels : {},
  };
}

function readableKeys<S extends z.ZodObject>(shape: S, raw: unknown): Partial<z.output<S>> {
  if (!isRecord(raw)) return {};
  const good = Object.entries(shape.shape).flatMap(([key, schema]) => {
    const value = (schema as z.ZodType).safeParse(raw[key]);
    return value.success ? [[key, value.data] as const] : [];
  });
  return Object.fromEntries(good) as Partial<z.output<S>>;
}

function shapeFaults(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is not part of a plan' }));
    return [{ path: pathText(issue.path), message: plainWords(issue) }];
  });
}

function plainWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' && issue.origin === 'number') return `must be at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big' && issue.origin === 'number') return `must be at most ${String(issue.maximum)}`;
  if (issue.code === 'too_small')
    return issue.minimum === 1 ? 'must not be empty' : `must hold at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `must hold at most ${String(issue.maximum)}`;
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message))
    return 'is missing';
  return issue.message.replace(/^Invalid input: /, '');
}

function zoneFaults(timeZone: string | undefined): Fault[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  return [{ path: 'show.timeZone', message: `there is no time zone "${timeZone}"; write one such as "Europe/Lisbon"` }];
}

/** Whether this machine's time zone rules know the name. Offsets such as "+01:00" are no zones: they know no summer. */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // Intl's only way to say that it does not know a zone
  }
}

function moneyFaults(parts: Readable): Fault[] {
  const { currency } = parts.show;
  if (currency === undefined) return [];
  const digits = currencyDigits(currency);
  if (digits === null) return [{ path: 'show.currency', message: `there is no currency "${currency}" in ISO 4217` }];
  const prices: [string, string | null | undefined][] = [
    ...parts.products.flatMap(({ price, cost }, i): [string, typeof cost][] => [
      [`products[${i}].price`, price],
      [`products[${i}].cost`, cost],
    ]),
    ...parts.bundles.map(({ price }, i): [string, typeof price] => [`bundles[${i}].price`, price]),
    ...parts.packagings.map(({ cost }, i): [string, typeof cost] => [`packagings[${i}].cost`, cost]),
    ...parts.people.map(({ fee }, i): [string, typeof fee] => [`people[${i}].fee`, fee]),
    ...parts.offers.flatMap(({ price, deposit }, i): [string, typeof price][] => [
      [`offers[${i}].price`, price],
      [`offers[${i}].deposit`, deposit],
    ]),
  ];
  return prices.flatMap(([path, text]) =>
    text === null || text === undefined || parseMinor(text, currency) !== null
      ? []
      : [
          {
            path,
            message: `${text} has too many digits for ${currency} (${digits === 0 ? 'it has no decimals' : `${digits} decimals`})`,
          },
        ],
  );
}

function channelFaults(channels: Record<string, unknown>): Fault[] {
  const seen = new Set<string>();
  return Object.keys(channels).flatMap((code) => {
    const folded = code.toLowerCase();
    if (!seen.has(folded)) return seen.add(folded) && [];
    return [{ path: `channels.${code}`, message: 'is there twice (codes are the same in small and capital letters)' }];
  });
}

function idFaults(signups: { id?: string }[]): Fault[] {
  const first = new Map<string, number>();
  return signups.flatMap(({ id }, i) => {
    if (id === undefined) return [];
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, i);
    return earlier === undefined
      ? []
      : [{ path: `signups[${i}].id`, message: `id "${id}" is used twice, first at signups[${earlier}].id` }];
  });
}

function firstCueFaults(parts: PlanParts): Fault[] {
  const linked = firstLinkedCue(parts.cues);
  if (linked === null || parts.show.startsAt !== null) return [];
  return [
    {
      path: `cues[${linked}].start`,
      message: 'the first cue has nothing to follow; give it a time, or give the show a startsAt',
    },
  ];
}

function utc(text: Iso): Iso {
  return toIso(fromIso(text));
}
function isoOrNull(text: Iso | null): Iso | null {
  return text === null ? null : utc(text);
}
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
