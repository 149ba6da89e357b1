import { asFlag, asNumber, asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import { hideKnown } from '../net/redact.ts';
import type { ObsSocket } from './obs-socket.ts';

/** What is asked once on every connection (RCD-3). Nothing in it carries a key. */
export interface ObsSetup {
  obsVersion: string | null;
  fps: { num: number; den: number } | null;
  width: number | null;
  height: number | null;
  recordFolder: string | null;
  /** own: the recording has an encoder of its own; shared: it takes the stream's */
  encoder: 'own' | 'shared' | 'unknown';
  scene: string | null;
  record: { active: boolean; paused: boolean; durationMs: number | null };
  /** where OBS sends: scheme, host and port only; the rest may be the key. Null: not an address we can knock at */
  ingest: URL | null;
  /** OBS's wait before its first attempt to connect again; null: not told */
  retryDelaySeconds: number | null;
  /** between two keyframes of the stream; null: not told, as the encoders of the advanced output never are */
  keyframeSeconds: number | null;
}

const DEADLINE_MS = 3000;

const profile = (parameterCategory: string, parameterName: string) => ({
  requestType: 'GetProfileParameter',
  requestData: { parameterCategory, parameterName },
});

const QUESTIONS = [
  { requestType: 'GetVersion' },
  { requestType: 'GetVideoSettings' },
  { requestType: 'GetRecordStatus' },
  { requestType: 'GetRecordDirectory' },
  { requestType: 'GetCurrentProgramScene' },
  { requestType: 'GetStreamServiceSettings' },
  profile('Output', 'Mode'),
  profile('SimpleOutput', 'RecQuality'),
  profile('AdvOut', 'RecEncoder'),
  profile('Output', 'RetryDelay'),
  profile('SimpleOutput', 'StreamEncoder'),
  profile('SimpleOutput', 'UseAdvanced'),
  profile('SimpleOutput', 'x264Settings'),
];

/** @throws NoAnswer. A question that an older OBS does not know leaves its field null. */
export async function readSetup(socket: ObsSocket): Promise<ObsSetup> {
  const answers = await socket.batch(QUESTIONS, DEADLINE_MS);
  const [version, video, record, folder, scene, service, mode, simple, advanced, delay, ...x264] = answers;
  const [num, den] = [asNumber(video?.['fpsNumerator']), asNumber(video?.['fpsDenominator'])];
  const paused = asFlag(record?.['outputPaused']) ?? false;
  const fps = num !== null && den !== null && num > 0 && den > 0 ? { num, den } : null;
  const [encoder = null, isAdvanced = null, words = null] = x264.map(parameter);
  return {
    obsVersion: asText(version?.['obsVersion']),
    fps,
    width: asNumber(video?.['outputWidth']),
    height: asNumber(video?.['outputHeight']),
    recordFolder: withoutKey(asText(folder?.['recordDirectory'])),
    encoder: encoderOf(parameter(mode), parameter(simple), parameter(advanced)),
    scene: withoutKey(asText(scene?.['currentProgramSceneName']) ?? asText(scene?.['sceneName'])),
    record: {
      active: (asFlag(record?.['outputActive']) ?? false) || paused,
      paused,
      durationMs: asNumber(record?.['outputDuration']),
    },
    ingest: ingestOf(service ?? null),
    retryDelaySeconds: positive(parameter(delay)),
    keyframeSeconds: keyframesOf({ mode: parameter(mode), encoder, isAdvanced, words }, fps),
  };
}

interface X264 {
  mode: string | null;
  encoder: string | null;
  isAdvanced: string | null;
  /** x264's own options, as typed into OBS */
  words: string | null;
}

/** Of the simple output only, where x264's own options are switched on and say it: OBS tells no other keyframe interval. */
function keyframesOf({ mode, encoder, isAdvanced, words }: X264, fps: ObsSetup['fps']): number | null {
  if (mode !== 'Simple' || isAdvanced !== 'true' || !(encoder?.startsWith('x264') ?? true) || fps === null) return null;
  const frames = positive(/(?:^|\s)keyint=(\d+)(?:\s|$)/.exec(words ?? '')?.[1] ?? null);
  return frames === null ? null : (frames * fps.den) / fps.num;
}

function positive(text: string | null): number | null {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** Scene and folder become facts; a person may have put a key into a name. */
function withoutKey(text: string | null): string | null {
  return text === null ? null : hideKnown(text);
}

function parameter(answer: Raw | null | undefined): string | null {
  return asText(answer?.['parameterValue']) ?? asText(answer?.['defaultParameterValue']);
}

function encoderOf(mode: string | null, recQuality: string | null, recEncoder: string | null): ObsSetup['encoder'] {
  if (mode === 'Advanced') return recEncoder === null ? 'unknown' : recEncoder === 'none' ? 'shared' : 'own';
  // Simple mode is OBS's default, and so is recording with the stream's quality, which shares its encoder.
  if (mode === 'Simple') return recQuality === null || recQuality === 'Stream' ? 'shared' : 'own';
  return 'unknown';
}

function ingestOf(service: Raw | null): URL | null {
  const server = asText(asRecord(service?.['streamServiceSettings'])?.['server']);
  return server === null ? null : rtmpHost(server);
}

/** @returns scheme, host and port of an rtmp(s) address and nothing else of it; null for other text ("auto") */
export function rtmpHost(address: string): URL | null {
  const parts = /^(rtmps?):\/\/(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[^/:@\s]+)(?::(\d{1,5}))?(?:[/?#]|$)/i.exec(address);
  if (parts === null) return null;
  const [, scheme = '', host = '', port = scheme.toLowerCase() === 'rtmps' ? '443' : '1935'] = parts;
  const place = `${scheme.toLowerCase()}://${host}:${port}/`;
  return URL.canParse(place) ? new URL(place) : null;
}
