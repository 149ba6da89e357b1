import { describe, expect, it } from 'vitest';
import { act, coHost, cue, goTo, joined, liveCues } from '../../domain/cue-testing.ts';
import { liveShow, makeShow, now, offer, plan, product, run, type TestShow, till } from '../../domain/testing.ts';
import type { Cue } from '../../domain/plan.ts';
import type { DeviceRole } from '../../domain/words.ts';
import type { CueScreenView, TillView } from '../floor-views.ts';
import type { Live } from '../live.ts';
import { TILL_VIEW_BYTES, VIEW_BYTES, viewBytes } from './floor-size.ts';
import { cueContent, floorView } from './floor-view.ts';
import { quietLive } from './live-testing.ts';

const OPENED = Date.parse('2026-11-28T17:50:00Z');
const SEVEN = OPENED + 600_000;
const at7 = { start: { rule: 'hard' as const, at: '2026-11-28T18:00:00.000Z' } };

function device(role: DeviceRole, person: string | null = null, id = `${role}-1`) {
  return { id, role, name: 'A device', person, till: role === 'till' ? 'till-1' : null };
}
const ANA = device('co-host', 'ana', 'phone-ana');

function evening(cues: Cue[]): TestShow {
  const people = ['ana', 'ben'].map((id) => ({
    id,
    name: id === 'ana' ? 'Ana' : 'Ben',
    role: 'co-host',
    code: `${id.toUpperCase()}10`,
    feeMinor: 5000,
  }));
  const show = liveCues(cues, OPENED, { people, offers: [offer('drop-1', 'MUG', { priceMinor: 1600 })] });
  joined(show, 'ana');
  joined(show, 'ben');
  return show;
}

function screen(show: TestShow, live: Live = quietLive(), who = ANA): CueScreenView {
  return floorView(show.state, live, who, now(show)) as CueScreenView;
}

const POINTS = [{ id: 'p1', text: 'Glaze', mustSay: true, sku: null }];
const c1 = () => cue('c1', { ...at7, owners: ['ana'], sku: 'MUG', points: POINTS, priceNote: 'Sixteen' });
const c2 = () => cue('c2', { owners: ['ben'], sku: 'APRON', points: POINTS, script: 'Good evening' });
const c3 = () => cue('c3', { owners: ['ana', 'ben'] });

describe('a cue screen', () => {
  it('counts by itself from T, W and the time left', () => {
    const show = evening([c1(), c2(), c3()]);
    act(show, SEVEN, { kind: 'start-cue' });
    goTo(show, SEVEN + 60_000);
    expect(screen(show)).toMatchObject({
      role: 'co-host',
      t: SEVEN + 60_000,
      at: '2026-11-28T18:01:00.000Z',
      me: { person: 'ana', name: 'Ana', code: 'ANA10' },
      now: {
        id: 'c1',
        owners: ['Ana'],
        mine: true,
        state: 'running',
        remainingMs: 240_000,
        elapsedMs: 60_000,
        endsAt: '2026-11-28T18:05:00.000Z',
      },
      next: { id: 'c2', owners: ['Ben'], mine: false, startsAt: '2026-11-28T18:05:00.000Z', remainingMs: null },
      stock: { sku: 'MUG', name: 'Blue mug', left: 10, level: 'ok' },
      stream: 'ok',
    });
  });

  it('names own cues ahead with their rev, the dispatch that waits and its rung', () => {
    const show = evening([c1(), c2(), c3()]);
    expect(screen(show)).toMatchObject({ dispatch: null, mine: [{ id: 'c1' }, { id: 'c3' }] });
    run(show, { kind: 'standby-cue' });
    const { dispatch, next } = screen(show);
    expect(next).toMatchObject({ id: 'c1', state: 'standby' });
    expect(dispatch).toMatchObject({ cue: 'c1', state: 'sent' });
    run(show, { kind: 'answer-cue', dispatch: dispatch?.id ?? '', answer: 'accepted' }, { actor: coHost('ana') });
    expect(screen(show).dispatch).toMatchObject({ state: 'accepted' });
    expect(screen(show, quietLive(), { ...ANA, person: 'ben' }).dispatch).toBeNull();
    act(show, SEVEN, { kind: 'start-cue' });
    act(show, SEVEN + 1000, { kind: 'start-cue' });
    expect(screen(show).dispatch).toBeNull();
  });

  it('shows the product in hand as a number, as a level, or not at all', () => {
    const show = evening([c1(), c2()]);
    const shown = (how: unknown) => screen(show, { ...quietLive(), settings: { 'cues.showStock': how } }).stock;
    expect(shown(undefined)).toMatchObject({ left: 10, level: 'ok' });
    expect(shown('level')).toEqual({ sku: 'MUG', name: 'Blue mug', left: null, level: 'ok' });
    expect(shown('nothing')).toBeNull();
  });

  it('keeps a message until it is tapped or has run out', () => {
    const show = evening([c1()]);
    run(show, { kind: 'send-message', to: ['ana'], text: 'One' });
    const first = screen(show).messages[0];
    expect(screen(show, quietLive(), { ...ANA, id: 'phone-ben', person: 'ben' }).messages).toEqual([]);
    run(show, { kind: 'answer-cue', dispatch: first?.id ?? '', answer: 'accepted' }, { actor: coHost('ana') });
    expect(screen(show).messages).toEqual([]);
    run(show, { kind: 'send-message', to: ['co-host'], text: 'Two', expiresMs: 5000 });
    goTo(show, show.at + 4999);
    expect(screen(show).messages).toMatchObject([{ text: 'Two' }]);
    goTo(show, show.at + 1);
    expect(screen(show).messages).toEqual([]);
  });

  it('stands still to the second while a paused show slides', () => {
    const show = evening([c1(), c2()]);
    act(show, SEVEN, { kind: 'start-cue' });
    act(show, SEVEN + 1000, { kind: 'pause-cue' });
    const before = screen(show);
    goTo(show, SEVEN + 1999);
    expect({ ...screen(show), t: before.t, at: before.at }).toEqual(before);
  });

  it('has something to show before there is a show', () => {
    expect(floorView(null, quietLive(), ANA, now(makeShow(null)))).toMatchObject({
      now: null,
      next: null,
      messages: [],
    });
  });
});

