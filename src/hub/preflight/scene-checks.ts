import { access } from 'node:fs/promises';
import { asFlag, asNumber, asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import { type Finding, type Ground, fails, passed, skips, unknowable, warns } from './check.ts';
import { answerOf, askingObs, isObsHere, recordsOf } from './obs-settings.ts';
import { worstOf } from './rank.ts';

/** scn-1: both scenes are there by exactly these names: automation never takes the nearest one. */
export const sceneNamesCheck = askingObs(async (ground) => {
  const { liveScene, slateScene } = ground.stream;
  const wanted = [liveScene, slateScene].filter((name) => name !== null);
  if (wanted.length === 0) return skips('No live and no slate scene is planned.');
  const there = recordsOf(await answerOf(ground, 'GetSceneList'), 'scenes')
    .map((scene) => asText(scene['sceneName']))
    .filter((name) => name !== null);
  return worstOf(wanted.map((name) => nameFinding(name, there)));
});

/** @param there names of OBS's scenes */
export function nameFinding(wanted: string, there: readonly string[]): Finding {
  if (there.includes(wanted)) return passed(`The scene “${wanted}” is there.`);
  const fix = `Rename the scene to ${wanted}.`;
  const like = there.find((name) => folded(name) === folded(wanted));
  return like === undefined
    ? fails(`OBS has no scene “${wanted}”.`, fix)
    : warns(`The scene is called “${like}”, the plan says “${wanted}”: automation would not find it.`, fix);
}

/** Alike but for case, blanks and the way that marks are written. */
function folded(name: string): string {
  return name.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
}

const MEDIA_KINDS = /^(ffmpeg_source|vlc_source)/;
const DEEPEST = 3;
/** More would be a scene that nobody can oversee; each input is asked. */
const MOST_INPUTS = 50;

/** scn-3: clips and streams that play in the live scene, also inside of groups and scenes within it. */
export const mediaCheck = askingObs(async (ground) => {
  const scene = ground.stream.liveScene ?? (await programScene(ground));
  if (scene === null) return unknowable('OBS does not tell its scene.');
  const items = await inputsOf(ground, scene, 0);
  if (items === null) return unknowable(`OBS has no scene “${scene}”.`, `Rename the scene to ${scene}.`);
  const media = [...new Map(items.map((item) => [item.name, item])).values()]
    .filter(({ kind }) => MEDIA_KINDS.test(kind))
    .slice(0, MOST_INPUTS);
  if (media.length === 0) return passed(`“${scene}” has no media.`);
  const findings = await Promise.all(media.map(({ name }) => mediaFinding(ground, name)));
  return worstOf(findings);
});

/** @returns inputs that are shown; null: there is no such scene */
async function inputsOf(
  ground: Ground,
  scene: string,
  depth: number,
): Promise<{ name: string; kind: string }[] | null> {
  const question = depth === 0 || depth > DEEPEST ? 'GetSceneItemList' : 'GetGroupSceneItemList';
  const answer =
    (await answerOf(ground, question, { sceneName: scene })) ??
    (await answerOf(ground, 'GetSceneItemList', { sceneName: scene }));
  if (answer === null) return null;
  const found: { name: string; kind: string }[] = [];
  for (const item of recordsOf(answer, 'sceneItems')) {
    const name = asText(item['sourceName']);
    if (name === null || asFlag(item['sceneItemEnabled']) === false) continue;
    const kind = asText(item['inputKind']);
    if (kind !== null) found.push({ name, kind });
    else if (depth < DEEPEST) found.push(...((await inputsOf(ground, name, depth + 1)) ?? []));
  }
  return found;
}

async function mediaFinding(ground: Ground, name: string): Promise<Finding> {
  const state = asText((await answerOf(ground, 'GetMediaInputStatus', { inputName: name }))?.['mediaState']);
  const word = (state ?? '').replace('OBS_MEDIA_STATE_', '').toLowerCase();
  const fix = `Relink ${name}.`;
  // OBS goes on saying that it plays what it cannot open, so the file itself is looked for.
  const file = await fileOf(ground, name);
  if (file === 'missing') return fails(`The file of “${name}” is missing.`, fix);
  switch (word) {
    case 'playing':
    case 'opening':
    case 'buffering':
      return passed(`“${name}” plays.`);
    case 'paused':
    case 'stopped':
    case 'ended':
      return warns(`“${name}” does not play (${word}).`, `Start ${name}, or let it restart when it is shown.`);
    case 'error':
      return fails(`“${name}” cannot be played.`, fix);
    default:
      // Without a state: it is let go while nobody sees it.
      return file === 'there'
        ? passed(`“${name}” waits until it is shown.`)
        : unknowable(`OBS does not tell whether “${name}” plays.`, fix);
  }
}

/** @returns null: it is no file, or none that can be seen from here */
async function fileOf(ground: Ground, name: string): Promise<'there' | 'missing' | null> {
  const settings = asRecord((await answerOf(ground, 'GetInputSettings', { inputName: name }))?.['inputSettings']);
  const file = asText(settings?.['local_file']);
  if (file === null || asFlag(settings?.['is_local_file']) === false) return null;
  if (file === '') return 'missing';
  if (!isObsHere(ground)) return null;
  return await access(file).then(
    () => 'there',
    () => 'missing',
  );
}

const LONGEST_MS = 1000;

/** scn-4: a cut to the slate is on air at once. */
export const transitionCheck = askingObs(async (ground) => {
  const [studio, transition] = await ground.obs.batch(
    [{ requestType: 'GetStudioModeEnabled' }, { requestType: 'GetCurrentSceneTransition' }],
    3000,
  );
  return transitionFinding(studio ?? null, transition ?? null);
});

/** @param studio,transition OBS's answers */
export function transitionFinding(studio: Raw | null, transition: Raw | null): Finding {
  const fix = 'Use Cut or Fade 300 ms.';
  const [name, ms] = [asText(transition?.['transitionName']), asNumber(transition?.['transitionDuration'])];
  const isCut = asText(transition?.['transitionKind']) === 'cut_transition';
  if (!isCut && ms !== null && ms > LONGEST_MS) return fails(`“${name ?? ''}” takes ${ms} ms.`, fix);
  const studioMode = asFlag(studio?.['studioModeEnabled']);
  if (studioMode === true)
    return warns('Studio mode is on: a click does not go on air at once.', 'Switch studio mode off.');
  if (!isCut && ms === null) return unknowable(`OBS does not tell how long “${name ?? 'its transition'}” takes.`, fix);
  if (studioMode === null) return unknowable('OBS does not tell whether studio mode is on.');
  return passed(isCut ? 'Cut, studio mode off.' : `“${name ?? ''}”, ${ms ?? 0} ms, studio mode off.`);
}

export async function programScene(ground: Ground): Promise<string | null> {
  const answer = await answerOf(ground, 'GetCurrentProgramScene');
  return asText(answer?.['currentProgramSceneName']) ?? asText(answer?.['sceneName']);
}
