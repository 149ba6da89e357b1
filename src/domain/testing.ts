import { DEFAULT_RULES, type Rules } from './decide/rules.ts';
import { type Actor, DESK } from './actor.ts';
import type { DomainCommand } from './commands.ts';
import { decide } from './decide/decide.ts';
import { plainBytes } from './decide/pickup-code.ts';
import type { Entry, EntryMeta, Fact } from './ledger.ts';
import { NO_STREAM } from './plan-upgrade.ts';
import type { Offer, Plan, Product } from './plan.ts';
import { type ShowState, evolve, initialShow } from './show.ts';
import { hubTime } from './clock.ts';
import { type Duration, type Instant, type Now, fromIso } from './units.ts';

/** Given–when–then for the domain's tests: a show in memory with a clock that only the test moves. Never used by the product. */
export interface TestShow {
  state: ShowState;
  entries: Entry[];
  at: Instant;
  mono: Duration;
  boot: string;
  /** every fact passes here before it is booked; a test that plants a defect does it in this place */
  meddle: (fact: Fact) => Fact;
}

export type TestReply =
  { ok: true; seq: number; [key: string]: unknown } | { ok: false; code: string; [key: string]: unknown };

export const TEST_START = fromIso('2026-11-28T18:00:00.000Z');

/** A show whose plan is adopted; not open yet. */
export function makeShow(adopted: Plan | null = plan()): TestShow {
  const show: TestShow = {
    state: initialShow('test-show'),
    entries: [],
    at: TEST_START,
    mono: 1000,
    boot: 'boot-1',
    meddle: (fact) => fact,
  };
  if (adopted) given(show, { kind: 'plan.adopted', body: { plan: adopted, warnings: [], demo: false, by: 'desk' } });
  return show;
}

/** A show that is live. */
export function liveShow(adopted: Plan = plan()): TestShow {
  const show = makeShow(adopted);
  given(show, { kind: 'show.opened', body: { overrideReason: null, by: 'desk' } });
  return show;
}

/** Lets time pass. */
export function wait(show: TestShow, ms: Duration): void {
  show.at += ms;
  show.mono += ms;
}

/** Kills the hub and starts it again after so long. */
export function restart(show: TestShow, gapMs: Duration = 1000): void {
  show.at += gapMs;
  show.mono = 500;
  show.boot = `boot-${Number(show.boot.slice(5)) + 1}`;
}

export function now(show: TestShow): Now {
  const { at, mono, boot } = show;
  return { at, mono, boot, t: hubTime(show.state.clock, { at, mono, boot }) };
}

/** Facts that are simply so. */
export function given(show: TestShow, ...facts: Fact[]): Entry[] {
  return facts.map((fact) => {
    const seq = show.entries.length + 1;
    const meta: EntryMeta = {
      seq,
      at: show.at,
      mono: show.mono,
      boot: show.boot,
      origin: 'test',
      originId: `given-${seq}`,
      prevHash: '',
      hash: '',
    };
    const entry: Entry = { ...meta, ...show.meddle(fact) };
    show.entries.push(entry);
    evolve(show.state, entry);
    return entry;
  });
}

type BodyWithoutId<C> = C extends { id: string } ? Omit<C, 'id'> : never;

/**
 * Decides one command, takes its facts in and answers. Facts of a refusal are taken in too.
 *
 * @returns the reply with the seq of its last fact, or the refusal's keys beside `ok: false`
 */
export function run(
  show: TestShow,
  command: BodyWithoutId<DomainCommand>,
  by: { actor?: Actor; rules?: Rules } = {},
): TestReply {
  const seq = show.entries.length + 1;
  const whole = { id: `c${seq}`, ...command } as DomainCommand;
  const ask = {
    id: whole.id,
    actor: by.actor ?? DESK,
    now: now(show),
    seq,
    refOf: (contact: string) => `ref:${contact}`,
    rules: by.rules ?? DEFAULT_RULES,
    codeOf: plainBytes,
  };
  const decision = decide(show.state, whole, ask);
  given(show, ...(decision.facts ?? []));
  return decision.ok ? { ok: true, seq: show.entries.length, ...decision.reply } : { ok: false, ...decision.refusal };
}

/** The show that the same ledger makes from nothing. */
export function refold(entries: readonly Entry[]): ShowState {
  const state = initialShow('test-show');
  for (const entry of entries) evolve(state, entry);
  return state;
}

export function till(id = 'till-1'): Actor {
  return { key: `device:${id}`, role: 'till', by: id, device: `device-${id}`, person: null, till: id };
}

export function product(sku: string, more: Partial<Product> = {}): Product {
  return {
    sku,
    name: sku,
    priceMinor: 1000,
    reserve: 10,
    tillLease: null,
    lowAt: 2,
    flags: [],
    taxRate: '0',
    costMinor: null,
    barcode: null,
    location: null,
    partner: null,
    packaging: null,
    ...more,
  };
}

export function offer(id: string, sku: string, more: Partial<Offer> = {}): Offer {
  return {
    id,
    kind: 'drop',
    sku,
    priceMinor: null,
    cap: null,
    perBuyer: null,
    holdTtlMs: null,
    gate: 'none',
    codes: [],
    codeUse: 'many',
    depositMinor: null,
    opensAt: null,
    closesAt: null,
    creator: null,
    ...more,
  };
}

/** A small plan: MUG and APRON, ten each, and SET of one of both. */
export function plan(more: Partial<Omit<Plan, 'show'>> & { show?: Partial<Plan['show']> } = {}): Plan {
  const { show, ...rest } = more;
  return {
    products: [
      product('MUG', { name: 'Blue mug', priceMinor: 1800 }),
      product('APRON', { name: 'Apron', priceMinor: 2500 }),
    ],
    bundles: [
      {
        sku: 'SET',
        name: 'Mug and apron',
        priceMinor: 3800,
        parts: [
          { sku: 'MUG', quantity: 1 },
          { sku: 'APRON', quantity: 1 },
        ],
        taxRate: '0',
      },
    ],
    people: [{ id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10', feeMinor: null }],
    offers: [],
    cues: [],
    stream: NO_STREAM,
    tills: [{ id: 'till-1', name: 'Front table' }],
    channels: {},
    partners: [],
    packagings: [],
    checklist: [],
    ...rest,
    show: {
      name: 'Harbour Night Market',
      timeZone: 'Europe/Lisbon',
      currency: 'EUR',
      startsAt: '2026-11-28T18:00:00.000Z',
      endsAt: '2026-11-28T20:00:00.000Z',
      salesTargetMinor: null,
      series: null,
      taxMode: 'inclusive',
      language: 'en',
      ...show,
    },
  };
}
