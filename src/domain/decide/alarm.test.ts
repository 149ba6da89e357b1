import { describe, expect, it } from 'vitest';
import { activeAlarms, listedAlarms } from '../alarms.ts';
import { act, coHost, cue, goTo, joined, liveCues } from '../cue-testing.ts';
import { dispatchOf } from '../floor.ts';
import { given, now, offer, product, refold, run, type TestShow, wait } from '../testing.ts';
import { toIso } from '../units.ts';
import { DESK } from '../actor.ts';
import { dueAlarms } from './alarm-due.ts';
import { DEFAULT_RULES } from './rules.ts';
import { bookOutside } from './sell.ts';
import type { Vitals } from './vitals.ts';

const OPENED = Date.parse('2026-11-28T17:50:00Z');
const SEVEN = OPENED + 600_000;
const at7 = { start: { rule: 'hard' as const, at: '2026-11-28T18:00:00.000Z' } };
const MIN = 60_000;

interface Stage {
  show: TestShow;
  vitals: Vitals & { online: Set<string> };
}

function stage(more: Parameters<typeof liveCues>[2] = {}): Stage {
  const people = [{ id: 'ana', name: 'Ana', role: 'co-host', code: null, feeMinor: null }];
  const cues = [cue('c1', { ...at7, owners: ['ana'], sku: 'MUG' }), cue('c2')];
  const show = liveCues(cues, OPENED, { people, ...more });
  return { show, vitals: { cannotSave: null, freeBytes: null, online: new Set(['phone-ana']), pending: new Map() } };
}

/** What the hub does four times a second; the facts go into the ledger. */
function tick({ show, vitals }: Stage): string[] {
  const facts = dueAlarms(show.state, vitals, now(show));
  expect(new Set(facts.map(({ originId }) => originId)).size).toBe(facts.length);
  for (const { origin: _o, originId: _i, ...fact } of facts) given(show, fact);
  return facts.map(({ kind, body }) => `${kind.slice('alarm.'.length)} ${'alarm' in body ? body.alarm : ''}`);
}

function pass(s: Stage, ms: number): string[] {
  wait(s.show, ms);
  return tick(s);
}

function degraded(
  s: Stage,
  layer: 'obs' | 'transport' | 'source' | 'recording' | 'delivery',
  level: 'warn' | 'critical',
): void {
  given(s.show, {
    kind: 'stream.degraded',
    body: {
      incident: `i-${layer}`,
      layer,
      level,
      cause: 'x',
      message: 'OBS stopped streaming by itself.',
      startedAt: toIso(s.show.at),
      snapshot: {},
    },
  });
}

function recovered(s: Stage, layer: 'obs' | 'transport' | 'source' | 'recording'): void {
  given(s.show, {
    kind: 'stream.recovered',
    body: {
      incident: `i-${layer}`,
      layer,
      endedAt: toIso(s.show.at),
      worst: 'critical',
      causes: ['x'],
      darkMs: 0,
      starvedMs: 0,
    },
  });
}

describe('the stream', () => {
  it('down is one critical alarm at once, however many layers fail', () => {
    const s = stage();
    degraded(s, 'transport', 'critical');
    degraded(s, 'obs', 'critical');
    expect(tick(s)).toEqual(['raised stream-down']);
    expect(activeAlarms(s.show.state.alarms)).toMatchObject([
      { priority: 1, message: 'OBS stopped streaming by itself, since 17:50:00. Check OBS.', related: ['i-transport'] },
    ]);
    expect(tick(s)).toEqual([]);
    recovered(s, 'obs');
    expect(tick(s)).toEqual([]);
    recovered(s, 'transport');
    expect(tick(s)).toEqual(['cleared stream-down']);
  });

  it('weak waits ten seconds; picture or sound gone does not, and worsens it', () => {
    const s = stage();
    degraded(s, 'transport', 'warn');
    expect([tick(s), pass(s, 9999), pass(s, 1)]).toEqual([[], [], ['raised stream-weak']]);
    degraded(s, 'source', 'critical');
    expect(tick(s)).toEqual(['worsened stream-weak']);
    expect(activeAlarms(s.show.state.alarms)).toMatchObject([{ priority: 2 }]);
  });

  it('weak for less than ten seconds is nothing, and starts to count anew', () => {
    const s = stage();
    degraded(s, 'transport', 'warn');
    tick(s);
    expect(pass(s, 6000)).toEqual([]);
    recovered(s, 'transport');
    tick(s);
    degraded(s, 'transport', 'warn');
    expect([tick(s), pass(s, 9999)]).toEqual([[], []]);
  });

  it('recording stopped is critical by itself', () => {
    const s = stage();
    degraded(s, 'recording', 'critical');
    expect(tick(s)).toEqual(['raised recording-stopped']);
  });
});

