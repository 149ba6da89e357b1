import { describe, expect, it } from 'vitest';
import type { CueView } from '../../../contract/cue-state.ts';
import { cueStateText, needsLook, overText, overUnderWords } from './rundown.ts';
import { remainingNow } from './tiles.ts';

const NOW = Date.parse('2026-11-28T20:00:00Z');
const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1000).toISOString();
const cue = (more: Partial<CueView>): CueView => ({
  id: 'c1',
  title: 'Drop 1',
  kind: 'drop',
  rule: 'linked',
  state: 'planned',
  plannedStart: null,
  expectedStart: null,
  startedAt: null,
  endedAt: null,
  durationMs: 600_000,
  addedMs: 0,
  elapsedMs: null,
  remainingMs: null,
  overlapMs: 0,
  phase: null,
  owners: ['ben'],
  sku: null,
  offer: null,
  points: [],
  priceNote: null,
  ready: false,
  outcome: null,
  dispatches: [],
  ...more,
});
const dispatch = (state: CueView['dispatches'][number]['state'], secondsAgo: number, person = 'ben') => ({
  id: `d-${person}`,
  person,
  state,
  at: at(secondsAgo),
  online: true,
});
const name = (id: string): string => ({ ben: 'Ben', ana: 'Ana' })[id] ?? id;

describe('over and under', () => {
  it('is on time within fifteen seconds', () => {
    expect([15_000, -15_000, 15_001].map(overUnderWords)).toEqual(['on time', 'on time', '0:15 behind']);
  });
  it('says which way and how much', () => {
    expect([150_000, -510_000].map(overUnderWords)).toEqual(['2:30 behind', '8:30 ahead']);
  });
});

describe('the state of a cue', () => {
  it('climbs from not delivered to ready', () => {
    const text = (dispatches: CueView['dispatches'], ready = false): string =>
      cueStateText(cue({ state: 'standby', dispatches, ready }), NOW, name);
    expect(text([dispatch('sent', 4)])).toBe('Standby, not delivered');
    expect(text([dispatch('delivered', 4)])).toBe('Standby, delivered, not seen');
    expect(text([dispatch('seen', 7)])).toBe('Standby, seen 00:07 ago');
    expect(text([dispatch('accepted', 7)], true)).toBe('Standby, ready');
  });
  it('is that of the slowest owner, and a no comes before everything', () => {
    expect(
      cueStateText(
        cue({ state: 'standby', dispatches: [dispatch('accepted', 3, 'ana'), dispatch('sent', 3)] }),
        NOW,
        name,
      ),
    ).toBe('Standby, Ben not delivered');
    expect(
      cueStateText(
        cue({ state: 'standby', dispatches: [dispatch('sent', 3, 'ana'), dispatch('declined', 3)] }),
        NOW,
        name,
      ),
    ).toBe('Standby, Ben can’t');
  });
  it('says so when its offer did not open', () => {
    const outcome = { leg: 'drop-1', outcome: 'refused', message: 'No reserve is left.' } as const;
    expect(cueStateText(cue({ state: 'running', outcome }), NOW, name)).toBe('On air, offer did not open');
  });
  it('says nothing of answers once the cue is done', () => {
    expect(cueStateText(cue({ state: 'done', dispatches: [dispatch('declined', 3)] }), NOW, name)).toBe('Done');
  });
  it('wants to be looked at after ten seconds without an answer', () => {
    const waiting = (seconds: number): boolean =>
      needsLook(cue({ state: 'standby', dispatches: [dispatch('seen', seconds)] }), NOW);
    expect([waiting(9), waiting(11)]).toEqual([false, true]);
  });
});

describe('the last column', () => {
  it('counts the running cue down between two pushes of the hub', () => {
    const running = cue({ state: 'running', remainingMs: 136_000 });
    expect(overText(running, remainingNow(running, at(2), NOW))).toBe('02:14 left');
  });
  it('stands still while the cue is paused', () => {
    const paused = cue({ state: 'paused', remainingMs: 136_000 });
    expect(remainingNow(paused, at(2), NOW)).toBe(136_000);
  });
  it('shows by how much a done cue missed its length', () => {
    expect(overText(cue({ state: 'done', startedAt: at(610), endedAt: at(0) }), null)).toBe('+00:10');
  });
});
