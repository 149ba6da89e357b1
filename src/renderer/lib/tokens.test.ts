import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const renderer = join(import.meta.dirname, '..');
const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

type Tokens = Map<string, string>;
/** All colours of the blocks whose selector is exactly `selector`, laid over `base`. */
function theme(selector: string, base: Tokens = new Map()): Tokens {
  const tokens = new Map(base);
  const blocks = css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g);
  for (const [, selectors = '', body = ''] of blocks) {
    if (!selectors.split(',').some((one) => one.trim() === selector)) continue;
    for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)) tokens.set(name, value);
  }
  return tokens;
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
  const asked = (query: string): string => [...css.slice(css.indexOf(query)).matchAll(/\{([^{}]*)\}/g)][0]?.[1] ?? '';
  const colours = (text: string): Record<string, string> =>
    Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map(([, name, value]) => [name, value]));
  for (const [query, name] of [
    ['@media (prefers-color-scheme: light)', 'light'],
    ['@media (prefers-contrast: more)', 'contrast-dark'],
    ['(prefers-contrast: more) and (prefers-color-scheme: light)', 'contrast-light'],
  ] as const) {
    const own = asked(query).match(/--/) ? asked(query) : css.slice(css.indexOf(query));
    for (const [token, value] of Object.entries(colours(own)))
      expect([query, token, value]).toEqual([query, token, themes[name].get(token)]);
  }
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
