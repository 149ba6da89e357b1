import { describe, expect, it } from 'vitest';
import { copyOfPlan } from './next-show.ts';
import { readReport } from './report.ts';

describe('a new show from this one', () => {
  it('moves every time by whole weeks into the future and touches nothing else', () => {
    const plan = {
      show: { name: 'Market', startsAt: '2026-11-28T19:00:00+00:00', endsAt: '2026-11-28T21:00:00Z' },
      cues: [
        { id: 'c1', title: '2026-11-28', start: { rule: 'soft', at: '2026-11-28T19:05:00.000Z' }, durationMs: 900_000 },
      ],
    };
    expect(copyOfPlan(plan, Date.parse('2026-12-06T00:00:00Z'))).toEqual({
      show: { name: 'Market', startsAt: '2026-12-12T19:00:00.000Z', endsAt: '2026-12-12T21:00:00.000Z' },
      cues: [
        { id: 'c1', title: '2026-11-28', start: { rule: 'soft', at: '2026-12-12T19:05:00.000Z' }, durationMs: 900_000 },
      ],
    });
  });
});

describe('the report on the desk', () => {
  it('shows the figures of the file', () => {
    const report = readReport({
      format: 'dropdesk-report',
      totals: {
        sales: 2,
        units: 3,
        grossMinor: 5400,
        discountMinor: 0,
        refundedMinor: 1800,
        netMinor: 3600,
        collectedMinor: 3600,
      },
      warnings: [{ message: 'One product was not counted.' }],
      tables: {
        channels: { columns: [{ key: 'channel' }, { key: 'units' }, { key: 'net' }], rows: [['stream', 3, 3600]] },
      },
    });
    expect(report?.totals.find((total) => total.label === 'net')?.minor).toBe(3600);
    expect(report?.channels).toEqual([{ name: 'stream', units: 3, netMinor: 3600 }]);
    expect(report?.warnings).toEqual(['One product was not counted.']);
  });
  it('is none when the file is something else', () => {
    expect([readReport(null), readReport({ format: 'other' })]).toEqual([null, null]);
  });
});
