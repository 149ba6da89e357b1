import Database from 'better-sqlite3';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { openDatabase } from '../../src/hub/store/database.ts';
import { Ledger } from '../../src/hub/store/ledger.ts';
import { SHOW_MIGRATIONS } from '../../src/hub/store/migrations.ts';
import { DESK } from '../../src/domain/actor.ts';
import { hubTime } from '../../src/domain/clock.ts';
import type { DomainCommand } from '../../src/domain/commands.ts';
import { decide } from '../../src/domain/decide/decide.ts';
import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import type { Fact, OriginFact } from '../../src/domain/ledger.ts';
import { plan, product } from '../../src/domain/testing.ts';
import type { Now } from '../../src/domain/units.ts';
import { Book } from '../../src/hub/book.ts';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';
import { Phone } from '../kit/phone.ts';
import { ms, row } from './figures.ts';
import { stream } from './stream.ts';
import { tills } from './tills.ts';

/** `npm run bench`: figures of this machine, printed, never asserted. Each is the median of its runs where it says so. */
const CLIENTS = 16;
const SALES = 8_000;
const SCREENS = 30;
const CUES = 200;
const ENTRIES = 100_000;
const BUNDLES = 3_000;
const IMPORTED = 50_000;

console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}\n`);
await salesAgainstSqlite();
bundleHoldAndSale();
await cuesToScreens();
await tills();
await stream();
await importOfManyRows();
await restart();
await emptyStart();

async function salesAgainstSqlite(): Promise<void> {
  const folder = tempFolder('bench');
  const raw = rawInserts(folder.path);
  const plan = planFile(folder.path, {
    products: [{ sku: 'MUG', name: 'Mug', price: '18.00', reserve: 1_000_000 }],
    bundles: [],
    offers: [],
    cues: [],
  });
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', plan] });
  await hub.do('open-show');
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  await sell(hub, agent, 500, 'warm');
  const { seconds, acks } = await sell(hub, agent, SALES, 'sale');
  agent.destroy();
  row(
    'durable sales per second, desk API, 16 clients',
    (SALES / seconds).toFixed(0),
    `raw SQLite limit ${raw.toFixed(0)} FULL-sync inserts/s, ratio ${(SALES / seconds / raw).toFixed(2)}`,
  );
  row('sale acknowledged', `p50 ${ms(acks, 50)}  p99 ${ms(acks, 99)}`, 'goal p99 under 100 ms');
  await hub.stop();
  folder.remove();
}

/** STK-14: hold and sale of a two-part bundle, each decided, written and folded as the hub does it, without the network. */
function bundleHoldAndSale(): void {
  const folder = tempFolder('bench');
  const book = new Book('bench', join(folder.path, 'show'));
  const startedAt = performance.now();
  const read = (): Now => {
    const reading = { at: Date.now(), mono: Math.round(performance.now() - startedAt), boot: 'bench' };
    return { ...reading, t: hubTime(book.show.clock, reading) };
  };
  const write = (facts: readonly Fact[], name: string, reply = ''): void => {
    const named = facts.map((fact, n) => ({ ...fact, origin: 'desk', originId: `${name}#${n}` }));
    book.append(named, read(), { actor: 'desk', id: name, bodySha256: '', reply });
  };
  const perform = (command: DomainCommand): Record<string, unknown> => {
    const seq = book.ledger.head.seq + 1;
    const decision = decide(book.show, command, {
      id: command.id,
      actor: DESK,
      now: read(),
      seq,
      refOf: String,
      rules: DEFAULT_RULES,
    });
    if (!decision.ok) throw new Error(decision.refusal.message);
    write(decision.facts, command.id, JSON.stringify(decision.reply));
    return decision.reply ?? {};
  };
  const products = [product('MUG', { reserve: 1_000_000 }), product('APRON', { reserve: 1_000_000 })];
  write([{ kind: 'plan.adopted', body: { plan: plan({ products }), warnings: [], demo: false, by: 'desk' } }], 'plan');
  write([{ kind: 'show.opened', body: { overrideReason: null, by: 'desk' } }], 'open');
  const lines = [{ sku: 'SET', quantity: 1 }];
  const times: number[] = [];
  for (let n = 0; n < BUNDLES; n += 1) {
    const began = performance.now();
    const { holdId } = perform({ id: `h${n}`, kind: 'place-hold', lines });
    perform({ id: `s${n}`, kind: 'record-sale', lines, hold: String(holdId), channel: 'in-person', tender: 'card' });
    times.push(performance.now() - began);
  }
  book.close();
  folder.remove();
  row(
    'hold + sale of a two-part bundle, decide to durable',
    `p50 ${ms(times, 50)}  p95 ${ms(times, 95)}  p99 ${ms(times, 99)}`,
    'goal p95 under 5 ms, p99 under 15 ms',
  );
}

