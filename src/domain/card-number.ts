/**
 * Could this be a card number? 13 to 19 digits, blanks and dashes aside, that pass the Luhn check (ISO/IEC 7812-1). One
 * payment id in ten of that form is turned away with it, which is the cheaper mistake.
 */
export function looksLikeCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^\d{13,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((all, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
