import { describe, expect, it } from 'vitest';
import { act, coHost, cue, joined, liveCues } from '../cue-testing.ts';
import { dispatchOf, rungOf } from '../floor.ts';
import { given, run, type TestShow, till, wait } from '../testing.ts';
import { toIso } from '../units.ts';
import { deliveredFacts } from './floor.ts';

const OPENED = Date.parse('2026-11-28T17:50:00Z');
const SEVEN = OPENED + 600_000;
const at7 = { start: { rule: 'hard' as const, at: '2026-11-28T18:00:00.000Z' } };
const ANA = coHost('ana');
const ANA_PHONE = { id: 'phone-ana', role: 'co-host', person: 'ana' };

function evening(): TestShow {
  const people = ['ana', 'ben'].map((id) => ({ id, name: id, role: 'co-host', code: null, feeMinor: null }));
  const show = liveCues(
    [cue('c1', { ...at7, owners: ['ana', 'ben'], sku: 'MUG' }), cue('c2', { owners: ['ana'], sku: 'APRON' })],
    OPENED,
    { people },
  );
  joined(show, 'ana');
  joined(show, 'ben');
  given(show, {
    kind: 'device.joined',
    body: { device: 'device-till-1', role: 'till', name: 'Front', person: null, till: 'till-1', state: 'joined' },
  });
  return show;
}

function deliver(show: TestShow, device: { id: string; role: string; person: string | null }, ids: string[]): number {
  const facts = deliveredFacts(show.state, device, ids);
  for (const { origin: _o, originId: _i, ...fact } of facts) given(show, fact);
  return facts.length;
}

describe('the ladder of a dispatch', () => {
  it('rises from sent to accepted and never falls by a late packet', () => {
    const show = evening();
    run(show, { kind: 'standby-cue' });
    const dispatch = dispatchOf(show.state.floor, 'c1', 'ana');
    const rung = () => dispatch && rungOf(dispatch).rung;
    const id = dispatch?.id ?? '';
    expect(rung()).toBe('sent');
    expect(deliver(show, { ...ANA_PHONE, person: 'ben' }, [id])).toBe(0);
    expect(deliver(show, ANA_PHONE, [id])).toBe(1);
    expect(deliver(show, { ...ANA_PHONE, id: 'tablet-ana' }, [id])).toBe(0);
    expect(rung()).toBe('delivered');
    run(show, { kind: 'answer-cue', dispatch: id, answer: 'seen' }, { actor: ANA });
    expect(rung()).toBe('seen');
    run(show, { kind: 'answer-cue', dispatch: id, answer: 'need-a-minute' }, { actor: ANA });
    run(show, { kind: 'answer-cue', dispatch: id, answer: 'accepted' }, { actor: ANA });
    const from = show.entries.length;
    run(show, { kind: 'answer-cue', dispatch: id, answer: 'seen' }, { actor: ANA });
    run(show, { kind: 'answer-cue', dispatch: id, answer: 'accepted' }, { actor: ANA });
    expect(rung()).toBe('accepted');
    expect(show.entries).toHaveLength(from);
  });

  it('takes an answer from its own person only, and none of another kind after GO', () => {
    const show = evening();
    run(show, { kind: 'standby-cue' });
    const id = dispatchOf(show.state.floor, 'c1', 'ana')?.id ?? '';
    expect(run(show, { kind: 'answer-cue', dispatch: id, answer: 'accepted' }, { actor: coHost('ben') })).toMatchObject(
      { ok: false, code: 'unknown-dispatch' },
    );
    expect(run(show, { kind: 'answer-cue', dispatch: 'd999', answer: 'accepted' }, { actor: ANA })).toMatchObject({
      ok: false,
      code: 'unknown-dispatch',
    });
    run(show, { kind: 'answer-cue', dispatch: id, answer: 'accepted' }, { actor: ANA });
    act(show, SEVEN, { kind: 'start-cue' });
    expect(run(show, { kind: 'answer-cue', dispatch: id, answer: 'declined' }, { actor: ANA })).toMatchObject({
      ok: false,
      code: 'too-late',
    });
    const bens = dispatchOf(show.state.floor, 'c1', 'ben')?.id ?? '';
    expect(
      run(show, { kind: 'answer-cue', dispatch: bens, answer: 'accepted' }, { actor: coHost('ben') }),
    ).toMatchObject({ ok: true });
  });
});