describe('the content of a cue', () => {
  it('is read by its owners, and by others while it is on air', () => {
    const show = evening([c1(), c2()]);
    const read = (id: string, who: Parameters<typeof cueContent>[1] = ANA) =>
      cueContent(show.state, who, id, now(show));
    expect(read('c1')).toMatchObject({
      cue: 'c1',
      points: [{ id: 'p1', text: 'Glaze', mustSay: true }],
      priceNote: 'Sixteen',
    });
    expect(read('c2')).toBeNull();
    act(show, SEVEN, { kind: 'start-cue', cue: 'c2' });
    expect(read('c2')).toMatchObject({ script: 'Good evening' });
    expect(read('c1', device('till'))).toBeNull();
    expect(read('c1', device('viewer'))).toBeNull();
    expect(read('nothing')).toBeNull();
  });
});

describe('what never reaches the floor', () => {
  const ALLOWED = new Set(
    (
      'role show name phase timeZone language demo t at now next stream id title kind owners mine state startsAt endsAt durationMs remainingMs elapsedMs ' +
      'paused warnMs me person code rev dispatch cue stock sku left level ticked contentRev messages text tone sentAt expiresAt needsAck requests what'
    ).split(' '),
  );

  function keysOf(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(keysOf);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
  }

  it('in the view of a co-host or a wall: any key that is not on the list, money and others’ codes above all', () => {
    const show = evening([c1(), { ...c2(), kind: 'drop', offer: 'drop-1' }, c3()]);
    act(show, SEVEN, { kind: 'start-cue' });
    run(show, {
      kind: 'record-sale',
      lines: [{ sku: 'MUG', quantity: 2 }],
      channel: 'stream',
      tender: 'card',
      creatorCode: 'BEN10',
    });
    run(show, { kind: 'request-help', what: 'stock' }, { actor: coHost('ana') });
    run(show, { kind: 'send-message', to: ['all'], text: 'Hello' });
    act(show, SEVEN + 1000, { kind: 'start-cue' });
    for (const who of [ANA, device('viewer')]) {
      const view = floorView(show.state, quietLive(), who, now(show));
      expect(keysOf(view).filter((key) => !ALLOWED.has(key))).toEqual([]);
      const text = JSON.stringify(view);
      expect(text).not.toMatch(/minor|price|BEN10|card/i);
      if (who.role === 'viewer') expect(text).not.toMatch(/ANA10|MUG/);
    }
  });

  it('on a till: who is on stage', () => {
    const show = evening([c1()]);
    expect(floorView(show.state, quietLive(), device('till'), now(show)).next).toMatchObject({
      title: 'Cue c1',
      owners: [],
    });
  });
});

