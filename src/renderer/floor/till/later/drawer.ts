/**
 * Coins and notes from the largest down, minor units: 500 units to the hundredth, as far as the currency has digits. Of
 * a currency without digits the notes are a hundred times as large, as a yen is about a cent.
 */
export function pieces(digits: number): number[] {
  const unit = digits === 0 ? 1 : 10 ** (digits - 2);
  const all = [50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1].map(
    (cents) => cents * unit,
  );
  return all.filter((value) => Number.isInteger(value) && value >= 1);
}
