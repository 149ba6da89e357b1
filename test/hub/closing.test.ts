import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClipsFile } from '../../src/contract/clips-file.ts';
import type { WrittenFile } from '../../src/contract/desk-state.ts';
import { type Cell, type Report, type Table, TABLE_NAMES } from '../../src/contract/report-file.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';

/** A whole evening through the desk's API: sold, taken back, oversold, closed, reopened and closed again. */
const folder = tempFolder('closing');
let hub: TestHub;
const inPerson = { channel: 'in-person', tender: 'cash' };
const line = (sku: string, quantity: number) => ({ lines: [{ sku, quantity }] });

beforeAll(async () => {
  hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path)] });
  await hub.do('open-show');
  const first = await hub.do('record-sale', { ...line('MUG', 2), ...inPerson, tipMinor: 200 });
  await hub.do('record-sale', { ...line('SET', 1), channel: 'stream', tender: 'card' });
  await hub.do('record-sale', { ...line('APRON', 1), channel: 'social', tender: 'other' });
  const wrong = await hub.do('record-sale', { ...line('MUG', 1), ...inPerson });
  await hub.do('void-sale', { saleId: wrong['saleId'] });
  await hub.do('refund-sale', {
    saleId: first['saleId'],
    ...line('MUG', 1),
    reason: 'changed-mind',
    restock: 'reserve',
  });
  await hub.do('mark-moment', { note: 'the crowd cheered', sku: 'MUG' });
  // Sold elsewhere before anybody asked: three aprons are left, six were ordered.
  const order = `sale,atUtc,channel,sku,quantity,unitPrice,discount,tender\r\nw-1,${new Date().toISOString()},social,APRON,6,24.00,0.00,card`;
  expect(await hub.do('import-file', { what: 'sales', name: 'orders.csv', text: order })).toMatchObject({ added: 1 });
});
afterAll(async () => {
  await hub.stop();
  folder.remove();
});

test('closing says everything that is open, and writes nothing before it is settled', async () => {
  const closing = await hub.do('close-show');
  expect(closing['state']).toBe('closing');
  expect((closing['blockers'] as { code: string }[]).map(({ code }) => code)).toEqual(['shortfalls', 'uncounted']);
  expect((await hub.state()).close?.blockers).toEqual(closing['blockers']);
  expect(await hub.ask('finish-close')).toMatchObject({ ok: false, refusal: { code: 'blocked' } });
  expect(await hub.ask('record-sale', { ...line('MUG', 1), ...inPerson })).toMatchObject({
    refusal: { code: 'show-not-open' },
  });
  expect(writtenFolders()).toEqual([]);
});

test('a shortfall is resolved, stock is counted blind, a difference is explained', async () => {
  const { shortfalls } = await hub.state();
  expect(shortfalls).toMatchObject([{ sku: 'APRON', quantity: 3 }]);
  await hub.do('resolve-shortfall', { shortfall: shortfalls[0]?.id, how: 'refunded' });
  expect((await hub.state()).close?.state).toBe('counting');
  expect(await hub.do('count-stock', { sku: 'APRON', counted: 0 })).toMatchObject({ variance: 0, secondCount: false });
  // 10 − 2 sold − 1 in the set + 1 taken back = 8
  expect(await hub.do('count-stock', { sku: 'MUG', counted: 7 })).toMatchObject({ expected: 8, variance: -1 });
  expect((await hub.state()).close?.blockers).toMatchObject([{ code: 'variance-unexplained', items: ['MUG'] }]);
  await hub.do('adjust-stock', { sku: 'MUG', delta: -1, reason: 'damage' });
  expect((await hub.state()).close).toMatchObject({ state: 'reconciled', blockers: [] });
});

