import { describe, expect, it } from 'vitest';
import { holdsPersonalText, keptCode, withoutPersonalText } from './personal-text.ts';

const CARDS = ['4111 1111 1111 1111', '4111-1111-1111-1111', '378282246310005', 'paid with 5555555555554444, thanks'];
const EMAILS = ['ana@example.org', 'given to <Ana.B+x@shop.example>, who asked', 'ana@exämple.de'];
const PLAIN = [
  'damaged in the box',
  '2 @ 5.00',
  '@ana on the stream',
  'order 1234567890123',
  'till-1-000001',
  '12345678901234567890123',
  '+351 912 345 678',
];

describe('text that people type', () => {
  it.each([...CARDS, ...EMAILS])('holds what must not be kept: %s', (text) => {
    expect(holdsPersonalText(text)).toBe(true);
    const blotted = withoutPersonalText(text);
    expect(blotted).toContain('…');
    expect(holdsPersonalText(blotted)).toBe(false);
  });

  it.each(PLAIN)('is kept as it is: %s', (text) => {
    expect([holdsPersonalText(text), withoutPersonalText(text)]).toEqual([false, text]);
  });

  it('loses the number alone', () => {
    expect(withoutPersonalText('card 4111 1111 1111 1111 of ana@example.org, wet')).toBe('card … of …, wet');
  });
});

describe('a code that a buyer typed', () => {
  it('is kept unless it says how to reach somebody', () => {
    expect(['ANA10', ' ana10 ', 'SUMMER-2026', '12345678'].map(keptCode)).toEqual([
      'ANA10',
      ' ana10 ',
      'SUMMER-2026',
      '12345678',
    ]);
    expect(['ana@example.org', '+351 912 345 678', '4111111111111111', null].map(keptCode)).toEqual(
      Array.from({ length: 4 }, () => null),
    );
  });
});
