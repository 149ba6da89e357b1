import { describe, expect, it } from 'vitest';
import { act, cue, goTo, liveCues } from '../cue-testing.ts';
import { suggestedCredit } from '../suggested-credit.ts';
import { type TestShow, given, offer, plan, run } from '../testing.ts';
import { MINUTE, SECOND, fromIso } from '../units.ts';

const crew = plan({
  people: [
    { id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10', feeMinor: null },
    { id: 'ben', name: 'Ben', role: 'co-host', code: 'BEN5', feeMinor: null },
  ],
  offers: [offer('mugs', 'MUG', { creator: 'ana' })],
});

function sell(show: TestShow, more: Record<string, unknown> = {}): string {
  const reply = run(show, {
    kind: 'record-sale',
    channel: 'stream',
    tender: 'card',
    lines: [{ sku: 'MUG', quantity: 2 }],
    ...more,
  });
  if (!reply.ok) throw new Error(String(reply['message']));
  return String(reply['saleId']);
}

const takings = (show: TestShow) => show.state.sales.takings;
const credited = (show: TestShow, saleId: string) => show.state.sales.byId.get(saleId)?.attribution;

describe('a suggested credit', () => {
  const at = fromIso('2026-11-28T19:00:00.000Z');
  const cues = [
    cue('c1', { kind: 'drop', sku: 'MUG', owners: ['ana'] }),
    cue('c2', { kind: 'drop', offer: 'mugs', owners: ['ben'] }),
    cue('c3', { kind: 'drop', sku: 'MUG', owners: ['ana', 'ben'] }),
  ];
  const suggestions = (show: TestShow, delayMs: number | null = null) => [
    ...[...suggestedCredit(show.state, delayMs).bySale.values()].map(({ creator }) => creator),
  ];
  function onAir(): TestShow {
    const show = liveCues(cues, at, crew);
    act(show, at + MINUTE, { kind: 'start-cue' });
    return show;
  }

  it('goes to whoever showed the article when the buyer saw it, thirteen seconds before the sale', () => {
    const show = onAir();
    goTo(show, at + MINUTE + 13 * SECOND - 1);
    sell(show);
    expect(suggestions(show)).toEqual([]);
    goTo(show, at + MINUTE + 13 * SECOND);
    sell(show);
    expect(suggestions(show)).toEqual(['ana']);
    expect(suggestions(show, 20_000), 'a measured delay').toEqual([]);
  });

  it('ends two minutes after the cue', () => {
    const show = onAir();
    act(show, at + 5 * MINUTE, { kind: 'finish-cue' });
    goTo(show, at + 7 * MINUTE + 13 * SECOND);
    sell(show);
    expect(suggestions(show)).toEqual(['ana']);
    goTo(show, at + 7 * MINUTE + 13 * SECOND + 1);
    sell(show);
    expect(suggestions(show)).toHaveLength(1);
  });

  it('is nobody’s when two cues fit, or a cue has two owners', () => {
    const show = onAir();
    act(show, at + 5 * MINUTE, { kind: 'start-cue' });
    goTo(show, at + 6 * MINUTE);
    sell(show);
    expect(suggestions(show)).toEqual([]);
    goTo(show, at + 8 * MINUTE);
    sell(show);
    expect(suggestions(show)).toEqual(['ben']);
    act(show, at + 20 * MINUTE, { kind: 'start-cue' });
    goTo(show, at + 30 * MINUTE);
    sell(show);
    expect(suggestions(show)).toEqual(['ben']);
  });

  it('is not made in person, with a code, or for what was not shown', () => {
    const show = onAir();
    goTo(show, at + 2 * MINUTE);
    sell(show, { channel: 'in-person' });
    sell(show, { creatorCode: 'nobody' });
    sell(show, { lines: [{ sku: 'APRON', quantity: 1 }] });
    expect(suggestions(show)).toEqual([]);
  });

  it('is in no total until it is accepted, and then stands under its own rule', () => {
    const show = onAir();
    goTo(show, at + 2 * MINUTE);
    const saleId = sell(show);
    expect(suggestedCredit(show.state, null).byCreator.get('ana')).toEqual({ units: 2, netMinor: 3600 });
    expect(takings(show).byCreator.has('ana')).toBe(false);
    expect(run(show, { kind: 'accept-suggestion', saleId })).toMatchObject({ ok: true, creator: 'ana' });
    expect(credited(show, saleId)).toMatchObject({
      channel: 'stream',
      rule: 'till',
      creatorRule: 'suggested-accepted',
    });
    expect(takings(show).byCreator.get('ana')).toMatchObject({ units: 2, netMinor: 3600 });
    expect(suggestions(show)).toEqual([]);
    expect(run(show, { kind: 'accept-suggestion', saleId })).toMatchObject({ code: 'no-suggestion', field: 'saleId' });
  });

  it('falls with a void, shrinks with a refund and is looked at anew when the cue is taken back', () => {
    const show = onAir();
    goTo(show, at + 2 * MINUTE);
    const [first, second] = [sell(show), sell(show)];
    const net = () => suggestedCredit(show.state, null).byCreator.get('ana')?.netMinor ?? 0;
    expect(net()).toBe(7200);
    run(show, { kind: 'void-sale', saleId: first });
    expect(net()).toBe(3600);
    const back = { lines: [{ sku: 'MUG', quantity: 1 }], reason: 'late', restock: 'no' as const };
    run(show, { kind: 'refund-sale', saleId: second, ...back });
    expect(net()).toBe(1800);
    given(show, { kind: 'cue.withdrawn', body: { run: show.state.cues.runs[0]?.id ?? '', cue: 'c1', by: 'desk' } });
    expect(net()).toBe(0);
  });
});
