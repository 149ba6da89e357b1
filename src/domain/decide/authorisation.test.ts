import { describe, expect, it } from 'vitest';
import { closeBlockers, NOTHING_UNDELIVERED } from '../close-blockers.ts';
import { available, cell } from '../stock.ts';
import { type TestShow, given, liveShow, now, refold, restart, run, wait } from '../testing.ts';
import { breaches } from '../testing-invariants.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../units.ts';
import { wantedOfAuthorisations } from './alarm-authorisation.ts';
import { dueAuthorisations } from './authorisation.ts';

function promised(show: TestShow, more: object = {}): string {
  const lines = [{ sku: 'MUG', quantity: 2 }];
  const sale = { channel: 'stream', tender: 'card', pickup: 'later', lines } as const;
  return String((run(show, { kind: 'record-sale', ...sale, ...more }) as { saleId?: string }).saleId);
}
function note(show: TestShow, more: object = {}) {
  const asked = { provider: 'stripe', ref: 'pi_1', amountMinor: 3600, ...more };
  return run(show, { kind: 'note-authorisation', ...asked }) as { authorisation?: string; expiresAt?: string };
}
/** Lets time pass as the hub does: what is due becomes a fact. */
function pass(show: TestShow, ms: number): void {
  wait(show, ms);
  given(show, ...dueAuthorisations(show.state, now(show)));
}
const alarms = (show: TestShow) => wantedOfAuthorisations(show.state, now(show));
const lifeOf = (show: TestShow, more: object) => Date.parse(note(show, more).expiresAt ?? '') - show.at;

describe('an authorisation', () => {
  it('lives as long as its vendor keeps it, unless the vendor says', () => {
    const show = liveShow();
    expect(lifeOf(show, { ref: 'a' })).toBe(7 * DAY);
    expect(lifeOf(show, { ref: 'b', present: true })).toBe(2 * DAY);
    expect(lifeOf(show, { ref: 'c', provider: 'Stripe Terminal' })).toBe(2 * DAY);
    expect(lifeOf(show, { ref: 'd', provider: 'square', present: true })).toBe(36 * HOUR);
    expect(lifeOf(show, { ref: 'e', provider: 'square' })).toBe(7 * DAY);
    expect(lifeOf(show, { ref: 'f', provider: 'adyen', present: true })).toBe(7 * DAY);
    const expiresAt = new Date(show.at + HOUR).toISOString();
    expect(note(show, { ref: 'g', expiresAt }).expiresAt).toBe(expiresAt);
  });

  it('is of a sale that stands, is noted once, and is worth something', () => {
    const show = liveShow();
    const saleId = promised(show);
    const { authorisation } = note(show, { saleId });
    expect(note(show)).toMatchObject({ code: 'already-noted', authorisation });
    expect(note(show, { ref: 'x', saleId: 's99' })).toMatchObject({ code: 'unknown-sale' });
    expect(note(show, { ref: 'x', amountMinor: 0 })).toMatchObject({ code: 'bad-value', least: 1 });
    expect(note(show, { ref: 'x', expiresAt: '2020-01-01T00:00:00.000Z' })).toMatchObject({ field: 'expiresAt' });
    run(show, { kind: 'void-sale', saleId });
    expect(note(show, { ref: 'x', saleId })).toMatchObject({ code: 'already-voided' });
  });

  it('is captured once, whole or in part and never beyond', () => {
    const show = liveShow();
    const settle = (authorisation = '', amountMinor?: number) =>
      run(show, {
        kind: 'settle-authorisation',
        authorisation,
        how: 'captured',
        ...(amountMinor === undefined ? {} : { amountMinor }),
      });
    const { authorisation } = note(show);
    expect(settle(authorisation, 3601)).toMatchObject({ code: 'more-than-authorised', authorisedMinor: 3600 });
    expect(settle(authorisation, 2000)).toMatchObject({ capturedMinor: 2000 });
    expect(settle(authorisation)).toMatchObject({ code: 'already-settled', how: 'captured' });
    expect(settle(note(show, { ref: 'pi_2' }).authorisation)).toMatchObject({ capturedMinor: 3600 });
    expect(settle('au99')).toMatchObject({ code: 'unknown-authorisation' });
  });

  it('expires once by the clock on the wall, also over a restart, and may have been captured there in time', () => {
    const show = liveShow();
    const { authorisation = '' } = note(show, { present: true });
    pass(show, 2 * DAY - SECOND);
    expect(show.state.authorisations.open.size).toBe(1);
    restart(show, SECOND);
    expect(dueAuthorisations(show.state, now(show))).toMatchObject([
      { origin: 'timer', originId: `authorisation:${authorisation}:expired` },
    ]);
    pass(show, 0);
    expect(dueAuthorisations(show.state, now(show))).toEqual([]);
    expect(show.state.authorisations.byId.get(authorisation)).toMatchObject({ state: 'expired' });
    const settle = (how: 'captured' | 'failed') => run(show, { kind: 'settle-authorisation', authorisation, how });
    expect(settle('failed')).toMatchObject({ code: 'already-settled', how: 'expired' });
    expect(settle('captured')).toMatchObject({ capturedMinor: 3600 });
    expect(refold(show.entries).authorisations).toEqual(show.state.authorisations);
  });

  it('alarms a day before its end, louder two hours before, and when goods are promised for nothing', () => {
    const show = liveShow();
    note(show, { saleId: promised(show) });
    pass(show, 6 * DAY - MINUTE);
    expect(alarms(show)).toEqual([]);
    pass(show, MINUTE);
    expect(alarms(show)).toMatchObject([{ kind: 'authorisation-ending', priority: 3 }]);
    pass(show, 22 * HOUR);
    expect(alarms(show)).toMatchObject([
      { priority: 2, message: 'stripe pi_1: 36.00 EUR lapse at 18:00:00. Capture or let go.' },
    ]);
    pass(show, 2 * HOUR);
    expect(alarms(show)).toMatchObject([{ kind: 'authorisation-lost', priority: 2 }]);
    for (const { message } of alarms(show)) expect(message.length).toBeLessThanOrEqual(90);
  });
});

