import { join } from 'node:path';
import { bin, ROOT, say } from './paths.mjs';
import { run } from './run.mjs';

/** Types in every room, Svelte, lint, format. The architecture is a test of its own (test/architecture). */
const STEPS = [
  ['types: hub, contract, main, tests', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['types: domain alone', bin('tsc'), ['--noEmit', '-p', 'src/domain']],
  [
    'types: pages',
    bin('svelte-check'),
    ['--tsconfig', 'src/renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ],
  [
    'lint',
    bin('eslint'),
    ['--cache', '--cache-location', join(ROOT, 'node_modules', '.cache', 'eslint'), 'src', 'test', 'build'],
  ],
  [
    'format',
    bin('prettier'),
    ['--check', '--log-level', 'warn', 'src', 'test', 'build', '*.ts', '*.js', 'package.json'],
  ],
];

const results = await Promise.all(
  STEPS.map(async ([name, file, args]) => {
    const { code, output } = await run(process.execPath, [String(file), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { name, code, output };
  }),
);
for (const { name, code, output } of results) say(code === 0 ? `ok      ${name}` : `FAILED  ${name}\n${output}`);
process.exit(results.some(({ code }) => code !== 0) ? 1 : 0);