/** One insert a transaction, synchronous FULL: what the disk allows at all. */
function rawInserts(folder: string): number {
  const db = new Database(join(folder, 'raw.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)');
  const insert = db.prepare('INSERT INTO t (body) VALUES (?)');
  const body = 'x'.repeat(800);
  const started = performance.now();
  for (let n = 0; n < 5000; n += 1) insert.run(body);
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return 5000 / seconds;
}

async function sell(
  hub: TestHub,
  agent: Agent,
  count: number,
  prefix: string,
): Promise<{ seconds: number; acks: number[] }> {
  const acks: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < count) {
        const id = `${prefix}-${next++}`;
        const sent = performance.now();
        await post(hub, agent, {
          id,
          kind: 'record-sale',
          lines: [{ sku: 'MUG', quantity: 1 }],
          channel: 'in-person',
          tender: 'cash',
        });
        acks.push(performance.now() - sent);
      }
    }),
  );
  return { seconds: (performance.now() - started) / 1000, acks };
}

function post(hub: TestHub, agent: Agent, body: object): Promise<void> {
  return new Promise((done, fail) => {
    const text = JSON.stringify(body);
    const ask = request(
      `${hub.ready.desk}/api/commands`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${hub.ready.token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
      },
      (answer) => {
        let reply = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (reply += chunk));
        answer.on('end', () => (reply.includes('"ok":true') ? done() : fail(new Error(reply))));
      },
    );
    ask.on('error', fail);
    ask.end(text);
  });
}

async function cuesToScreens(): Promise<void> {
  const folder = tempFolder('bench');
  const plan = planFile(folder.path);
  const hub = await TestHub.start({
    data: folder.path,
    args: ['--plan', plan, '--floor-host', '127.0.0.1', '--floor-port', '0'],
  });
  await hub.do('open-show');
  await hub.do('start-cue', { cue: 'c1' });
  const phones = await pairMany(hub, SCREENS);
  const waits: number[] = [];
  for (let n = 0; n < CUES; n += 1) {
    const arrived = phones.map(
      (phone) =>
        new Promise<number>((done) => {
          const before = phone.view?.now?.remainingMs;
          phone.onView = (view) =>
            view.now?.durationMs !== undefined && view.now.remainingMs !== before && done(performance.now());
        }),
    );
    const sent = performance.now();
    await hub.do('add-time', { ms: n % 2 === 0 ? 60_000 : -60_000 });
    waits.push(...(await Promise.all(arrived)).map((at) => at - sent));
    await new Promise((done) => setTimeout(done, 30));
  }
  row(`cue command to ${SCREENS} floor screens`, `p50 ${ms(waits, 50)}  p99 ${ms(waits, 99)}`, 'goal p99 under 100 ms');
  phones.forEach((phone) => phone.close());
  await hub.stop();
  folder.remove();
}

async function pairMany(hub: TestHub, count: number): Promise<Phone[]> {
  const phones: Phone[] = [];
  for (let n = 0; n < count; n += 1) {
    const person = n % 2 === 0 ? 'ana' : 'ben';
    const { url } = await hub.do('invite-device', { role: 'co-host', person });
    const phone = await Phone.pair(String(url), person === 'ana' ? 'Ana' : 'Ben');
    await phone.connect();
    phones.push(phone);
  }
  return phones;
}