describe('a promise', () => {
  const release = (show: TestShow, saleId: string) =>
    run(show, { kind: 'release-promise', saleId, reason: 'the card expired' });
  const blockers = (show: TestShow) => {
    const closing = { ...show.state, phase: 'closing' as const };
    return closeBlockers(closing, NOTHING_UNDELIVERED).filter(({ code }) => code === 'authorisations-open');
  };

  it('whose money did not come keeps its goods until somebody frees them, and is then as if never sold', () => {
    const show = liveShow();
    const saleId = promised(show);
    const { authorisation = '' } = note(show, { saleId });
    expect(blockers(show)).toMatchObject([{ count: 1, items: [authorisation], hard: false }]);
    expect(release(show, saleId)).toMatchObject({ code: 'promise-stands', authorisation });
    pass(show, 7 * DAY);
    expect(cell(show.state.stock, 'MUG', 'reserve').committed).toBe(2);
    expect(blockers(show)).toMatchObject([{ count: 1 }]);
    expect(release(show, saleId)).toMatchObject({ ok: true, freed: 2 });
    expect(available(show.state.stock, 'MUG')).toBe(10);
    expect(show.state.sales.takings).toMatchObject({ netMinor: 0, collectedMinor: 0, voids: 1, refundedMinor: 0 });
    expect(show.entries.at(-1)).toMatchObject({ kind: 'sale.voided', body: { why: 'promise' } });
    expect(alarms(show)).toEqual([]);
    expect(blockers(show)).toEqual([]);
    expect(release(show, saleId)).toMatchObject({ code: 'already-voided' });
    expect(breaches(show.state, show.entries)).toEqual([]);
  });

  it('that was paid another way, handed over, or never hung on a card is not freed', () => {
    const show = liveShow();
    const paid = promised(show);
    const fail = (authorisation = '') => run(show, { kind: 'settle-authorisation', authorisation, how: 'failed' });
    fail(note(show, { saleId: paid }).authorisation);
    const second = note(show, { ref: 'pi_2', saleId: paid }).authorisation ?? '';
    run(show, { kind: 'settle-authorisation', authorisation: second, how: 'captured' });
    expect(release(show, paid)).toMatchObject({ code: 'promise-stands' });
    expect(alarms(show)).toEqual([]);
    const gone = promised(show);
    run(show, { kind: 'hand-over-pickup', saleId: gone });
    fail(note(show, { ref: 'pi_3', saleId: gone }).authorisation);
    expect(release(show, gone)).toMatchObject({ code: 'already-handed-over' });
    expect(blockers(show)).toEqual([]);
    expect(release(show, promised(show))).toMatchObject({ code: 'promise-stands', authorisation: null });
  });
});
