import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deskEn } from './desk-en.ts';

const folder = join(import.meta.dirname, '..', '..', 'desk');
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !path.endsWith('.test.ts'))
  .map((path) => readFileSync(join(folder, path), 'utf8'))
  .join('\n');
/** keys made of parts, as in t(`phase.${phase}`) */
const madeOfParts = [...source.matchAll(/`([\w.-]+)\$\{/g)].map(([, start = '']) => start);

it('every text of the catalogue is shown somewhere', () => {
  const unused = Object.keys(deskEn).filter(
    (key) => !source.includes(`'${key}'`) && !madeOfParts.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

it('the desk’s components hold no text of their own', () => {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.svelte'))
    .flatMap((path) => {
      const markup = readFileSync(join(folder, path), 'utf8')
        .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/\{[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}/g, '')
        .replace(/<(?:=>|[^>"']|"[^"]*"|'[^']*')*>/g, '\n');
      return markup.split('\n').flatMap((line) => (/[A-Za-z]{2,}/.test(line) ? [`${path}: ${line.trim()}`] : []));
    });
  expect(found).toEqual([]);
});
