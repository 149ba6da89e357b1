import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditCheckView } from '../../src/contract/audit-state.ts';
import { AUDIT_CHECKS } from '../../src/domain/audit/catalogue.ts';
import { until } from '../kit/hub.ts';
import { auditTable, obsAsItIs, rerun, startAuditShow } from './audit-rig.ts';
import { DESK_MISTAKES, OBS_MISTAKES } from './planted.ts';
import type { StreamShow } from './show.ts';

/** The audit of a real OBS before its show: on a rig without a fault, then with one mistake after the other. */

/** What this rig is too small to pass, as the audit rightly says. */
const OF_THE_RIG = [
  // All its servers are on this computer, and speak without TLS.
  ['net-6', 'unknown'],
  ['net-8', 'skipped'],
  // nginx-rtmp asks for no key beside the stream's name.
  ['sec-1', 'warn'],
] as const;

/** Told by the machine that the test runs on, whatever the rig is. */
const OF_THE_MACHINE = ['net-1', 'net-3', 'net-5', 'fail-6', 'enc-4', 'rec-3'];

let show: StreamShow;
beforeAll(async () => {
  show = await startAuditShow();
});
afterAll(async () => {
  await show.stop();
});

it('on a good rig all 38 are there within 30 s, none fails, and OBS is what it was', async () => {
  const before = await obsAsItIs(show);
  const began = performance.now();
  await show.hub.do('run-preflight');
  const tookMs = performance.now() - began;
  const results = await auditTable(show, `golden rig, off air: ${(tookMs / 1000).toFixed(1)} s`);
  expect(tookMs).toBeLessThan(30_000);
  expect(results).toHaveLength(AUDIT_CHECKS.length);
  const isOwed = ({ id }: AuditCheckView): boolean => !OF_THE_MACHINE.includes(id);
  expect(results.filter(({ result }) => result === 'fail').filter(isOwed)).toEqual([]);
  // Nothing is published before the show: caching is looked at on air.
  const unsure = results.filter(({ group, result }) => result !== 'pass' && group !== 'caching').filter(isOwed);
  expect(unsure.map(({ id, result }) => [id, result])).toEqual(OF_THE_RIG);
  // What the audit does in OBS is nobody's doing: failover stays armed.
  expect((await show.hub.state()).failover.mode).toBe('confirm');
  expect(await obsAsItIs(show)).toEqual(before);
});

describe('one mistake after the other, each caught by its own check alone', () => {
  it.each([...OBS_MISTAKES, ...DESK_MISTAKES])('$what', async ({ check, result, says, plant, undo }) => {
    await plant(show);
    try {
      const found = await rerun(show, check);
      expect(found).toMatchObject({ id: check, result });
      expect(found.evidence).toMatch(says);
      expect(found.fix).not.toBe('');
    } finally {
      await undo(show);
    }
  });

  it('and all of them are well again when everything is undone', async () => {
    const checks = [...new Set([...OBS_MISTAKES, ...DESK_MISTAKES].map(({ check }) => check))];
    // OBS takes a moment to load the film again.
    await sleep(500);
    await until('the film', async () => (await rerun(show, 'scn-3')).result === 'pass', 5000);
    await show.hub.do('run-preflight', { checks });
    const { audit } = await show.hub.state();
    expect(audit.checks.filter(({ id, result }) => checks.includes(id) && result !== 'pass')).toEqual([]);
  });
});
