import { expect, it } from 'vitest';
import { COMMAND_KINDS } from './commands.ts';
import { mayAsk } from './roles.ts';

const CO_HOST = ['answer-cue', 'request-help', 'mark-moment', 'tick-point', 'read-cue'];
const TILL = [
  'record-sale',
  'place-hold',
  'extend-hold',
  'release-hold',
  'void-sale',
  'refund-sale',
  'return-lease',
  'hand-over-pickup',
  'read-pickup',
  'open-drawer',
  'pay-in',
  'pay-out',
  'count-drawer',
  'request-approval',
  'attach-buyer',
  'answer-cue',
  'request-help',
];

it.each([
  ['co-host', CO_HOST],
  ['till', TILL],
  ['viewer', []],
  ['timer', []],
  ['source', []],
  ['desk', COMMAND_KINDS],
] as const)('a %s may ask exactly what the contract lists', (role, listed) => {
  expect(COMMAND_KINDS.filter((kind) => mayAsk(role, kind)).toSorted()).toEqual([...listed].toSorted());
});
