import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_CHECKS } from '../../src/domain/audit/catalogue.ts';
import { auditTable, obsAsItIs, rerun, startAuditShow } from '../stream/audit-rig.ts';
import { calm, goOnAir, saidSince } from '../stream/failover-rig.ts';
import { type Planted, DELIVERY_MISTAKES, SLOW_MISTAKES } from '../stream/planted.ts';
import type { StreamShow } from '../stream/show.ts';

/** The parts of the audit that take their time: mistakes that only a test stream shows, and all that is looked at on air. */

let show: StreamShow;
beforeAll(async () => {
  show = await startAuditShow();
});
afterAll(async () => {
  await show.stop();
});

async function isCaught({ check, result, says, plant, undo }: Planted): Promise<void> {
  await plant(show);
  try {
    const found = await rerun(show, check);
    expect(found).toMatchObject({ id: check, result });
    expect(found.evidence).toMatch(says);
    expect(found.fix).not.toBe('');
  } finally {
    await undo(show);
  }
}

describe('off air', () => {
  it.each(SLOW_MISTAKES)('$what', isCaught);
});

describe('on air', () => {
  it('a good rig has no fail, and the audit touches nothing', async () => {
    await goOnAir(show);
    await calm(show);
    // Several segments must be there.
    await sleep(10_000);
    const before = await obsAsItIs(show);
    const from = show.rig.said.length;
    await show.hub.do('run-preflight');
    const results = await auditTable(show, 'golden rig, on air');
    expect(results.filter(({ result }) => result === 'fail')).toEqual([]);
    const tests = AUDIT_CHECKS.filter(({ whileLive }) => !whileLive).map(({ id }) => id);
    expect(results.filter(({ id }) => tests.includes(id)).map(({ result }) => result)).toEqual(
      tests.map(() => 'skipped'),
    );
    // nginx-rtmp writes no dates into its playlist.
    const caching = results.filter(({ group, result }) => group === 'caching' && result !== 'pass');
    expect(caching.map(({ id, result }) => [id, result])).toEqual([['cache-9', 'warn']]);
    expect(await obsAsItIs(show)).toEqual(before);
    expect(saidSince(show, from)).toEqual([]);
  });

  it.each(DELIVERY_MISTAKES)('$what', isCaught);

  it('stock nginx as it comes: nothing said of keeping, no CORS', async () => {
    show.rig.edge.behave(null);
    expect(await rerun(show, 'cache-2')).toMatchObject({ result: 'warn' });
    expect(await rerun(show, 'cache-3')).toMatchObject({ result: 'warn' });
    expect(await rerun(show, 'cache-5')).toMatchObject({ result: 'fail' });
  });
});
