import { spawn } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HubExit, planFile, ROOT, smallPlan, tempFolder, TestHub } from '../kit/hub.ts';

let folder: ReturnType<typeof tempFolder>;
beforeEach(() => void (folder = tempFolder('cli')));
afterEach(() => folder.remove());

const refused = async (args: string[]): Promise<HubExit> => {
  try {
    const hub = await TestHub.start({ data: folder.path, args });
    await hub.stop();
  } catch (error) {
    if (error instanceof HubExit) return error;
    throw error;
  }
  throw new Error(`the hub started with ${args.join(' ')}`);
};

test('SIGTERM stops it cleanly with 0 and folds the log into the file', async () => {
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path)] });
  const [show] = (await hub.state()).shows;
  expect(await hub.stop()).toBe(0);
  const file = join(folder.path, 'shows', show?.id ?? '', 'show.db');
  expect(statSync(file).size).toBeGreaterThan(0);
  expect(existsSync(`${file}-wal`)).toBe(false);
});

test.each([
  [['--frobnicate']],
  [['--desk-port', 'many']],
  [['--floor-host', '0.0.0.0']],
  [['--floor-host', '8.8.8.8']],
  [['--plan', '/nowhere/plan.dropdesk']],
])('%j ends it with 2 and one line', async (args) => {
  const { code, stderr } = await refused(args);
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('with neither show nor plan it runs, and every ask says what is missing', async () => {
  const hub = await TestHub.start({ data: folder.path });
  const code = async (kind: string, body = {}): Promise<unknown> => {
    const reply = await hub.ask(kind, body);
    return reply.ok || reply.refusal.code;
  };
  try {
    expect((await hub.state()).show).toBeNull();
    expect(await code('open-show')).toBe('no-plan');
    expect(await code('close-show')).toBe('not-open');
    expect(await code('count-stock', { sku: 'MUG', counted: 1 })).toBe('not-closing');
    expect(await code('finish-close')).toBe('not-closing');
    expect(await code('reopen-show', { reason: 'one more' })).toBe('not-closing');
    expect(await code('receive-stock', { sku: 'MUG', quantity: 1 })).toBe('show-not-open');
    expect(await hub.get('/api/ledger')).toEqual({ entries: [], head: 0 });
  } finally {
    await hub.stop();
  }
});

test('a plan with faults ends it with 2 and names them in one line', async () => {
  const path = planFile(folder.path, {
    bundles: [{ sku: 'X', name: 'X', price: '1.00', parts: [{ sku: 'NOPE', quantity: 1 }] }],
    currency: 1,
  });
  const { code, stderr } = await refused(['--plan', path]);
  expect(code).toBe(2);
  expect(stderr).toContain('bundles[0].parts[0].sku');
});

test('a second hub on the same folder ends with 3 and touches nothing', async () => {
  const first = await TestHub.start({ data: folder.path });
  const { code, stderr } = await refused([]);
  expect(code).toBe(3);
  expect(stderr).toContain('Another Dropdesk hub');
  expect((await first.get<{ ok: boolean }>('/api/health')).ok).toBe(true);
  await first.stop();
});

test('a taken port is said with what to do about it', async () => {
  const first = await TestHub.start({ data: folder.path });
  const other = tempFolder('port');
  const { code, stderr } = await TestHub.start({ data: other.path, deskPort: first.port }).then(
    () => ({ code: 0, stderr: '' }),
    (error: HubExit) => error,
  );
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${first.port} is taken`);
  expect(stderr).toContain('--desk-port');
  await first.stop();
  other.remove();
});

test('the same command line after a crash finds the show, it does not make another', async () => {
  const args = ['--plan', planFile(folder.path)];
  const first = await TestHub.start({ data: folder.path, args });
  await first.do('open-show');
  await first.kill();
  const second = await TestHub.start({ data: folder.path, args });
  const state = await second.state();
  expect(state.shows).toHaveLength(1);
  expect(state.show?.phase).toBe('live');
  await second.stop();
});

test('a plan adopted after the show was closed makes a new show', async () => {
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path)] });
  await hub.do('open-show');
  await hub.do('close-show');
  await hub.do('finish-close', { overrideReason: 'nothing was sold in this test' });
  await hub.do('adopt-plan', { plan: smallPlan() });
  const state = await hub.state();
  expect(state.shows).toHaveLength(2);
  expect(state.show).toMatchObject({ phase: 'planned', closedAt: null });
  expect(state.seq).toBeLessThan(5);
  await hub.stop();
});

test('secrets that others could read are refused', async () => {
  const path = join(folder.path, 'my-secrets.json');
  writeFileSync(path, '{"obs.password":"x"}', { mode: 0o644 });
  await expect(TestHub.start({ data: folder.path, env: { DROPDESK_SECRETS: path } })).rejects.toMatchObject({
    code: 2,
  });
});

test('an older Node is told so in one sentence', async () => {
  // The check reads Node-API from process.versions; a preload lowers it, as an older runtime would say it.
  const preload = join(folder.path, 'older.cjs');
  writeFileSync(preload, "Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '9' } });");
  const child = spawn(process.execPath, ['--require', preload, join(ROOT, 'out/main/hub.js'), '--data', folder.path]);
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((done) => child.on('exit', done));
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Dropdesk's hub needs Node 22\.14 or newer .*\n$/);
});
