import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clipName, fileSafe } from './clip-names.ts';

it('names a clip by rank, sku, purpose and creator', () => {
  expect(clipName(7, 'MUG-BLUE', 'product', 'Ana')).toBe('07_MUG-BLUE_product_Ana');
  expect(clipName(12, null, 'highlight', null)).toBe('12_none_highlight');
});

it('keeps separators, device names and dots out', () => {
  expect(fileSafe('a/b\\c:d*e?"<>|')).toBe('a_b_c_d_e_____');
  expect(fileSafe('con.mkv')).toBe('_con.mkv');
  expect(fileSafe('..hidden. ')).toBe('_hidden');
  expect(fileSafe('')).toBe('_');
});

const letter = fc.constantFrom(
  ...'aB7é ._-<>:"/\\|?*=+@#%',
  '\u0000',
  '\u001f',
  '\n',
  '\ud800',
  '\udc00',
  '\u2028',
  '\u202e',
  '😀',
  'con',
  'LPT1',
  'e\u0301',
);

it('gives any text a name that every system takes', () => {
  fc.assert(
    fc.property(
      fc.array(letter, { maxLength: 120 }).map((letters) => letters.join('')),
      (text) => {
        const name = fileSafe(text);
        expect([...name].length).toBeGreaterThan(0);
        expect([...name].length).toBeLessThanOrEqual(80);
        // eslint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(name).not.toMatch(/[<>:"/\\|?*\u0000-\u001f]|^\.|[. ]$/);
        expect(name.isWellFormed()).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
