import type { Report } from '../../contract/report-file.ts';
import { chart, fillOf, SOFT, WIDTH } from './chart-parts.ts';
import { esc, type Markup, px } from './markup.ts';
import { objectsOf } from './report-rows.ts';
import type { Words } from './report-words.ts';

/** What came in by which tender, returns taken off. */
export function tenderChart(report: Report, words: Words): Markup {
  const sums = new Map<string, number>();
  for (const row of objectsOf(report.tables.tenders))
    sums.set(
      String(row['tender']),
      (sums.get(String(row['tender'])) ?? 0) + Number(row['amount']) - Number(row['refunded']),
    );
  const parts = [...sums].filter(([, amount]) => amount > 0);
  const total = parts.reduce((sum, [, amount]) => sum + amount, 0);
  let at = 0;
  const drawn = parts.map(([tender, amount], index) => {
    const width = (amount / total) * WIDTH;
    const bar = `<rect x="${px(at)}" y="0" width="${px(width)}" height="30" fill="${fillOf(tender)}" stroke="#fff"><title>${esc(tender)}: ${esc(words.money(amount))}</title></rect>`;
    at += width;
    const x = (index * WIDTH) / 3;
    return `${bar}<rect x="${px(x)}" y="45" width="13" height="13" fill="${fillOf(tender)}"/><text x="${px(x + 20)}" y="56">${esc(tender)} <tspan fill="${SOFT}">${esc(words.money(amount))} · ${esc(words.percent(amount / total))}</tspan></text>`;
  });
  const empty = `<text x="0" y="20" fill="${SOFT}">Nothing was taken.</text>`;
  return chart('Takings by tender', 64, parts.length === 0 ? [empty] : drawn);
}