describe('the machine', () => {
  it('says it cannot save, and only ten good seconds later that it can', () => {
    const s = stage();
    s.vitals.cannotSave = 'The disk is full.';
    expect(tick(s)).toEqual(['raised cannot-save']);
    s.vitals.cannotSave = null;
    expect([tick(s), pass(s, 9999), pass(s, 1)]).toEqual([[], [], ['cleared cannot-save']]);
  });

  it('asks what a jump of its clock was', () => {
    const s = stage();
    given(s.show, { kind: 'clock.jumped', body: { deltaMs: 180_000 } });
    expect(tick(s)).toEqual(['raised clock-jumped']);
    run(s.show, { kind: 'adopt-clock', as: 'clock' });
    expect(tick(s)).toEqual(['cleared clock-jumped']);
  });

  it('misses a till after two minutes, and more after ten', () => {
    const s = stage();
    given(s.show, {
      kind: 'device.joined',
      body: { device: 't1', role: 'till', name: 'Front', person: null, till: 'till-1', state: 'joined' },
    });
    expect([tick(s), pass(s, 2 * MIN - 1), pass(s, 1)]).toEqual([[], [], ['raised till-cut-off:t1']]);
    expect(pass(s, 8 * MIN)).toEqual(['worsened till-cut-off:t1']);
    s.vitals.online.add('t1');
    expect(tick(s)).toEqual(['cleared till-cut-off:t1']);
  });
});

