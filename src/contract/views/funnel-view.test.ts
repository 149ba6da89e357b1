import { describe, expect, it } from 'vitest';
import { given, liveShow, makeShow, now, run } from '../../domain/testing.ts';
import { DAY, toIso } from '../../domain/units.ts';
import { delayOf, funnelView } from './funnel-view.ts';
import { quietLive } from './live-testing.ts';

describe('the funnel on the desk', () => {
  it('is nothing without a plan, and counts nobody before anybody came', () => {
    const empty = makeShow(null);
    expect(funnelView(null, quietLive(), now(empty))).toBeNull();
    expect(funnelView(empty.state, quietLive(), now(empty))).toBeNull();
    const planned = makeShow();
    expect(funnelView(planned.state, quietLive(), now(planned))?.total.bought).toEqual({
      count: 0,
      of: 0,
      rate: null,
      low: null,
      high: null,
      text: '–',
      limits: '–',
    });
  });

  it('says how it stands so far, and when it and each window mature', () => {
    const show = liveShow();
    const person = { ref: 'ref:a', signup: 'a', channel: 'stream' as const, consent: true, source: 'door', by: 'desk' };
    given(show, { kind: 'signup.recorded', body: { ...person, at: toIso(show.at - DAY) } });
    given(show, { kind: 'signup.recorded', body: { ...person, ref: 'ref:b', signup: 'b', channel: null } });
    given(show, { kind: 'person.checked-in', body: { ref: 'ref:a', signup: 'a', by: 'desk' } });
    run(show, {
      kind: 'record-sale',
      channel: 'in-person',
      tender: 'card',
      lines: [{ sku: 'MUG', quantity: 1 }],
      signup: 'a',
    });
    const view = funnelView(show.state, quietLive({ settings: { 'verdict.minBuyers': 20 } }), now(show));
    expect(view).toMatchObject({
      clock: 'show',
      state: 'so-far',
      endsAt: '2026-11-28T20:00:00.000Z',
      maturesAt: '2026-12-01T20:00:00.000Z',
      total: { signedUp: 2, attended: { count: 1, text: '50 %' }, bought: { count: 1, of: 2 } },
      byChannel: { stream: { signedUp: 1, bought: { count: 1 } }, other: { signedUp: 1 } },
      coverage: { identified: 1, sales: 1 },
      coveredUntil: null,
      cohort: { who: 'signed-up', buyers: 1 },
      verdict: { verdict: 'KEEP TESTING', reason: 'no-control', control: null, changedAfterOpening: true },
    });
    expect(view?.cohort.repeats).toMatchObject([
      { days: 7, repeated: { text: '–' }, maturesAt: '2026-12-05T18:00:00.000Z', state: 'young' },
      { days: 30, maturesAt: '2026-12-28T18:00:00.000Z' },
      { days: 90, maturesAt: '2027-02-26T18:00:00.000Z' },
    ]);
  });
});

it('a stream delay that nobody measured is none', () => {
  expect(delayOf({ 'stream.delayMs': null })).toBeNull();
  expect(delayOf({ 'stream.delayMs': 0 })).toBe(0);
});
