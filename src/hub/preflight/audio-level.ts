import type { Levels } from '../doors.ts';
import { type AudioInput, audioInputs } from './audio-inputs.ts';
import { type Finding, type Ground, fails, passed, unknowable, warns } from './check.ts';
import { askingObs } from './obs-settings.ts';
import { listed } from './places.ts';
import { worstOf } from './rank.ts';

const LISTEN_MS = 5000;
/** dBFS: too quiet is a warning below the first, silence below the second; above the last it distorts. */
const QUIET = -30;
const SILENT = -45;
const HOT = -1;

/** aud-1: five seconds of the inputs that were chosen, else of all that sound. Somebody says hello meanwhile. */
export const soundLevelCheck = askingObs(async (ground, signal) => {
  const [inputs, peaks] = await Promise.all([audioInputs(ground), listen(ground, signal)]);
  const { audioInputs: chosen } = ground.stream;
  return chosen.length > 0 ? chosenFinding(chosen, inputs, peaks) : anyFinding(inputs, peaks);
});

/** @returns input → loudest of five seconds, dBFS */
async function listen({ obs }: Ground, signal: AbortSignal): Promise<Map<string, number>> {
  const peaks = new Map<string, number>();
  const hear = (levels: Levels): void => {
    for (const [input, peakDb] of levels) peaks.set(input, Math.max(peaks.get(input) ?? -Infinity, peakDb));
  };
  const stop = obs.meter(hear);
  try {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LISTEN_MS);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  } finally {
    stop();
  }
  return peaks;
}

/** Each of them must be there, open and heard. @param peaks without an entry: OBS told no level of it */
export function chosenFinding(
  chosen: readonly string[],
  inputs: readonly AudioInput[],
  peaks: ReadonlyMap<string, number>,
): Finding {
  return worstOf(
    chosen.map((name) => {
      const input = inputs.find((one) => one.name === name);
      if (input === undefined) return fails(`OBS has no input “${name}”.`, `Add “${name}”, or choose another input.`);
      return input.muted
        ? fails(`“${name}” is muted.`, `Unmute ${name}.`)
        : levelFinding(name, peaks.get(name) ?? null);
    }),
  );
}

/** Nobody chose: the loudest is taken for the one that matters. */
export function anyFinding(inputs: readonly AudioInput[], peaks: ReadonlyMap<string, number>): Finding {
  if (inputs.length === 0) return fails('No input of OBS has sound.', 'Add the microphone to OBS.');
  const open = inputs.filter(({ muted }) => !muted);
  const all = listed(inputs.map(({ name }) => `“${name}”`));
  if (open.length === 0) return fails(`Muted: ${all}.`, `Unmute ${listed(inputs.map(({ name }) => name))}.`);
  const loudest = open
    .map(({ name }) => ({ name, peakDb: peaks.get(name) ?? null }))
    .toSorted((a, b) => (b.peakDb ?? -Infinity) - (a.peakDb ?? -Infinity))[0];
  return levelFinding(loudest?.name ?? '', loudest?.peakDb ?? null);
}

function levelFinding(name: string, peakDb: number | null): Finding {
  if (peakDb === null) return unknowable(`OBS told no level of “${name}”.`, 'Run it again, and say hello meanwhile.');
  const raise = `Raise the gain of ${name}.`;
  if (peakDb < SILENT) return fails(`“${name}” is silent (${peakDb} dBFS at most).`, `Unmute ${name}; raise the gain.`);
  const evidence = `“${name}” peaks at ${peakDb} dBFS.`;
  if (peakDb < QUIET) return warns(evidence, raise);
  return peakDb > HOT ? warns(evidence, `Lower the gain of ${name}.`) : passed(evidence);
}
