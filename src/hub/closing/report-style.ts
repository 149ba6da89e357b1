/** Style of report.html: system fonts, quiet lines, one accent; the print part repeats heads and cuts no rows. */
export const REPORT_STYLE = `
:root { --ink: #1b2430; --soft: #5b6776; --line: #d9dfe6; --paper: #fff; --wash: #f4f6f9; --accent: #1d5c85; --bad: #a3231a; --warn: #8a5a00; --good: #226b3a; }
* { box-sizing: border-box; }
html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: var(--ink); background: var(--paper); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1060px; padding: 40px 28px 80px; }
header { border-bottom: 3px solid var(--ink); padding-bottom: 18px; margin-bottom: 26px; }
header p { margin: 4px 0 0; color: var(--soft); }
h1 { font-size: 34px; line-height: 1.15; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 46px 0 10px; letter-spacing: -0.005em; }
h2 + p { margin-top: 0; color: var(--soft); }
.kicker { text-transform: uppercase; letter-spacing: 0.09em; font-size: 12px; font-weight: 650; color: var(--accent); margin: 0 0 8px; }
.badge { display: inline-block; border: 1.5px solid currentColor; border-radius: 4px; padding: 1px 8px; font-size: 12px; font-weight: 650; letter-spacing: 0.04em; color: var(--warn); vertical-align: middle; margin-left: 8px; }
ul.air { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0 0; padding: 0 0 0 6.6%; font-size: 12.5px; }
ul.air b { display: inline-block; min-width: 15px; }
ul.air span { color: var(--soft); }
.notice + .figures { margin-top: 18px; }
.figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; margin: 0; }
.figures div { background: var(--paper); padding: 16px 18px; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 2px 0 0; font-size: 27px; font-weight: 620; line-height: 1.2; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figures small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); margin-top: 2px; }
.notice { border-left: 4px solid var(--soft); background: var(--wash); padding: 10px 14px; margin: 0 0 8px; border-radius: 0 6px 6px 0; overflow-wrap: anywhere; }
.notice.s1 { border-color: var(--bad); color: var(--bad); background: #fdf1ef; font-weight: 600; }
.notice.s2 { border-color: var(--warn); background: #fff8e8; }
.tie { color: var(--good); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding: 0 0 6px; }
th, td { padding: 7px 12px 7px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: break-word; max-width: 340px; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 12px; font-weight: 600; color: var(--soft); border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
td.n { text-align: right; white-space: nowrap; }
td.n + td:not(.n), th.n + th:not(.n) { padding-left: 14px; }
th.n { text-align: right; }
tr.total td { font-weight: 650; border-top: 1.5px solid var(--ink); }
tr.bad td { color: var(--bad); font-weight: 600; }
td.empty { color: var(--soft); }
figure { margin: 16px 0 10px; }
figure svg { display: block; width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
details { margin: 6px 0 0; }
summary { cursor: pointer; color: var(--accent); font-size: 13.5px; padding: 4px 0; }
dl.terms { display: grid; grid-template-columns: 170px 1fr; gap: 6px 18px; font-size: 13.5px; margin: 0; }
dl.terms dt { font-weight: 600; }
dl.terms dd { margin: 0; color: var(--soft); }
footer { margin-top: 56px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 12.5px; overflow-wrap: anywhere; }
@media (max-width: 640px) { body { padding: 22px 14px 50px; } h1 { font-size: 26px; } .figures { grid-template-columns: repeat(2, 1fr); } dl.terms { grid-template-columns: 1fr; } }
@media print {
  html { font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 22pt; break-after: avoid; }
  h2 + p { break-after: avoid; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr, figure, .figures, .notice { break-inside: avoid; }
  table { font-size: 8.5pt; }
  th, td { padding: 3.5pt 6pt 3.5pt 0; }
  summary { display: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  td.n { white-space: normal; }
}
`;

/** Page numbers and the report's id on each sheet. @param footer text for a CSS string */
export function pageStyle(footer: string): string {
  const text = footer.replace(/[^\w .:-]/g, '');
  return `@page { margin: 15mm 13mm 18mm; @bottom-left { content: "${text}"; font: 8pt sans-serif; color: #555; } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #555; } }`;
}
