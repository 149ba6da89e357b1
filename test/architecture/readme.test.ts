import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ANYWHERE, GROUPS } from '../../build/api-notes.mjs';
import { compared } from '../../build/api-page.mjs';
import { readPlan } from '../../src/contract/plan-file.ts';
import { ROUTES } from '../../src/contract/routes.ts';
import { productShape, listShapes, showShape, streamShape } from '../../src/contract/plan-schema.ts';
import { AUDIT_CHECKS } from '../../src/domain/audit/catalogue.ts';
import { CAUSES } from '../../src/domain/health/causes.ts';
import { SKU_FLAGS, RETURN_REASONS } from '../../src/domain/words.ts';
import { TABLE_NAMES } from '../../src/domain/report-table.ts';
import { ORDER_FORMATS } from '../../src/hub/connectors/csv-formats.ts';
import { readGenericOrder } from '../../src/hub/connectors/generic-order.ts';
import { SHOP_KINDS } from '../../src/hub/connectors/shop.ts';
import { SHOP_SECRETS } from '../../src/hub/connectors/shop-secrets.ts';
import { SETTING_KEYS } from '../../src/hub/settings.ts';
import { sourceFiles, SRC } from './house.ts';

/** What README tells people is what the program has. */
const readme = readFileSync(join(SRC, '../README.md'), 'utf8');
const source = (file: string): string => readFileSync(join(SRC, file), 'utf8');
const streamOf = z.strictObject({ stream: streamShape });
/** which of these no code span of README names */
const unnamed = (words: readonly string[]): string[] => words.filter((word) => !readme.includes(`\`${word}\``));

test('the commands are those of the schemas (write them with: node --experimental-strip-types build/api-page.mjs)', () => {
  const { made, found } = compared();
  expect(found).toBe(made);
});

test('every refusal of the rules and of the hub stands beside a command', () => {
  const rooms = sourceFiles().filter(
    (file) =>
      /^(domain\/decide|hub\/procedures|hub\/gateway\/(gateway|join-desk))/.test(file) && !file.includes('.test.'),
  );
  const refused = rooms.flatMap((file) =>
    [...source(file).matchAll(/\brefuse\(\s*'([a-z-]+)'/g)].map(([, code]) => code),
  );
  expect(refused.length).toBeGreaterThan(150);
  const told = new Set([
    ...ANYWHERE,
    ...GROUPS.flatMap(({ commands }) => Object.values(commands).flatMap(([, refusals]) => refusals.split(/[ ()]+/))),
  ]);
  expect([...new Set(refused)].filter((code) => !told.has(code ?? ''))).toEqual([]);
});

test('every setting, secret, key of a plan, file format and flag is named', () => {
  const settings = SETTING_KEYS.map((key) =>
    key.replace(new RegExp(`^connectors\\.(${SHOP_KINDS.join('|')})\\.`), 'connectors.<shop>.'),
  );
  expect(unnamed([...new Set(settings)])).toEqual([]);
  expect(unnamed(SHOP_SECRETS.filter((name) => !name.endsWith('.former')))).toEqual([]);
  expect(unnamed([...ORDER_FORMATS, ...SKU_FLAGS, ...RETURN_REASONS])).toEqual([]);
  expect(unnamed(Object.keys(productShape.shape))).toEqual([]);
  expect(Object.keys(streamShape.shape).filter((key) => !readme.includes(`"${key}"`))).toEqual([]);
  expect(unnamed(Object.keys(showShape.shape))).toEqual([]);
  const parts = ['offers', 'bundles', 'tills', 'partners', 'packagings', 'checklist', 'people', 'signups'] as const;
  expect(unnamed(parts.flatMap((part) => [part, ...Object.keys(listShapes[part].shape)]))).toEqual([]);
});

test('every cause of a stream in trouble and every check of the audit is named, and those that block are bold', () => {
  expect(unnamed(CAUSES)).toEqual([]);
  expect(unnamed(AUDIT_CHECKS.map(({ id }) => id))).toEqual([]);
  const bold = AUDIT_CHECKS.filter(({ id }) => readme.includes(`**\`${id}\`**`));
  expect(bold).toEqual(AUDIT_CHECKS.filter(({ blocks }) => blocks));
});

test('every part of the state, every route and every file of a close is named', () => {
  const [, body = ''] = /export interface DeskState \{\n([\s\S]*?)\n\}/.exec(source('contract/desk-state.ts')) ?? [];
  const parts = [...body.matchAll(/^ {2}(\w+):/gm)].map(([, part]) => part ?? '');
  expect(parts.length).toBeGreaterThan(30);
  const [, page = ''] = /```text\n([\s\S]*?)```/.exec(readme.slice(readme.indexOf('### State'))) ?? [];
  expect(parts.filter((part) => !new RegExp(`\\b${part}\\b`).test(page))).toEqual([]);
  expect(ROUTES.filter(({ method, path }) => !readme.includes(`${method} ${path.replace('/*', '')}`))).toEqual([]);
  expect(unnamed(TABLE_NAMES)).toEqual([]);
});

test('the examples are what the program accepts', () => {
  const examples = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const plans = examples.filter((text) => text.includes('"dropdesk-plan"'));
  const orders = examples.filter((text) => text.includes('"type"'));
  const streams = examples.filter((text) => text.startsWith('{ "stream"'));
  expect([plans.length, orders.length, streams.length]).toEqual([1, 2, 2]);
  for (const text of plans) expect(readPlan(JSON.parse(text))).not.toHaveProperty('faults');
  for (const text of streams) expect(streamOf.safeParse(JSON.parse(text)).error).toBeUndefined();
  for (const text of orders) expect(readGenericOrder(Buffer.from(text))).not.toHaveProperty('problem');
});
