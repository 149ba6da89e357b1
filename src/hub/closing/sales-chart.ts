import type { Report } from '../../contract/report-file.ts';
import { fromIso, toIso } from '../../domain/units.ts';
import { chart, lookOf, SOFT, WIDTH } from './chart-parts.ts';
import { esc, type Markup, px } from './markup.ts';
import { objectsOf } from './report-rows.ts';
import type { Words } from './report-words.ts';

const MINUTE = 60_000;
const [LEFT, TOP, HEIGHT] = [70, 24, 340];
const PLOT = { width: WIDTH - LEFT - 128, height: HEIGHT - TOP - 40 };
const [RIGHT, BASE] = [LEFT + PLOT.width, TOP + PLOT.height];

/** An instant or an amount to its place on the ground. */
type Across = (at: number) => number;
type Up = (minor: number) => number;

interface Line {
  channel: string;
  /** net so far, a step a minute */
  values: number[];
}

/** Net so far by channel, with what was on air, when the stream was bad, and where clips were found. */
export function salesChart(report: Report, words: Words): Markup {
  const from = fromIso(report.series.from);
  const minutes = Math.max(1, report.series.onlineNetMinor.length);
  const lines = cumulative(report, from, minutes);
  const lowest = Math.min(0, ...lines.flatMap(({ values }) => values));
  const highest = Math.max(1, ...lines.flatMap(({ values }) => values));
  const ticks = niceTicks(lowest, highest, 5);
  const [floor, ceiling] = [Math.min(lowest, ticks[0] ?? 0), Math.max(highest, ticks.at(-1) ?? 1)];
  const x: Across = (at) => LEFT + (Math.min(Math.max((at - from) / MINUTE, 0), minutes) / minutes) * PLOT.width;
  const y: Up = (minor) => BASE - ((minor - floor) / (ceiling - floor)) * PLOT.height;
  const title = `Net so far by channel, ${words.clock(report.show.openedAt)} to ${words.clock(toIso(from + minutes * MINUTE))}`;
  return chart(title, HEIGHT, [
    bands(report, x),
    grid(ticks, y, words),
    troubles(report, x),
    ...lines.map((line) => curve(line, from, x, y, words)),
    ...endLabels(lines, y, words),
    clipTicks(report, x),
    `<line x1="${LEFT}" x2="${RIGHT}" y1="${px(y(0))}" y2="${px(y(0))}" stroke="#1b2430" stroke-width="1.2"/>`,
    ...axisTimes(from, minutes).map((at) => hour(at, x, words)),
  ]);
}

/** Bands carry numbers; `airList` says what they were. */
function bands(report: Report, x: Across): Markup {
  return report.series.cues
    .map(({ from, to, title }, index) => {
      const [start, end] = [x(fromIso(from)), x(fromIso(to))];
      const width = Math.max(1, end - start);
      return `<g><title>On air ${index + 1}: ${esc(title)}</title><rect x="${px(start)}" y="${TOP}" width="${px(width)}" height="${PLOT.height}" fill="#1d5c85" opacity="${index % 2 === 0 ? '0.1' : '0.055'}"/><text x="${px(start + width / 2)}" y="${TOP - 7}" text-anchor="middle" fill="${SOFT}" font-size="11">${index + 1}</text></g>`;
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

function grid(ticks: readonly number[], y: Up, words: Words): Markup {
  return ticks
    .map(
      (tick) =>
        `<line x1="${LEFT}" x2="${RIGHT}" y1="${px(y(tick))}" y2="${px(y(tick))}" stroke="#d9dfe6"/><text x="${LEFT - 8}" y="${px(y(tick) + 4)}" text-anchor="end" fill="${SOFT}">${esc(words.amount(tick))}</text>`,
    )
    .join('');
}

function hour(at: number, x: Across, words: Words): Markup {
  return `<line x1="${px(x(at))}" x2="${px(x(at))}" y1="${BASE}" y2="${BASE + 5}" stroke="${SOFT}"/><text x="${px(x(at))}" y="${BASE + 19}" text-anchor="middle" fill="${SOFT}">${esc(words.clock(toIso(at)))}</text>`;
}

function curve({ channel, values }: Line, from: number, x: Across, y: Up, words: Words): Markup {
  const { colour, dash } = lookOf(channel);
  const d = values
    .map((value, index) => `${index === 0 ? 'M' : 'L'}${px(x(from + index * MINUTE))} ${px(y(value))}`)
    .join('');
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="2.4" stroke-linejoin="round"${dash ? ` stroke-dasharray="${dash}"` : ''}><title>${esc(channel)}: ${esc(words.money(values.at(-1) ?? 0))}</title></path>`;
}

function endLabels(lines: readonly Line[], y: Up, words: Words): Markup[] {
  const ends = lines.map(({ channel, values }) => ({ channel, net: values.at(-1) ?? 0, y: y(values.at(-1) ?? 0) }));
  return spread(ends, 30, TOP, BASE).map(
    ({ channel, net, y: at }) =>
      `<text x="${RIGHT + 8}" y="${px(at)}" fill="${lookOf(channel).colour}" font-weight="600">${esc(channel)}</text><text x="${RIGHT + 8}" y="${px(at + 14)}" fill="${SOFT}">${esc(words.money(net))}</text>`,
  );
}

function troubles(report: Report, x: Across): Markup {
  return objectsOf(report.tables.incidents)
    .map((row) => {
      const start = x(fromIso(String(row['fromUtc'])));
      const end = row['toUtc'] === null ? x(Infinity) : x(fromIso(String(row['toUtc'])));
      return `<rect x="${px(start)}" y="${TOP}" width="${px(Math.max(2, end - start))}" height="${PLOT.height}" fill="url(#p-bad)"><title>Stream ${esc(String(row['level']))}: ${esc(String(row['cause']))}</title></rect>`;
    })
    .join('');
}

/** One triangle a clip, thumbnails apart: they lie where their clips do. */
function clipTicks(report: Report, x: Across): Markup {
  return objectsOf(report.tables.clips)
    .filter((row) => row['purpose'] !== 'thumbnail')
    .map((row) => {
      const at = x(fromIso(String(row['startAt'])));
      return `<path d="M${px(at)} ${BASE - 9}l4.5 9h-9z" fill="#1b2430"><title>Clip ${esc(String(row['clip']))}</title></path>`;
    })
    .join('');
}

function cumulative(report: Report, from: number, minutes: number): Line[] {
  const steps = new Map<string, number[]>();
  for (const row of objectsOf(report.tables.sales)) {
    const channel = String(row['channel']);
    const list = steps.get(channel) ?? new Array<number>(minutes + 1).fill(0);
    steps.set(channel, list);
    const minute = Math.min(minutes, Math.max(0, Math.ceil((fromIso(String(row['atUtc'])) - from) / MINUTE)));
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

/** Round steps that cover low…high; always whole minor units. */
function niceTicks(low: number, high: number, wanted: number): number[] {
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
  const first = Math.ceil(from / (step * MINUTE)) * step * MINUTE;
  const times: number[] = [];
  for (let at = first; at <= from + minutes * MINUTE; at += step * MINUTE) times.push(at);
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
