import type { AuditOutcome } from '../../src/domain/words.ts';
import { GOOD_MANNERS } from './edge.ts';
import { LIVE_SCENE, SLATE_SCENE } from './real-obs.ts';
import type { StreamShow } from './show.ts';

/**
 * A mistake of the kind that people make before a show, made on the real thing, with the check that has to catch it
 * (STR-74, row 17 of section 13).
 */
export interface Planted {
  what: string;
  check: string;
  result: AuditOutcome;
  /** what the evidence must speak of: the mistake, not another one */
  says: RegExp;
  plant: (show: StreamShow) => Promise<void> | void;
  undo: (show: StreamShow) => Promise<void> | void;
}

const DEADLINE_MS = 5000;
type Request = [request: string, asked: Record<string, unknown>];

export async function tell({ rig }: StreamShow, request: string, asked: Record<string, unknown>): Promise<void> {
  await rig.hand.call(request, asked, DEADLINE_MS);
}

function inObs(about: Pick<Planted, 'what' | 'check' | 'result' | 'says'>, plant: Request, undo: Request): Planted {
  return {
    ...about,
    plant: async (show) => {
      await tell(show, ...plant);
      // OBS answers before its window has carried it out.
      await show.pause(500);
    },
    undo: (show) => tell(show, ...undo),
  };
}

function profile(category: string, name: string, value: string): Request {
  return ['SetProfileParameter', { parameterCategory: category, parameterName: name, parameterValue: value }];
}

const simple = (name: string, value: string): Request => profile('SimpleOutput', name, value);
const input = (inputName: string, inputSettings: Record<string, unknown>): Request => [
  'SetInputSettings',
  { inputName, inputSettings },
];

function server(address: (server: URL) => string): Pick<Planted, 'plant' | 'undo'> {
  const set = async (show: StreamShow, to: string): Promise<void> =>
    await tell(show, 'SetStreamServiceSettings', {
      streamServiceType: 'rtmp_custom',
      streamServiceSettings: { server: to, key: show.rig.streamKey, use_auth: false },
    });
  return {
    plant: async (show) => await set(show, address(new URL(show.rig.ingestUrl))),
    undo: async (show) => await set(show, show.rig.ingestUrl),
  };
}

