import { describe, expect, it } from 'vitest';
import { act, coHost, cue, goTo, joined, liveCues, timesNow } from '../cue-testing.ts';
import { nextCue, runningRun, tickedPoints } from '../cues.ts';
import { dispatchOf } from '../floor.ts';
import type { Cue } from '../plan.ts';
import { given, makeShow, now, offer, plan, product, run, type TestShow, wait } from '../testing.ts';
import { dueCues } from './cue-due.ts';

const OPENED = Date.parse('2026-11-28T17:50:00Z');
const SEVEN = OPENED + 600_000;
const at7 = { start: { rule: 'hard' as const, at: '2026-11-28T18:00:00.000Z' } };
const GO = { kind: 'start-cue' } as const;

function rundown(...cues: Cue[]): TestShow {
  const people = ['ana', 'ben'].map((id) => ({ id, name: id, role: 'co-host', code: null, feeMinor: null }));
  const offers = [offer('drop-1', 'MUG', { cap: 5 }), offer('drop-2', 'APRON')];
  return liveCues(cues.length > 0 ? cues : [cue('c1', at7), cue('c2'), cue('n', { kind: 'note' }), cue('c3')], OPENED, {
    people,
    offers,
  });
}

function kinds(show: TestShow, from: number): string[] {
  return show.entries.slice(from).map(({ kind }) => kind);
}

/** What the hub does several times a second. */
function tick(show: TestShow): string[] {
  const from = show.entries.length;
  for (const { origin: _o, originId: _i, ...fact } of dueCues(show.state, now(show))) given(show, fact);
  return kinds(show, from);
}

describe('GO', () => {
  it('ends what runs and starts the next, passing notes', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    act(show, SEVEN + 60_000, GO);
    const from = show.entries.length;
    expect(act(show, SEVEN + 120_000, GO)).toMatchObject({ ok: true, cue: 'c3' });
    expect(kinds(show, from)).toEqual(['cue.finished', 'cue.started']);
    expect(act(show, SEVEN + 180_000, GO)).toMatchObject({ ok: false, code: 'no-next-cue' });
    expect(runningRun(show.state.cues)?.cue).toBe('c3');
  });

  it('names the run by the seq of its start', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    act(show, SEVEN + 60_000, GO);
    const started = show.entries.filter(({ kind }) => kind === 'cue.started');
    expect(started.map(({ body }) => 'run' in body && body.run)).toEqual(started.map(({ seq }) => `r${seq}`));
  });

  it('is held off for half a second after a GO by anybody, but not when the cue is named', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    expect(act(show, SEVEN + 499, GO)).toMatchObject({ ok: false, code: 'too-soon' });
    expect(act(show, SEVEN + 499, { ...GO, cue: 'c3' })).toMatchObject({ ok: true });
    expect(act(show, SEVEN + 500, GO)).toMatchObject({ ok: false, code: 'no-next-cue' });
  });

  it('does nothing when the presser saw another cue as next', () => {
    const show = rundown();
    expect(act(show, SEVEN, { ...GO, expect: 'c1' })).toMatchObject({ ok: true, cue: 'c1' });
    const from = show.entries.length;
    expect(act(show, SEVEN + 5000, { ...GO, expect: 'c1' })).toMatchObject({ ok: false, code: 'moved-on', next: 'c2' });
    expect(kinds(show, from)).toEqual([]);
  });

  it.each([
    ['a cue nobody knows', { cue: 'x' }, 'unknown-cue'],
    ['a note', { cue: 'n' }, 'cannot-start'],
    ['the running cue', { cue: 'c1' }, 'cue-is-running'],
    ['a skipped cue', { cue: 'c3' }, 'cannot-start'],
  ])('refuses %s', (_what, body, code) => {
    const show = rundown();
    act(show, SEVEN, GO);
    act(show, SEVEN, { kind: 'skip-cue', cue: 'c3' });
    expect(act(show, SEVEN + 1000, { ...GO, ...body })).toMatchObject({ ok: false, code });
  });

  it('runs a done cue again only when asked again', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    act(show, SEVEN + 1000, GO);
    expect(act(show, SEVEN + 2000, { ...GO, cue: 'c1' })).toMatchObject({ ok: false, code: 'cue-is-done' });
    expect(act(show, SEVEN + 2000, { ...GO, cue: 'c1', again: true })).toMatchObject({ ok: true });
    expect(nextCue(show.state.cues)?.cue.id).toBe('c3');
  });

  it('waits for the show to open', () => {
    const show = makeShow(plan({ cues: [cue('c1', at7)] }));
    expect(run(show, GO)).toMatchObject({ ok: false, code: 'show-not-open' });
  });
});

