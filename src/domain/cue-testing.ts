import type { Actor } from './actor.ts';
import { type CueTimes, cueTimes } from './cue-times.ts';
import type { DomainCommand } from './commands.ts';
import type { Cue, Plan } from './plan.ts';
import { given, makeShow, now, plan, run, type TestReply, type TestShow } from './testing.ts';
import type { Instant } from './units.ts';

/** Cues for the domain's tests, on a clock that is set to the time of each act. Never used by the product. */
export function cue(id: string, more: Partial<Cue> = {}): Cue {
  return {
    id,
    title: `Cue ${id}`,
    kind: 'talk',
    start: { rule: 'linked' },
    durationMs: 300_000,
    countTo: 'duration',
    warnMs: 60_000,
    dangerMs: 15_000,
    owners: [],
    sku: null,
    offer: null,
    offerCloses: 'cue-end',
    points: [],
    priceNote: null,
    script: null,
    autoStart: false,
    group: null,
    ...more,
  };
}

/** A live show with these cues, opened at that instant. */
export function liveCues(cues: Cue[], openedAt: Instant, more: Parameters<typeof plan>[0] = {}): TestShow {
  return liveAt(plan({ ...more, cues }), openedAt);
}

export function liveAt(adopted: Plan, openedAt: Instant): TestShow {
  const show = makeShow(null);
  show.at = openedAt - 60_000;
  given(show, { kind: 'plan.adopted', body: { plan: adopted, warnings: [], demo: false, by: 'desk' } });
  goTo(show, openedAt);
  given(show, { kind: 'show.opened', body: { overrideReason: null, by: 'desk' } });
  return show;
}

/** Lets time pass until that instant. */
export function goTo(show: TestShow, at: Instant): void {
  show.mono += at - show.at;
  show.at = at;
}

type Command = DomainCommand extends infer C ? (C extends { id: string } ? Omit<C, 'id'> : never) : never;

export function act(show: TestShow, at: Instant, command: Command, actor?: Actor): TestReply {
  goTo(show, at);
  return run(show, command, actor ? { actor } : {});
}

export function timesNow(show: TestShow): CueTimes {
  return cueTimes(show.state, now(show).t);
}

export function coHost(person: string, device = `phone-${person}`): Actor {
  return { key: `device:${device}`, role: 'co-host', by: person, device, person, till: null };
}

export function joined(show: TestShow, person: string, device = `phone-${person}`): void {
  given(show, {
    kind: 'device.joined',
    body: { device, role: 'co-host', name: `${person}'s phone`, person, till: null, state: 'joined' },
  });
}
