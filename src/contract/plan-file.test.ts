import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../domain/plan.ts';
import { cueSchema, planJsonSchema, planToFile, readPlan } from './plan-file.ts';
import type { PlanFile } from './plan-file.ts';

const RESOURCES = join(import.meta.dirname, '../../resources');

function market(): PlanFile {
  return {
    format: 'dropdesk-plan',
    version: 1,
    show: {
      name: 'Harbour Night Market',
      timeZone: 'Europe/Lisbon',
      currency: 'EUR',
      startsAt: '2026-11-28T19:00:00+01:00',
    },
    products: [
      { sku: 'MUG-BLUE', name: 'Blue mug', price: '18.00', reserve: 40, lowAt: 5 },
      { sku: 'APRON', name: 'Apron', price: '24', reserve: 20 },
    ],
    bundles: [
      {
        sku: 'SET-TEA',
        name: 'Mug and apron',
        price: '38.00',
        parts: [
          { sku: 'MUG-BLUE', quantity: 1 },
          { sku: 'APRON', quantity: 1 },
        ],
      },
    ],
    people: [{ id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10' }],
    offers: [{ id: 'drop-1', kind: 'drop', sku: 'MUG-BLUE', price: '16.00', cap: 20 }],
    cues: [
      {
        id: 'c1',
        title: 'Welcome',
        start: { rule: 'soft', at: '2026-11-28T19:00:00+01:00' },
        durationMs: 300_000,
        owners: ['ana'],
      },
      {
        id: 'c2',
        title: 'Drop 1',
        kind: 'drop',
        durationMs: 900_000,
        offer: 'drop-1',
        sku: 'MUG-BLUE',
        points: [{ text: 'Show the glaze', mustSay: true }, { text: 'Dishwasher safe' }],
      },
    ],
  };
}

function faultsOf(raw: unknown): string[] {
  const read = readPlan(raw);
  return 'faults' in read ? read.faults.map((fault) => `${fault.path}: ${fault.message}`) : [];
}
function planOf(raw: unknown): Plan {
  const read = readPlan(raw);
  if ('faults' in read) throw new Error(faultsOf(raw).join('\n'));
  return read.plan;
}

describe('a plan that fits', () => {
  it('has money in minor units, instants in UTC and every default filled in', () => {
    const plan = planOf(market());
    expect(plan.show).toMatchObject({
      startsAt: '2026-11-28T18:00:00.000Z',
      endsAt: null,
      taxMode: 'inclusive',
      language: 'en',
    });
    expect(plan.products[1]).toEqual({
      sku: 'APRON',
      name: 'Apron',
      priceMinor: 2400,
      reserve: 20,
      lowAt: 0,
      flags: [],
      taxRate: '0',
      costMinor: null,
      barcode: null,
      location: null,
      partner: null,
      packaging: null,
      tillLease: null,
    });
    expect(plan.cues[1]).toMatchObject({
      kind: 'drop',
      start: { rule: 'linked' },
      warnMs: 60_000,
      dangerMs: 15_000,
      offerCloses: 'cue-end',
    });
    expect(plan.cues[1]?.points.map((point) => point.id)).toEqual(['p1', 'p2']);
    expect(plan.stream.obs).toBeNull();
  });

  it('needs only format, version, and a name, zone and currency', () => {
    const plan = planOf({
      format: 'dropdesk-plan',
      version: 1,
      show: { name: 'Pop-up', timeZone: 'UTC', currency: 'JPY' },
    });
    expect(plan.products).toEqual([]);
  });

  it('gives sign-ups apart, for they are people', () => {
    const raw = {
      ...market(),
      signups: [{ id: 's-1', email: 'a@example.org', channel: 'stream', at: '2026-11-20T10:00:00Z' }],
    };
    const read = readPlan(raw);
    if ('faults' in read) throw new Error('must fit');
    expect(read.signups).toEqual([
      {
        id: 's-1',
        email: 'a@example.org',
        name: null,
        phone: null,
        kind: 'rsvp',
        channel: 'stream',
        at: '2026-11-20T10:00:00.000Z',
        consent: null,
        consentText: null,
        perk: null,
        source: null,
      },
    ]);
    expect(JSON.stringify(read.plan)).not.toContain('example.org');
  });

  it('starts a first cue that follows nothing with the show, and says so', () => {
    const raw = market();
    raw.cues = [
      { id: 'n', title: 'Doors at seven', kind: 'note' },
      { id: 'c1', title: 'Welcome', durationMs: 60_000 },
    ];
    const read = readPlan(raw);
    if ('faults' in read) throw new Error('must fit');
    expect(read.plan.cues[1]?.start).toEqual({ rule: 'soft', at: '2026-11-28T18:00:00.000Z' });
    expect(read.warnings).toHaveLength(1);
    expect(read.warnings[0]).toContain('cues[1].start');
  });

  it('is written to a file that reads back to an equal plan', () => {
    const plan = planOf(market());
    expect(planOf(JSON.parse(JSON.stringify(planToFile(plan))))).toEqual(plan);
  });

  it('may say how many units each till is leased, 0 for none; left out the shares decide', () => {
    const file = market();
    const products = (file.products ?? []).map((product, i) => (i === 0 ? { ...product, tillLease: 0 } : product));
    const plan = planOf({ ...file, products });
    expect(plan.products.map(({ tillLease }) => tillLease)).toEqual([0, null]);
    expect(planOf(JSON.parse(JSON.stringify(planToFile(plan))))).toEqual(plan);
  });

  it('survives the way to a file and back whatever the amounts are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999_999 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        fc.string({ maxLength: 200 }),
        (amount, currency, script) => {
          const plan = planOf(market());
          plan.show.currency = currency;
          const [product] = plan.products;
          const [cue] = plan.cues;
          if (product) product.priceMinor = amount;
          if (cue) cue.script = script;
          expect(planOf(JSON.parse(JSON.stringify(planToFile(plan))))).toEqual(plan);
        },
      ),
    );
  });
});