describe('a drop', () => {
  const drops = (more: Partial<Cue> = {}) =>
    rundown(cue('d1', { ...at7, kind: 'drop', offer: 'drop-1', sku: 'MUG', ...more }), cue('c2'));

  it('opens its offer in the same decision and closes it with the cue', () => {
    const show = drops();
    const from = show.entries.length;
    act(show, SEVEN, GO);
    expect(kinds(show, from)).toEqual(['cue.started', 'offer.opened', 'cue.effect-settled']);
    expect(show.state.offers.byId.get('drop-1')?.open).toBe(true);
    act(show, SEVEN + 1000, GO);
    expect(kinds(show, from + 3)).toEqual(['cue.finished', 'offer.closed', 'cue.effect-settled', 'cue.started']);
  });

  it('runs on when the offer will not open, and was warned of before', () => {
    const show = liveCues([cue('d1', { ...at7, kind: 'drop', offer: 'drop-1', sku: 'MUG' })], OPENED, {
      products: [product('MUG', { reserve: 0 })],
      bundles: [],
      offers: [offer('drop-1', 'MUG')],
    });
    expect(act(show, SEVEN - 5000, { kind: 'standby-cue' })).toMatchObject({
      ok: true,
      warning: expect.stringContaining('MUG'),
    });
    expect(act(show, SEVEN, GO)).toMatchObject({ ok: true, cue: 'd1', warning: expect.stringContaining('MUG') });
    const running = runningRun(show.state.cues);
    expect(running?.cue).toBe('d1');
    expect(running?.effects.get('hub')).toMatchObject({ outcome: 'refused', code: 'out-of-stock' });
  });

  it('keeps an offer open that the next cue goes on with', () => {
    const show = rundown(
      cue('d1', { ...at7, kind: 'drop', offer: 'drop-1' }),
      cue('d2', { kind: 'drop', offer: 'drop-1' }),
    );
    act(show, SEVEN, GO);
    act(show, SEVEN + 1000, GO);
    expect(show.state.offers.byId.get('drop-1')).toMatchObject({ open: true, times: 1 });
    act(show, SEVEN + 2000, { kind: 'finish-cue' });
    expect(show.state.offers.byId.get('drop-1')?.open).toBe(false);
  });

  it('leaves the offer open after GO is taken back', () => {
    const show = rundown(cue('c1', at7), cue('d1', { kind: 'drop', offer: 'drop-1' }));
    act(show, SEVEN, GO);
    act(show, SEVEN + 1000, GO);
    expect(act(show, SEVEN + 2000, { kind: 'back-cue' })).toMatchObject({ ok: true, cue: 'c1' });
    expect(show.state.offers.byId.get('drop-1')?.open).toBe(true);
    expect(runningRun(show.state.cues)?.cue).toBe('c1');
  });

  it.each([
    ['manual', true],
    [120_000, true],
    ['cue-end', false],
  ] as const)('with offerCloses %s is open after its cue: %s', (offerCloses, open) => {
    const show = drops({ offerCloses });
    act(show, SEVEN, GO);
    act(show, SEVEN + 1000, { kind: 'finish-cue' });
    expect(show.state.offers.byId.get('drop-1')?.open).toBe(open);
    const closesAt = typeof offerCloses === 'number' ? now(show).t - 1000 + offerCloses : null;
    expect(show.state.offers.byId.get('drop-1')?.closesAtT).toBe(closesAt);
  });
});

describe('back', () => {
  it('has nothing to go back to at the first cue', () => {
    const show = rundown();
    expect(run(show, { kind: 'back-cue' })).toMatchObject({ ok: false, code: 'not-running' });
    act(show, SEVEN, GO);
    expect(act(show, SEVEN + 1000, { kind: 'back-cue' })).toMatchObject({ ok: false, code: 'nothing-before' });
  });

  it('leaves a cue finished that was finished by hand before the GO, and gives the standby back', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    act(show, SEVEN + 1000, { kind: 'finish-cue' });
    act(show, SEVEN + 2000, { kind: 'standby-cue', cue: 'c3' });
    act(show, SEVEN + 3000, GO);
    act(show, SEVEN + 4000, { kind: 'back-cue' });
    expect(runningRun(show.state.cues)).toBeNull();
    expect(show.state.cues.standby).toBe('c3');
  });

  it('finds a paused cue still paused', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    act(show, SEVEN + 1000, { kind: 'pause-cue' });
    act(show, SEVEN + 5000, GO);
    act(show, SEVEN + 9000, { kind: 'back-cue' });
    expect(timesNow(show).running).toMatchObject({ cue: 'c1', paused: true, elapsedMs: 1000 });
  });
});

