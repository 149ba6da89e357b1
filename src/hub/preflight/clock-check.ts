import { type Asked, askedOrWhy, headerOf } from './asking.ts';
import { type Check, type Finding, fails, passed, unknowable, warns } from './check.ts';
import { hostOf, webPlaces } from './places.ts';
import { median } from './rank.ts';

const MOST_HOSTS = 3;
const FIX = 'Switch on automatic time.';

/** net-6: this computer's clock against what up to three servers of the plan say in `Date`. */
export const clockCheck: Check = async (ground) => {
  const places = webPlaces(ground).slice(0, MOST_HOSTS);
  const said = await Promise.all(
    places.map(async ({ url }) => {
      const offMs = offsetOf(await askedOrWhy(ground, url));
      return offMs === null ? [] : [{ offMs, isOwn: isOwn(hostOf(url)) }];
    }),
  );
  return clockFinding(said.flat());
};

/**
 * How far this computer's clock is from the server's. `Date` has whole seconds, so any moment within its second agrees;
 * a cache's answer is as old as its `Age`.
 *
 * @returns ms, positive: this computer is ahead; null: the answer says no time
 * @see RFC 9110 §6.6.1, RFC 9111 §5.1
 */
export function offsetOf(answer: Asked | string): number | null {
  if (typeof answer === 'string') return null;
  const date = Date.parse(headerOf(answer, 'date') ?? '');
  if (Number.isNaN(date)) return null;
  const age = Number(headerOf(answer, 'age') ?? '0');
  const from = date + (Number.isFinite(age) ? age : 0) * 1000;
  return answer.at < from ? answer.at - from : Math.max(0, answer.at - (from + 1000));
}

export function clockFinding(said: readonly { offMs: number; isOwn: boolean }[]): Finding {
  const off = median(said.map(({ offMs }) => Math.abs(offMs)));
  if (off === null) return unknowable('No server of the plan says the time.');
  const seconds = (off / 1000).toFixed(1);
  const hosts = said.length === 1 ? 'one server' : `${said.length} servers`;
  if (off >= 5000) return fails(`${seconds} s off by ${hosts}.`, FIX);
  if (off >= 1000) return warns(`${seconds} s off by ${hosts}.`, FIX);
  if (said.every(({ isOwn }) => isOwn))
    return unknowable('Only servers on this very computer could be asked for the time.', FIX);
  const fewer = said.length < MOST_HOSTS ? ' No more are planned.' : '';
  return passed(`Less than a second off by ${hosts}.${fewer}`);
}

function isOwn(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
