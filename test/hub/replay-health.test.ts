import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const TRACES = join(ROOT, 'test/fixtures/stream-traces');

/** The command as people start it (STR-94). */
function run(args: string[], input = ''): { status: number | null; out: string[]; err: string } {
  const started = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', 'src/hub/replay-health.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...started, ...args], {
    cwd: ROOT,
    input,
    encoding: 'utf8',
  });
  return { status, out: stdout.split('\n').filter((line) => line !== ''), err: stderr };
}

it('a trace is played to its verdicts and its incidents, from a file or from stdin alike', () => {
  const path = join(TRACES, 'ingest-restart.ndjson');
  const options = ['--sidecar', join(TRACES, 'ingest-restart.json')];
  const { status, out } = run([path, ...options]);
  expect(status).toBe(0);
  expect(run(['-', ...options], readFileSync(path, 'utf8')).out).toEqual(out);
  const lines = out.map((line) => JSON.parse(line) as Record<string, unknown>);
  const bad = lines.find(({ cause }) => cause === 'ingest-dropped');
  expect(bad).toMatchObject({
    level: 'critical',
    layers: { transport: { level: 'critical', cause: 'ingest-dropped' } },
  });
  expect(Object.keys(bad ?? {})).toEqual(['ms', 'level', 'cause', 'layers', 'symptoms']);
  expect(lines.at(-1)).toMatchObject({ end: true });
  expect(lines.at(-1)?.['incidents']).toContainEqual(
    expect.objectContaining({ layer: 'transport', cause: 'ingest-dropped', endMs: expect.any(Number) as number }),
  );
}, 30_000);

it.each([
  '{"ms":1,"source":"obs"}\n{"ms":',
  '{"ms":1,"source":"obs"}\n{"source":"obs"}',
  '{"ms":1,"source":"obs"}\nnull',
])(
  'a line that cannot be read ends it with 2 and is named: %j',
  (text) => {
    const { status, out, err } = run(['-'], text);
    expect([status, out]).toEqual([2, []]);
    expect(err).toContain('line 2:');
  },
  30_000,
);

it('a file that is not there, and no file at all, end it with 2', () => {
  expect(run(['/nowhere.ndjson']).status).toBe(2);
  expect(run([]).err).toContain('Usage:');
}, 30_000);
