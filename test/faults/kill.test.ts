import { expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';

/**
 * F1: SIGKILL of the hub at random moments while 8 clients sell, one send in twenty repeated. The journal of what was
 * acknowledged is kept here, outside the hub; the verdict is read from the database file by a connection of its own.
 */
interface Run {
  sales: number;
  kills: number;
  /** a resend carries the id of the first send; the control gives it a fresh one, and must be caught doubling */
  resend: 'same-id' | 'fresh-id';
}
const CLIENTS = 8;
const STOCK = 1_000_000;

test('20,000 sales and 60 kills: no acknowledged sale is lost, none is doubled', async () => {
  const run = await sellUnderKills({ sales: 20_000, kills: 60, resend: 'same-id' });
  console.log(
    `kills ${run.kills}, sales ${run.acked.size}, ready p50 ${percentile(run.readyMs, 50)} ms, p95 ${percentile(run.readyMs, 95)} ms, ${Math.round(run.seconds)} s`,
  );
  expect(run.kills).toBe(60);
  expect(run.acked.size).toBe(20_000);
  expect(run.lost).toEqual([]);
  expect(run.booked).toBe(20_000);
  expect(run.left).toBe(STOCK - 20_000);
  expect(run.chain).toMatchObject({ firstBadSeq: null });
});

test('control: resends with a fresh id are seen to double sales', async () => {
  const run = await sellUnderKills({ sales: 1_500, kills: 6, resend: 'fresh-id' });
  expect(run.booked).toBeGreaterThan(1_500);
  expect(run.left).toBeLessThan(STOCK - 1_500);
});

async function sellUnderKills({ sales, kills, resend }: Run) {
  const folder = tempFolder('kill');
  const plan = planFile(folder.path, {
    products: [{ sku: 'MUG', name: 'Mug', price: '18.00', reserve: STOCK }],
    bundles: [],
    offers: [],
    cues: [],
  });
  const args = ['--plan', plan];
  let hub = await TestHub.start({ data: folder.path, args });
  const port = hub.port;
  await hub.do('open-show', { id: 'open' });

  const acked = new Map<string, string>();
  const readyMs: number[] = [];
  const started = performance.now();
  let next = 0;
  let done = 0;
  const random = dice(7);

  const client = async (): Promise<void> => {
    while (next < sales) {
      const n = next++;
      const repeats = random() < 0.05 ? 2 : 1;
      for (let send = 0; send < repeats;) {
        const id = resend === 'same-id' ? `sale-${n}` : `sale-${n}-${Math.floor(random() * 1e9)}`;
        try {
          const reply = await hub.ask('record-sale', {
            id,
            lines: [{ sku: 'MUG', quantity: 1 }],
            channel: 'in-person',
            tender: 'cash',
          });
          if (reply.ok) acked.set(`sale-${n}`, String(reply['saleId']));
          send += 1;
        } catch {
          await pause(5); // the hub is down: the same sale again
        }
      }
      done += 1;
    }
  };
  const killer = async (): Promise<void> => {
    for (let k = 1; k <= kills; k += 1) {
      const goal = Math.floor((sales * k) / (kills + 1));
      while (done < goal) await pause(2);
      await pause(random() * 40);
      await hub.kill();
      hub = await TestHub.start({ data: folder.path, args, deskPort: port });
      readyMs.push(Math.round(hub.readyMs));
    }
  };
  await Promise.all([...Array.from({ length: CLIENTS }, client), killer()]);

  const state = await hub.state();
  const chain = await hub.do('verify-ledger');
  await hub.stop();
  const bookedIds = saleIds(folder.path);
  folder.remove();
  const lost = [...acked.values()].filter((id) => !bookedIds.has(id));
  return {
    kills: readyMs.length,
    acked,
    lost,
    booked: bookedIds.size,
    left: state.stock['MUG']?.available,
    chain,
    readyMs,
    seconds: (performance.now() - started) / 1000,
  };
}

function saleIds(data: string): Set<string> {
  const [show = ''] = readdirSync(join(data, 'shows'));
  const db = new Database(join(data, 'shows', show, 'show.db'), { readonly: true });
  const ids = db
    .prepare("SELECT json_extract(body, '$.saleId') FROM ledger WHERE kind = 'sale.recorded'")
    .pluck()
    .all() as string[];
  db.close();
  return new Set(ids);
}

function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN;
}
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A small generator with a seed (mulberry32), so that a run can be repeated. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
