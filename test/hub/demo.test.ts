import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isDomainCommand, readCommand } from '../../src/contract/commands.ts';
import { readPlan } from '../../src/contract/plan-file.ts';
import { mayAsk } from '../../src/contract/roles.ts';
import type { OutsideOrder } from '../../src/domain/commands.ts';
import { decide } from '../../src/domain/decide/decide.ts';
import { DUES } from '../../src/domain/decide/due.ts';
import { bookOutside } from '../../src/domain/decide/sell.ts';
import type { Entry, Fact } from '../../src/domain/ledger.ts';
import { hubTime } from '../../src/domain/clock.ts';
import type { Decision } from '../../src/domain/refusal.ts';
import { evolve, initialShow } from '../../src/domain/show.ts';
import type { Now } from '../../src/domain/units.ts';
import { importFile } from '../../src/hub/connectors/import-file.ts';
import { readOrdersHere } from '../../src/hub/connectors/orders-reader.ts';
import { acceptGeneric, processPending } from '../../src/hub/connectors/webhook-inbox.ts';
import { demoPlan } from '../../src/hub/demo/demo-plan.ts';
import { startDemo } from '../../src/hub/demo/driver.ts';
import type { DemoDoors } from '../../src/hub/demo/driver.ts';
import { Inbox, INBOX_MIGRATION } from '../../src/hub/store/inbox.ts';

const START = Date.parse('2026-11-28T19:00:00Z');
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const RAW: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../resources/demo.dropdesk'), 'utf8'));

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
      now: START,
    }),
);
afterEach(() => void vi.useRealTimers());

