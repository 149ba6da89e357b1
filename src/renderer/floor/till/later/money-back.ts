/**
 * Round sums a buyer may hand over for a total: the next multiple of each note, smallest first. Pure.
 *
 * @param total  minor units, above 0
 * @param digits of the currency: notes are whole units, from 5 to 100 of those (in yen-like currencies from 500 to 10,000)
 */
export function likelyCash(total: number, digits: number): number[] {
  const unit = digits === 0 ? 100 : 10 ** digits;
  const sums = [5, 10, 20, 50, 100].map((note) => Math.ceil(total / (note * unit)) * note * unit);
  return [...new Set(sums)]
    .filter((sum) => sum > total)
    .sort((a, b) => a - b)
    .slice(0, 3);
}