/** The market with some places overwritten: `{ 'products[0].price': 18 }`; undefined takes the key away. */
function changed(changes: Record<string, unknown>): unknown {
  const raw: unknown = JSON.parse(JSON.stringify(market()));
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
    const last = steps.pop() ?? '';
    const parent = steps.reduce<unknown>((at, step) => Reflect.get(Object(at), step), raw);
    Reflect.set(Object(parent), last, value);
  }
  return JSON.parse(JSON.stringify(raw));
}

describe('a plan that does not fit', () => {
  it('is refused with all of its ten faults at once, those of shape and those between the parts', () => {
    const raw = changed({
      'products[0].price': '18.005',
      'products[1].reserve': -3,
      'products[2]': { sku: 'APRON', name: 'Second apron', price: '9.00' },
      'bundles[0].parts[1].sku': 'APRONN',
      'show.timeZone': 'Europe/Lissabon',
      'cues[0].owners': ['anna'],
      'cues[0].dangerMs': 90_000,
      'cues[2]': { id: 'c2', title: 'Again', durationMs: 1 },
      'cues[3]': { id: 'c4', title: 'Drop without offer', kind: 'drop' },
      stream: { obs: { url: 'ws://producer:pw@127.0.0.1:4455' } },
    });
    expect(faultsOf(raw).sort()).toEqual([
      'bundles[0].parts[1].sku: there is no sku "APRONN"',
      'cues[0].dangerMs: 90000 is more than warnMs (60000)',
      'cues[0].owners[0]: there is no person "anna"',
      'cues[2].id: id "c2" is used twice, first at cues[1].id',
      'cues[3].offer: a drop needs an offer',
      'products[0].price: 18.005 has too many digits for EUR (2 decimals)',
      'products[1].reserve: must be at least 0',
      'products[2].sku: sku "APRON" is used twice, first at products[1].sku',
      'show.timeZone: there is no time zone "Europe/Lissabon"; write one such as "Europe/Lisbon"',
      'stream.obs.url: must not carry a user name or password; secrets belong in the settings',
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a key that is none', { 'show.timezone': 'UTC' }, 'show.timezone: is not part of a plan'],
    ['a missing name', { 'show.name': undefined }, 'show.name: is missing'],
    ['a price as a number', { 'products[0].price': 18 }, 'products[0].price: expected string, received number'],
    ['a currency that is none', { 'show.currency': 'XQQ' }, 'show.currency: there is no currency "XQQ" in ISO 4217'],
    [
      'an offset as a zone',
      { 'show.timeZone': '+01:00' },
      'show.timeZone: there is no time zone "+01:00"; write one such as "Europe/Lisbon"',
    ],
    [
      'a local time',
      { 'show.startsAt': '2026-11-28T19:00:00' },
      'show.startsAt: must be a date and time with its offset, such as "2026-11-28T19:00:00+00:00"',
    ],
    [
      'a day that does not exist',
      { 'show.startsAt': '2026-02-30T19:00:00Z' },
      'show.startsAt: must be a date and time with its offset, such as "2026-11-28T19:00:00+00:00"',
    ],
    ['an end before the start', { 'show.endsAt': '2026-11-28T17:00:00Z' }, 'show.endsAt: must be later than startsAt'],
    [
      'an offer on a talk',
      { 'cues[0].offer': 'drop-1' },
      'cues[0].offer: a talk cannot have an offer, only a drop can',
    ],
    ['an offer of nothing', { 'offers[0].sku': 'CUP' }, 'offers[0].sku: there is no sku "CUP"'],
    [
      'a bundle in a bundle',
      { 'bundles[0].parts[0].sku': 'SET-TEA' },
      'bundles[0].parts[0].sku: "SET-TEA" is a bundle; a bundle is made of products',
    ],
    [
      'two people with one code',
      { 'people[1]': { id: 'ben', name: 'Ben', code: 'ana10' } },
      'people[1].code: code "ana10" is used twice, first at people[0].code',
    ],
    [
      'a secret in a playlist address',
      { stream: { hls: { url: 'https://cdn.example.org/a.m3u8?token=abc' } } },
      'stream.hls.url: must not carry a secret ("token"); secrets belong in the settings',
    ],
    [
      'an address of the wrong kind',
      { stream: { obs: { url: 'http://127.0.0.1:4455' } } },
      'stream.obs.url: must begin with ws:// or wss://',
    ],
    ['an id with @', { 'people[0].id': 'ana@example.org' }, 'people[0].id: must not hold control characters or @'],
    [
      'a cue with more than 32 kB of text',
      { 'cues[0].script': '\u{1F3FA}'.repeat(9000) },
      "cues[0].script: the cue's texts are 36000 bytes, at most 32768 fit",
    ],
    [
      'a first cue that follows nothing in a show without a start',
      { 'show.startsAt': undefined, 'cues[0].start': { rule: 'linked' } },
      'cues[0].start: the first cue has nothing to follow; give it a time, or give the show a startsAt',
    ],
    [
      'one code in two writings',
      { channels: { IG: 'social', ig: 'stream' } },
      'channels.ig: is there twice (codes are the same in small and capital letters)',
    ],
  ])('names %s', (_, changes, fault) => {
    expect(faultsOf(changed(changes))).toContain(fault);
  });

  it.each([null, 7, 'plan', [], {}, { format: 'dropdesk-plan' }])('is told from %j without a crash', (raw) => {
    expect(faultsOf(raw).length).toBeGreaterThan(0);
  });

  it('never lists a fault that only follows from another', () => {
    expect(faultsOf(changed({ 'offers[0].kind': 'drp', 'cues[1].kind': 'drp', 'products[0].name': '' }))).toHaveLength(
      3,
    );
  });

  it('is answered with faults or a plan, never a throw, whatever JSON comes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('show', 'products', 'cues', 'channels', 'stream', 'offers'),
        (value, key) => {
          expect(readPlan({ ...market(), [key]: value })).toBeTypeOf('object');
        },
      ),
    );
  });
});

describe('a cue of a command', () => {
  it('has the defaults of a cue in a plan', () => {
    expect(cueSchema.parse({ id: 'c9', title: 'Raffle', points: [{ text: 'Draw the winner' }] })).toMatchObject({
      kind: 'talk',
      start: { rule: 'linked' },
      durationMs: 0,
      owners: [],
      points: [{ id: 'p1', text: 'Draw the winner', mustSay: false, sku: null }],
    });
  });
  it('is refused with an unknown key', () => {
    expect(cueSchema.safeParse({ id: 'c9', title: 'Raffle', length: 3 }).success).toBe(false);
  });
});

it('resources/plan.schema.json says what the runtime checks (write it with WRITE_SCHEMA=1)', () => {
  const path = join(RESOURCES, 'plan.schema.json');
  const made = `${JSON.stringify(planJsonSchema(), null, 2)}\n`;
  if (process.env.WRITE_SCHEMA) writeFileSync(path, made);
  expect(readFileSync(path, 'utf8')).toBe(made);
});
