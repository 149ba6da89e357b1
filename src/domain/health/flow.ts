/**
 * How long the viewers had nothing (STR-64): stretches in which the ingest's own byte counter stood still. Without an
 * ingest to ask, OBS's counter stands in for it.
 */
export interface FlowAccount {
  lastGrowthMs: number | null;
  dark: Span[];
  /** answers whose rate was under half the baseline */
  starved: Span[];
  lastAnswerMs: number | null;
}

export interface Span {
  fromMs: number;
  toMs: number;
}

/** Shorter gaps are the ordinary breath of a stream. */
export const DARK_FROM_MS = 1500;
const SPANS_KEPT = 500;

export function initialFlow(): FlowAccount {
  return { lastGrowthMs: null, dark: [], starved: [], lastAnswerMs: null };
}

/** Takes in one answer of the counter that stands for arriving media. */
export function countFlow(
  flow: FlowAccount,
  ms: number,
  grownBytes: number,
  rateKbps: number | null,
  baselineKbps: number | null,
): void {
  if (baselineKbps !== null && rateKbps !== null && rateKbps < baselineKbps / 2 && flow.lastAnswerMs !== null) {
    keep(flow.starved, { fromMs: flow.lastAnswerMs, toMs: ms });
  }
  flow.lastAnswerMs = ms;
  if (grownBytes <= 0) return;
  const gap = flow.lastGrowthMs === null ? 0 : ms - flow.lastGrowthMs;
  // After a silence of the counter's page the bytes that had arrived meanwhile tell whether it was dark.
  const carried = baselineKbps === null ? 0 : (grownBytes * 8) / gap / baselineKbps;
  if (gap >= DARK_FROM_MS && carried < 0.5) keep(flow.dark, { fromMs: flow.lastGrowthMs ?? ms, toMs: ms });
  flow.lastGrowthMs = ms;
}

function keep(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last !== undefined && last.toMs === span.fromMs) last.toMs = span.toMs;
  else spans.push(span);
  if (spans.length > SPANS_KEPT) spans.shift();
}
