import { CONVERSION_WINDOW, type OrderRow, type ShowHours, type SignupRow, distinctSignups } from './cohort-rows.ts';
import { type Proportion, proportion } from './proportions.ts';
import type { Instant } from './units.ts';
import { SALE_CHANNELS, type SaleChannel } from './words.ts';

/**
 * Sign-up → attended → bought (VER-3). Conversion counts people who signed up before the show ended and have at least one
 * standing order from opening to 72 hours after the end, the end included.
 */
export interface Funnel {
  /** `signup`: each person has 72 hours from the own sign-up instead; the files say which */
  clock: ConversionClock;
  total: FunnelRow;
  /** by the channel of the sign-up; `other`: signed up without saying where */
  byChannel: Record<SaleChannel | 'other', FunnelRow>;
  /** people who bought inside the window and never signed up, or after the show had ended */
  buyersWithoutSignup: number;
  /** orders inside the window whose buyer nobody knows */
  ordersOfUnknown: number;
  maturesAt: Instant;
  state: 'so-far' | 'mature';
}

export type ConversionClock = 'show' | 'signup';

export interface FunnelRow {
  signedUp: number;
  attended: Proportion;
  /** headline: bought in the window, whether or not it was given back later */
  bought: Proportion;
  /** of these, who has kept something */
  kept: Proportion;
  /** bought before the window only */
  boughtBefore: number;
  /** not in the window, but after it */
  boughtAfter: number;
}

/** @param now hub's clock: until the window has passed, figures are "so far" */
export function funnelOf(
  signups: Iterable<SignupRow>,
  orders: Iterable<OrderRow>,
  asked: { hours: ShowHours; clock: ConversionClock; now: Instant },
): Funnel {
  const { hours, clock, now } = asked;
  const people = [...distinctSignups(signups).values()].filter(({ at }) => at < hours.endedAt);
  const windows = new Map(
    people.map((row) => [row.ref, { row, window: windowOf(row, hours, clock), seen: nothing() }]),
  );
  const strangers = new Set<string>();
  let ordersOfUnknown = 0;
  const showWindow = { from: hours.openedAt, to: hours.endedAt + CONVERSION_WINDOW };
  for (const order of orders) {
    const person = order.ref === null ? undefined : windows.get(order.ref);
    if (person) note(person.seen, order, person.window);
    else if (order.at >= showWindow.from && order.at <= showWindow.to && !order.isExchange) {
      if (order.ref === null) ordersOfUnknown += 1;
      else strangers.add(order.ref);
    }
  }
  const all = [...windows.values()];
  const maturesAt = all.reduce((latest, { window }) => Math.max(latest, window.to), showWindow.to);
  const of = (channel: SaleChannel | null) => rowOf(all.filter(({ row }) => row.channel === channel));
  return {
    clock,
    total: rowOf(all),
    byChannel: {
      ...(Object.fromEntries(SALE_CHANNELS.map((channel) => [channel, of(channel)])) as Record<SaleChannel, FunnelRow>),
      other: of(null),
    },
    buyersWithoutSignup: strangers.size,
    ordersOfUnknown,
    maturesAt,
    // An order of the last millisecond still counts.
    state: now > maturesAt ? 'mature' : 'so-far',
  };
}

interface Window {
  from: Instant;
  to: Instant;
}

interface Seen {
  before: boolean;
  inside: boolean;
  after: boolean;
  kept: boolean;
}

function windowOf(row: SignupRow, { openedAt, endedAt }: ShowHours, clock: ConversionClock): Window {
  return clock === 'show'
    ? { from: openedAt, to: endedAt + CONVERSION_WINDOW }
    : { from: row.at, to: row.at + CONVERSION_WINDOW };
}

function nothing(): Seen {
  return { before: false, inside: false, after: false, kept: false };
}

function note(seen: Seen, order: OrderRow, { from, to }: Window): void {
  const when = order.at < from ? 'before' : order.at > to ? 'after' : 'inside';
  // Who swapped a size has kept something, but has not bought again.
  if (when === 'inside' && !order.isRefunded) seen.kept = true;
  if (!order.isExchange) seen[when] = true;
}

/** Each person stands in one column at most: bought in the window, else before it, else after it. */
function rowOf(people: readonly { row: SignupRow; seen: Seen }[]): FunnelRow {
  const count = (is: (person: { row: SignupRow; seen: Seen }) => boolean) => people.filter(is).length;
  const of = people.length;
  return {
    signedUp: of,
    attended: proportion(
      count(({ row }) => row.attendedAt !== null),
      of,
    ),
    bought: proportion(
      count(({ seen }) => seen.inside),
      of,
    ),
    kept: proportion(
      count(({ seen }) => seen.inside && seen.kept),
      of,
    ),
    boughtBefore: count(({ seen }) => !seen.inside && seen.before),
    boughtAfter: count(({ seen }) => !seen.inside && !seen.before && seen.after),
  };
}
