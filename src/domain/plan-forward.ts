import { atLocal, localTime } from './local-time.ts';
import type { Plan } from './plan.ts';
import { DAY, type Instant, type Iso, fromIso, toIso } from './units.ts';

/**
 * The plan of the next show made from this one (R27): every time in it moves by as many days as lie between the two
 * starts, at the same hour on the wall, so that a clock change in between moves nothing; and by what the new start
 * itself is earlier or later in the day. What was sold, who signed up and which devices joined is no part of a plan.
 *
 * @param startsAt of the new show; null: as many whole weeks later as bring it into the future
 */
export function planForward(plan: Plan, { startsAt, now }: { startsAt: Instant | null; now: Instant }): Plan {
  const move = moverOf(plan, startsAt, now);
  const maybe = (at: Iso | null): Iso | null => (at === null ? null : move(at));
  return {
    ...plan,
    show: { ...plan.show, startsAt: maybe(plan.show.startsAt), endsAt: maybe(plan.show.endsAt) },
    offers: plan.offers.map((offer) => ({
      ...offer,
      opensAt: maybe(offer.opensAt),
      closesAt: maybe(offer.closesAt),
    })),
    cues: plan.cues.map((cue) =>
      cue.start.rule === 'linked' ? cue : { ...cue, start: { ...cue.start, at: move(cue.start.at) } },
    ),
    checklist: plan.checklist.map((item) => ({ ...item, dueAt: maybe(item.dueAt) })),
  };
}

function moverOf({ show }: Plan, startsAt: Instant | null, now: Instant): (at: Iso) => Iso {
  if (show.startsAt === null) return (at) => at;
  const { timeZone } = show;
  const start = fromIso(show.startsAt);
  const days =
    startsAt === null ? 7 * Math.max(1, Math.ceil((now - start) / (7 * DAY))) : daysBetween(start, startsAt, timeZone);
  const laterMs = startsAt === null ? 0 : startsAt - daysLater(start, days, timeZone);
  return (at) => toIso(daysLater(fromIso(at), days, timeZone) + laterMs);
}

function daysBetween(from: Instant, to: Instant, timeZone: string): number {
  const dayOf = (at: Instant): number => Date.parse(localTime(at, timeZone).date) / DAY;
  return dayOf(to) - dayOf(from);
}

function daysLater(at: Instant, days: number, timeZone: string): Instant {
  const { date, time } = localTime(at, timeZone);
  const day = new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
  return atLocal(day, time, timeZone) + (at % 1000);
}