test('finishing writes every file, and each can be had as a download', async () => {
  const reply = await hub.do('finish-close', { id: 'finish' });
  expect(reply['failedChecks']).toEqual([]);
  const { files } = await hub.get<{ files: WrittenFile[] }>('/api/files');
  expect(reply['files']).toEqual(files);
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(
      ['report.html', 'report.xlsx', 'report.json', 'manifest.json', 'clips/clips.json', 'clips/clips.csv']
        .concat(TABLE_NAMES.map((table) => `csv/${table}.csv`))
        .map((path) => `close-v1/${path}`),
    ),
  );
  for (const { path, bytes } of files) {
    const answer = await hub.fetch(`/api/files/${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await answer.arrayBuffer()).byteLength).toBe(bytes);
  }
  expect(writtenFolders()).toEqual(['close-v1']);
  expect((await hub.state()).show?.phase).toBe('closed');
  expect(await hub.ask('finish-close', { id: 'finish' })).toMatchObject({ ok: true, files, repeated: true });
});

test('the report says what the ledger says', async () => {
  const report = await written<Report>('close-v1/report.json');
  const book = await ledger();
  expect(report.totals).toMatchObject(recomputed(book));
  // 36.00 + 38.00 + 24.00 + 144.00, less a mug; the aprons that were not there are paid back where they were ordered
  expect(report.totals).toMatchObject({ sales: 4, voids: 1, grossMinor: 24_200, netMinor: 22_400, tipMinor: 200 });
  const net = rows(report.tables.channels).map(({ channel, net }) => [channel, net]);
  expect(net).toContainEqual(['in-person', 1800]);
  expect(net).toContainEqual(['stream', 3800]);
  expect(net).toContainEqual(['social', 2400 + 14_400]);
  expect(rows(report.tables.checks).filter(({ ok }) => ok !== true)).toEqual([]);
  expect(rows(report.tables.stock).find(({ sku }) => sku === 'MUG')).toMatchObject({
    expected: 8,
    counted: 7,
    variance: -1,
    reason: expect.stringContaining('damage'),
  });
  expect(rows(report.tables.exceptions).map(({ kind }) => kind)).toContain('shortfall');
  const closed = book.find((entry) => entry.kind === 'show.closed');
  expect(closed?.body).toMatchObject({ version: 1, contentSha256: report.contentSha256 });
});

test('without a recording there is a moment with a time of day and no clip, and a note says why', async () => {
  const clips = await written<ClipsFile>('close-v1/clips/clips.json');
  expect(clips.notes.map(({ code }) => code)).toEqual(['no-recording']);
  expect(clips.clips).toEqual([]);
  const marked = clips.moments.find(({ evidence }) => evidence.some(({ kind }) => kind === 'mark'));
  expect(marked).toMatchObject({ sku: 'MUG', from: expect.stringMatching(/Z$/) });
});

test('reopened and closed again it writes a second version beside the first', async () => {
  const before = hashes('close-v1');
  await hub.do('reopen-show', { reason: 'one more customer' });
  await hub.do('record-sale', { ...line('MUG', 1), ...inPerson });
  await hub.do('close-show');
  expect(await hub.ask('finish-close')).toMatchObject({ refusal: { code: 'blocked' } });
  await hub.do('count-stock', { sku: 'MUG', counted: 6 });
  await hub.do('count-stock', { sku: 'APRON', counted: 0 });
  await hub.do('finish-close');
  expect(writtenFolders()).toEqual(['close-v1', 'close-v2']);
  expect(hashes('close-v1')).toEqual(before);
  const second = await written<Report>('close-v2/report.json');
  expect(second.totals).toMatchObject({ ...recomputed(await ledger()), netMinor: 22_400 + 1800 });
  const { files } = await hub.get<{ files: WrittenFile[] }>('/api/files');
  expect(files[0]?.path).toMatch(/^close-v2\//);
  expect(files.some(({ path }) => path === 'close-v1/report.html')).toBe(true);
});

test('while its files are written it is finished once, and not closed when somebody reopens it', async () => {
  const finishing = { overrideReason: 'nobody counts twice' };
  await hub.do('reopen-show', { reason: 'the last customer' });
  await hub.do('close-show');
  const first = hub.ask('finish-close', finishing);
  const second = hub.ask('finish-close', finishing);
  expect(await second).toMatchObject({ refusal: { code: 'blocked' } });
  expect(await hub.ask('reopen-show', { reason: 'one more after all' })).toMatchObject({ ok: true });
  expect(await first).toMatchObject({ refusal: { code: 'not-closing' } });
  expect((await hub.state()).show?.phase).toBe('live');
  expect(writtenFolders()).toEqual(['close-v1', 'close-v2', 'close-v3.orphan']);
  await hub.do('close-show');
  expect((await hub.do('finish-close', finishing))['files']).toContainEqual(
    expect.objectContaining({ path: 'close-v3/report.json' }),
  );
  expect((await hub.state()).show?.phase).toBe('closed');
});

/** Totals from bare entries: what was sold and not voided, less what was given back. */
function recomputed(entries: readonly Entry[]): Partial<Report['totals']> {
  const voided = new Set(entries.flatMap((entry) => (entry.kind === 'sale.voided' ? [entry.body.saleId] : [])));
  const sold = entries.flatMap((entry) =>
    entry.kind === 'sale.recorded' && !voided.has(entry.body.saleId) ? [entry.body] : [],
  );
  const back = entries.flatMap((entry) => (entry.kind === 'sale.refunded' ? [entry.body.amountMinor] : []));
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
  const lines = sold.flatMap((sale) => sale.lines);
  const grossMinor = sum(lines.map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor));
  const discountMinor = sum(lines.map((each) => each.discountMinor));
  const tipMinor = sum(sold.map((sale) => sale.tipMinor));
  const netMinor = grossMinor - discountMinor - sum(back);
  return {
    sales: sold.length,
    voids: voided.size,
    units: sum(lines.map(({ quantity }) => quantity)),
    grossMinor,
    discountMinor,
    refundedMinor: sum(back),
    netMinor,
    tipMinor,
    collectedMinor: netMinor + tipMinor,
  };
}

async function ledger(): Promise<Entry[]> {
  return (await hub.get<{ entries: Entry[] }>('/api/ledger?after=0&limit=1000')).entries;
}

async function written<T>(path: string): Promise<T> {
  return hub.get<T>(`/api/files/${path}`);
}

function rows({ columns, rows }: Table): Record<string, Cell>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ key }, place) => [key, row[place] ?? null])));
}

function showFolder(): string {
  const [name = ''] = readdirSync(join(folder.path, 'shows'));
  return join(folder.path, 'shows', name);
}

/** Half-written ones too. */
function writtenFolders(): string[] {
  return readdirSync(showFolder())
    .filter((name) => name.startsWith('close-'))
    .sort();
}

function hashes(version: string): Record<string, string> {
  const files = readdirSync(join(showFolder(), version), { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => [
        join(parentPath, name),
        createHash('sha256')
          .update(readFileSync(join(parentPath, name)))
          .digest('hex'),
      ]),
  );
}
