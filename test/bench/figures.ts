/** @param p percentile, 0 to 100 */
export function ms(values: number[], p: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${(sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN).toFixed(1)} ms`;
}

/** One line of the bench. */
export function row(what: string, figure: string, note: string): void {
  console.log(`${what.padEnd(58)} ${figure.padEnd(28)} ${note}`);
}
