import type { Report } from '../../contract/report-file.ts';
import { esc, type Markup } from './markup.ts';
import { objectsOf } from './report-rows.ts';
import { sections } from './report-sections.ts';
import { pageStyle, REPORT_STYLE } from './report-style.ts';
import { type Words, wordsOf } from './report-words.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The report for people: one file, no script, no request; made from report.json alone. */
export function reportHtml(report: Report): string {
  const words = wordsOf(report);
  const { show } = report;
  const body = [
    head(report, words),
    notices(report),
    figures(report, words),
    verdict(report),
    ...sections(report, words),
    foot(report),
  ];
  return `<!doctype html>
<html lang="${esc(show.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Dropdesk">
<title>${esc(show.name)}: sales report</title>
<style>${REPORT_STYLE}${pageStyle(`Report ${report.reportId} v${report.closeVersion}`)}</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

function head({ show, closeVersion }: Report, words: Words): Markup {
  const demo = show.demo ? '<span class="badge">DEMO</span>' : '';
  const version = closeVersion > 1 ? ` · version ${closeVersion}` : '';
  return `<header><p class="kicker">Sales report</p><h1>${esc(show.name)}${demo}</h1><p>${esc(words.day(show.openedAt))}, ${esc(words.clock(show.openedAt))} to ${esc(words.clock(show.closedAt))} · ${esc(show.timeZone)} · amounts in ${esc(show.currency)}, ${show.taxMode === 'inclusive' ? 'tax included' : 'tax on top'}${version}</p></header>`;
}

function notices({ warnings }: Report): Markup {
  return warnings.map(({ message, severity }) => `<p class="notice s${severity}">${esc(message)}</p>`).join('\n');
}

function figures({ totals, tables }: Report, words: Words): Markup {
  const summary = new Map(objectsOf(tables.summary).map((row) => [String(row['key']), row['value']]));
  const share = (key: string): string =>
    typeof summary.get(key) === 'string' ? words.percent(Number(summary.get(key))) : '–';
  const average = totals.sales === 0 ? '–' : words.money(Math.round(totals.netMinor / totals.sales));
  const target =
    typeof summary.get('target') === 'string' ? `${share('targetShare')} of the target` : 'after discounts and returns';
  const cards: [string, string, string][] = [
    ['Net sales', words.money(totals.netMinor), target],
    [
      'Total collected',
      words.money(totals.collectedMinor),
      `tips ${words.money(totals.tipMinor)} · tax ${words.money(totals.taxMinor)}`,
    ],
    ['Sales', words.count(totals.sales), `${totals.voids} voided`],
    ['Units', words.count(totals.units), `${totals.refundedUnits} came back`],
    ['Average order', average, 'net per sale'],
    ['Sell-through', share('sellThrough'), 'of what was for sale'],
  ];
  return `<dl class="figures">${cards.map(([name, value, note]) => `<div><dt>${esc(name)}</dt><dd>${esc(value)}<small>${esc(note)}</small></dd></div>`).join('')}</dl>`;
}

function verdict({ verdict: { word, reasons } }: Report): Markup {
  return `<h2>Verdict: ${esc(word)}</h2><p>${esc(reasons.join(' '))}</p>`;
}

function foot({ reportId, contentSha256, ledgerSeq, closeVersion, show, generatedAt }: Report): Markup {
  return `<footer><p>Report ${esc(reportId)}, version ${closeVersion}, show ${esc(show.id)}. Computed from ledger entries 1 to ${ledgerSeq}, pinned ${esc(generatedAt)}.<br>Content SHA-256 ${esc(contentSha256)}</p></footer>`;
}