/** A hub of the domain alone: decide, append, fold, and what time brings about four times a second. */
function stand() {
  const show = initialShow('demo');
  const entries: Entry[] = [];
  const origins = new Set<string>();
  const obs: string[] = [];
  const refused: string[] = [];
  const vitals = { cannotSave: null, freeBytes: null, online: new Set<string>(), pending: new Map() };
  const now = (): Now => {
    const reading = { at: Date.now(), mono: Date.now() - START, boot: 'b' };
    return { ...reading, t: hubTime(show.clock, reading) };
  };
  const append = (facts: Fact[], origin: string, id: string): void => {
    for (const [i, fact] of facts.entries()) {
      const originId = `${id}#${i}`;
      if (origins.has(`${origin} ${originId}`)) continue;
      origins.add(`${origin} ${originId}`);
      const { at, mono, boot } = now();
      const entry: Entry = { ...fact, seq: show.seq + 1, at, mono, boot, origin, originId, prevHash: '', hash: '' };
      evolve(show, entry);
      entries.push(entry);
    }
  };
  const ask = (id: string, actor: Parameters<DemoDoors['perform']>[0]) => ({
    id,
    actor,
    now: now(),
    seq: show.seq + 1,
    refOf: (contact: string) => contact,
    rules: DEFAULT_RULES,
  });
  const bookOrders = (orders: OutsideOrder[]): { added: number; unchanged: number } => {
    let added = 0;
    for (const order of orders) {
      const actor = {
        key: `source:${order.source}`,
        role: 'source',
        by: order.source,
        device: null,
        person: null,
        till: null,
      } as const;
      const facts = bookOutside(show, order, ask(order.sourceId, actor));
      append(facts, actor.key, `${order.type}:${order.sourceId}`);
      added += facts.length > 0 ? 1 : 0;
    }
    return { added, unchanged: orders.length - added };
  };
  const db = new Database(':memory:');
  db.exec(INBOX_MIGRATION);
  const letters = new Inbox(db);
  const webhooks: number[] = [];
  const doors: DemoDoors = {
    recording: '/tmp/harbour-night.mkv',
    async perform(actor, raw) {
      const read = readCommand(raw, () => 'auto');
      if ('malformed' in read) throw new Error(`malformed ${read.malformed.field}: ${read.malformed.message}`);
      const { command } = read;
      if (!mayAsk(actor.role, command.kind)) throw new Error(`${actor.key} may not ask ${command.kind}`);
      let decision: Decision;
      if (isDomainCommand(command)) decision = decide(show, command, ask(command.id, actor));
      else if (command.kind === 'run-preflight') return { ok: true, seq: show.seq };
      else if (command.kind === 'import-file')
        decision = await importFile(command, 'desk', {
          show: () => show,
          now: Date.now,
          readOrders: (task) => Promise.resolve(readOrdersHere(task)),
          bookOrders,
          bookSnapshots: () => ({ added: 0, changed: 0, unchanged: 0 }),
          joinHalves: (orders) => orders,
          progress: () => true,
          remembered: () => ({}),
          remember: () => undefined,
          savePeople: () => ({ added: 0, changed: 0, unchanged: 0, people: 0 }),
        });
      else throw new Error(`the demo asks ${command.kind}`);
      append(decision.facts ?? [], actor.key, command.id);
      if (!decision.ok) refused.push(`${command.kind} ${decision.refusal.code}`);
      return decision.ok ? { ok: true, seq: show.seq, ...decision.reply } : decision;
    },
    readShow: () => show,
    deliver(headers, body) {
      webhooks.push(
        acceptGeneric(headers, body, { secrets: [SECRET], letters, now: Date.now, onForged: () => undefined }).status,
      );
      processPending({
        letters,
        bookOrders,
        bookSnapshots: () => ({ added: 0, changed: 0, unchanged: 0 }),
        now: Date.now,
      });
    },
    ingestSecret: SECRET,
    obs: {
      set: (change) =>
        void obs.push(
          ...Object.entries(change).map(([key, value]) => `${(Date.now() - START) / 1000} ${key} ${String(value)}`),
        ),
      emit: () => undefined,
    },
    record: (facts) => {
      for (const fact of facts) append([fact], fact.origin, fact.originId);
    },
    presence: (device, { state }) =>
      void (state === 'online' ? vitals.online.add(device) : vitals.online.delete(device)),
    now: Date.now,
    log: (line) => {
      if (line.level === 'error') throw new Error(JSON.stringify(line));
    },
  };
  const time = setInterval(() => {
    for (const due of DUES) for (const fact of due(show, now(), vitals)) append([fact], fact.origin, fact.originId);
  }, 250);
  const plan = readPlan(demoPlan(RAW, START, 'ws://127.0.0.1:1'));
  if ('faults' in plan) throw new Error(JSON.stringify(plan.faults));
  append(
    [{ kind: 'plan.adopted', body: { plan: plan.plan, warnings: plan.warnings, demo: true, by: 'desk' } }],
    'demo',
    'plan',
  );
  return { doors, show, entries, obs, refused, webhooks, stop: () => clearInterval(time) };
}

const at = (entry: Entry): number => (entry.at - START) / 1000;

describe('the demo plan', () => {
  it('is a plan that fits, with nothing to warn of', () => {
    const read = readPlan(RAW);
    expect(read).toMatchObject({ warnings: [] });
    if ('faults' in read) throw new Error('must fit');
    expect(read.plan.products).toHaveLength(8);
    expect(read.plan.cues).toHaveLength(11);
    expect(read.plan.cues.every((cue) => cue.points.length > 0)).toBe(true);
  });
  it('is moved to the moment it is played, and wired to the fake OBS', () => {
    const read = readPlan(demoPlan(RAW, START + 3_600_000, 'ws://127.0.0.1:5'));
    if ('faults' in read) throw new Error('must fit');
    expect(read.plan.show).toMatchObject({ startsAt: '2026-11-28T20:00:00.000Z', endsAt: '2026-11-28T20:09:00.000Z' });
    expect(read.plan.cues[1]?.start).toEqual({ rule: 'soft', at: '2026-11-28T20:00:40.000Z' });
    expect(read.plan.stream.obs).toEqual({ url: 'ws://127.0.0.1:5' });
  });
});

