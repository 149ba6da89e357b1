import { describe, expect, it } from 'vitest';
import { act, coHost, cue, goTo, joined, liveCues } from '../../domain/cue-testing.ts';
import { dispatchOf } from '../../domain/floor.ts';
import { given, now, offer, product, run, type TestShow } from '../../domain/testing.ts';
import type { Cue } from '../../domain/plan.ts';
import { alarmsView } from './alarms-view.ts';
import { cuesView, messagesView, requestsView } from './cues-view.ts';
import { devicesView } from './devices-view.ts';
import { quietLive } from './live-testing.ts';

const OPENED = Date.parse('2026-11-28T17:50:00Z');
const SEVEN = OPENED + 600_000;
const at7 = { start: { rule: 'hard' as const, at: '2026-11-28T18:00:00.000Z' } };

function evening(cues: Cue[], more: Parameters<typeof liveCues>[2] = {}): TestShow {
  const show = liveCues(cues, OPENED, more);
  joined(show, 'ana');
  return show;
}

const ONLINE = { state: 'online', lastSeen: SEVEN, awake: 'held', unsent: 2, visible: true } as const;

describe('the run of show on the desk', () => {
  it('tells times, states and people of every cue', () => {
    const show = evening([
      cue('c1', { ...at7, owners: ['ana'] }),
      cue('n', { kind: 'note' }),
      cue('c2', { owners: ['ana'] }),
    ]);
    run(show, { kind: 'standby-cue' });
    const dispatch = dispatchOf(show.state.floor, 'c1', 'ana')?.id ?? '';
    const live = quietLive({ presence: new Map([['phone-ana', ONLINE]]) });
    expect(cuesView(show.state, live, now(show)).list[0]).toMatchObject({
      state: 'standby',
      ready: false,
      dispatches: [{ id: dispatch, person: 'ana', state: 'sent', online: true }],
    });
    run(show, { kind: 'answer-cue', dispatch, answer: 'accepted' }, { actor: coHost('ana') });
    expect(cuesView(show.state, live, now(show)).list[0]).toMatchObject({ ready: true });
    act(show, SEVEN + 30_000, { kind: 'start-cue' });
    goTo(show, SEVEN + 60_000);
    const view = cuesView(show.state, live, now(show));
    expect(view).toMatchObject({ current: 'c1', next: 'c2', standby: null, overUnderMs: 30_000, relativeMs: 0 });
    expect(view.list).toMatchObject([
      {
        state: 'running',
        startedAt: '2026-11-28T18:00:30.000Z',
        elapsedMs: 30_000,
        remainingMs: 270_000,
        phase: 'normal',
        expectedStart: null,
      },
      { state: 'planned', plannedStart: null, expectedStart: null },
      {
        state: 'planned',
        plannedStart: '2026-11-28T18:05:00.000Z',
        expectedStart: '2026-11-28T18:05:30.000Z',
        phase: null,
        ready: false,
      },
    ]);
    act(show, SEVEN + 90_000, { kind: 'start-cue' });
    expect(cuesView(show.state, live, now(show)).list[0]).toMatchObject({
      state: 'done',
      endedAt: '2026-11-28T18:01:30.000Z',
      elapsedMs: 60_000,
      phase: null,
    });
  });

  it('warns on the row that the next offer will not open, and says the worst outcome after GO', () => {
    const show = evening([cue('d1', { ...at7, kind: 'drop', offer: 'o', sku: 'MUG' })], {
      products: [product('MUG', { reserve: 0 })],
      bundles: [],
      offers: [offer('o', 'MUG')],
    });
    const row = () => cuesView(show.state, quietLive(), now(show)).list[0];
    expect(row()?.warning).toContain('MUG');
    act(show, SEVEN, { kind: 'start-cue' });
    expect(row()).toMatchObject({ warning: null, outcome: { leg: 'hub', outcome: 'refused' } });
  });

  it('is empty before there is a show', () => {
    expect(cuesView(null, quietLive(), { at: 0, mono: 0, boot: '', t: 0 }).list).toEqual([]);
    expect([
      messagesView(null, quietLive()),
      requestsView(null),
      alarmsView(null),
      devicesView(null, quietLive()),
    ]).toEqual([[], [], [], []]);
  });

  it('of 500 cues and 300 runs is made in a few milliseconds', () => {
    const show = evening(Array.from({ length: 500 }, (_, i) => cue(`c${i}`, i === 0 ? at7 : { owners: ['ana'] })));
    for (let i = 0; i < 300; i++) act(show, SEVEN + i * 1000, { kind: 'start-cue' });
    const samples = Array.from({ length: 20 }, () => {
      const from = performance.now();
      cuesView(show.state, quietLive(), now(show));
      return performance.now() - from;
    });
    expect(samples.toSorted((a, b) => a - b)[10]).toBeLessThan(30);
  });
});

