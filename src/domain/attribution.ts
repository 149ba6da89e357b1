import type { OutsideSale } from './commands.ts';
import type { Attribution } from './facts/sale-facts.ts';
import type { SnapshotHints } from './order-snapshot.ts';
import { keptCode } from './personal-text.ts';
import type { Offer, Plan } from './plan.ts';
import type { SaleChannel } from './words.ts';

/**
 * Channel and creator of a sale, each with the rule that decided (ATT-2 … ATT-8). The first rule that fits decides, and
 * nothing is ever guessed: without a sign an outside sale stays `unattributed`. Evidence is always a word of the plan or
 * of the hub, never what a buyer typed. Whether a credit came late or is the creator's own is sale-credit.ts's answer.
 */

/** What the producer said of whole sources (ATT-6), setting `attribution.sourceDefault`: source or its kind → channel. */
export type SourceDefaults = Readonly<Record<string, SaleChannel>>;

/** Rung by hand: the seller said which channel. */
export function rungAttribution(
  plan: Plan,
  rung: { channel: SaleChannel; evidence: string; creatorCode: string | null; offer: Offer | null },
): Attribution {
  const creator = creatorOf(plan, { codes: codesOf(rung.creatorCode), link: null, offer: rung.offer });
  return {
    channel: rung.channel,
    rule: 'till',
    evidence: rung.evidence,
    ...creator,
    creatorCode: keptCode(rung.creatorCode),
  };
}

/** Came from outside as a single sale: what the source declared, else what the creator's code maps to, else nothing. */
export function outsideAttribution(
  plan: Plan | null,
  order: OutsideSale,
  defaults: SourceDefaults | null = null,
): Attribution {
  const { source, channel, creatorCode } = order;
  const hints: SnapshotHints = { channel, isPos: false, codes: codesOf(creatorCode), link: null, utm: [] };
  return { ...snapshotAttribution(plan, { source, hints, offer: null }, defaults), creatorCode: keptCode(creatorCode) };
}

/** Came from outside as a whole order, with whatever its source tells about where the buyer came from. */
export function snapshotAttribution(
  plan: Plan | null,
  order: { source: string; hints: SnapshotHints; offer: Offer | null },
  defaults: SourceDefaults | null,
): Attribution {
  const { codes, link } = order.hints;
  return { ...channelOf(plan, order, defaults), ...creatorOf(plan, { codes, link, offer: order.offer }) };
}

function channelOf(
  plan: Plan | null,
  { source, hints }: { source: string; hints: SnapshotHints },
  defaults: SourceDefaults | null,
): Pick<Attribution, 'channel' | 'rule' | 'evidence'> {
  if (hints.isPos) return { channel: 'in-person', rule: 'source-pos', evidence: source };
  if (hints.channel !== null) return { channel: hints.channel, rule: 'declared', evidence: source };
  const channels = new Map(Object.entries(plan?.channels ?? {}).map(([key, channel]) => [plainLink(key), channel]));
  const signs = [
    ['code', hints.codes],
    ['link', linkValues(hints.link)],
    ['utm', hints.utm],
  ] as const;
  for (const [rule, values] of signs) {
    for (const value of values) {
      const evidence = plainLink(value);
      const channel = channels.get(evidence);
      if (evidence !== '' && channel) return { channel, rule, evidence };
    }
  }
  const standing = defaults === null ? undefined : (own(defaults, source) ?? own(defaults, kindOf(source)));
  if (standing) return { channel: standing, rule: 'source-default', evidence: source };
  return { channel: 'unattributed', rule: 'none', evidence: null };
}

/** Two creators' codes on one order: the first is credited, the others are kept for the exceptions (ATT-8). */
function creatorOf(
  plan: Plan | null,
  signs: { codes: readonly string[]; link: string | null; offer: Offer | null },
): Pick<Attribution, 'creator' | 'creatorRule' | 'creatorCode' | 'otherCodes'> {
  const byCode = creatorsByCode(plan);
  const [code, ...rest] = signs.codes.filter((each) => byCode.has(folded(each)));
  const creatorCode = code ?? null;
  const creator = code === undefined ? undefined : byCode.get(folded(code));
  if (creator !== undefined) {
    const others = rest.filter((each) => byCode.get(folded(each)) !== creator);
    return { creator, creatorRule: 'code', creatorCode, ...(others.length > 0 ? { otherCodes: others } : {}) };
  }
  const linked = linkWords(signs.link).find((word) => byCode.has(word));
  if (linked !== undefined) return { creator: byCode.get(linked) ?? null, creatorRule: 'link', creatorCode };
  const exclusive = signs.offer?.creator ?? null;
  return { creator: exclusive, creatorRule: exclusive === null ? 'none' : 'offer', creatorCode };
}

/** Is this a code that a creator of the plan is credited by? */
export function isCreatorCode(plan: Plan | null, code: string): boolean {
  return creatorsByCode(plan).has(folded(code));
}

function creatorsByCode(plan: Plan | null): Map<string, string> {
  const byCode = new Map(plan?.people.flatMap(({ code, id }) => (code === null ? [] : [[folded(code), id] as const])));
  byCode.delete('');
  return byCode;
}

/** A link as a plan may name it: itself, itself without its query, or the value of one of its parameters. */
function linkValues(link: string | null): string[] {
  if (link === null) return [];
  const [address = '', query = ''] = withoutFragment(link).split('?', 2);
  const values = query.split('&').flatMap((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return value === '' || folded(name).startsWith('utm_') ? [] : [decoded(value)];
  });
  return [withoutFragment(link), address, ...values];
}

/** Parts of a link that may be a creator's code: `/c/ana10`, `?ref=ANA10`. */
function linkWords(link: string | null): string[] {
  return link === null ? [] : link.split(/[/?&=#]/).map((word) => folded(decoded(word)));
}

function plainLink(text: string): string {
  return folded(text)
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/\/$/, '');
}

function withoutFragment(link: string): string {
  return link.split('#', 1)[0] ?? '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is no encoding: the text stands for itself.
    return text;
  }
}

function codesOf(code: string | null): string[] {
  return code === null ? [] : [code];
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}

function kindOf(source: string): string {
  return source.split(':', 1)[0] ?? source;
}

function own(defaults: SourceDefaults, key: string): SaleChannel | undefined {
  return Object.hasOwn(defaults, key) ? defaults[key] : undefined;
}
