import { setTimeout as sleep } from 'node:timers/promises';
import { asFlag, asRecord, asText, type HealthSample } from '../../domain/health/sample.ts';
import { HEIGHT, WIDTH, lookOf } from '../net/picture.ts';
import { type Finding, type Ground, fails, passed, skips, unknowable, warns } from './check.ts';
import { answerOf, askingObs, obsSettings } from './obs-settings.ts';
import { inTurn } from './obs-turns.ts';
import { programScene } from './scene-checks.ts';
import { isStreaming } from '../net/obs-service.ts';

const ASK_MS = 1500;
const EVENT_WITHIN_MS = 4000;
/** STR-33: darker than this is black. */
const BLACK = 4;
const FIX = "Check the slate's image.";

/** scn-2: the slate is shown and taken off again while nothing is sent, timed by OBS's own event. */
export const slateRehearsalCheck = askingObs(async (ground, signal) => {
  const { slateScene } = ground.stream;
  if (slateScene === null) return skips('No slate scene is planned.');
  return await inTurn(ground, () => rehearse(ground, slateScene, signal));
});

async function rehearse(ground: Ground, slate: string, signal: AbortSignal): Promise<Finding> {
  const why = await whyNot(ground);
  if (why !== null) return skips(why);
  const before = await programScene(ground);
  if (before === null) return unknowable('OBS does not tell its scene.');
  if (before === slate) return skips('The slate is on already. Show another scene, then run it again.');
  signal.throwIfAborted();
  try {
    const shown = await showScene(ground, slate);
    if (shown === null) return fails(`OBS did not show “${slate}” within ${EVENT_WITHIN_MS / 1000} s.`, FIX);
    const luma = await lumaOf(ground, slate);
    const evidence = `“${slate}” was on after ${Math.round(shown)} ms`;
    if (luma === null) return unknowable(`${evidence}; its picture could not be read.`, FIX);
    if (luma < BLACK) return fails(`${evidence}, and is black (luma ${luma} of 255).`, FIX);
    return shownFinding(shown, `${evidence}, luma ${luma} of 255; “${before}” is back.`);
  } finally {
    await bringBack(ground, before);
  }
}

/** @param shownMs from the word to OBS's event */
export function shownFinding(shownMs: number, evidence: string): Finding {
  if (shownMs <= 1000) return passed(evidence);
  return shownMs <= 2000
    ? warns(evidence, 'Use Cut or Fade 300 ms.')
    : fails(evidence, 'Use Cut or Fade 300 ms, and close what loads this computer.');
}

/** Whatever would see the slate: viewers, a recording, or whoever takes OBS's virtual camera. */
async function whyNot(ground: Ground): Promise<string | null> {
  if (ground.isLive || (await isStreaming(ground.obs))) return 'OBS is streaming; the slate is not tried on air.';
  if (ground.show.phase === 'live') return 'The show is open; the slate is not tried now.';
  if ((await obsSettings(ground)).recording) return 'A recording is running; the slate would be in it.';
  const camera = await answerOf(ground, 'GetVirtualCamStatus');
  return asFlag(camera?.['outputActive']) === true ? "OBS's virtual camera is on; the slate would be in it." : null;
}

/** @returns ms until OBS said that it is on; null: not in time. @throws ObsRefused: there is no such scene */
async function showScene(ground: Ground, scene: string): Promise<number | null> {
  let shownAt: number | null = null;
  const stop = ground.listen((sample) => {
    if (sceneShown(sample) === scene) shownAt = performance.now();
  });
  const began = performance.now();
  try {
    await ground.obs.call('SetCurrentProgramScene', { sceneName: scene }, ASK_MS);
    while (performance.now() - began < EVENT_WITHIN_MS) {
      if (shownAt !== null) return shownAt - began;
      await sleep(20);
    }
    return null;
  } finally {
    stop();
  }
}

function sceneShown({ source, data }: HealthSample): string | null {
  const event = source === 'obs-event' ? asRecord(data) : null;
  if (asText(event?.['eventType']) !== 'CurrentProgramSceneChanged') return null;
  return asText(asRecord(event?.['eventData'])?.['sceneName']);
}

async function lumaOf(ground: Ground, sourceName: string): Promise<number | null> {
  const question = { sourceName, imageFormat: 'png', imageWidth: WIDTH, imageHeight: HEIGHT };
  const answer = await answerOf(ground, 'GetSourceScreenshot', question);
  return lookOf(asText(answer?.['imageData']) ?? '')?.meanLuma ?? null;
}

/** @throws Error when the scene before is not on again */
async function bringBack(ground: Ground, scene: string): Promise<void> {
  await ground.obs.call('SetCurrentProgramScene', { sceneName: scene }, ASK_MS);
  if ((await programScene(ground)) !== scene) throw new Error(`OBS did not go back to “${scene}”. Show it by hand`);
}
