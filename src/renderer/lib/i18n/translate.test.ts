import { describe, expect, it } from 'vitest';
import { translator } from './translate.ts';

const t = translator(
  { plain: 'Go live', sold: '{left} of {all} left', devices: { one: '{n} device', other: '{n} devices' } } as const,
  'en',
);

describe('translator', () => {
  it('fills slots by name', () => {
    expect(t('sold', { left: 3, all: 40 })).toBe('3 of 40 left');
  });
  it('chooses the plural by the number in n', () => {
    expect([t('devices', { n: 1 }), t('devices', { n: 0 })]).toEqual(['1 device', '0 devices']);
  });
  it('puts a value in as text, never as a template of its own', () => {
    expect(t('sold', { left: '{all}', all: '$&' })).toBe('{all} of $& left');
  });
  it('does not compile when a key or a slot is missing', () => {
    // @ts-expect-error a slot is missing
    t('sold', { left: 1 });
    // @ts-expect-error slots are missing altogether
    t('devices');
    expect(t('plain')).toBe('Go live');
  });
});
