import { beforeEach, describe, expect, it } from 'vitest';
import { DESK } from '../../src/domain/actor.ts';
import { ALL_CHECKS } from '../../src/domain/audit/catalogue.ts';
import { initialHealth } from '../../src/domain/health/state.ts';
import { observe } from '../../src/domain/health.ts';
import type { Entry, OriginFact } from '../../src/domain/ledger.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import type { StreamPlan } from '../../src/domain/plan.ts';
import { evolve } from '../../src/domain/show.ts';
import { type TestShow, makeShow, now, plan } from '../../src/domain/testing.ts';
import { type Check, passed, sharedOnce } from '../../src/hub/preflight/check.ts';
import { Preflight, type PreflightDoors } from '../../src/hub/preflight/preflight.ts';
import { type PlannedCheck, runChecks } from '../../src/hub/preflight/run-checks.ts';
import { groundOf, obsDoor } from './preflight-kit.ts';
import { openDoor } from '../kit/door.ts';

/** The run of an audit: whatever a check does, it ends as a result, and the results are in the ledger. */

const planned = (id: string, make: Check, deadlineMs = 5000): PlannedCheck => {
  const check = ALL_CHECKS.find((known) => known.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  return { ...check, make, deadlineMs };
};
const quiet = { onProgress: () => undefined, secrets: () => [] };

describe('running checks', () => {
  it('what throws, at once or later, is unknown with a sentence and without the key', async () => {
    const key = 'live_7Zq-secret';
    const results = await runChecks(
      [
        planned('net-1', () => {
          throw new Error(`cannot open rtmp://a.example/live/${key}`);
        }),
        planned('net-2', () =>
          Promise.reject(new Error(`Authorization ${Buffer.from(key).toString('base64')} refused`)),
        ),
        planned('net-3', () => Promise.resolve(passed('Fine.'))),
      ],
      groundOf({}),
      { ...quiet, secrets: () => [key] },
    );
    expect(results.map(({ result }) => result)).toEqual(['unknown', 'unknown', 'pass']);
    expect(results[0]?.evidence).toContain('‹key›');
    expect(JSON.stringify(results)).not.toContain(key);
    expect(JSON.stringify(results)).not.toContain(Buffer.from(key).toString('base64'));
  });

  it('what takes too long is unknown, is told to stop, and holds up nobody', async () => {
    let toldToStop = false;
    const began = performance.now();
    const results = await runChecks(
      [
        planned(
          'net-1',
          (_ground, signal) =>
            new Promise(() => signal.addEventListener('abort', () => (toldToStop = true), { once: true })),
          100,
        ),
        planned('net-2', () => Promise.resolve(passed('Fine.'))),
      ],
      groundOf({}),
      quiet,
    );
    expect(performance.now() - began).toBeLessThan(1000);
    expect(results.map(({ result }) => result)).toEqual(['unknown', 'pass']);
    expect(toldToStop).toBe(true);
  });

  it('while live, checks not marked L are skipped without being made', async () => {
    let made = 0;
    const make: Check = () => {
      made += 1;
      return Promise.resolve(passed('Fine.'));
    };
    const results = await runChecks(
      ALL_CHECKS.map(({ id }) => planned(id, make)),
      groundOf({ isLive: true }),
      quiet,
    );
    const skipped = results.filter(({ result }) => result === 'skipped');
    expect(skipped.map(({ id }) => id)).toEqual(ALL_CHECKS.filter(({ whileLive }) => !whileLive).map(({ id }) => id));
    expect(skipped.every(({ evidence }) => evidence === 'Not while live.')).toBe(true);
    expect(made).toBe(results.length - skipped.length);
    expect(skipped).toHaveLength(7);
  });

  it('what several checks share is done once, and anew for the next run', async () => {
    let times = 0;
    const shared = sharedOnce(() => {
      times += 1;
      return Promise.resolve(times);
    });
    const make: Check = async (ground) => passed(String(await shared(ground)));
    const both = [planned('enc-2', make), planned('enc-4', make)];
    const results = await runChecks(both, groundOf({}), quiet);
    expect(results.map(({ evidence }) => evidence)).toEqual(['1', '1']);
    await runChecks(both, groundOf({}), quiet);
    expect(times).toBe(2);
  });

  it('evidence is cut to 200 characters', async () => {
    const [result] = await runChecks(
      [planned('net-1', () => Promise.resolve(passed('x'.repeat(999))))],
      groundOf({}),
      quiet,
    );
    expect(result?.evidence).toHaveLength(200);
  });
});

let show: TestShow;
let facts: OriginFact[];
let changes: number;

function preflightOf(stream: Partial<StreamPlan>, more: Partial<PreflightDoors> = {}): Preflight {
  show = makeShow(plan({ stream: { ...NO_STREAM, ...stream } }));
  const ground = groundOf({ stream });
  return new Preflight({
    ...ground,
    readNow: () => now(show),
    readShow: () => show.state,
    record: (added) => {
      facts.push(...added);
      return added.map((fact) => {
        const meta = {
          seq: show.entries.length + 1,
          at: show.at,
          mono: show.mono,
          boot: show.boot,
          prevHash: '',
          hash: '',
        };
        const entry = { ...fact, ...meta } as Entry;
        show.entries.push(entry);
        evolve(show.state, entry);
        return entry;
      });
    },
    ownPorts: () => [],
    onChange: () => (changes += 1),
    ...more,
  });
}

beforeEach(() => {
  facts = [];
  changes = 0;
});

describe('an audit', () => {
  it(
    'answers with id and word once the results are booked, signed by who and which version',
    { timeout: 40_000 },
    async () => {
      const preflight = preflightOf({});
      const began = performance.now();
      const answer = await preflight.run(null, DESK);
      expect(performance.now() - began).toBeLessThan(30_000);
      expect(facts).toHaveLength(1);
      const [fact] = facts;
      expect(fact).toMatchObject({ kind: 'audit.finished', body: { auditId: 'a2', partial: false, by: 'desk' } });
      expect(answer).toMatchObject({
        ok: true,
        reply: { auditId: 'a2', word: expect.stringMatching(/^(go|check|no-go)$/) as string },
      });
      expect(preflight.view(show.state, now(show))).toMatchObject({ auditId: 'a2', running: null });
      expect(show.state.audit.results.size).toBe(ALL_CHECKS.length);
      expect(changes).toBeGreaterThan(10);
    },
  );

  it('makes one check alone, and refuses one that there is not', async () => {
    const preflight = preflightOf({});
    expect(await preflight.run(['stock-1'], DESK)).toMatchObject({ ok: true, reply: { word: 'check' } });
    expect(facts[0]).toMatchObject({ body: { partial: true, results: [{ id: 'stock-1', result: 'pass' }] } });
    const no = await preflight.run(['stock-1', 'stock-99'], DESK);
    expect(no).toMatchObject({
      refusal: { code: 'unknown-check', field: 'checks', message: expect.stringContaining('stock-99') as string },
    });
    expect(facts).toHaveLength(1);
  });

  it('runs once at a time, shows what is running, and keeps what was found when it is cancelled', async () => {
    const silent = await openDoor((socket) => socket.resume());
    const server = `rtmp://127.0.0.1:${silent.port}/live`;
    const preflight = preflightOf({ primaryIngest: server, backupIngest: server });
    const first = preflight.run(['net-7', 'stock-1'], DESK);
    expect(await preflight.run(['stock-1'], DESK)).toMatchObject({ refusal: { code: 'already-running' } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(preflight.view(show.state, now(show)).running).toEqual({ done: 1, total: 2, checks: ['net-7'] });
    expect(preflight.cancel()).toBe(true);
    expect(await first).toMatchObject({ ok: true });
    expect(facts[0]).toMatchObject({ body: { partial: true, results: [{ id: 'stock-1' }] } });
    expect(preflight.cancel()).toBe(false);
    expect(await preflight.run(['stock-1'], DESK)).toMatchObject({ ok: true });
    silent.close();
  });

  it('changes nothing while OBS is on air: no request but questions', { timeout: 40_000 }, async () => {
    const health = initialHealth({
      ...{ fps: null, keyframeSeconds: null, targetDurationSeconds: null, recordingExpected: false },
      ...{ retryDelaySeconds: null, stillScenes: [], wallAheadMs: null },
      sources: new Set(['obs'] as const),
    });
    const status = { outputActive: true, outputReconnecting: false, outputBytes: 1, outputDuration: 5 };
    observe(health, { source: 'obs', ms: 1, data: { GetStreamStatus: status, GetStats: {}, GetRecordStatus: {} } });
    const asked: string[] = [];
    const real = obsDoor({
      GetStreamServiceSettings: { streamServiceSettings: { server: 'rtmp://127.0.0.1:1/live', key: 'k-1234' } },
    });
    const preflight = preflightOf(
      { obs: { url: 'ws://127.0.0.1:4455' } },
      {
        health: () => health,
        obs: {
          ...real,
          call: (type, ...rest) => {
            asked.push(type);
            return real.call(type, ...rest);
          },
          batch: (requests, deadlineMs) => {
            asked.push(...requests.map(({ requestType }) => requestType));
            return real.batch(requests, deadlineMs);
          },
        },
      },
    );
    await preflight.run(null, DESK);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((type) => !type.startsWith('Get'))).toEqual([]);
    const { results } = show.state.audit;
    expect([...results.values()].filter(({ result }) => result === 'skipped').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['net-4', 'fail-4', 'fail-5', 'enc-2', 'enc-4', 'scn-2', 'rec-3']),
    );
  });
});
