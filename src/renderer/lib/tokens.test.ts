import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const renderer = join(import.meta.dirname, '..');
const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

type Tokens = Map<string, string>;
/** The colours of each block with exactly this selector, in the order of the file. */
function blocksOf(selector: string): Record<string, string>[] {
  const blocks = [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g)];
  return blocks
    .filter(([, selectors = '']) => selectors.split(',').some((one) => one.trim() === selector))
    .map(([, , body = '']) =>
      Object.fromEntries(
        [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map(([, name, value]) => [name, value]),
      ),
    );
}
function theme(selector: string, base: Tokens = new Map()): Tokens {
  return new Map([...base, ...blocksOf(selector).flatMap((colours) => Object.entries(colours))]);
}

const dark = theme(`:root[data-theme='dark']`);
const themes = {
  dark,
  light: theme(`:root[data-theme='light']`, dark),
  'contrast-dark': theme(`:root[data-theme='contrast-dark']`, dark),
  'contrast-light': theme(`:root[data-theme='contrast-light']`, dark),
};

/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const surfaces = ['bg', 'panel', 'raised'];
const texts = ['text', 'muted', 'dim', 'p1', 'p2', 'p3', 'info'];
const fills = [
  ['p1-on', 'p1-fill'],
  ['p2-on', 'p2-fill'],
  ['mass-on', 'mass-1'],
  ['mass-on', 'mass-2'],
  ['mass-3-on', 'mass-3'],
  ['on-air-text', 'on-air'],
  ['standby-text', 'standby'],
  ['wrap-text', 'wrap'],
  ['ink', 'paper'],
];

describe.each(Object.entries(themes))('the theme %s', (_name, tokens) => {
  const ratio = (one: string, other: string): number => contrast(tokens.get(one) ?? '', tokens.get(other) ?? '');

  it('has text of at least 4.5 to 1 on every surface', () => {
    const faults = texts
      .flatMap((text) => surfaces.map((surface) => ({ text, surface, ratio: ratio(text, surface) })))
      .filter((pair) => !(pair.ratio >= 4.5));
    expect(faults).toEqual([]);
  });
  it('has text of at least 4.5 to 1 on every fill', () => {
    expect(
      fills
        .map(([on = '', fill = '']) => ({ on, fill, ratio: ratio(on, fill) }))
        .filter((pair) => !(pair.ratio >= 4.5)),
    ).toEqual([]);
  });
  it('has control borders and focus rings of at least 3 to 1 on every surface', () => {
    const faults = ['line', 'focus', 'p1', 'p2']
      .flatMap((edge) => surfaces.map((surface) => ({ edge, surface, ratio: ratio(edge, surface) })))
      .filter((pair) => !(pair.ratio >= 3));
    expect(faults).toEqual([]);
  });
});

it('the same colours come by the system’s wish as by choice', () => {
  const wished = blocksOf(':root:not([data-theme])');
  const chosen = ['light', 'contrast-dark', 'contrast-light'].map((name) => blocksOf(`:root[data-theme='${name}']`)[0]);
  expect(wished).toHaveLength(3);
  // High contrast by wish lies over light or dark by wish, so it may leave out what it does not change.
  wished.forEach((colours, at) => expect(chosen[at]).toMatchObject(colours));
});

describe('pages', () => {
  const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(svelte|css|html)$/.test(path) && !path.endsWith('tokens.css'),
  );
  const grep = (pattern: RegExp): string[] =>
    sources.flatMap((path) =>
      readFileSync(join(renderer, path), 'utf8')
        .split('\n')
        .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
    );

  it('are looked at: the check would pass on an empty folder', () => {
    expect(sources.length).toBeGreaterThan(10);
  });
  it('take every colour from tokens.css', () => {
    expect(grep(/(:|\s)#[0-9a-f]{3,8}\b(?!["'])|\b(rgb|rgba|hsl|hsla|oklch)\(/i)).toEqual([]);
  });
  it('carry no style attribute: the policy style-src self refuses it', () => {
    expect(grep(/\sstyle="/)).toEqual([]);
  });
});
