import { describe, expect, it } from 'vitest';
import {
  bytes,
  clockTime,
  countdown,
  decimal,
  duration,
  money,
  moneyShort,
  percent,
  readMoney,
  roughly,
  signedDuration,
} from './format.ts';

const EUR = { currency: 'EUR', digits: 2 };
const JPY = { currency: 'JPY', digits: 0 };

describe('money', () => {
  it('shows all digits of the currency in tables', () => {
    expect([money(3600, EUR), money(1234567, EUR), money(980, JPY)]).toEqual(['€36.00', '€12,345.67', '¥980']);
  });
  it('takes the real minus sign', () => {
    expect(money(-4500, EUR)).toBe('−€45.00');
  });
  it('drops the minor digits in heroes from 100 units up', () => {
    expect([moneyShort(9999, EUR), moneyShort(348_200, EUR)]).toEqual(['€99.99', '€3,482']);
  });
  it('is read exactly, with comma or point', () => {
    expect([readMoney('18,00', 2), readMoney('18', 2), readMoney(' 0.1 ', 2), readMoney('980', 0)]).toEqual([
      1800, 1800, 10, 980,
    ]);
  });
  it('is refused with too many digits or other characters', () => {
    expect([
      readMoney('18.005', 2),
      readMoney('9.5', 0),
      readMoney('-1', 2),
      readMoney('', 2),
      readMoney('1.234,00', 2),
    ]).toEqual([null, null, null, null, null]);
  });
});

describe('times', () => {
  it('write minutes and seconds, and hours only when there are any', () => {
    expect([duration(38_000), duration(4_364_999)]).toEqual(['00:38', '1:12:44']);
  });
  it('carry their sign when they are differences', () => {
    expect([10_000, -25_000, -400].map(signedDuration)).toEqual(['+00:10', '−00:25', '00:00']);
  });
  it('count a cue down by the ceiling second and up by the floor', () => {
    expect([
      countdown(136_001),
      countdown(1),
      countdown(0),
      countdown(-999),
      countdown(-1000),
      countdown(-61_999),
    ]).toEqual(['02:17', '00:01', '00:00', '00:00', '+00:01', '+01:01']);
  });
  it('show the wall clock of the show, not of the computer', () => {
    expect(clockTime('2026-07-28T19:12:44.900Z', 'Europe/Lisbon', true)).toBe('20:12:44');
    expect(clockTime('2026-01-01T00:05:00Z', 'America/New_York')).toBe('19:05');
  });
  it('write long spans in words', () => {
    expect([roughly(41 * 60_000), roughly(190 * 60_000)]).toEqual(['41 min', '3 h 10 m']);
  });
});

describe('numbers', () => {
  it('keep their digits', () => {
    expect([decimal(5.976, 2), decimal(0, 1)]).toEqual(['5.98', '0.0']);
  });
  it('round per cent half up', () => {
    expect([percent(0.925), percent(0.924)]).toEqual(['93%', '92%']);
  });
  it('name file sizes by powers of 1000', () => {
    expect([bytes(310), bytes(1_430_000), bytes(214_300_000_000)]).toEqual(['310 B', '1.4 MB', '214 GB']);
  });
});