describe('messages', () => {
  it('reach the people and roles they name, and say whom they could not reach', () => {
    const show = evening();
    const reply = run(show, { kind: 'send-message', to: ['ana', 'cleo'], text: 'Wrap up' });
    expect(reply).toMatchObject({ ok: true, nobody: ['cleo'] });
    const id = String(reply['messageId']);
    expect(deliver(show, { id: 'phone-ben', role: 'co-host', person: 'ben' }, [id])).toBe(0);
    expect(deliver(show, ANA_PHONE, [id])).toBe(1);
    expect(run(show, { kind: 'answer-cue', dispatch: id, answer: 'accepted' }, { actor: till() })).toMatchObject({
      ok: false,
    });
    expect(run(show, { kind: 'answer-cue', dispatch: id, answer: 'accepted' }, { actor: ANA })).toMatchObject({
      ok: true,
    });
    expect(
      [...(show.state.floor.messages.get(id)?.receipts.values() ?? [])].map((receipt) => rungOf(receipt).rung),
    ).toEqual(['accepted']);
    expect(run(show, { kind: 'send-message', to: ['cleo'], text: 'Hello?' })).toMatchObject({
      ok: false,
      code: 'nobody-there',
    });
  });

  it('keep a receipt for a till by its device', () => {
    const show = evening();
    const id = String(run(show, { kind: 'send-message', to: ['till'], text: 'Stop' })['messageId']);
    run(show, { kind: 'answer-cue', dispatch: id, answer: 'accepted' }, { actor: till() });
    expect([...(show.state.floor.messages.get(id)?.receipts.keys() ?? [])]).toEqual(['device:device-till-1']);
  });

  it('hold 80 letters as people count them', () => {
    const show = evening();
    const family = '👩‍👩‍👧‍👦';
    expect(run(show, { kind: 'send-message', to: ['all'], text: family.repeat(80) })).toMatchObject({ ok: true });
    expect(run(show, { kind: 'send-message', to: ['all'], text: 'x'.repeat(81) })).toMatchObject({
      ok: false,
      code: 'bad-value',
      field: 'text',
    });
  });
});

describe('requests for help', () => {
  it('are one for each person and kind, counted up until they are done', () => {
    const show = evening();
    const first = run(show, { kind: 'request-help', what: 'stock', sku: 'MUG' }, { actor: ANA });
    expect(run(show, { kind: 'request-help', what: 'stock' }, { actor: ANA })).toMatchObject({
      requestId: first['requestId'],
      times: 2,
    });
    expect(run(show, { kind: 'request-help', what: 'break' }, { actor: ANA })).toMatchObject({ times: 1 });
    expect(run(show, { kind: 'request-help', what: 'stock' }, { actor: coHost('ben') })).toMatchObject({ times: 1 });
    const request = String(first['requestId']);
    expect(run(show, { kind: 'answer-request', request, answer: 'coming' })).toMatchObject({ ok: true });
    expect(show.state.floor.requests.get(request)).toMatchObject({ sku: 'MUG', answer: { answer: 'coming' } });
    run(show, { kind: 'answer-request', request, answer: 'done' });
    expect(run(show, { kind: 'request-help', what: 'stock' }, { actor: ANA })).toMatchObject({ times: 1 });
    expect(run(show, { kind: 'answer-request', request: 'q0', answer: 'no' })).toMatchObject({
      ok: false,
      code: 'unknown-request',
    });
  });
});

describe('marks', () => {
  it('know the cue on air at the press and take its product', () => {
    const show = evening();
    act(show, SEVEN, { kind: 'start-cue' });
    act(show, SEVEN + 60_000, { kind: 'start-cue' });
    const pressedAt = toIso(SEVEN + 30_000);
    run(show, { kind: 'mark-moment', pressedAt, uncertaintyMs: 4 }, { actor: ANA });
    run(show, { kind: 'mark-moment' });
    expect(show.state.moments).toMatchObject([
      { by: 'ana', cue: 'c1', sku: 'MUG', pressedAt, uncertaintyMs: 4, timeUncertain: false },
      { by: 'desk', cue: 'c2', sku: 'APRON', timeUncertain: false },
    ]);
  });

  it('pressed twice within a second are one', () => {
    const show = evening();
    const first = run(show, { kind: 'mark-moment' }, { actor: ANA });
    wait(show, 999);
    expect(run(show, { kind: 'mark-moment' }, { actor: ANA })).toMatchObject({ momentId: first['momentId'] });
    expect(run(show, { kind: 'mark-moment' })).not.toMatchObject({ momentId: first['momentId'] });
    wait(show, 1);
    expect(run(show, { kind: 'mark-moment' }, { actor: ANA })).not.toMatchObject({ momentId: first['momentId'] });
  });

  it('keeps every note, also of two marks in one second', () => {
    const show = evening();
    for (const note of ['cheer', 'cheer', 'laugh']) run(show, { kind: 'mark-moment', note });
    run(show, { kind: 'mark-moment', sku: 'MUG' });
    run(show, { kind: 'mark-moment' });
    expect(show.state.moments.map(({ note }) => note)).toEqual(['cheer', 'laugh', null]);
  });

  it.each([
    ['before the show opened', -3_600_000, OPENED],
    ['in the future', 3_600_000, OPENED + 1000],
  ])('pressed %s are moved to the edge and say so', (_when, off, kept) => {
    const show = evening();
    wait(show, 1000);
    run(show, { kind: 'mark-moment', pressedAt: toIso(OPENED + off) }, { actor: ANA });
    expect(show.state.moments).toMatchObject([{ pressedAt: toIso(kept), timeUncertain: true }]);
  });
});
