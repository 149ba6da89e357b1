import type { Report, Table } from '../../contract/report-file.ts';
import { auditSection } from './report-audit-section.ts';
import { esc, type Markup } from './markup.ts';
import { objectsOf } from './report-rows.ts';
import { tableMarkup, type TableOptions } from './report-table-markup.ts';
import type { Words } from './report-words.ts';
import { reserveChart } from './reserve-chart.ts';
import { airList, salesChart } from './sales-chart.ts';
import { tenderChart } from './tender-chart.ts';

/** What stands below the verdict, in its order (RPT-2): a table each, charts where a picture says it sooner. */
export function sections(report: Report, words: Words): Markup[] {
  const { tables, show } = report;
  const table = (source: Table, keys: string, options?: TableOptions): Markup =>
    tableMarkup(source, keys, words, options);
  return [
    section(
      'Channels',
      '',
      table(tables.channels, 'channel sales units gross discounts returns net shareOfNet aov tips totalCollected', {
        lastIsTotal: true,
      }),
    ),
    section(
      'Timeline',
      'Net so far by channel. Bands: what was on air. Hatching: stream trouble. Triangles: clips.',
      `<figure>${salesChart(report, words)}${airList(report, words)}</figure>${behind(table(tables.quarterHours, 'fromLocal channel sales units net viewersMean cue streamLevel'))}`,
    ),
    section(
      'Products',
      'Units sold against what was set aside.',
      `<figure>${reserveChart(report, words)}</figure>${table(tables.products, 'name sku unitsSold unitsRefunded gross discounts returns net sellThrough soldOutUtc missedUnits')}`,
    ),
    section(
      'How it was paid',
      `What came in, refunds taken off. Amounts in ${show.currency}.`,
      `<figure>${tenderChart(report, words)}</figure>${behind(table(tables.tenders, 'tender till payments amount refunded expected'))}`,
    ),
    section(
      'Stock',
      'Counted against what the ledger expects.',
      table(
        tables.stock,
        'name opening received soldInPerson soldStream soldSocial soldUnattributed expected counted variance reason notHandedOver',
      ),
    ),
    ...unlessEmpty(tables.giveBack, (rows) =>
      section(
        'To give back',
        'What is here and promised to nobody, by where it came from.',
        table(rows, 'name sku location units'),
      ),
    ),
    section(
      'Creators',
      'Confirmed credit only: by code, link or offer.',
      table(tables.creators, 'name drops onAirMs salesConfirmed unitsConfirmed netConfirmed fee clips'),
    ),
    ...unlessEmpty(tables.costs, (rows) =>
      section('Costs', 'As they were noted.', table(rows, 'label kind amount creator partner')),
    ),
    section(
      'Offers',
      '',
      table(tables.offers, 'offer kind sku openedUtc closedUtc why cap sold net holdsPlaced holdsExpired missedUnits'),
    ),
    ...unlessEmpty(tables.promises, (rows) =>
      section('Preorders', 'Promised and not handed over yet.', table(rows, 'sale atUtc name quantity paid due offer')),
    ),
    section(
      'Cues',
      'Planned against actual.',
      table(
        tables.cues,
        'title state plannedStart actualStart startDeltaMs plannedMs elapsedMs overMs mustSaySaid mustSayTotal units net lift',
      ),
    ),
    section(
      'Stream',
      'Losses are estimates.',
      table(
        tables.incidents,
        'fromUtc toUtc source what level darkMs starvedMs failover cue streamSalesDuring streamNetDuring streamNetAtRisk onlineNetBefore10 onlineNetDuring onlineNetAfter10 atRisk',
      ),
    ),
    ...auditSection(tables.audit, words),
    section(
      'Clips',
      'Attributed, not proven: sales that fit the moment. Stills and editor files lie in clips/.',
      table(
        withoutStills(tables.clips),
        'rank title purpose startLocal durationMs score unitsAttributed netAttributed reasons',
        { most: 60 },
      ),
    ),
    section(
      'Exceptions',
      'What was decided against the rule or left open.',
      table(tables.exceptions, 'atUtc kind ref what amount decision by reason'),
    ),
    section(
      'Checks',
      tieText(tables.checks),
      `<details><summary>Show all checks</summary>${table(tables.checks, 'check left right difference ok', { badWhen: 'ok' })}</details>`,
    ),
    section(
      'Sales',
      'Every line is in the csv files and the spreadsheet.',
      behind(
        table(
          tables.sales,
          'atLocal sale channel till creator state units gross discounts returns net totalCollected tenders',
        ),
      ),
    ),
    `<section><h2>Definitions</h2><dl class="terms">${tables.definitions.rows.map(([term, meaning]) => `<dt>${esc(String(term))}</dt><dd>${esc(String(meaning))}</dd>`).join('')}</dl></section>`,
  ];
}

/** A part that most shows have nothing for is left out where there is nothing. */
function unlessEmpty(source: Table, make: (source: Table) => Markup): Markup[] {
  return source.rows.length === 0 ? [] : [make(source)];
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