describe('goods', () => {
  function sell(s: Stage, quantity: number): void {
    const lines = [{ sku: 'MUG', quantity }];
    expect(run(s.show, { kind: 'record-sale', lines, channel: 'stream', tender: 'card' })).toMatchObject({ ok: true });
  }

  it('owed to a buyer are critical until it is resolved', () => {
    const s = stage();
    given(s.show, {
      kind: 'shortfall.found',
      body: { shortfallId: 'x1', sku: 'MUG', quantity: 2, saleId: 's1', source: 'shop' },
    });
    expect(tick(s)).toEqual(['raised oversold:MUG']);
    given(s.show, {
      kind: 'shortfall.resolved',
      body: { shortfallId: 'x1', how: 'refunded', quantity: 2, sku: null, taken: [], committed: false, by: 'desk' },
    });
    expect(tick(s)).toEqual(['cleared oversold:MUG']);
  });

  it('running out on air are told after twenty seconds', () => {
    const s = stage({ products: [product('MUG', { name: 'Blue mug', reserve: 10, lowAt: 0 })], bundles: [] });
    act(s.show, SEVEN, { kind: 'start-cue' });
    sell(s, 6);
    expect([tick(s), pass(s, 19_999)].flat().filter((fact) => fact.includes('runs-out'))).toEqual([]);
    expect(pass(s, 1)).toEqual(['raised runs-out-on-air:MUG']);
    sell(s, 4);
    expect(tick(s)).toEqual(['cleared runs-out-on-air:MUG']);
  });

  it('low are told once a level, and again only after rising two above it', () => {
    const s = stage({ products: [product('MUG', { reserve: 12, flags: ['limited'] })], bundles: [] });
    const low = () => tick(s).filter((fact) => fact.includes('stock-low'));
    expect(low()).toEqual([]);
    sell(s, 2);
    expect(low()).toEqual(['raised stock-low:MUG:10']);
    run(s.show, { kind: 'receive-stock', sku: 'MUG', quantity: 1 });
    expect(low()).toEqual([]);
    sell(s, 1);
    expect(low()).toEqual([]);
    run(s.show, { kind: 'receive-stock', sku: 'MUG', quantity: 2 });
    expect(low()).toEqual(['cleared stock-low:MUG:10']);
    sell(s, 7);
    expect(low()).toEqual(['raised stock-low:MUG:10', 'raised stock-low:MUG:5']);
  });

  it('low are told of goods that came after the plan too', () => {
    const s = stage({ products: [product('MUG', { reserve: 0, flags: ['limited'] })], bundles: [] });
    const low = () => tick(s).filter((fact) => fact.includes('stock-low'));
    expect(low()).toEqual([]);
    run(s.show, { kind: 'receive-stock', sku: 'MUG', quantity: 7 });
    sell(s, 2);
    expect(low()).toEqual(['raised stock-low:MUG:5']);
  });

  it('for the show only that are sold outside none the less are news for ten minutes', () => {
    const s = stage({ products: [product('MUG', { name: 'Mug', flags: ['event-only'] })], bundles: [] });
    expect(tick(s)).toEqual([]);
    sell(s, 1);
    expect(tick(s)).toEqual([]);
    const line = { sku: 'MUG', name: null, quantity: 2, unitPriceMinor: 1000, discountMinor: 0 };
    const order = { type: 'sale', source: 'shop', sourceId: '1', at: toIso(s.show.at), channel: null } as const;
    const more = { creatorCode: null, tender: 'card', tipMinor: 0, personRef: null } as const;
    const ask = { id: 'x', actor: DESK, now: now(s.show), seq: 1, refOf: String, rules: DEFAULT_RULES };
    given(s.show, ...bookOutside(s.show.state, { ...order, ...more, lines: [line] }, ask));
    expect(tick(s)).toEqual(['raised event-only-sold:MUG']);
    expect(s.show.state.alarms.byId.get('event-only-sold:MUG')?.message).toBe(
      'Mug is for the show only, 2 sold outside. Take it off sale there.',
    );
    expect([pass(s, 10 * MIN), pass(s, 1)]).toEqual([[], ['cleared event-only-sold:MUG']]);
  });
});

