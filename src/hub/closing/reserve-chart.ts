import type { Report } from '../../contract/report-file.ts';
import { chart, fillOf, SOFT, WIDTH } from './chart-parts.ts';
import { esc, type Markup, px } from './markup.ts';
import { objectsOf } from './report-rows.ts';
import type { Words } from './report-words.ts';

const [LEFT, TOP, STEP] = [230, 34, 30];
const PLOT_WIDTH = WIDTH - LEFT - 180;
const MOST_BARS = 24;
const MOST_LETTERS = 32;
const CHANNELS = ['in-person', 'stream', 'social', 'unattributed'];

interface Bar {
  name: string;
  reserve: number;
  /** by channel, in the order of CHANNELS */
  sold: number[];
  all: number;
  soldOutAt: string | null;
}

/** Units sold against the reserve, one bar a product; the outline is what was set aside. */
export function reserveChart(report: Report, words: Words): Markup {
  const bars = barsOf(report);
  const most = Math.max(1, ...bars.map(({ reserve, all }) => Math.max(reserve, all)));
  const legend = CHANNELS.map(
    (channel, index) =>
      `<rect x="${LEFT + index * 120}" y="6" width="13" height="13" fill="${fillOf(channel)}"/><text x="${LEFT + index * 120 + 19}" y="17" fill="${SOFT}">${channel}</text>`,
  );
  const height = TOP + Math.max(1, bars.length) * STEP;
  const drawn = bars.map((bar, index) => barMarkup(bar, TOP + index * STEP, most, words));
  return chart('Units sold against the reserve', height, [...legend, ...drawn]);
}

function barsOf(report: Report): Bar[] {
  const stock = new Map(objectsOf(report.tables.stock).map((row) => [String(row['sku']), row]));
  return objectsOf(report.tables.products)
    .filter((row) => typeof row['reserve'] === 'number' && (Number(row['reserve']) > 0 || Number(row['unitsSold']) > 0))
    .sort((a, b) => Number(b['unitsSold']) - Number(a['unitsSold']) || (String(a['sku']) < String(b['sku']) ? -1 : 1))
    .slice(0, MOST_BARS)
    .map((row) => {
      const counts = stock.get(String(row['sku']));
      const keys = ['soldInPerson', 'soldStream', 'soldSocial', 'soldUnattributed'];
      const sold = keys.map((key) => Number(counts?.[key] ?? 0));
      return {
        name: String(row['name']),
        reserve: Number(row['reserve']) + Number(counts?.['received'] ?? 0),
        sold,
        all: sold.reduce((sum, units) => sum + units, 0),
        soldOutAt: typeof row['soldOutUtc'] === 'string' ? row['soldOutUtc'] : null,
      };
    });
}

function barMarkup({ name, reserve, sold, all, soldOutAt }: Bar, y: number, most: number, words: Words): Markup {
  const wide = (units: number): number => (units / most) * PLOT_WIDTH;
  let at = LEFT;
  const parts = sold.map((units, index) => {
    const channel = CHANNELS[index] ?? '';
    const part = `<rect x="${px(at)}" y="${y}" width="${px(wide(units))}" height="18" fill="${fillOf(channel)}"><title>${esc(name)}: ${units} ${channel}</title></rect>`;
    at += wide(units);
    return units === 0 ? '' : part;
  });
  const share = reserve > 0 ? ` · ${words.percent(all / reserve)}` : '';
  const out = soldOutAt === null ? '' : ` · out ${words.clock(soldOutAt)}`;
  return `<text x="${LEFT - 10}" y="${y + 13.5}" text-anchor="end">${esc(cut(name))}</text><rect x="${LEFT}" y="${y}" width="${px(wide(reserve))}" height="18" fill="#f4f6f9" stroke="#aab4c0"/>${parts.join('')}<text x="${LEFT + PLOT_WIDTH + 10}" y="${y + 13.5}" fill="${SOFT}">${esc(`${all} of ${reserve}${share}${out}`)}</text>`;
}

function cut(text: string): string {
  const letters = [...text];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join('')}…` : text;
}
