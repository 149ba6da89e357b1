import { z } from 'zod';
import type { Instant } from '../../domain/units.ts';
import { fromIso, toIso } from '../../domain/units.ts';

const file = z.looseObject({ show: z.looseObject({ startsAt: z.string() }), stream: z.looseObject({}) });

/**
 * The shipped demo plan, moved in time so that its show starts `startsAt`, and wired to the fake OBS. Everything else
 * stays as the file says, so the demo is an ordinary plan that anybody can open and edit.
 *
 * @param raw parsed resources/demo.dropdesk
 * @returns a plan file for `readPlan`
 */
export function demoPlan(raw: unknown, startsAt: Instant, obsUrl: string): unknown {
  const plan = file.parse(raw);
  const shift = startsAt - fromIso(plan.show.startsAt);
  const moved = shifted(plan, shift) as z.output<typeof file>;
  return { ...moved, stream: { ...moved.stream, obs: { url: obsUrl } } };
}

/** The plan's instants are the only texts of that form in it. */
function shifted(value: unknown, ms: number): unknown {
  if (typeof value === 'string')
    return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(value) ? toIso(fromIso(value) + ms) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => shifted(item, ms));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shifted(item, ms)]));
}
