import { expect, it } from 'vitest';
import { codeOfScan } from './found-person.ts';

it('a scanned address is read for the code in it; what was typed stays as it is', () => {
  expect(codeOfScan('https://shop.example/r?code=K7TQ2M&x=1')).toBe('K7TQ2M');
  expect(codeOfScan('https://shop.example/checkin/K7TQ2M/')).toBe('K7TQ2M');
  expect(codeOfScan(' K7TQ2M ')).toBe('K7TQ2M');
  expect(codeOfScan('ana: silva')).toBe('ana: silva');
});
