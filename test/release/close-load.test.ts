import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DESK } from '../../src/domain/actor.ts';
import { hubTime } from '../../src/domain/clock.ts';
import type { DomainCommand } from '../../src/domain/commands.ts';
import { decide } from '../../src/domain/decide/decide.ts';
import { MINUTE, toIso } from '../../src/domain/units.ts';
import type { SaleChannel } from '../../src/domain/words.ts';
import { Book } from '../../src/hub/book.ts';
import { nextId, planFile, tempFolder, TestHub, until } from '../kit/hub.ts';

const SHOW_MS = 360 * MINUTE;
const SALES = 5000;
const CUE_EVERY = 250;

/** FIL-7, FIL-8, acceptance 10 of the closing spec: a big evening is closed, and the hub answers all the while. */
test('6 hours, 5,000 sales and 500 marks are written in 10 s while the hub answers', async () => {
  const folder = tempFolder('close-load');
  const started = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path, plan)] });
  await started.stop();
  sellAllEvening(folder.path);
  const hub = await TestHub.start({ data: folder.path });
  onTestFinished(async () => {
    await hub.stop();
    folder.remove();
  });
  await hub.do('close-show');
  // A snapshot is taken soon after the start; it is not what is measured here.
  await until('the hub is at rest', async () => (await hub.state()).storage.lastSnapshotAt, 30_000);

  const startedAt = performance.now();
  const finishing = hub.do('finish-close', { overrideReason: 'nothing is counted in this test' });
  const [reply, progressMs, importMs, answers] = await Promise.all([
    finishing,
    timeToProgress(hub),
    timeToImport(hub),
    answerTimes(hub, finishing),
  ]);
  const seconds = (performance.now() - startedAt) / 1000;
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${hub.process.pid}/status`, 'utf8'))?.[1];
  const [p50, p99, worst] = [0.5, 0.99, 1].map((share) => Math.round(percentile(answers, share)));
  console.log(
    `files in ${seconds.toFixed(1)} s, progress after ${Math.round(progressMs)} ms, a late sale in ${Math.round(importMs)} ms, health p50 ${p50} p99 ${p99} max ${worst} ms, peak ${Math.round(Number(peak) / 1024)} MB`,
  );
  expect(reply['failedChecks']).toEqual([]);
  expect(seconds).toBeLessThan(10);
  expect(progressMs).toBeLessThan(200);
  expect(importMs).toBeLessThan(500);
  expect(p99).toBeLessThan(100);
  expect(Number(peak) / 1024).toBeLessThan(500);
});

const products = Array.from({ length: 30 }, (_, n) => ({
  sku: `P${n}`,
  name: `Print ${n}`,
  price: '18.00',
  reserve: 1000,
}));
const plan = {
  products,
  bundles: [],
  offers: [],
  cues: Array.from({ length: SALES / CUE_EVERY }, (_, n) => ({
    id: `c${n}`,
    title: `Print ${n}`,
    kind: 'talk',
    start: n === 0 ? { rule: 'soft', at: '2026-11-28T19:00:00+00:00' } : { rule: 'linked' },
    durationMs: 5 * MINUTE,
    owners: ['ana'],
    sku: `P${n}`,
  })),
};

/** Plays the evening straight into the show's file, so that it takes seconds and its times are spread as they would be. */
function sellAllEvening(data: string): void {
  const [name = ''] = readdirSync(join(data, 'shows'));
  const book = new Book(name, join(data, 'shows', name));
  book.db.pragma('synchronous = OFF');
  const openedAt = Date.now() - SHOW_MS;
  let at = openedAt;
  const ask = (command: DomainCommand): void => {
    const clock = { at, mono: at - openedAt, boot: 'evening' };
    const now = { ...clock, t: hubTime(book.show.clock, clock) };
    const { id } = command;
    const decision = decide(book.show, command, {
      id,
      actor: DESK,
      now,
      seq: book.ledger.head.seq + 1,
      refOf: (contact) => contact,
      rules: DEFAULT_RULES,
    });
    if (!decision.ok) throw new Error(`${command.kind}: ${decision.refusal.message}`);
    book.append(
      decision.facts.map((fact, n) => ({ ...fact, origin: 'desk', originId: `${id}#${n}` })),
      now,
    );
  };
  ask({ id: nextId(), kind: 'open-show' });
  const channels: SaleChannel[] = ['in-person', 'stream', 'social'];
  for (let n = 0; n < SALES; n += 1) {
    at = openedAt + Math.floor((SHOW_MS * (n + 1)) / (SALES + 1));
    const [cue, place] = [Math.floor(n / CUE_EVERY), n % CUE_EVERY];
    if (place === 0) ask({ id: nextId(), kind: 'start-cue', cue: `c${cue}` });
    if (place === 80) ask({ id: nextId(), kind: 'finish-cue', cue: `c${cue}` });
    // In a cue every other sale is of what is shown.
    const sku = place < 100 && n % 2 === 0 ? `P${cue}` : `P${(n * 7) % products.length}`;
    const lines = [
      { sku, quantity: 1 + (n % 2) },
      { sku: `P${(n * 11 + 1) % products.length}`, quantity: 1 },
    ];
    ask({
      id: nextId(),
      kind: 'record-sale',
      lines: lines.slice(0, 1 + (n % 2)),
      channel: channels[n % 3] ?? 'stream',
      tender: 'card',
    });
    if (n % 10 === 0) ask({ id: nextId(), kind: 'mark-moment' });
  }
  book.close();
}

async function timeToProgress(hub: TestHub): Promise<number> {
  const from = performance.now();
  await until('progress is shown', async () => (await hub.state()).close?.progress, 5000);
  return performance.now() - from;
}

/** A sale of a till that was cut off comes in while the files are written. */
async function timeToImport(hub: TestHub): Promise<number> {
  const text = `sale,atUtc,channel,sku,quantity,unitPrice,discount,tender\r\nlate-1,${toIso(Date.now() - 60 * MINUTE)},social,P1,1,18.00,0.00,card`;
  const from = performance.now();
  expect(await hub.do('import-file', { what: 'sales', name: 'late.csv', text })).toMatchObject({ added: 1 });
  return performance.now() - from;
}

async function answerTimes(hub: TestHub, work: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  const end = (): void => void (isOver = true);
  work.then(end, end);
  while (!isOver) {
    const from = performance.now();
    await hub.fetch('/api/health');
    times.push(performance.now() - from);
    await new Promise((done) => setTimeout(done, 5));
  }
  return times;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
