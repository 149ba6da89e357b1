import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { domainBodies } from '../src/contract/domain-bodies.ts';
import { procedureBodies } from '../src/contract/procedure-bodies.ts';
import { mayAsk } from '../src/contract/roles.ts';
import { ANYWHERE, GROUPS } from './api-notes.mjs';
import { ROOT } from './paths.mjs';

/**
 * The command tables of README's API page, made of the schemas that check every command at run time. Written with
 * `node --experimental-strip-types build/api-page.mjs`; test/architecture/readme.test.ts keeps the page equal.
 *
 * @typedef {{ type?: string, enum?: string[], const?: unknown, items?: JsonSchema, anyOf?: JsonSchema[], oneOf?: JsonSchema[], properties?: Record<string, JsonSchema>, required?: string[] }} JsonSchema
 */
const README = join(ROOT, 'README.md');
const BEGIN = '<!-- commands: written by build/api-page.mjs -->';
const END = '<!-- end of commands -->';

/** @type {Record<string, z.ZodType>} */
const SCHEMAS = { ...domainBodies, ...procedureBodies };

/** @returns {string} the tables, in Markdown */
export function apiPage() {
  const named = GROUPS.flatMap(({ commands }) => Object.keys(commands));
  const missing = Object.keys(SCHEMAS).filter((kind) => !named.includes(kind));
  const strange = named.filter((kind) => !Object.hasOwn(SCHEMAS, kind));
  if (missing.length + strange.length > 0)
    throw new Error(
      `api-notes.mjs: no row for ${missing.join(', ') || 'none'}; no command ${strange.join(', ') || 'none'}`,
    );
  const tables = GROUPS.map(({ title, commands }) => table(title, commands));
  return [
    `${named.length} commands. Any of them may also be refused with ${codes(ANYWHERE.join(' '))}.`,
    ...tables,
  ].join('\n\n');
}

/** @returns {{ made: string, found: string }} the page as it should be, and as README.md has it */
export function compared() {
  const [, found = ''] = /** @type {string[]} */ (parts());
  return { made: `\n\n${apiPage()}\n\n`, found };
}

/** README.md before, between and after the marks. */
function parts() {
  const text = readFileSync(README, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error('README.md has no place for the commands');
  return [text.slice(0, from + BEGIN.length), text.slice(from + BEGIN.length, to), text.slice(to)];
}

/** @param {string} title @param {Record<string, [string, string]>} commands */
function table(title, commands) {
  const rows = Object.entries(commands).map(([kind, [reply, refusals]]) => {
    const who = /** @type {const} */ (['till', 'co-host']).filter((role) => mayAsk(role, /** @type {any} */ (kind)));
    const asks = who.length === 0 ? `\`${kind}\`` : `\`${kind}\` (${who.join(', ')})`;
    return `| ${asks} | ${body(kind)} | ${codes(reply)} | ${/^those of/.test(refusals) ? refusals : codes(refusals)} |`;
  });
  return [
    `**${title}**`,
    '',
    '| kind (also asked by) | body | reply adds | refusals |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** Words apart → `` `a`, `b` (x, y) ``; what stands in brackets comes with the refusal. @param {string} words */
function codes(words) {
  if (words === '') return '';
  return [...words.matchAll(/([^\s(]+)(?:\s*\(([^)]*)\))?/g)]
    .map(([, code, details]) =>
      details === undefined
        ? `\`${code}\``
        : `\`${code}\` (${details
            .split(' ')
            .map((word) => `\`${word}\``)
            .join(', ')})`,
    )
    .join(', ');
}

/** @param {string} kind */
function body(kind) {
  const schema = /** @type {JsonSchema} */ (z.toJSONSchema(/** @type {z.ZodType} */ (SCHEMAS[kind]), { io: 'input' }));
  return keysOf(schema)
    .map((key) => `\`${key.replaceAll('|', '\\|')}\``)
    .join(', ');
}

/** @param {JsonSchema} schema of an object @returns {string[]} `name`, `name?: form` */
function keysOf({ properties = {}, required = [] }) {
  return Object.entries(properties).map(([name, of]) => {
    const form = name === 'cue' && of.properties ? '{as in the plan}' : formOf(of);
    return `${name}${required.includes(name) ? '' : '?'}${form === '' ? '' : `: ${form}`}`;
  });
}

/** How a value looks; nothing for plain text and for figures, whose names say what they are. @param {JsonSchema} of @returns {string} */
function formOf(of) {
  const choices = of.anyOf ?? of.oneOf;
  if (choices) return choices.map((one) => formOf(one) || plain(one)).join('|');
  if (of.enum) return of.enum.join('|');
  if (of.const !== undefined) return String(of.const);
  switch (of.type) {
    case 'array':
      return `[${formOf(of.items ?? {}) || plain(of.items)}]`;
    case 'object':
      return of.properties ? `{${keysOf(of).join(', ')}}` : '{…}';
    case 'boolean':
      return 'bool';
    case 'null':
      return 'null';
    case undefined:
      return '…';
    default:
      return '';
  }
}

/** @param {JsonSchema | undefined} of */
function plain(of) {
  return of?.type === 'string' ? 'text' : of?.type === undefined ? '…' : 'n';
}

if (process.argv[1] === import.meta.filename) {
  const [before, , after] = parts();
  writeFileSync(README, `${before}\n\n${apiPage()}\n\n${after}`);
}
