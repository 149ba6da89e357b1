import { esc, type Markup } from './markup.ts';

/**
 * What the charts of report.html share. They are inline SVG drawn by hand: the hub has no canvas. Colour never stands
 * alone: lines have dashes of their own and a label at their end, bars a pattern, and behind each chart stands its table.
 */
export const WIDTH = 1000;
export const SOFT = '#5b6776';

/** Colour, dash and fill pattern of each channel and tender, the same all over the report. */
const LOOKS: Record<string, { colour: string; dash: string; pattern: number }> = {
  'in-person': { colour: '#1d5c85', dash: '', pattern: 0 },
  stream: { colour: '#b3471b', dash: '9 4', pattern: 1 },
  social: { colour: '#4d7a22', dash: '2.5 3.5', pattern: 2 },
  unattributed: { colour: '#666e78', dash: '12 3 2 3', pattern: 3 },
  card: { colour: '#1d5c85', dash: '', pattern: 0 },
  cash: { colour: '#4d7a22', dash: '', pattern: 2 },
  other: { colour: '#666e78', dash: '', pattern: 3 },
};
const PLAIN = { colour: '#1b2430', dash: '', pattern: 0 };

/** How a channel or tender is drawn; a name nobody foresaw is plain. */
export function lookOf(name: string): { colour: string; dash: string } {
  return LOOKS[name] ?? PLAIN;
}

/** Fill of a bar: the pattern of a channel or tender. */
export function fillOf(name: string): string {
  return `url(#p-${LOOKS[name] ? name : 'other'})`;
}

/** @param content drawn on a ground of WIDTH × height, in order */
export function chart(title: string, height: number, content: readonly Markup[]): Markup {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${esc(title)}"><title>${esc(title)}</title>${patterns()}${content.join('')}</svg>`;
}

function patterns(): Markup {
  const shapes = [
    '',
    '<path d="M0 6L6 0" stroke="#fff" stroke-width="1.6"/>',
    '<circle cx="3" cy="3" r="1.1" fill="#fff"/>',
    '<path d="M3 0V6" stroke="#fff" stroke-width="1.4"/>',
  ];
  const fills = Object.entries(LOOKS).map(
    ([name, { colour, pattern }]) =>
      `<pattern id="p-${name}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="${colour}"/>${shapes[pattern] ?? ''}</pattern>`,
  );
  return `<defs>${fills.join('')}<pattern id="p-bad" width="7" height="7" patternUnits="userSpaceOnUse"><path d="M0 7L7 0" stroke="#a3231a" stroke-width="1.3" opacity="0.75"/></pattern></defs>`;
}
