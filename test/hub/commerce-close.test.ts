import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CloseView } from '../../src/contract/desk-state.ts';
import { until } from '../kit/hub.ts';
import type { Phone } from '../kit/phone.ts';
import { byCard, expectFilesAgree, lines, Market, rowsOf } from './commerce-kit.ts';

/** Acceptance 22: what blocks a close, what an override leaves behind, and a second version that leaves the first alone. */
let market: Market;
let till: Phone;
let saleId: string;
beforeAll(async () => {
  market = await Market.open({
    products: [
      { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 30 },
      { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 5 },
    ],
    tills: [{ id: 'till-1', name: 'Front table' }],
  });
  till = await market.pairTill('till-1');
  saleId = String((await market.hub.do('record-sale', { ...lines(['MUG', 2]), ...byCard }))['saleId']);
  await market.hub.do('note-authorisation', { provider: 'stripe', ref: 'pi_22', amountMinor: 3600, saleId });
});
afterAll(async () => {
  till.close();
  await market.end();
});

const codes = (blockers: unknown): string[] => (blockers as CloseView['blockers']).map(({ code }) => code).sort();

/** Every file of a version with the hash of its bytes. */
function bytesOf(version: number): Record<string, string> {
  const [folder = ''] = readdirSync(market.data, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith(`close-v${version}`),
  );
  const root = join(market.data, folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(root.length), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

test('an unsent till, an open authorisation and an uncounted product are three blockers', async () => {
  const { hub } = market;
  // The phone answers each view with a report of its own; from here on it says one thing.
  till.socket?.off('view');
  till.socket?.emit('report', { viewSeq: till.view?.viewSeq ?? 0, visible: true, awake: null, unsent: 4 });
  await until('the hub knows', async () => (await hub.state()).devices.some(({ unsent }) => unsent === 4));
  await market.refuses('finish-close', {}, 'not-closing');
  const { blockers } = await hub.do('close-show');
  expect(codes(blockers)).toEqual(['authorisations-open', 'till-unsent', 'uncounted']);
  const unsent = (blockers as CloseView['blockers']).find(({ code }) => code === 'till-unsent');
  expect(unsent).toMatchObject({ count: 4, hard: false });
  for (const { message, action } of blockers as CloseView['blockers']) expect(message + action).toMatch(/\w.*\./);
  await market.refuses('finish-close', {}, 'blocked');
  await market.refuses('record-sale', { ...lines(['MUG', 1]), ...byCard }, 'show-not-open');
  await market.refuses('place-hold', lines(['MUG', 1]), 'show-not-open');
});

test('the count is blind, looks twice when far off, and every difference wants an explanation', async () => {
  const { hub } = market;
  await market.refuses('count-stock', { sku: 'NOPE', counted: 1 }, 'unknown-sku');
  const first = await hub.do('count-stock', { sku: 'MUG', counted: 20 });
  expect(first).toMatchObject({ expected: 28, variance: -8, secondCount: true });
  const second = await hub.do('count-stock', { sku: 'MUG', counted: 27 });
  expect(second).toMatchObject({ variance: -1 });
  const blockers = (await hub.state()).close?.blockers;
  expect(codes(blockers)).toContain('variance-unexplained');
  await market.refuses('adjust-stock', { sku: 'MUG', delta: -1, reason: 'who knows' }, 'bad-value');
  await hub.do('adjust-stock', { sku: 'MUG', delta: -1, reason: 'theft' });
  expect(codes((await hub.state()).close?.blockers)).toEqual(['authorisations-open', 'till-unsent']);
  const [row] = (await hub.state()).settle.rows.filter(({ kind }) => kind === 'authorisation');
  const action = row?.actions.find(({ label }) => label === 'captured');
  await hub.do(String(action?.command), action?.body);
  await market.refuses('settle-authorisation', { ...action?.body, how: 'voided' }, 'already-settled');
});

test('an override prints in the exceptions with its reason', async () => {
  const { hub } = market;
  await market.refuses('finish-close', {}, 'blocked');
  await hub.do('finish-close', { overrideReason: 'the phone fell into the harbour' });
  const report = await expectFilesAgree(market);
  const exceptions = rowsOf(report, 'exceptions');
  expect(exceptions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'override', ref: 'till-unsent', reason: 'the phone fell into the harbour' }),
      expect.objectContaining({ kind: 'adjustment', ref: 'MUG', decision: 'theft' }),
    ]),
  );
  const listed = (await hub.state()).close?.files ?? [];
  expect(listed.some(({ path }) => path === 'close-v1/report.html')).toBe(true);
});

test('a late refund makes close-v2 and leaves every byte of close-v1', async () => {
  const { hub } = market;
  const before = bytesOf(1);
  expect(Object.keys(before).length).toBeGreaterThan(10);
  await hub.do('refund-sale', { saleId, ...lines(['MUG', 1]), reason: 'damaged-item', restock: 'quarantine' });
  await hub.do('reopen-show', { reason: 'a late refund' });
  await hub.do('close-show');
  const again = await hub.do('finish-close', { overrideReason: 'a late refund' });
  expect(JSON.stringify(again['files'])).toContain('close-v2/report.json');
  expect(bytesOf(1)).toEqual(before);
  const [v1, v2] = [await market.report(1), await expectFilesAgree(market, 2)];
  const net = (report: typeof v1) => rowsOf(report, 'channels').find(({ channel }) => channel === 'total')?.['net'];
  expect([net(v1), net(v2)]).toEqual([3600, 1800]);
  await market.expectSound();
});