describe('the small commands', () => {
  it('answer twice the same without a second fact', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    for (const kind of ['pause-cue', 'resume-cue'] as const) {
      const from = show.entries.length;
      expect([run(show, { kind }), run(show, { kind })]).toMatchObject([{ ok: true }, { ok: true }]);
      expect(kinds(show, from)).toHaveLength(1);
    }
    expect(run(show, { kind: 'pause-cue', cue: 'c2' })).toMatchObject({ ok: false, code: 'not-running' });
  });

  it('take time away down to nothing, never below', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    expect(run(show, { kind: 'add-time', ms: -300_001 })).toMatchObject({ ok: false, code: 'bad-value' });
    expect(run(show, { kind: 'add-time', ms: -300_000 })).toMatchObject({ ok: true });
  });

  it('skip once, tell an owner who had said yes, and unskip', () => {
    const show = rundown(cue('c1', { ...at7, owners: ['ana'] }), cue('c2'));
    run(show, { kind: 'standby-cue' });
    const dispatch = dispatchOf(show.state.floor, 'c1', 'ana')?.id ?? '';
    run(show, { kind: 'answer-cue', dispatch, answer: 'accepted' }, { actor: coHost('ana') });
    expect(run(show, { kind: 'skip-cue', cue: 'c1' })).toMatchObject({ ok: true, warning: expect.any(String) });
    expect([...show.state.floor.messages.values()]).toMatchObject([{ persons: ['ana'], text: 'Skipped: Cue c1' }]);
    expect(show.state.cues.standby).toBeNull();
    const from = show.entries.length;
    run(show, { kind: 'skip-cue', cue: 'c1' });
    expect(kinds(show, from)).toEqual([]);
    run(show, { kind: 'skip-cue', cue: 'c1', skip: false });
    expect(nextCue(show.state.cues)?.cue.id).toBe('c1');
  });

  it('tick a note done', () => {
    const show = rundown();
    expect(run(show, { kind: 'finish-cue', cue: 'n' })).toMatchObject({ ok: true });
    expect(show.state.cues.byId.get('n')?.noteDone).toBe(true);
    expect(show.state.cues.runs).toEqual([]);
  });
});

describe('editing while live', () => {
  it('adds before a cue, never under an id that was used', () => {
    const show = rundown();
    expect(run(show, { kind: 'add-cue', cue: cue('new'), before: 'c2' })).toMatchObject({ ok: true });
    expect(show.state.cues.order.map((slot) => slot.cue.id)).toEqual(['c1', 'new', 'c2', 'n', 'c3']);
    run(show, { kind: 'remove-cue', cue: 'new' });
    expect(run(show, { kind: 'add-cue', cue: cue('new') })).toMatchObject({ ok: false, code: 'bad-value' });
    expect(run(show, { kind: 'add-cue', cue: cue('who', { owners: ['nobody'] }) })).toMatchObject({
      ok: false,
      code: 'bad-value',
    });
  });

  it('refuses a stale edit with the newer cue', () => {
    const show = rundown();
    const rev = show.state.cues.byId.get('c2')?.rev ?? 0;
    expect(run(show, { kind: 'edit-cue', cue: cue('c2', { title: 'One' }), rev })).toMatchObject({ ok: true });
    expect(run(show, { kind: 'edit-cue', cue: cue('c2', { title: 'Two' }), rev })).toMatchObject({
      ok: false,
      code: 'changed-meanwhile',
      cue: { title: 'One' },
    });
  });

  it('changes words of the running cue but not its time, and nothing of a done one', () => {
    const show = rundown();
    act(show, SEVEN, GO);
    expect(run(show, { kind: 'edit-cue', cue: cue('c1', { ...at7, title: 'Better' }) })).toMatchObject({ ok: true });
    expect(run(show, { kind: 'edit-cue', cue: cue('c1', { ...at7, title: 'Better', durationMs: 1 }) })).toMatchObject({
      ok: false,
      code: 'cue-is-running',
      field: 'cue.durationMs',
    });
    for (const kind of ['move-cue', 'remove-cue'] as const) {
      expect(run(show, { kind, cue: 'c1' })).toMatchObject({ ok: false, code: 'cue-is-running' });
    }
    act(show, SEVEN + 1000, GO);
    for (const kind of ['move-cue', 'remove-cue'] as const) {
      expect(run(show, { kind, cue: 'c1' })).toMatchObject({ ok: false, code: 'cue-is-done' });
    }
    expect(run(show, { kind: 'edit-cue', cue: cue('c1', at7) })).toMatchObject({ ok: false, code: 'cue-is-done' });
  });

  it('moves, and says nothing when the cue stands there already', () => {
    const show = rundown();
    run(show, { kind: 'move-cue', cue: 'c3', before: 'c2' });
    expect(show.state.cues.order.map((slot) => slot.cue.id)).toEqual(['c1', 'c3', 'c2', 'n']);
    const from = show.entries.length;
    run(show, { kind: 'move-cue', cue: 'c3', before: 'c2' });
    run(show, { kind: 'move-cue', cue: 'n' });
    expect(kinds(show, from)).toEqual([]);
  });
});

