import Database from 'better-sqlite3';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 1 }], channel: 'in-person', tender: 'cash' };

/** A show with three sales in its snapshot and one after it, stopped. */
async function stoppedShow(name: string): Promise<{ data: string; show: string; remove: () => void }> {
  const folder = tempFolder(name);
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path)] });
  await hub.do('open-show');
  for (let n = 0; n < 3; n += 1) await hub.do('record-sale', mug);
  expect(await hub.do('take-snapshot')).toMatchObject({ path: expect.stringMatching(/^snapshots/) });
  await hub.do('record-sale', mug);
  await hub.stop();
  const [id = ''] = readdirSync(join(folder.path, 'shows'));
  return { data: folder.path, show: join(folder.path, 'shows', id), remove: folder.remove };
}

/** One changed digit in a stored price: SQLite's own check does not see it. */
function changePrice(show: string): void {
  const db = new Database(join(show, 'show.db'));
  db.exec(`DROP TRIGGER ledger_keeps;
    UPDATE ledger SET body = replace(body, '"unitPriceMinor":1800', '"unitPriceMinor":1801') WHERE kind = 'sale.recorded'`);
  expect(db.pragma('quick_check', { simple: true })).toBe('ok');
  db.close();
}

test('a changed price is found at start; the show goes on from its safety copy and says so', async () => {
  const { data, show, remove } = await stoppedShow('damage');
  changePrice(show);
  const hub = await TestHub.start({ data });
  const state = await hub.state();
  expect(state.sales.count).toBe(3);
  expect(state.storage).toMatchObject({ level: 'warn', message: expect.stringContaining('safety copy') });
  expect(readdirSync(join(show, 'quarantine'))).toHaveLength(1);
  await hub.do('record-sale', mug);
  expect(await hub.do('verify-ledger')).toMatchObject({ firstBadSeq: null });
  const { entries } = await hub.get<{ entries: { kind: string }[] }>('/api/ledger?after=0&limit=100');
  expect(entries.some(({ kind }) => kind === 'ledger.recovered')).toBe(true);
  await hub.stop();
  remove();
});

test('without a whole safety copy nothing is sold into an empty show, and another show can be made', async () => {
  const { data, show, remove } = await stoppedShow('lost');
  changePrice(show);
  rmSync(join(show, 'snapshots'), { recursive: true });
  for (let start = 0; start < 2; start += 1) {
    const hub = await TestHub.start({ data });
    expect((await hub.state()).storage.level).toBe('recovering');
    expect(await hub.ask('record-sale', mug)).toMatchObject({ ok: false, refusal: { code: 'hub-recovering' } });
    expect(existsSync(join(show, 'show.db'))).toBe(false);
    if (start === 1) expect(await hub.do('new-show', { name: 'Again' })).toMatchObject({ ok: true });
    await hub.stop();
  }
  remove();
});

test('control: an untouched show starts as it was', async () => {
  const { data, show, remove } = await stoppedShow('sound');
  const hub = await TestHub.start({ data });
  expect((await hub.state()).sales.count).toBe(4);
  expect(existsSync(join(show, 'quarantine'))).toBe(false);
  await hub.stop();
  remove();
});
