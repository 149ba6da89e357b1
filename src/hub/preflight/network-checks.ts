import { lookup } from 'node:dns/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type CheckedAddress, checkedAddress } from '../net/address.ts';
import { dial } from '../net/knock.ts';
import { connectRtmp } from '../net/rtmp-connect.ts';
import { type Check, type Finding, fails, passed, unknowable, warns } from './check.ts';
import { allPlaces, hostOf, isName, listed, primaryIngest } from './places.ts';
import { median, rankUpTo, spread } from './rank.ts';

/** What may be said of a place that cannot be asked, for every check that needs the ingest. */
export function noIngest(why: 'unknown' | 'not-rtmp'): Finding {
  return why === 'unknown'
    ? unknowable('Where the stream goes is not known.', 'Start OBS and set its server, or plan a primary ingest.')
    : unknowable('The stream does not go out by RTMP; only RTMP is checked.', 'Try it with a private test stream.');
}

/** net-2: names of every ingest and edge, asked of the system. */
export const namesCheck: Check = async (ground) => {
  const places = (await allPlaces(ground)).filter(({ url }) => isName(hostOf(url)));
  if (places.length === 0) return passed('Only numbers are planned, no names to find.');
  const fix = 'Set another DNS server in the router.';
  const asked = await Promise.all(
    places.map(async ({ name, url }) => {
      const began = performance.now();
      const found = await lookup(hostOf(url)).catch(() => null);
      return { name, found: found !== null, ms: Math.round(performance.now() - began) };
    }),
  );
  const lost = asked.filter(({ found }) => !found).map(({ name }) => name);
  if (lost.length > 0) return fails(`The name of the ${listed(lost)} is not found.`, fix);
  const slowest = asked.reduce((worst, one) => (one.ms > worst.ms ? one : worst));
  const evidence = `${asked.length} ${asked.length === 1 ? 'name' : 'names'} found, the slowest (${slowest.name}) in ${slowest.ms} ms.`;
  return ranked(rankUpTo(slowest.ms, 200, 1000), evidence, fix);
};

const CONNECTS = 20;
const BETWEEN_MS = 40;
const ENOUGH_MS = 4300;
const MOST_OWN_DELAY_MS = 12;

/** net-3: twenty connections to the ingest, one after the other. */
export const roundTripCheck: Check = async (ground, signal) => {
  const place = await primaryIngest(ground);
  if (typeof place === 'string') return noIngest(place);
  const address = await checkedAddress(place.url, ground.ownPorts);
  const times: number[] = [];
  let lost = 0;
  const began = performance.now();
  const ownDelay = monitorEventLoopDelay({ resolution: 5 });
  ownDelay.enable();
  while (times.length + lost < CONNECTS && performance.now() - began < ENOUGH_MS && !signal.aborted) {
    ownDelay.reset();
    const ms = await connectMs(address, 1000);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    if (ms === null) lost += 1;
    // While this process itself was held up, an answer waits to be seen: that is not the network's time.
    else if (ownDelay.max / 1e6 <= MOST_OWN_DELAY_MS) times.push(ms);
  }
  ownDelay.disable();
  return roundTripFinding(times, lost);
};

/** @param times ms of each connection that came about */
export function roundTripFinding(times: readonly number[], lost: number): Finding {
  const fix = 'Leave Wi-Fi; stop other uploads.';
  const [rtt, jitter] = [median(times), spread(times)];
  if (rtt === null || jitter === null) {
    return lost > 0
      ? fails(`None of ${lost} connections to the ingest came about.`, fix)
      : unknowable('This computer was too busy to measure.', 'Close other programs and run it again.');
  }
  const figures = `${rtt.toFixed(0)} ms, ± ${jitter.toFixed(1)} ms over ${times.length} connections`;
  if (lost > 0) return fails(`${figures}; ${lost} of ${times.length + lost} were lost.`, fix);
  const grades = [rankUpTo(rtt, 100, 200), rankUpTo(jitter, 10, 20)];
  const grade = grades.includes('fail') ? 'fail' : grades.includes('warn') ? 'warn' : 'pass';
  return ranked(grade, `${figures}.`, fix);
}

/** @returns null when nobody answered in time */
async function connectMs(address: CheckedAddress, deadlineMs: number): Promise<number | null> {
  const dialled = await dial(address, deadlineMs);
  if ('error' in dialled) return null;
  dialled.socket.destroy();
  return dialled.connectMs;
}

/** net-7: does the primary ingest let us in: TCP, handshake, `connect` on our application. */
export const ingestDoorCheck: Check = async (ground) => {
  const place = await primaryIngest(ground);
  if (typeof place === 'string') return noIngest(place);
  const answer = await connectRtmp(place.url, place.application, { deadlineMs: 4000, ownPorts: ground.ownPorts });
  const fix = 'Check server address and application name.';
  if ('failed' in answer) return fails(answer.reason, fix);
  const ms = Math.round(answer.connectMs + answer.handshakeMs + answer.acceptedMs);
  return ms > 1000
    ? warns(`Accepted after ${ms} ms.`, 'Choose a server that is nearer.')
    : passed(`Accepted after ${ms} ms.`);
};

export function ranked(grade: 'pass' | 'warn' | 'fail', evidence: string, fix: string): Finding {
  return grade === 'pass' ? passed(evidence) : grade === 'warn' ? warns(evidence, fix) : fails(evidence, fix);
}