describe('people', () => {
  const asked = 'owner-not-ready:c1';

  it('who were told and say nothing are missed a minute before the start, never before', () => {
    const s = stage();
    joined(s.show, 'ana');
    run(s.show, { kind: 'standby-cue' });
    goTo(s.show, SEVEN - MIN - 1);
    expect(tick(s)).toEqual([]);
    expect(pass(s, 1)).toEqual([`raised ${asked}`]);
    const dispatch = dispatchOf(s.show.state.floor, 'c1', 'ana')?.id ?? '';
    run(s.show, { kind: 'answer-cue', dispatch, answer: 'accepted' }, { actor: coHost('ana') });
    expect(tick(s)).toEqual([`cleared ${asked}`]);
  });

  it('have twenty seconds to answer when they are told late', () => {
    const s = stage();
    joined(s.show, 'ana');
    act(s.show, SEVEN - 30_000, { kind: 'standby-cue' });
    expect([tick(s), pass(s, 19_999), pass(s, 1)]).toEqual([[], [], [`raised ${asked}`]]);
  });

  it('who say no, or have no phone on line, are missed at once', () => {
    const no = stage();
    joined(no.show, 'ana');
    run(no.show, { kind: 'standby-cue' });
    const dispatch = dispatchOf(no.show.state.floor, 'c1', 'ana')?.id ?? '';
    run(no.show, { kind: 'answer-cue', dispatch, answer: 'declined' }, { actor: coHost('ana') });
    expect(tick(no)).toEqual([`raised ${asked}`]);
    const away = stage();
    act(away.show, SEVEN - 59_000, { kind: 'standby-cue' });
    expect(tick(away)).toEqual([`raised ${asked}`]);
  });

  it('who ask for help raise it until somebody is coming', () => {
    const s = stage();
    const request = String(
      run(s.show, { kind: 'request-help', what: 'help', note: '長い'.repeat(40) }, { actor: coHost('ana') })[
        'requestId'
      ],
    );
    expect(tick(s)).toEqual([`raised help-asked:${request}`]);
    expect(activeAlarms(s.show.state.alarms)[0]).toMatchObject({ priority: 2, action: 'Coming' });
    run(s.show, { kind: 'answer-request', request, answer: 'coming' });
    expect(tick(s)).toEqual([`cleared help-asked:${request}`]);
    run(s.show, { kind: 'request-help', what: 'price' }, { actor: coHost('ana') });
    tick(s);
    expect(activeAlarms(s.show.state.alarms)[0]).toMatchObject({ priority: 3 });
  });

  it('on air with an offer that did not open are told until it opens', () => {
    const s = stage({
      cues: [],
      products: [product('MUG', { reserve: 0 })],
      bundles: [],
      offers: [offer('drop-1', 'MUG')],
    });
    given(s.show, {
      kind: 'cue.added',
      body: { cue: cue('d1', { kind: 'drop', offer: 'drop-1' }), before: 'c1', by: 'desk' },
    });
    run(s.show, { kind: 'start-cue' });
    expect(tick(s)).toEqual(['raised offer-not-opened:drop-1']);
    run(s.show, { kind: 'receive-stock', sku: 'MUG', quantity: 3 });
    run(s.show, { kind: 'open-offer', offer: 'drop-1' });
    expect(tick(s)).toEqual(['cleared offer-not-opened:drop-1']);
  });
});