/** In OBS's settings and scenes; each is looked at in a moment. */
export const OBS_MISTAKES: readonly Planted[] = [
  {
    ...{ what: 'wrong port of the server', check: 'net-7', result: 'fail', says: /refuses the connection/ },
    ...server(({ hostname }) => `rtmp://${hostname}:1/live`),
  },
  {
    ...{ what: 'wrong application', check: 'net-7', result: 'fail', says: /application|hung up/i },
    ...server(({ host }) => `rtmp://${host}/life`),
  },
  inObs(
    { what: 'recording to mp4', check: 'rec-1', result: 'warn', says: /mp4/ },
    simple('RecFormat', 'mp4'),
    simple('RecFormat', 'mkv'),
  ),
  {
    ...{ what: 'recording folder gone', check: 'rec-1', result: 'fail', says: /does not exist/ },
    plant: (show) => tell(show, ...simple('FilePath', '/nowhere/recordings')),
    undo: (show) => tell(show, ...simple('FilePath', show.rig.recordFolder)),
  },
  inObs(
    { what: 'OBS does not reconnect', check: 'enc-5', result: 'fail', says: /does not reconnect/ },
    profile('Output', 'Reconnect', 'false'),
    profile('Output', 'Reconnect', 'true'),
  ),
  inObs(
    { what: 'OBS reconnects after 10 s', check: 'enc-5', result: 'warn', says: /10 s/ },
    profile('Output', 'RetryDelay', '10'),
    profile('Output', 'RetryDelay', '1'),
  ),
  inObs(
    { what: 'bitrate for a large picture', check: 'enc-1', result: 'fail', says: /6000 kbit/ },
    simple('VBitrate', '6000'),
    simple('VBitrate', '400'),
  ),
  inObs(
    { what: 'bitrate just out of the range', check: 'enc-1', result: 'warn', says: /1150 kbit/ },
    simple('VBitrate', '1150'),
    simple('VBitrate', '400'),
  ),
  inObs(
    { what: 'rate control of its own', check: 'enc-1', result: 'warn', says: /rate control/ },
    simple('x264Settings', 'keyint=48 crf=20'),
    simple('x264Settings', 'keyint=48'),
  ),
  inObs(
    { what: 'picture blown up', check: 'enc-3', result: 'warn', says: /blown up/ },
    ['SetVideoSettings', { outputWidth: 640, outputHeight: 360 }],
    ['SetVideoSettings', { outputWidth: 320, outputHeight: 180 }],
  ),
  inObs(
    { what: '12 frames a second', check: 'enc-3', result: 'warn', says: /12 fps/ },
    ['SetVideoSettings', { fpsNumerator: 12, fpsDenominator: 1 }],
    ['SetVideoSettings', { fpsNumerator: 24, fpsDenominator: 1 }],
  ),
  inObs(
    { what: 'blank at the end of the slate’s name', check: 'scn-1', result: 'warn', says: /would not find/ },
    ['SetSceneName', { sceneName: SLATE_SCENE, newSceneName: `${SLATE_SCENE} ` }],
    ['SetSceneName', { sceneName: `${SLATE_SCENE} `, newSceneName: SLATE_SCENE }],
  ),
  inObs(
    { what: 'live scene in other case', check: 'scn-1', result: 'warn', says: /would not find/ },
    ['SetSceneName', { sceneName: LIVE_SCENE, newSceneName: LIVE_SCENE.toUpperCase() }],
    ['SetSceneName', { sceneName: LIVE_SCENE.toUpperCase(), newSceneName: LIVE_SCENE }],
  ),
  inObs(
    { what: 'slate of another name', check: 'scn-1', result: 'fail', says: /no scene/ },
    ['SetSceneName', { sceneName: SLATE_SCENE, newSceneName: 'Back soon' }],
    ['SetSceneName', { sceneName: 'Back soon', newSceneName: SLATE_SCENE }],
  ),
  inObs(
    { what: 'transition of 3 s', check: 'scn-4', result: 'fail', says: /3000 ms/ },
    ['SetCurrentSceneTransitionDuration', { transitionDuration: 3000 }],
    ['SetCurrentSceneTransitionDuration', { transitionDuration: 300 }],
  ),
  inObs(
    { what: 'studio mode on', check: 'scn-4', result: 'warn', says: /Studio mode/ },
    ['SetStudioModeEnabled', { studioModeEnabled: true }],
    ['SetStudioModeEnabled', { studioModeEnabled: false }],
  ),
  inObs(
    { what: 'slate is black', check: 'scn-2', result: 'fail', says: /black/ },
    input('Slate picture', { color: 0xff000000 }),
    input('Slate picture', { color: 0xff8c5a3c }),
  ),
  inObs(
    { what: 'film stands still', check: 'scn-3', result: 'warn', says: /paused/ },
    ['TriggerMediaInputAction', { inputName: 'Film', mediaAction: 'OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PAUSE' }],
    ['TriggerMediaInputAction', { inputName: 'Film', mediaAction: 'OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PLAY' }],
  ),
  {
    ...{ what: 'file of the film gone', check: 'scn-3', result: 'fail', says: /missing/ },
    plant: (show) => tell(show, ...input('Film', { local_file: `${show.rig.film}.gone` })),
    undo: (show) => tell(show, ...input('Film', { local_file: show.rig.film })),
  },
  inObs(
    { what: 'sound muted', check: 'aud-1', result: 'fail', says: /muted/ },
    ['SetInputMute', { inputName: 'Film', inputMuted: true }],
    ['SetInputMute', { inputName: 'Film', inputMuted: false }],
  ),
];

