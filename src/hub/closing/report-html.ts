import type { Report, Table } from '../../contract/report-file.ts';
import { esc, type Markup } from './markup.ts';
import { airList, reserveChart, salesChart, tenderChart } from './report-charts.ts';
import { objectsOf, pick } from './report-rows.ts';
import { pageStyle, REPORT_STYLE } from './report-style.ts';
import { type Words, wordsOf } from './report-words.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const MOST_ROWS = 500;

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

function sections(report: Report, words: Words): Markup[] {
  const { tables, show } = report;
  const table = (source: Table, keys: readonly string[], options: TableOptions = {}): Markup =>
    tableMarkup(pick(source, keys), words, options);
  const money = ` Amounts in ${show.currency}.`;
  return [
    section(
      'Channels',
      '',
      table(
        tables.channels,
        [
          'channel',
          'sales',
          'units',
          'gross',
          'discounts',
          'returns',
          'net',
          'shareOfNet',
          'aov',
          'tips',
          'totalCollected',
        ],
        { lastIsTotal: true },
      ),
    ),
    section(
      'Timeline',
      'Net so far by channel. Bands: what was on air. Hatching: stream trouble. Triangles: clips.',
      `<figure>${salesChart(report, words)}${airList(report, words)}</figure>${behind(table(tables.quarterHours, ['fromLocal', 'channel', 'sales', 'units', 'net', 'viewersMean', 'cue', 'streamLevel']))}`,
    ),
    section(
      'Products',
      'Units sold against what was set aside.',
      `<figure>${reserveChart(report, words)}</figure>${table(tables.products, ['name', 'sku', 'unitsSold', 'unitsRefunded', 'gross', 'discounts', 'returns', 'net', 'sellThrough', 'soldOutUtc', 'missedUnits'])}`,
    ),
    section(
      'How it was paid',
      `What came in, refunds taken off.${money}`,
      `<figure>${tenderChart(report, words)}</figure>${behind(table(tables.tenders, ['tender', 'till', 'payments', 'amount', 'refunded', 'expected']))}`,
    ),
    section(
      'Stock',
      'Counted against what the ledger expects.',
      table(tables.stock, [
        'name',
        'opening',
        'received',
        'soldInPerson',
        'soldStream',
        'soldSocial',
        'soldUnattributed',
        'expected',
        'counted',
        'variance',
        'reason',
        'notHandedOver',
      ]),
    ),
    section(
      'Creators',
      'Confirmed credit only: by code, link or offer.',
      table(tables.creators, [
        'name',
        'drops',
        'onAirMs',
        'salesConfirmed',
        'unitsConfirmed',
        'netConfirmed',
        'fee',
        'clips',
      ]),
    ),
    section(
      'Offers',
      '',
      table(tables.offers, [
        'offer',
        'kind',
        'sku',
        'openedUtc',
        'closedUtc',
        'why',
        'cap',
        'sold',
        'net',
        'holdsPlaced',
        'holdsExpired',
        'missedUnits',
      ]),
    ),
    section(
      'Cues',
      'Planned against actual.',
      table(tables.cues, [
        'title',
        'state',
        'plannedStart',
        'actualStart',
        'startDeltaMs',
        'plannedMs',
        'elapsedMs',
        'overMs',
        'mustSaySaid',
        'mustSayTotal',
        'units',
        'net',
        'lift',
      ]),
    ),
    section(
      'Stream',
      'Losses are estimates.',
      table(tables.incidents, [
        'fromUtc',
        'source',
        'cause',
        'level',
        'durationMs',
        'onlineNetBefore10',
        'onlineNetDuring',
        'onlineNetAfter10',
        'atRisk',
        'cue',
      ]),
    ),
    section(
      'Clips',
      'Attributed, not proven: sales that fit the moment. Stills and editor files lie in clips/.',
      table(
        withoutStills(tables.clips),
        [
          'rank',
          'title',
          'purpose',
          'startLocal',
          'durationMs',
          'score',
          'unitsAttributed',
          'netAttributed',
          'reasons',
        ],
        { most: 60 },
      ),
    ),
    section(
      'Exceptions',
      'What was decided against the rule or left open.',
      table(tables.exceptions, ['atUtc', 'kind', 'ref', 'what', 'amount', 'decision', 'by', 'reason']),
    ),
    section(
      'Checks',
      tieText(tables.checks),
      `<details><summary>Show all checks</summary>${table(tables.checks, ['check', 'left', 'right', 'difference', 'ok'], { badWhen: 'ok' })}</details>`,
    ),
    section(
      'Sales',
      'Every line is in the csv files and the spreadsheet.',
      behind(
        table(
          tables.sales,
          [
            'atLocal',
            'sale',
            'channel',
            'till',
            'creator',
            'state',
            'units',
            'gross',
            'discounts',
            'returns',
            'net',
            'totalCollected',
            'tenders',
          ],
          { most: MOST_ROWS },
        ),
      ),
    ),
    `<section><h2>Definitions</h2><dl class="terms">${tables.definitions.rows.map(([term, meaning]) => `<dt>${esc(String(term))}</dt><dd>${esc(String(meaning))}</dd>`).join('')}</dl></section>`,
  ];
}

