import { type Day, tick } from './day.ts';
import type { Step } from './day-dice.ts';
import {
  again,
  clockJump,
  close,
  hubDies,
  money,
  offers,
  owed,
  pickup,
  stockOf,
  tillComes,
  tillGives,
  tillGoes,
  tillLost,
  time,
} from './day-hours.ts';
import { endHold, exchange, hold, outside, outsideRefund, refund, sell, sellAway, undo } from './day-sales.ts';

/** What may happen in a day of day.ts. One number is one step; 0 is none, so that a failing day shrinks. */

/** Decodes a number from 0 to 2³¹ − 1 and lets it happen; then the timer looks, but now and then it is late. */
export function step(day: Day, code: number): string {
  if (code === 0) return 'nothing';
  const [name, happen] = STEPS[code % STEPS.length] ?? ['nothing', () => undefined];
  let rest = Math.floor(code / STEPS.length);
  const next = (sides: number): number => {
    const rolled = rest % sides;
    rest = Math.floor(rest / sides);
    return rolled;
  };
  const dice = { flag: next(8), n: 1 + next(4), a: next(97), b: next(89) };
  happen(day, dice);
  if (dice.flag !== 5) tick(day);
  return name;
}

const STEPS: readonly (readonly [string, Step])[] = [
  ['sell', sell],
  ['sell', sell],
  ['sell', sell],
  ['sell', sell],
  ['sell', sell],
  ['sell cut off', sellAway],
  ['sell cut off', sellAway],
  ['sell cut off', sellAway],
  ['hold', hold],
  ['hold', hold],
  ['hold', hold],
  ['end hold', endHold],
  ['undo', undo],
  ['refund', refund],
  ['refund', refund],
  ['exchange', exchange],
  ['outside', outside],
  ['outside', outside],
  ['outside refund', outsideRefund],
  ['stock', stockOf],
  ['stock', stockOf],
  ['owed', owed],
  ['owed', owed],
  ['offers', offers],
  ['till goes', tillGoes],
  ['till goes', tillGoes],
  ['till comes', tillComes],
  ['till comes', tillComes],
  ['till gives', tillGives],
  ['till lost', tillLost],
  ['again', again],
  ['again', again],
  ['time', time],
  ['time', time],
  ['clock jump', clockJump],
  ['hub dies', hubDies],
  ['close', close],
  ['money', money],
  ['money', money],
  ['pickup', pickup],
  ['pickup', pickup],
];
