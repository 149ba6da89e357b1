import { describe, expect, it } from 'vitest';
import { readReport } from './report.ts';

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