/** 50,000 sales from a file, while two tills ring up a sale each every 100 ms. */
async function importOfManyRows(): Promise<void> {
  const folder = tempFolder('bench');
  const plan = planFile(folder.path, {
    products: [{ sku: 'MUG', name: 'Mug', price: '18.00', reserve: 1_000_000 }],
    bundles: [],
    offers: [],
    cues: [],
  });
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', plan] });
  await hub.do('open-show');
  const file = { what: 'sales', name: 'many.csv', text: manySales(IMPORTED) };
  const agent = new Agent({ keepAlive: true });
  const acks: number[] = [];
  let isOn = true;
  const tills = [1, 2].map(async (till) => {
    for (let n = 0; isOn; n += 1) {
      const sent = performance.now();
      await post(hub, agent, {
        id: `till-${till}-${n}`,
        kind: 'record-sale',
        lines: [{ sku: 'MUG', quantity: 1 }],
        channel: 'in-person',
        tender: 'cash',
      });
      acks.push(performance.now() - sent);
      await new Promise((done) => setTimeout(done, 100));
    }
  });
  const started = performance.now();
  const { added } = await hub.do('import-file', file);
  const seconds = (performance.now() - started) / 1000;
  isOn = false;
  await Promise.all(tills);
  const again = performance.now();
  await hub.do('import-file', file);
  const repeated = (performance.now() - again) / 1000;
  agent.destroy();
  row(
    `import of ${IMPORTED.toLocaleString('en')} rows, each a sale`,
    `${seconds.toFixed(1)} s  (again ${repeated.toFixed(1)} s)`,
    `goal under 10 s; ${String(added)} added`,
  );
  row('till acknowledged while it runs', `p50 ${ms(acks, 50)}  p99 ${ms(acks, 99)}`, 'goal p99 under 100 ms');
  await hub.stop();
  folder.remove();
}

function manySales(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => {
    const at = new Date(Date.parse('2026-11-28T19:00:00Z') + n * 100).toISOString();
    return `w-${n},${at},social,MUG,Blue mug,1,18.00,0.00,card`;
  });
  return ['sale,atUtc,channel,sku,name,quantity,unitPrice,discount,tender', ...rows].join('\r\n');
}

async function restart(): Promise<void> {
  const folder = tempFolder('bench');
  const plan = planFile(folder.path, {
    products: [{ sku: 'MUG', name: 'Mug', price: '18.00', reserve: 1_000_000 }],
    bundles: [],
    offers: [],
    cues: [],
  });
  const args = ['--plan', plan, '--floor-host', '127.0.0.1', '--floor-port', '0'];
  const first = await TestHub.start({ data: folder.path, args });
  await first.do('open-show');
  await first.do('record-sale', { lines: [{ sku: 'MUG', quantity: 1 }], channel: 'in-person', tender: 'cash' });
  const [file] = (await first.state()).shows;
  await first.stop();
  grow(join(folder.path, 'shows', file?.id ?? '', 'show.db'));
  const times: number[] = [];
  let hub = await TestHub.start({ data: folder.path, args });
  for (let n = 0; n < 5; n += 1) {
    times.push(hub.readyMs);
    await hub.stop();
    hub = await TestHub.start({ data: folder.path, args });
  }
  row(
    `restart with ${ENTRIES.toLocaleString('en')} entries, chain checked`,
    `median ${ms(times, 50)}`,
    'goal under 2 s',
  );
  const phones = await pairMany(hub, SCREENS);
  await new Promise((done) => setTimeout(done, 3000));
  row(
    `hub memory, ${ENTRIES.toLocaleString('en')} entries folded, ${SCREENS} screens`,
    `${residentMb(hub.process.pid ?? 0)} MB`,
    'goal under 150 MB',
  );
  phones.forEach((phone) => phone.close());
  await hub.stop();
  folder.remove();
}

/** Repeats the one sale of the file until there are enough entries: real bodies, real chain, written by the real ledger. */
function grow(path: string): void {
  const db = openDatabase(path, SHOW_MIGRATIONS);
  const ledger = new Ledger(db);
  const sale = ledger.after(0, 50).find((entry) => entry.kind === 'sale.recorded');
  if (sale?.kind !== 'sale.recorded') throw new Error('there is no sale to repeat');
  while (ledger.head.seq < ENTRIES) {
    const facts = Array.from({ length: Math.min(5000, ENTRIES - ledger.head.seq) }, (_, n): OriginFact => {
      const seq = ledger.head.seq + 1 + n;
      return {
        origin: 'desk',
        originId: `grown-${seq}`,
        kind: 'sale.recorded',
        body: { ...sale.body, saleId: `s${seq}` },
      };
    });
    ledger.append(facts, { at: sale.at + ledger.head.seq, mono: sale.mono + ledger.head.seq, boot: sale.boot, t: 0 });
  }
  db.close();
}

async function emptyStart(): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const folder = tempFolder('bench');
    const hub = await TestHub.start({ data: folder.path });
    times.push(hub.readyMs);
    await hub.stop();
    folder.remove();
  }
  row('process start to ready, empty folder', `median ${ms(times, 50)}`, 'goal under 1 s');
}

function residentMb(pid: number): string {
  if (process.platform !== 'linux') return 'not measured here';
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kb) / 1024).toFixed(0);
}
