import type { Report } from '../../contract/report-file.ts';
import { fromIso } from '../../domain/units.ts';
import { esc, type Markup, px } from './markup.ts';
import { objectsOf } from './report-rows.ts';
import type { Words } from './report-words.ts';

/**
 * Charts as inline SVG, drawn by hand: the hub has no canvas. Colour never stands alone: lines have dashes of their own
 * and a label at their end, bars a pattern, and behind each chart stands its table.
 */
const WIDTH = 1000;

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

/** Net so far by channel, with what was on air, when the stream was bad, and where clips were found. */
export function salesChart(report: Report, words: Words): Markup {
  const from = fromIso(report.series.from);
  const minutes = Math.max(1, report.series.onlineNetMinor.length);
  const [left, right, top, bottom, height] = [70, 128, 24, 40, 340];
  const [plotW, plotH] = [WIDTH - left - right, height - top - bottom];
  const x = (at: number): number => left + (Math.min(Math.max((at - from) / 60_000, 0), minutes) / minutes) * plotW;
  const lines = cumulative(report, from, minutes);
  const highest = Math.max(1, ...lines.flatMap(({ values }) => values));
  const lowest = Math.min(0, ...lines.flatMap(({ values }) => values));
  const ticks = niceTicks(lowest, highest, 5);
  const [floor, ceiling] = [Math.min(lowest, ticks[0] ?? 0), Math.max(highest, ticks.at(-1) ?? 1)];
  const y = (value: number): number => top + plotH - ((value - floor) / (ceiling - floor)) * plotH;
  const grid = ticks.map(
    (tick) =>
      `<line x1="${left}" x2="${left + plotW}" y1="${px(y(tick))}" y2="${px(y(tick))}" stroke="#d9dfe6"/><text x="${left - 8}" y="${px(y(tick) + 4)}" text-anchor="end" fill="#5b6776">${esc(words.amount(tick))}</text>`,
  );
  const hours = axisTimes(from, minutes).map(
    (at) =>
      `<line x1="${px(x(at))}" x2="${px(x(at))}" y1="${top + plotH}" y2="${top + plotH + 5}" stroke="#5b6776"/><text x="${px(x(at))}" y="${top + plotH + 19}" text-anchor="middle" fill="#5b6776">${esc(words.clock(new Date(at).toISOString()))}</text>`,
  );
  const paths = lines.map(({ channel, values }) => {
    const { colour, dash } = LOOKS[channel] ?? PLAIN;
    const d = values
      .map((value, index) => `${index === 0 ? 'M' : 'L'}${px(x(from + index * 60_000))} ${px(y(value))}`)
      .join('');
    return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="2.4" stroke-linejoin="round"${dash ? ` stroke-dasharray="${dash}"` : ''}><title>${esc(channel)}: ${esc(words.money(values.at(-1) ?? 0))}</title></path>`;
  });
  const labels = spread(
    lines.map(({ channel, values }) => ({ channel, value: values.at(-1) ?? 0, y: y(values.at(-1) ?? 0) })),
    30,
    top,
    top + plotH,
  ).map(
    ({ channel, value, y: at }) =>
      `<text x="${left + plotW + 8}" y="${px(at)}" fill="${(LOOKS[channel] ?? PLAIN).colour}" font-weight="600">${esc(channel)}</text><text x="${left + plotW + 8}" y="${px(at + 14)}" fill="#5b6776">${esc(words.money(value))}</text>`,
  );
  const title = `Net so far by channel, ${words.clock(report.show.openedAt)} to ${words.clock(new Date(from + minutes * 60_000).toISOString())}`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${esc(title)}"><title>${esc(title)}</title>${patterns()}${bands(report, x, top, plotH)}${grid.join('')}${troubles(report, x, top, plotH)}${paths.join('')}${labels.join('')}${clipTicks(report, x, top + plotH)}<line x1="${left}" x2="${left + plotW}" y1="${px(y(0))}" y2="${px(y(0))}" stroke="#1b2430" stroke-width="1.2"/>${hours.join('')}</svg>`;
}

type Across = (at: number) => number;

/** Bands carry numbers; `airList` says what they were. */
function bands(report: Report, x: Across, top: number, plotH: number): Markup {
  return report.series.cues
    .map(({ from, to, title }, index) => {
      const [start, end] = [x(fromIso(from)), x(fromIso(to))];
      const width = Math.max(1, end - start);
      return `<g><title>On air ${index + 1}: ${esc(title)}</title><rect x="${px(start)}" y="${top}" width="${px(width)}" height="${plotH}" fill="#1d5c85" opacity="${index % 2 === 0 ? '0.1' : '0.055'}"/><text x="${px(start + width / 2)}" y="${top - 7}" text-anchor="middle" fill="#5b6776" font-size="11">${index + 1}</text></g>`;
    })
    .join('');
}

/** The numbers over the bands and their cues. */
export function airList(report: Report, words: Words): Markup {
  const items = report.series.cues.map(
    ({ from, title }, index) => `<li><b>${index + 1}</b> ${esc(title)} <span>${esc(words.clock(from))}</span></li>`,
  );
  return items.length === 0 ? '' : `<ul class="air">${items.join('')}</ul>`;
}

function troubles(report: Report, x: Across, top: number, plotH: number): Markup {
  return objectsOf(report.tables.incidents)
    .map((row) => {
      const start = x(fromIso(String(row['fromUtc'])));
      const end = row['toUtc'] === null ? x(Infinity) : x(fromIso(String(row['toUtc'])));
      return `<rect x="${px(start)}" y="${top}" width="${px(Math.max(2, end - start))}" height="${plotH}" fill="url(#p-bad)"><title>Stream ${esc(String(row['level']))}: ${esc(String(row['cause']))}</title></rect>`;
    })
    .join('');
}

/** One triangle a clip, thumbnails apart: they lie where their clips do. */
function clipTicks(report: Report, x: Across, base: number): Markup {
  return objectsOf(report.tables.clips)
    .filter((row) => row['purpose'] !== 'thumbnail')
    .map((row) => {
      const at = x(fromIso(String(row['startAt'])));
      return `<path d="M${px(at)} ${base - 9}l4.5 9h-9z" fill="#1b2430"><title>Clip ${esc(String(row['clip']))}</title></path>`;
    })
    .join('');
}

function cumulative(report: Report, from: number, minutes: number): { channel: string; values: number[] }[] {
  const steps = new Map<string, number[]>();
  for (const row of objectsOf(report.tables.sales)) {
    const channel = String(row['channel']);
    const list = steps.get(channel) ?? new Array<number>(minutes + 1).fill(0);
    steps.set(channel, list);
    const minute = Math.min(minutes, Math.max(0, Math.ceil((fromIso(String(row['atUtc'])) - from) / 60_000)));
    list[minute] = (list[minute] ?? 0) + Number(row['net']);
  }
  const order = objectsOf(report.tables.channels).map((row) => String(row['channel']));
  return order.flatMap((channel) => {
    const list = steps.get(channel);
    if (!list) return [];
    let sum = 0;
    return [{ channel, values: list.map((step) => (sum += step)) }];
  });
}

/** Units sold against the reserve, one bar a product; the outline is what was set aside. */
export function reserveChart(report: Report, words: Words): Markup {
  const rows = objectsOf(report.tables.products)
    .filter((row) => typeof row['reserve'] === 'number' && (Number(row['reserve']) > 0 || Number(row['unitsSold']) > 0))
    .sort((a, b) => Number(b['unitsSold']) - Number(a['unitsSold']) || (String(a['sku']) < String(b['sku']) ? -1 : 1))
    .slice(0, 24);
  const stock = new Map(objectsOf(report.tables.stock).map((row) => [String(row['sku']), row]));
  const [left, right, step] = [230, 180, 30];
  const plotW = WIDTH - left - right;
  const bars = rows.map((row) => {
    const counts = stock.get(String(row['sku']));
    const sold = ['soldInPerson', 'soldStream', 'soldSocial', 'soldUnattributed'].map((key) =>
      Number(counts?.[key] ?? 0),
    );
    return {
      name: String(row['name']),
      reserve: Number(row['reserve']) + Number(counts?.['received'] ?? 0),
      sold,
      all: sold.reduce((sum, units) => sum + units, 0),
      out: row['soldOutUtc'],
    };
  });
  const most = Math.max(1, ...bars.map(({ reserve, all }) => Math.max(reserve, all)));
  const channels = ['in-person', 'stream', 'social', 'unattributed'];
  const drawn = bars.map(({ name, reserve, sold, all, out }, index) => {
    const y = 34 + index * step;
    let at = left;
    const parts = sold.map((units, channel) => {
      const width = (units / most) * plotW;
      const part =
        units === 0
          ? ''
          : `<rect x="${px(at)}" y="${y}" width="${px(width)}" height="18" fill="url(#p-${channels[channel] ?? 'other'})"><title>${esc(name)}: ${units} ${esc(channels[channel] ?? '')}</title></rect>`;
      at += width;
      return part;
    });
    const share = reserve > 0 ? ` · ${words.percent(all / reserve)}` : '';
    const note = typeof out === 'string' ? ` · out ${words.clock(out)}` : '';
    return `<text x="${left - 10}" y="${y + 13.5}" text-anchor="end">${esc(cut(name, 32))}</text><rect x="${left}" y="${y}" width="${px((reserve / most) * plotW)}" height="18" fill="#f4f6f9" stroke="#aab4c0"/>${parts.join('')}<text x="${left + plotW + 10}" y="${y + 13.5}" fill="#5b6776">${esc(`${all} of ${reserve}${share}${note}`)}</text>`;
  });
  const legend = channels.map(
    (channel, index) =>
      `<rect x="${left + index * 120}" y="6" width="13" height="13" fill="url(#p-${channel})"/><text x="${left + index * 120 + 19}" y="17" fill="#5b6776">${channel}</text>`,
  );
  const height = 34 + Math.max(1, bars.length) * step;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Units sold against the reserve"><title>Units sold against the reserve</title>${patterns()}${legend.join('')}${drawn.join('')}</svg>`;
}

/** What came in by which tender, returns taken off. */
export function tenderChart(report: Report, words: Words): Markup {
  const sums = new Map<string, number>();
  for (const row of objectsOf(report.tables.tenders))
    sums.set(String(row['tender']), (sums.get(String(row['tender'])) ?? 0) + Number(row['expected']));
  const parts = [...sums].filter(([, amount]) => amount > 0);
  const total = parts.reduce((sum, [, amount]) => sum + amount, 0);
  let at = 0;
  const drawn = parts.map(([tender, amount], index) => {
    const width = (amount / total) * WIDTH;
    const bar = `<rect x="${px(at)}" y="0" width="${px(width)}" height="30" fill="url(#p-${LOOKS[tender] ? tender : 'other'})" stroke="#fff"><title>${esc(tender)}: ${esc(words.money(amount))}</title></rect>`;
    at += width;
    const x = (index * WIDTH) / 3;
    return `${bar}<rect x="${px(x)}" y="45" width="13" height="13" fill="url(#p-${LOOKS[tender] ? tender : 'other'})"/><text x="${px(x + 20)}" y="56">${esc(tender)} <tspan fill="#5b6776">${esc(words.money(amount))} · ${esc(words.percent(amount / total))}</tspan></text>`;
  });
  const empty = parts.length === 0 ? '<text x="0" y="20" fill="#5b6776">Nothing was taken.</text>' : '';
  return `<svg viewBox="0 0 ${WIDTH} 64" role="img" aria-label="Takings by tender"><title>Takings by tender</title>${patterns()}${drawn.join('')}${empty}</svg>`;
}

/** Round steps that cover low…high; always whole minor units. */
export function niceTicks(low: number, high: number, wanted: number): number[] {
  const raw = Math.max(1, (high - low) / wanted);
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(
    1,
    [1, 2, 2.5, 5, 10].map((factor) => Math.round(factor * size)).find((one) => one >= raw) ?? 10 * size,
  );
  const ticks: number[] = [];
  for (let tick = Math.floor(low / step) * step; tick < high + step; tick += step) ticks.push(tick);
  return ticks;
}

/** Five to ten instants on round quarter hours, half hours or hours. */
function axisTimes(from: number, minutes: number): number[] {
  const step = [5, 10, 15, 30, 60, 120, 240].find((size) => minutes / size <= 10) ?? 480;
  const first = Math.ceil(from / (step * 60_000)) * step * 60_000;
  const times: number[] = [];
  for (let at = first; at <= from + minutes * 60_000; at += step * 60_000) times.push(at);
  return times;
}

/** Pushes labels apart so that none covers another. */
function spread<T extends { y: number }>(labels: T[], gap: number, top: number, bottom: number): T[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let last = top - gap;
  for (const label of sorted) last = label.y = Math.max(label.y, last + gap);
  let next = bottom + gap / 2;
  for (const label of sorted.reverse())
    next = label.y = Math.min(label.y, next - gap / 2 - (next === bottom + gap / 2 ? 0 : gap / 2));
  return labels;
}

function cut(text: string, most: number): string {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, Math.max(1, most - 1)).join('')}…` : text;
}