describe('the life of an alarm', () => {
  const help = (s: Stage) => run(s.show, { kind: 'request-help', what: 'help' }, { actor: coHost('ana') });

  it('acknowledged or cleared unseen it stays on the desk, both and it is gone', () => {
    const s = stage();
    degraded(s, 'obs', 'critical');
    tick(s);
    recovered(s, 'obs');
    tick(s);
    expect(listedAlarms(s.show.state.alarms)).toMatchObject([{ id: 'stream-down', clearedAt: s.show.at }]);
    expect(run(s.show, { kind: 'acknowledge-alarm', alarm: 'all' })).toMatchObject({
      ok: true,
      alarms: ['stream-down'],
    });
    expect(listedAlarms(s.show.state.alarms)).toEqual([]);
    expect(run(s.show, { kind: 'acknowledge-alarm', alarm: 'stream-down' })).toMatchObject({
      ok: false,
      code: 'unknown-alarm',
    });
  });

  it('back within a minute it is the same one, counted', () => {
    const s = stage();
    for (const gap of [0, MIN, MIN + 1]) {
      wait(s.show, gap);
      degraded(s, 'obs', 'critical');
      tick(s);
      recovered(s, 'obs');
      tick(s);
    }
    expect(s.show.state.alarms.byId.get('stream-down')).toMatchObject({ times: 1, raises: 3 });
    expect(s.show.entries.filter(({ kind }) => kind === 'alarm.raised')).toHaveLength(3);
  });

  it('critical cannot be shelved, nothing for more than half an hour', () => {
    const s = stage();
    degraded(s, 'obs', 'critical');
    help(s);
    tick(s);
    const alarm = activeAlarms(s.show.state.alarms).find(({ kind }) => kind === 'help-asked')?.id ?? '';
    expect(run(s.show, { kind: 'shelve-alarm', alarm: 'stream-down', untilMs: 1000 })).toMatchObject({
      ok: false,
      code: 'cannot-shelve',
    });
    expect(run(s.show, { kind: 'shelve-alarm', alarm, untilMs: 30 * MIN + 1 })).toMatchObject({
      ok: false,
      code: 'bad-value',
    });
    expect(run(s.show, { kind: 'shelve-alarm', alarm })).toMatchObject({ ok: false, code: 'bad-value' });
    expect(run(s.show, { kind: 'shelve-alarm', alarm: 'none', untilCue: true })).toMatchObject({
      ok: false,
      code: 'unknown-alarm',
    });
  });

  it('shelved it comes back by time, by the next cue, and at once when it worsens', () => {
    const s = stage();
    help(s);
    tick(s);
    const alarm = activeAlarms(s.show.state.alarms)[0]?.id ?? '';
    run(s.show, { kind: 'shelve-alarm', alarm, untilMs: 5 * MIN });
    expect([pass(s, 5 * MIN - 1), pass(s, 1)]).toEqual([[], [`unshelved ${alarm}`]]);
    run(s.show, { kind: 'shelve-alarm', alarm, untilCue: true });
    expect(pass(s, 6 * MIN)).toEqual([]);
    run(s.show, { kind: 'start-cue' });
    expect(tick(s)).toEqual([`unshelved ${alarm}`]);
    degraded(s, 'transport', 'warn');
    tick(s);
    pass(s, 10_000);
    run(s.show, { kind: 'shelve-alarm', alarm: 'stream-weak', untilMs: 5 * MIN });
    degraded(s, 'source', 'critical');
    expect(tick(s)).toEqual(['worsened stream-weak', 'unshelved stream-weak']);
  });

  it('is never shelved past the planned end', () => {
    const s = stage({ show: { endsAt: toIso(OPENED + 10 * MIN) } });
    help(s);
    tick(s);
    const alarm = activeAlarms(s.show.state.alarms)[0]?.id ?? '';
    run(s.show, { kind: 'shelve-alarm', alarm, untilMs: 30 * MIN });
    expect(s.show.state.alarms.byId.get(alarm)?.shelved?.untilAt).toBe(OPENED + 10 * MIN);
  });

  it('is the same after a restart: the ledger alone tells it', () => {
    const s = stage();
    degraded(s, 'obs', 'critical');
    tick(s);
    run(s.show, { kind: 'acknowledge-alarm', alarm: 'stream-down' });
    s.show.state = refold(s.show.entries);
    expect(tick({ show: s.show, vitals: { ...s.vitals, pending: new Map() } })).toEqual([]);
    expect(activeAlarms(s.show.state.alarms)).toMatchObject([{ id: 'stream-down', acknowledgedBy: 'desk' }]);
  });

  it('fits the bar in every language', () => {
    const long = '長'.repeat(80);
    const s = stage({
      people: [{ id: 'ana', name: long, role: 'co-host', code: null, feeMinor: null }],
      products: [product('MUG', { name: long, reserve: 4, lowAt: 3 })],
      bundles: [],
    });
    help(s);
    act(s.show, SEVEN - 30_000, { kind: 'standby-cue' });
    run(s.show, { kind: 'record-sale', lines: [{ sku: 'MUG', quantity: 3 }], channel: 'stream', tender: 'card' });
    given(s.show, {
      kind: 'shortfall.found',
      body: { shortfallId: 'x1', sku: 'MUG', quantity: 2, saleId: 's1', source: 'shop' },
    });
    given(s.show, {
      kind: 'device.joined',
      body: { device: 't1', role: 'till', name: long, person: null, till: 'till-1', state: 'joined' },
    });
    tick(s);
    pass(s, 3 * MIN);
    const messages = activeAlarms(s.show.state.alarms).map(({ message }) => message);
    expect(messages.length).toBeGreaterThanOrEqual(5);
    expect(messages.filter((message) => message.length > 90)).toEqual([]);
  });
});