describe('what time brings', () => {
  const owned = () => rundown(cue('c1', { ...at7, owners: ['ana', 'ben'] }), cue('c2', { owners: ['ana'] }));

  it('tells the owners two minutes ahead, each once', () => {
    const show = owned();
    goTo(show, SEVEN - 120_001);
    expect(tick(show)).toEqual([]);
    wait(show, 1);
    expect(tick(show)).toEqual(['cue.dispatched', 'cue.dispatched']);
    expect(tick(show)).toEqual([]);
  });

  it('tells at GO whoever was not told', () => {
    const show = owned();
    act(show, SEVEN - 300_000, GO);
    expect([...show.state.floor.dispatches.values()]).toMatchObject([
      { person: 'ana', why: 'go', cue: 'c1' },
      { person: 'ben', why: 'go', cue: 'c1' },
    ]);
  });

  it('starts a linked cue by itself when the one before it reaches zero, once', () => {
    const show = rundown(cue('c1', at7), cue('c2', { autoStart: true }), cue('c3'));
    act(show, SEVEN, GO);
    goTo(show, SEVEN + 299_999);
    expect(tick(show)).toEqual([]);
    wait(show, 101);
    expect(tick(show)).toEqual(['cue.finished', 'cue.started']);
    expect(runningRun(show.state.cues)).toMatchObject({ cue: 'c2', how: 'auto' });
    run(show, { kind: 'back-cue' });
    expect(tick(show)).toEqual([]);
  });

  it('does not start what was missed by more than five seconds, nor a drop', () => {
    const missed = rundown(cue('c1', at7), cue('c2', { autoStart: true }));
    act(missed, SEVEN, GO);
    goTo(missed, SEVEN + 305_001);
    expect(tick(missed)).toEqual([]);
    const drop = rundown(cue('d', { ...at7, kind: 'drop', offer: 'drop-1', autoStart: true }));
    goTo(drop, SEVEN);
    expect(tick(drop)).toEqual([]);
    const talk = rundown(cue('t', { ...at7, autoStart: true }));
    goTo(talk, SEVEN);
    expect(tick(talk)).toEqual(['cue.started']);
  });
});

describe('points', () => {
  it('are ticked per run by the owner or the desk, carried from standby into the run', () => {
    const points = [{ id: 'p1', text: 'Glaze', mustSay: true, sku: null }];
    const show = rundown(cue('c1', { ...at7, owners: ['ana'], points }), cue('c2'));
    joined(show, 'ana');
    const tickIt = { kind: 'tick-point', cue: 'c1', point: 'p1' } as const;
    expect(run(show, tickIt, { actor: coHost('ben') })).toMatchObject({ ok: false, code: 'not-allowed' });
    run(show, { kind: 'standby-cue' });
    const from = show.entries.length;
    run(show, tickIt, { actor: coHost('ana') });
    run(show, tickIt, { actor: coHost('ana') });
    expect(kinds(show, from)).toEqual(['point.ticked']);
    act(show, SEVEN, GO);
    expect([...tickedPoints(show.state.cues, 'c1')]).toEqual(['p1']);
    run(show, { ...tickIt, ticked: false });
    expect([...tickedPoints(show.state.cues, 'c1')]).toEqual([]);
    act(show, SEVEN + 1000, GO);
    expect(run(show, tickIt)).toMatchObject({ ok: false, code: 'not-running' });
    expect(run(show, { ...tickIt, point: 'p9' })).toMatchObject({ ok: false, code: 'unknown-point' });
  });
});