/** In OBS too, but only time or a test stream shows them. */
export const SLOW_MISTAKES: readonly Planted[] = [
  inObs(
    { what: 'keyframe every 10 s', check: 'enc-2', result: 'fail', says: /more than|10\.\d s/ },
    simple('x264Settings', 'keyint=240 scenecut=0'),
    simple('x264Settings', 'keyint=48'),
  ),
  inObs(
    { what: 'sound far too quiet', check: 'aud-1', result: 'fail', says: /silent/ },
    ['SetInputVolume', { inputName: 'Film', inputVolumeDb: -60 }],
    ['SetInputVolume', { inputName: 'Film', inputVolumeDb: 0 }],
  ),
  inObs(
    { what: 'microphone of another name', check: 'aud-1', result: 'fail', says: /no input/ },
    ['SetInputName', { inputName: 'Film', newInputName: 'Film 2' }],
    ['SetInputName', { inputName: 'Film 2', newInputName: 'Film' }],
  ),
  inObs(
    { what: 'slate fades in for 3 s', check: 'scn-2', result: 'fail', says: /was on after/ },
    ['SetCurrentSceneTransitionDuration', { transitionDuration: 3000 }],
    ['SetCurrentSceneTransitionDuration', { transitionDuration: 300 }],
  ),
];

const setting = (key: string, planted: unknown, right: unknown): Pick<Planted, 'plant' | 'undo'> => ({
  plant: async ({ hub }) => void (await hub.do('set-setting', { key, value: planted })),
  undo: async ({ hub }) => void (await hub.do('set-setting', { key, value: right })),
});

/** At the desk itself. */
export const DESK_MISTAKES: readonly Planted[] = [
  {
    ...{ what: 'nobody to call', check: 'fail-7', result: 'warn', says: /contact/ },
    ...setting('failover.contact', null, 'Ana, +351 000'),
  },
];

function manners(
  about: Pick<Planted, 'what' | 'check' | 'result' | 'says'>,
  change: Partial<typeof GOOD_MANNERS>,
): Planted {
  return {
    ...about,
    plant: ({ rig }) => rig.edge.behave({ ...GOOD_MANNERS, ...change }),
    undo: ({ rig }) => rig.edge.behave(GOOD_MANNERS),
  };
}

/** What viewers get; looked at while something is on air. */
export const DELIVERY_MISTAKES: readonly Planted[] = [
  manners(
    { what: 'playlist kept for a minute', check: 'cache-2', result: 'fail', says: /60 s/ },
    { keepPlaylist: 'max-age=60' },
  ),
  manners(
    { what: 'nothing said of the playlist', check: 'cache-2', result: 'warn', says: /says nothing/ },
    { keepPlaylist: null },
  ),
  manners(
    { what: 'segments may not be kept', check: 'cache-3', result: 'fail', says: /no-store/ },
    { keepSegment: 'no-store' },
  ),
  manners(
    { what: 'nothing said of segments', check: 'cache-3', result: 'warn', says: /say nothing/ },
    { keepSegment: null },
  ),
  manners(
    { what: '404 kept for a minute', check: 'cache-4', result: 'fail', says: /60 s/ },
    { keepMissing: 'max-age=60' },
  ),
  manners({ what: 'no CORS header', check: 'cache-5', result: 'fail', says: /has no Access/ }, { allows: null }),
  manners(
    { what: 'CORS for another page', check: 'cache-5', result: 'fail', says: /another page/ },
    { allows: 'https://other.example' },
  ),
  manners({ what: 'no ETag', check: 'cache-6', result: 'warn', says: /neither ETag/ }, { tags: false }),
  manners({ what: 'edge keeps nothing', check: 'cache-7', result: 'fail', says: /miss twice/ }, { caches: false }),
  manners(
    { what: 'playlist is served as text', check: 'cache-8', result: 'fail', says: /text\/plain/ },
    { playlistType: 'text/plain' },
  ),
  manners({ what: 'no gzip, no ranges', check: 'cache-8', result: 'warn', says: /gzip|part/ }, { helps: false }),
  {
    ...{ what: 'packager stands still', check: 'cache-1', result: 'fail', says: /stands still/ },
    plant: ({ rig }) => rig.origin.freeze(),
    undo: ({ rig }) => rig.origin.heal(),
  },
  {
    ...{ what: 'edge hands out an old playlist', check: 'cache-9', result: 'fail', says: /\d+ segments behind/ },
    plant: async ({ rig, pause }) => {
      rig.edge.freeze();
      await pause(10_000);
    },
    undo: ({ rig }) => rig.edge.heal(),
  },
];
