import { sidecarOf } from './stream-rig.ts';
import { FaultDealer, calmShow } from './stream-rounds.ts';
import { type PlacedFault, type ShowScript, samplesOf } from './stream-show.ts';

/**
 * A made-up show written down as test/fixtures/stream-traces has them, for `npm run replay-health` and for looking at:
 * `node --experimental-strip-types test/properties/stream-trace.ts SEED FAULTS > show.ndjson`, its answer key on stderr.
 */
export function traceOf(script: ShowScript): { lines: string[]; key: object } {
  const placed: PlacedFault[] = [];
  const samples = [...samplesOf(script, placed)].toSorted((a, b) => a.ms - b.ms);
  return {
    lines: samples.map((sample) => JSON.stringify(sample)),
    key: {
      format: 'dropdesk-stream-trace',
      version: 1,
      origin: 'synthetic',
      seed: script.seed,
      lengthMs: samples.at(-1)?.ms ?? 0,
      nominalKbps: Math.round(script.rig.kbps),
      ...sidecarOf(script.rig),
      faults: placed.map(({ fault, onsetMs, clearMs, flowingMs }) => ({
        kind: fault.kind,
        layer: fault.layer,
        causes: fault.causes,
        onsetMs: Math.round(onsetMs),
        clearMs: Math.round(clearMs),
        flowingMs: Math.round(flowingMs),
        warnByMs: fault.warnByMs(script.rig),
        criticalByMs: fault.criticalByMs(script.rig),
      })),
    },
  };
}

if (import.meta.main) {
  const [seed = 1, faults = 0] = process.argv.slice(2).map(Number);
  const { lines, key } = traceOf(faults > 0 ? new FaultDealer().show(seed, faults) : calmShow(seed, 3_600_000));
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.stderr.write(`${JSON.stringify(key, null, 2)}\n`);
}
