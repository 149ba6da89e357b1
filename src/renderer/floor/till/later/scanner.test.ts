import { expect, test } from 'vitest';
import { readContact } from './buyer.svelte.ts';
import { Burst, itemOfCode } from './scanner.ts';
import { pieces } from './drawer.ts';
import { moneyText, offText, readOff } from './off-text.ts';

const type = (burst: Burst, keys: string[], gapMs: number, from = 0): (string | null)[] =>
  keys.map((key, n) => burst.key(key, from + n * gapMs));

test('a scanner is told from a person by its speed', () => {
  const code = [...'4006381333931', 'Enter'];
  expect(type(new Burst(), code, 12).at(-1)).toBe('4006381333931');
  expect(type(new Burst(), code, 120).at(-1)).toBeNull();
  const burst = new Burst();
  type(burst, ['x'], 0);
  expect(type(burst, [...'MUG-1', 'Enter'], 20, 900).at(-1)).toBe('MUG-1');
  expect(burst.key('Enter', 5000)).toBeNull();
});

test('a code is a barcode first, then a sku in any case', () => {
  const items = [
    { sku: 'MUG', name: 'Mug', priceMinor: 1, left: 1, barcode: '4006381333931' },
    { sku: 'apron', name: 'Apron', priceMinor: 1, left: 1 },
  ];
  expect(itemOfCode(items, ' 4006381333931 ')?.sku).toBe('MUG');
  expect(itemOfCode(items, 'Apron')?.sku).toBe('apron');
  expect(itemOfCode(items, '4006')).toBeUndefined();
});

test('a contact is an address or a number that can be dialled', () => {
  expect(readContact(' ana@example.org ')).toEqual({ email: 'ana@example.org' });
  expect(readContact('+351 912 (345) 678')).toEqual({ phone: '+351912345678' });
  expect(['', 'ana', 'ana@x', '12', 'a b@c.d'].map(readContact)).toEqual([null, null, null, null, null]);
});

test('a discount is read as people write it', () => {
  expect(['10%', '12,5 %', '2.50', '', '0%', '101%', 'ten', '2.505'].map((text) => readOff(text, 2))).toEqual([
    { percent: '10' },
    { percent: '12.5' },
    { minor: 250 },
    undefined,
    undefined,
    null,
    null,
    null,
  ]);
  expect([offText({ percent: '12.5' }, 2), offText({ minor: 5 }, 2), moneyText(1800, 0)]).toEqual([
    '12.5%',
    '0.05',
    '1800',
  ]);
});

test('coins and notes follow the digits of the currency', () => {
  expect(pieces(2)).toEqual([50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]);
  expect(pieces(0).at(-1)).toBe(1);
  expect(pieces(3)[0]).toBe(500_000);
});