describe('a till', () => {
  it('offers what can only be promised while its preorder is open, and says so', () => {
    const adopted = plan({
      products: [product('KETTLE', { reserve: 0 })],
      bundles: [],
      offers: [offer('first', 'KETTLE', { kind: 'preorder', priceMinor: 7900, cap: 2 })],
    });
    const show = liveShow(adopted);
    const kettle = () => (floorView(show.state, quietLive(), device('till'), now(show)) as TillView).items[0];
    expect(kettle()).toMatchObject({ promise: true, left: 0, level: 'out' });
    run(show, { kind: 'open-offer', offer: 'first' });
    expect(kettle()).toMatchObject({ promise: true, left: 2, offer: 'first', priceMinor: 7900 });
    const lines = [{ sku: 'KETTLE', quantity: 1 }];
    const sold = run(
      show,
      { kind: 'record-sale', lines, channel: 'in-person', tender: 'card', offer: 'first' },
      { actor: till() },
    );
    expect(sold.ok).toBe(true);
    expect(kettle()).toMatchObject({ left: 1 });
  });

  it('sees the price of an open offer, what is left, and the sale it may undo', () => {
    const show = evening([c1()]);
    const view = () => floorView(show.state, quietLive(), device('till'), now(show)) as TillView;
    expect(view()).toMatchObject({
      till: { id: 'till-1', name: 'Front table' },
      currency: { code: 'EUR', digits: 2 },
      last: null,
    });
    const setParts = ['MUG', 'APRON'].map((sku) => ({ sku, quantity: 1 }));
    expect(view().items).toEqual([
      { sku: 'MUG', name: 'Blue mug', priceMinor: 1800, left: 10 },
      { sku: 'APRON', name: 'Apron', priceMinor: 2500, left: 10 },
      { sku: 'SET', name: 'Mug and apron', priceMinor: 3800, left: 10, parts: setParts },
    ]);
    run(show, { kind: 'open-offer', offer: 'drop-1' });
    expect(view().items[0]).toMatchObject({ priceMinor: 1600, offer: 'drop-1' });
    const sale = run(
      show,
      { kind: 'record-sale', lines: [{ sku: 'APRON', quantity: 1 }], channel: 'in-person', tender: 'cash' },
      { actor: till() },
    );
    expect(sale).toMatchObject({ ok: true });
    expect(view().last).toMatchObject({ saleId: sale['saleId'], totalMinor: 2500 });
    run(show, { kind: 'void-sale', saleId: String(sale['saleId']) }, { actor: till() });
    expect(view().last).toBeNull();
  });
});

describe('the size of a view', () => {
  const long = (letters: number) => '祭'.repeat(letters);
  const id = (name: string) => name.padEnd(64, 'x');

  function longest(): TestShow {
    const people = ['ana', 'ben', 'cleo', 'dan'].map((name) => ({
      id: id(name),
      name: long(120),
      role: 'co-host',
      code: 'C'.repeat(64),
      feeMinor: null,
    }));
    const owners = people.map((person) => person.id);
    const points = Array.from({ length: 12 }, (_, i) => ({
      id: id(`p${i}-`),
      text: long(120),
      mustSay: true,
      sku: null,
    }));
    const cues = Array.from({ length: 8 }, (_, i) =>
      cue(id(`c${i}-`), {
        title: long(80),
        owners,
        points,
        sku: id('MUG'),
        ...(i === 0 ? at7 : {}),
        priceNote: long(60),
      }),
    );
    const show = liveCues(cues, OPENED, {
      people,
      products: [product(id('MUG'), { name: long(120) })],
      bundles: [],
      show: { name: long(120) },
    });
    for (const { id: person } of people) joined(show, person, id(`phone-${person.slice(0, 3)}`));
    act(show, SEVEN, { kind: 'start-cue' });
    for (const { id: point } of points) run(show, { kind: 'tick-point', cue: id('c0-'), point });
    for (let i = 0; i < 6; i++) run(show, { kind: 'send-message', to: ['all'], text: long(80) });
    for (const what of ['stock', 'price', 'break', 'help'] as const) {
      const reply = run(show, { kind: 'request-help', what, note: long(80) }, { actor: coHost(id('ana')) });
      run(show, { kind: 'answer-request', request: String(reply['requestId']), answer: 'coming', text: long(80) });
    }
    return show;
  }

  it.each(['co-host', 'viewer'] as const)(
    'of a %s is 4,096 bytes at most with the longest legal plan in Japanese',
    (role) => {
      const show = longest();
      const view = floorView(show.state, quietLive(), device(role, role === 'co-host' ? id('ana') : null), now(show));
      expect(viewBytes(view)).toBeLessThanOrEqual(VIEW_BYTES - 128);
      expect(view).toMatchObject({ now: { id: id('c0-') }, next: { id: id('c1-') } });
      expect(view.messages[0]?.text).toBe(long(80));
    },
  );

  it('loses nothing when the plan is an ordinary one', () => {
    const show = evening([c1(), c2(), c3()]);
    for (const text of ['One', 'Two', 'Three']) run(show, { kind: 'send-message', to: ['all'], text });
    expect(screen(show).messages.map(({ text }) => text)).toEqual(['Three', 'Two', 'One']);
    expect(viewBytes(screen(show))).toBeLessThan(2000);
  });

  it.each([
    [24, VIEW_BYTES],
    [100, TILL_VIEW_BYTES],
  ])('of a till with %i products is %i bytes at most', (count, most) => {
    const products = Array.from({ length: count }, (_, i) => product(`SKU-${i}`, { name: `Hand-made thing no. ${i}` }));
    const show = liveCues([c1()], OPENED, { products: [...products, product('MUG')], bundles: [], people: [] });
    expect(viewBytes(floorView(show.state, quietLive(), device('till'), now(show)))).toBeLessThanOrEqual(most);
  });
});
