import { DEFAULT_RULES } from './rules.ts';
import { describe, expect, it } from 'vitest';
import { DESK } from '../actor.ts';
import { closeBlockers, closeStep, NOTHING_UNDELIVERED } from '../close-blockers.ts';
import { given, liveShow, now, offer, plan, run, type TestShow, wait } from '../testing.ts';
import { MINUTE } from '../units.ts';
import { planFinish } from './close.ts';

function soldMug(): TestShow {
  const show = liveShow();
  run(show, { kind: 'record-sale', lines: [{ sku: 'MUG', quantity: 3 }], channel: 'in-person', tender: 'cash' });
  return show;
}

function finish(show: TestShow, override?: string) {
  const ask = {
    id: 'f',
    actor: DESK,
    now: now(show),
    seq: show.entries.length + 1,
    refOf: (contact: string) => contact,
    rules: DEFAULT_RULES,
  };
  return planFinish(show.state, override, ask);
}

const step = (show: TestShow) => closeStep(closeBlockers(show.state, NOTHING_UNDELIVERED));
const codes = (show: TestShow) => closeBlockers(show.state, NOTHING_UNDELIVERED).map(({ code }) => code);

describe('closing a show', () => {
  it('stops selling, ends the cue, closes offers and frees baskets in one append', () => {
    const show = liveShow(plan({ offers: [offer('drop-1', 'MUG')] }));
    run(show, { kind: 'open-offer', offer: 'drop-1' });
    run(show, { kind: 'place-hold', lines: [{ sku: 'MUG', quantity: 1 }] });
    const before = show.entries.length;
    expect(run(show, { kind: 'close-show' })).toMatchObject({ ok: true });
    expect(show.entries.slice(before).map(({ kind }) => kind)).toEqual([
      'offer.closed',
      'hold.released',
      'show.closing',
    ]);
    expect(
      run(show, { kind: 'record-sale', lines: [{ sku: 'MUG', quantity: 1 }], channel: 'stream', tender: 'card' }),
    ).toMatchObject({ ok: false, code: 'show-not-open' });
  });

  it('goes on to counting by itself, and is reconciled when everything that moved is counted', () => {
    const show = soldMug();
    expect(run(show, { kind: 'close-show' })).toMatchObject({ ok: true, state: 'counting' });
    expect(codes(show)).toEqual(['uncounted']);
    expect(run(show, { kind: 'count-stock', sku: 'MUG', counted: 7 })).toMatchObject({ ok: true, variance: 0 });
    expect(step(show)).toBe('reconciled');
  });

  it('asks again when a count is far off, then for an explanation, and is content when it adds up', () => {
    const show = soldMug();
    run(show, { kind: 'close-show' });
    expect(run(show, { kind: 'count-stock', sku: 'MUG', counted: 5 })).toMatchObject({
      variance: -2,
      secondCount: true,
    });
    expect(codes(show)).toEqual(['second-count']);
    expect(run(show, { kind: 'count-stock', sku: 'MUG', counted: 5 })).toMatchObject({
      variance: -2,
      pass: 2,
      secondCount: false,
    });
    expect(codes(show)).toEqual(['variance-unexplained']);
    run(show, { kind: 'adjust-stock', sku: 'MUG', delta: -1, reason: 'damage' });
    expect(codes(show)).toEqual(['variance-unexplained']);
    expect(run(show, { kind: 'adjust-stock', sku: 'MUG', delta: -1, reason: 'theft' })).toMatchObject({
      ok: true,
      available: 5,
    });
    expect(codes(show)).toEqual([]);
  });

  it('calls a count stale when a sale lands after it', () => {
    const show = soldMug();
    run(show, { kind: 'close-show' });
    run(show, { kind: 'count-stock', sku: 'MUG', counted: 7 });
    given(show, {
      kind: 'stock.received',
      body: { sku: 'MUG', pool: 'reserve', quantity: 1, reason: null, by: 'desk' },
    });
    expect(codes(show)).toEqual(['count-stale']);
    expect(step(show)).toBe('counting');
  });

  it('refuses to finish with open points, and passes the soft ones with a reason that is kept', () => {
    const show = soldMug();
    expect(finish(show)).toMatchObject({ ok: false, refusal: { code: 'not-closing' } });
    run(show, { kind: 'close-show' });
    expect(finish(show)).toMatchObject({ ok: false, refusal: { code: 'blocked' } });
    const decision = finish(show, 'the shelf is locked');
    expect(decision).toMatchObject({ ok: true, reply: { version: 1, ledgerSeq: show.entries.length + 3 } });
    expect(decision.facts?.map(({ kind }) => kind)).toEqual(['close.overridden', 'close.reconciled', 'close.pinned']);
    expect(decision.facts?.[0]?.body).toMatchObject({ codes: ['uncounted'], reason: 'the shelf is locked' });
  });

  it('never passes a broken chain', () => {
    const show = soldMug();
    run(show, { kind: 'close-show' });
    const ask = {
      id: 'f',
      actor: DESK,
      now: now(show),
      seq: 99,
      refOf: (contact: string) => contact,
      rules: DEFAULT_RULES,
      undelivered: { ...NOTHING_UNDELIVERED, chainBroken: true },
    };
    expect(planFinish(show.state, 'because', ask)).toMatchObject({ ok: false, refusal: { code: 'blocked' } });
  });

  it('passes the drain with a second close-show and a reason, and lists what is left', () => {
    const show = soldMug();
    given(show, {
      kind: 'recording.started',
      body: {
        run: 'rec9',
        requestedAt: null,
        noticedAt: '2026-11-28T18:00:00.000Z',
        path: 'a.mkv',
        fps: null,
        width: null,
        height: null,
        encoder: 'own',
        obsVersion: null,
        folder: null,
      },
    });
    expect(run(show, { kind: 'close-show' })).toMatchObject({ ok: true, state: 'closing' });
    expect(run(show, { kind: 'close-show' })).toMatchObject({ ok: false, code: 'blocked' });
    expect(run(show, { kind: 'close-show', overrideReason: 'OBS crashed' })).toMatchObject({
      ok: true,
      state: 'counting',
    });
  });

  it('may be reopened for ten minutes, and must then be counted anew', () => {
    const show = soldMug();
    run(show, { kind: 'close-show' });
    run(show, { kind: 'count-stock', sku: 'MUG', counted: 7 });
    const decision = finish(show);
    given(show, ...(decision.facts ?? []));
    given(show, {
      kind: 'show.closed',
      body: { version: 1, ledgerSeq: show.entries.length, contentSha256: '', manifestSha256: '', files: [] },
    });
    wait(show, 9 * MINUTE);
    expect(run(show, { kind: 'reopen-show', reason: 'one more buyer' })).toMatchObject({ ok: true });
    run(show, { kind: 'close-show' });
    expect(codes(show)).toEqual(['uncounted']);
    expect(finish(show, 'in a hurry')).toMatchObject({ reply: { version: 2 } });
  });

  it('stays shut after ten minutes', () => {
    const show = soldMug();
    run(show, { kind: 'close-show' });
    given(show, {
      kind: 'show.closed',
      body: { version: 1, ledgerSeq: 1, contentSha256: '', manifestSha256: '', files: [] },
    });
    wait(show, 11 * MINUTE);
    expect(run(show, { kind: 'reopen-show', reason: 'one more buyer' })).toMatchObject({ ok: false, code: 'too-late' });
  });

  it('counts nothing while the show is live, and explains nothing that was not counted', () => {
    const show = soldMug();
    expect(run(show, { kind: 'count-stock', sku: 'MUG', counted: 7 })).toMatchObject({ code: 'not-closing' });
    expect(run(show, { kind: 'adjust-stock', sku: 'MUG', delta: 1, reason: 'found' })).toMatchObject({
      code: 'not-counted',
    });
    run(show, { kind: 'close-show' });
    expect(run(show, { kind: 'count-stock', sku: 'CUP', counted: 7 })).toMatchObject({ code: 'unknown-sku' });
  });
});
