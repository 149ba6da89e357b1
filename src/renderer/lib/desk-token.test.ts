import { expect, it } from 'vitest';
import { tokenInFragment } from './desk-token.ts';

it('a token is read from the fragment and from nothing else', () => {
  expect([
    tokenInFragment('#token=abc-_1'),
    tokenInFragment('#other=1&token=x'),
    tokenInFragment('#token='),
    tokenInFragment(''),
  ]).toEqual(['abc-_1', 'x', null, null]);
});