describe('the demo show', () => {
  it('plays its script from the first sale to the good night', async () => {
    const { doors, show, entries, obs, refused, webhooks, stop } = stand();
    const stopDemo = startDemo(doors);
    for (let second = 0; second < 600; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      if (second % 30 === 0) await new Promise((soon) => setImmediate(soon));
    }
    await stopDemo();
    stop();
    const sales = entries.filter((entry) => entry.kind === 'sale.recorded');
    const mugs = (until: number): number =>
      sales
        .filter((entry) => at(entry) <= until)
        .flatMap((entry) => entry.body.lines)
        .reduce((sum, line) => sum + (line.sku === 'MUG-BLUE' ? line.quantity : 0), 0);

    expect(at(sales[0] as Entry)).toBeLessThanOrEqual(5);
    expect(mugs(210)).toBe(19);
    expect(mugs(249)).toBe(23);
    expect(mugs(251)).toBe(24);
    expect(mugs(600)).toBe(24);
    expect(new Set(sales.map((entry) => entry.body.channel))).toEqual(new Set(['in-person', 'stream', 'social']));
    expect(webhooks).toEqual([202, 202, 202]);
    expect(sales.filter((entry) => entry.body.source.startsWith('generic:'))).toHaveLength(3);
    expect(sales.filter((entry) => entry.body.source.startsWith('csv:'))).toHaveLength(3);
    expect(entries.filter((entry) => entry.kind === 'cue.started').map((entry) => entry.body.cue)).toEqual([
      'c1',
      'c2',
      'c3',
      'c4',
      'c5',
      'c6',
      'c7',
      'c8',
      'c9',
      'c10',
      'c11',
    ]);
    expect(entries.filter((entry) => entry.kind === 'moment.marked')).toHaveLength(3);
    expect(entries.filter((entry) => entry.kind === 'help.requested').map(at)).toEqual([300]);
    expect(entries.filter((entry) => entry.kind === 'sale.refunded')).toHaveLength(1);
    expect(
      new Set(
        entries.flatMap((entry) =>
          entry.kind === 'cue.answered' && entry.body.answer === 'accepted' ? [entry.body.person] : [],
        ),
      ),
    ).toEqual(new Set(['ana', 'ben', 'carla']));
    expect(obs).toContain('120 droppedPct 4');
    expect(obs).toContain('390 reconnecting true');
    expect(obs).toContain('405 reconnecting false');
    expect(refused, 'only the mug that is not there any more').toEqual(['record-sale out-of-stock']);
    expect(entries.filter((entry) => entry.kind === 'shortfall.found')).toEqual([]);
    const alarms = entries.filter((entry) => entry.kind === 'alarm.raised');
    const alarm = (id: string): number => at(alarms.find((entry) => entry.body.alarm === id) as Entry);
    expect(alarm('runs-out-on-air:MUG-BLUE')).toBeGreaterThan(170);
    expect(alarm('runs-out-on-air:MUG-BLUE')).toBeLessThanOrEqual(210);
    expect(
      alarms.map((entry) => entry.body.alarm),
      'two more come from the stream',
    ).toHaveLength(3);
    expect(show.phase).toBe('live');
  });

  it('plays the same every time', async () => {
    const played = async (): Promise<string[]> => {
      vi.setSystemTime(START);
      const { doors, entries, stop } = stand();
      const stopDemo = startDemo(doors);
      await vi.advanceTimersByTimeAsync(60_000);
      await stopDemo();
      stop();
      return entries.map((entry) => `${at(entry)} ${entry.kind}`);
    };
    expect(await played()).toEqual(await played());
  });

  it('stops at once when it is told to', async () => {
    const { doors, entries, stop } = stand();
    const stopDemo = startDemo(doors);
    await vi.advanceTimersByTimeAsync(20_000);
    await stopDemo();
    stop();
    const before = entries.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(entries.length).toBe(before);
  });
});
