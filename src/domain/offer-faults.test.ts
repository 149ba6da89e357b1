import { expect, it } from 'vitest';
import { offerFaults } from './offer-faults.ts';

it('a gate of codes without codes is refused, and one code written twice too', () => {
  expect(offerFaults({ offers: [{ gate: 'code', codes: [] }] })).toMatchObject([{ path: 'offers[0].codes' }]);
  expect(offerFaults({ offers: [{}, { gate: 'code', codes: ['Gold', 'silver', ' GOLD '] }] })).toMatchObject([
    { path: 'offers[1].codes[2]' },
  ]);
  expect(offerFaults({ offers: [{ gate: 'signup' }, { gate: 'code', codes: ['a', 'b'] }] })).toEqual([]);
});
