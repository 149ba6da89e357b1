import { describe, expect, it } from 'vitest';
import type { Cue } from '../../../domain/plan.ts';
import { cueOfDraft, draftOf, emptyDraft } from './cue-draft.ts';
import { readObsAddress } from './obs-address.ts';

const cue: Cue = {
  id: 'c3',
  title: 'Drop 3',
  kind: 'drop',
  start: { rule: 'soft', at: '2026-11-28T20:00:00.000Z' },
  durationMs: 90_000,
  countTo: 'duration',
  warnMs: 30_000,
  dangerMs: 10_000,
  owners: ['ana'],
  sku: 'MUG',
  offer: 'drop-3',
  offerCloses: 60_000,
  points: [{ id: 'p9', text: 'Show the glaze', mustSay: true, sku: null }],
  priceNote: '€16',
  script: 'Long words',
  autoStart: false,
  group: null,
};

describe('a cue in the form', () => {
  it('comes out as it went in when nothing is changed', () => {
    expect(cueOfDraft(draftOf(cue, 'Europe/Lisbon'), cue, 'Europe/Lisbon')).toEqual(cue);
  });
  it('keeps what the form does not show, and the ids of points that stayed', () => {
    const changed = cueOfDraft({ ...draftOf(cue, 'UTC'), points: 'New one\n! Show the glaze' }, cue, 'UTC');
    expect(changed?.script).toBe('Long words');
    expect(changed?.points.map(({ id, mustSay }) => [id, mustSay])).toEqual([
      ['p1-c3', false],
      ['p9', true],
    ]);
  });
  it('is none without the time that its rule asks for', () => {
    expect(cueOfDraft({ ...draftOf(cue, 'UTC'), at: '' }, cue, 'UTC')).toBeNull();
  });
  it('gets an id that is free', () => {
    expect(emptyDraft(['c1', 'c3'], false, null, 'UTC').id).toBe('c4');
    expect(emptyDraft(['c2'], false, null, 'UTC').id).toBe('c3');
  });
});

describe('the address of OBS', () => {
  it('is split from the password that OBS puts into its QR code', () => {
    expect(readObsAddress('obsws://192.168.1.5:4455/p%40ss')).toEqual({
      address: 'ws://192.168.1.5:4455',
      password: 'p@ss',
    });
    expect(readObsAddress('obsws://h:1/100%')).toEqual({ address: 'ws://h:1', password: '100%' });
  });
  it('stays as it is otherwise', () => {
    expect(readObsAddress(' ws://127.0.0.1:4455 ')).toEqual({ address: 'ws://127.0.0.1:4455', password: null });
  });
});
