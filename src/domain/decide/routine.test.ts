import { describe, expect, it } from 'vitest';
import { makeShow, plan, run } from '../testing.ts';

const item = { owner: null, dueAt: null, dueMs: null };
const prepared = plan({
  checklist: [
    { id: 'list', text: 'List the products', ...item, blocks: true },
    { id: 'write', text: 'Write to the buyers', ...item, blocks: false },
  ],
  partners: [{ id: 'kiln', name: 'Kiln next door', rate: '0.6' }],
});

describe('the checklist', () => {
  it('keeps the doors shut while a blocking item is open, unless somebody says why', () => {
    const show = makeShow(prepared);
    expect(run(show, { kind: 'open-show' })).toMatchObject({ code: 'preflight-blocks', items: ['list'] });
    run(show, { kind: 'tick-item', item: 'list', done: true, note: 'all twelve' });
    run(show, { kind: 'tick-item', item: 'list', done: false });
    expect(run(show, { kind: 'open-show' })).toMatchObject({ code: 'preflight-blocks' });
    expect(run(show, { kind: 'open-show', overrideReason: 'the queue is long' })).toMatchObject({ ok: true });
  });

  it('opens them once it is ticked, and is ticked once', () => {
    const show = makeShow(prepared);
    run(show, { kind: 'tick-item', item: 'list', done: true });
    const before = show.entries.length;
    run(show, { kind: 'tick-item', item: 'list', done: true });
    expect(show.entries).toHaveLength(before);
    expect(run(show, { kind: 'open-show' })).toMatchObject({ ok: true });
    expect(run(show, { kind: 'tick-item', item: 'nothing', done: true })).toMatchObject({ code: 'unknown-item' });
  });
});

it('costs are noted by kind, for a creator or a partner of the plan', () => {
  const show = makeShow(prepared);
  const cost = { kind: 'note-cost' as const, label: 'Booth', costKind: 'venue' as const, amountMinor: 12_000 };
  expect(run(show, cost)).toMatchObject({ ok: true, cost: 'co2' });
  expect(run(show, { ...cost, creator: 'ana', costKind: 'creator' })).toMatchObject({ ok: true });
  expect(run(show, { ...cost, creator: 'nobody' })).toMatchObject({ code: 'bad-value', field: 'creator' });
  expect(run(show, { ...cost, partner: 'nobody' })).toMatchObject({ code: 'bad-value', field: 'partner' });
  expect(show.state.routine.costs.map(({ amountMinor, creator }) => [amountMinor, creator])).toEqual([
    [12_000, null],
    [12_000, 'ana'],
  ]);
});
