/** P(X ≥ n) for X ~ Poisson(mean), summed from the small end so that tails far below 1e-16 keep their digits. */
export function poissonTail(mean: number, n: number): number {
  if (n <= 0) return 1;
  let term = Math.exp(-mean + n * Math.log(mean) - logFactorial(n));
  let tail = 0;
  for (let k = n; term > 0; k++) {
    tail += term;
    if (k > mean && term < tail * 1e-15) break;
    term *= mean / (k + 1);
  }
  return Math.min(1, tail);
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log(k);
  return sum;
}

/**
 * Benjamini–Hochberg: which of these tests may be called findings when at most `rate` of the findings may be false.
 *
 * @returns one answer a p-value, in their order
 */
export function falseDiscovery(pValues: readonly number[], rate: number): boolean[] {
  const ranked = [...pValues].sort((a, b) => a - b);
  let threshold = -1;
  ranked.forEach((p, index) => {
    if (p <= (rate * (index + 1)) / ranked.length) threshold = p;
  });
  return pValues.map((p) => p <= threshold);
}