describe('people and things on the desk', () => {
  it('are messages with their receipts and requests with their answers', () => {
    const show = evening([cue('c1', { ...at7, owners: ['ana'] })]);
    const messageId = String(run(show, { kind: 'send-message', to: ['ana'], text: 'Wrap up' })['messageId']);
    given(show, { kind: 'cue.delivered', body: { dispatch: messageId, device: 'phone-ana', person: 'ana' } });
    expect(messagesView(show.state, quietLive())).toMatchObject([
      { text: 'Wrap up', receipts: [{ person: 'ana', state: 'delivered' }] },
    ]);
    const request = String(run(show, { kind: 'request-help', what: 'stock' }, { actor: coHost('ana') })['requestId']);
    run(show, { kind: 'answer-request', request, answer: 'coming' });
    expect(requestsView(show.state)).toMatchObject([
      { id: request, what: 'stock', person: 'ana', answer: 'coming', times: 1 },
    ]);
  });

  it('are devices with what their connection says, pending and revoked from the ledger', () => {
    const show = evening([]);
    given(show, {
      kind: 'device.joined',
      body: { device: 't1', role: 'till', name: 'Front', person: null, till: 'till-1', state: 'pending' },
    });
    const live = quietLive({
      presence: new Map([
        ['phone-ana', ONLINE],
        ['t1', ONLINE],
      ]),
    });
    const states = () => devicesView(show.state, live).map(({ state }) => state);
    expect(devicesView(show.state, live)[0]).toMatchObject({
      person: 'ana',
      state: 'online',
      lastSeen: '2026-11-28T18:00:00.000Z',
      awake: 'held',
      unsent: 2,
    });
    expect(states()).toEqual(['online', 'pending']);
    given(show, { kind: 'device.approved', body: { device: 't1', by: 'desk' } });
    given(show, { kind: 'device.revoked', body: { device: 'phone-ana', by: 'desk' } });
    expect(states()).toEqual(['revoked', 'online']);
    expect(devicesView(show.state, quietLive())[1]).toMatchObject({ state: 'offline', lastSeen: null });
  });

  it('are alarms by priority, then unacknowledged, then oldest; of passed stock levels only the last', () => {
    const show = evening([]);
    const raise = (alarm: string, priority: 1 | 2 | 3, alarmKind = alarm, subject: string | null = null) =>
      given(show, {
        kind: 'alarm.raised',
        body: { alarm, alarmKind, subject, priority, message: alarm, action: 'Do', related: [] },
      });
    raise('old', 2);
    raise('stock-low:MUG:10', 3, 'stock-low', 'MUG');
    raise('stock-low:MUG:5', 3, 'stock-low', 'MUG');
    goTo(show, show.at + 1000);
    raise('new', 2);
    raise('worst', 1);
    run(show, { kind: 'acknowledge-alarm', alarm: 'old' });
    run(show, { kind: 'shelve-alarm', alarm: 'new', untilMs: 60_000 });
    const view = alarmsView(show.state);
    expect(view.map(({ id }) => id)).toEqual(['worst', 'new', 'old', 'stock-low:MUG:5']);
    expect(view[1]).toMatchObject({ shelved: true, shelvedUntil: '2026-11-28T17:51:01.000Z' });
    expect(view[2]).toMatchObject({ shelved: false, shelvedUntil: null, acknowledgedAt: '2026-11-28T17:50:01.000Z' });
    given(show, { kind: 'alarm.cleared', body: { alarm: 'old' } });
    expect(alarmsView(show.state).at(-1)).toMatchObject({ id: 'old', clearedAt: '2026-11-28T17:50:01.000Z' });
  });
});
