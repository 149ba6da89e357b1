import { type Check, skips } from './check.ts';

/** What a demo only plays: its OBS stands in the hub, its server takes no stream, and nobody's show hangs on it. */
const PLAYED = new Set(['net-7', 'fail-1', 'fail-2', 'fail-5', 'fail-7', 'sec-1']);

/** A fault of the stand-in would be noise, and a pass would be a lie: it is said that this is only played. */
export function demoCheck(id: string): Check | null {
  return PLAYED.has(id)
    ? () => Promise.resolve(skips('Only played in the demo: looked at in a show of your own.'))
    : null;
}