function section(title: string, lead: string, content: Markup): Markup {
  return `<section><h2>${esc(title)}</h2>${lead === '' ? '' : `<p>${esc(lead)}</p>`}${content}</section>`;
}

function withoutStills(clips: Table): Table {
  const purpose = clips.columns.findIndex(({ key }) => key === 'purpose');
  return { ...clips, rows: clips.rows.filter((row) => row[purpose] !== 'thumbnail') };
}

function behind(table: Markup): Markup {
  return `<details><summary>Show as table</summary>${table}</details>`;
}

function tieText(checks: Table): string {
  const bad = objectsOf(checks).filter((row) => row['ok'] !== true).length;
  return bad === 0
    ? `All ${checks.rows.length} totals tie to the minor unit.`
    : `${bad} of ${checks.rows.length} totals do not tie.`;
}

interface TableOptions {
  lastIsTotal?: boolean;
  /** a flag column: rows where it is false are red */
  badWhen?: string;
  most?: number;
}

function tableMarkup(
  table: Table,
  words: Words,
  { lastIsTotal = false, badWhen, most = MOST_ROWS }: TableOptions,
): Markup {
  if (table.rows.length === 0) return '<p class="notice">Nothing to list.</p>';
  const numeric = table.columns.map(({ type }) => type !== 'text' && type !== 'instant' && type !== 'flag');
  const flag = table.columns.findIndex(({ key }) => key === badWhen);
  const heads = table.columns
    .map(({ title }, index) => `<th scope="col"${numeric[index] ? ' class="n"' : ''}>${esc(title)}</th>`)
    .join('');
  const rows = table.rows.slice(0, most).map((row, index) => {
    const kind =
      lastIsTotal && index === table.rows.length - 1
        ? ' class="total"'
        : flag >= 0 && row[flag] === false
          ? ' class="bad"'
          : '';
    const cells = table.columns.map(
      (column, place) => `<td${numeric[place] ? ' class="n"' : ''}>${esc(words.cell(column, row[place] ?? null))}</td>`,
    );
    return `<tr${kind}>${cells.join('')}</tr>`;
  });
  const rest = table.rows.length - most;
  const more = rest > 0 ? `<p>${rest} more rows stand in the csv files and the spreadsheet.</p>` : '';
  return `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${more}`;
}

function foot({ reportId, contentSha256, ledgerSeq, closeVersion, show, generatedAt }: Report): Markup {
  return `<footer><p>Report ${esc(reportId)}, version ${closeVersion}, show ${esc(show.id)}. Computed from ledger entries 1 to ${ledgerSeq}, pinned ${esc(generatedAt)}.<br>Content SHA-256 ${esc(contentSha256)}</p></footer>`;
}
