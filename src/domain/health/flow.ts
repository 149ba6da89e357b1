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
  /** newest answer since the last growth that showed none */
  flatMs: number | null;
}

export interface Span {
  fromMs: number;
  toMs: number;
}

/** Shorter gaps are the ordinary breath of a stream. */
export const DARK_FROM_MS = 1500;
const SPANS_KEPT = 500;

export function initialFlow(): FlowAccount {
  return { lastGrowthMs: null, dark: [], starved: [], lastAnswerMs: null, flatMs: null };
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
  if (grownBytes <= 0) {
    flow.flatMs = ms;
    return;
  }
  const dark = darkUntil(flow, ms, grownBytes, baselineKbps);
  if (dark !== null) keep(flow.dark, dark);
  flow.lastGrowthMs = ms;
  flow.flatMs = null;
}

/** STR-12: one question left open is not yet a stretch without answers. */
const UNANSWERED_MS = 3000;

/**
 * The gap that ends with this growth, as far as it was dark: where answers said so, whatever comes in a rush after it;
 * where nothing answered, if the counter afterwards shows under half of what would have come (STR-64).
 */
function darkUntil(flow: FlowAccount, ms: number, grownBytes: number, baselineKbps: number | null): Span | null {
  const { lastGrowthMs, flatMs } = flow;
  if (lastGrowthMs === null || ms - lastGrowthMs < DARK_FROM_MS) return null;
  const silentFromMs = flatMs ?? lastGrowthMs;
  const silentMs = ms - silentFromMs;
  const carried = baselineKbps === null ? 0 : (grownBytes * 8) / silentMs / baselineKbps;
  const isDark = silentMs >= UNANSWERED_MS ? carried < 0.5 : flatMs !== null || carried < 0.1;
  if (isDark) return { fromMs: lastGrowthMs, toMs: ms };
  return silentFromMs - lastGrowthMs < DARK_FROM_MS ? null : { fromMs: lastGrowthMs, toMs: silentFromMs };
}

function keep(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last !== undefined && last.toMs === span.fromMs) last.toMs = span.toMs;
  else spans.push(span);
  if (spans.length > SPANS_KEPT) spans.shift();
}
