import { asFlag, asNumber, asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import { type Check, type Ground, sharedOnce, skips, unknowable } from './check.ts';

/** How OBS is set up, as far as its socket tells: the encoder of the advanced output lies in a file that it does not. */
export interface ObsSettings {
  mode: 'simple' | 'advanced' | null;
  /** of the stream; null in the advanced output, or not said */
  videoKbps: number | null;
  audioKbps: number | null;
  streamEncoder: string | null;
  /** x264's own words beside the settings; they may change the rate control */
  encoderWords: string;
  reconnects: boolean | null;
  retryDelayS: number | null;
  recordFolder: string | null;
  /** as OBS names it: `mkv`, `hybrid_mp4`, `fragmented_mp4`, `mp4` … */
  recordFormat: string | null;
  /** has the recording the stream's encoder, and so its rate? */
  recordsTheStream: boolean | null;
  /** of the whole desk, e.g. 48000 */
  sampleRate: number | null;
  base: { width: number; height: number } | null;
  output: { width: number; height: number } | null;
  fps: number | null;
  freeDiskMb: number | null;
  recording: boolean;
  streaming: boolean;
}

const DEADLINE_MS = 3000;

const PROFILE = {
  mode: ['Output', 'Mode'],
  reconnect: ['Output', 'Reconnect'],
  retryDelay: ['Output', 'RetryDelay'],
  videoKbps: ['SimpleOutput', 'VBitrate'],
  audioKbps: ['SimpleOutput', 'ABitrate'],
  trackKbps: ['AdvOut', 'Track1Bitrate'],
  simpleEncoder: ['SimpleOutput', 'StreamEncoder'],
  advancedEncoder: ['AdvOut', 'Encoder'],
  useAdvanced: ['SimpleOutput', 'UseAdvanced'],
  x264Words: ['SimpleOutput', 'x264Settings'],
  recQuality: ['SimpleOutput', 'RecQuality'],
  recEncoder: ['AdvOut', 'RecEncoder'],
  recType: ['AdvOut', 'RecType'],
  // Since OBS 30 the format has a second name, and the first is not written any more.
  simpleFormat2: ['SimpleOutput', 'RecFormat2'],
  simpleFormat: ['SimpleOutput', 'RecFormat'],
  advancedFormat2: ['AdvOut', 'RecFormat2'],
  advancedFormat: ['AdvOut', 'RecFormat'],
  ffmpegFormat: ['AdvOut', 'FFExtension'],
  sampleRate: ['Audio', 'SampleRate'],
} as const satisfies Record<string, readonly [category: string, name: string]>;
type Parameter = keyof typeof PROFILE;

const OTHERS = ['GetVideoSettings', 'GetRecordDirectory', 'GetStats', 'GetRecordStatus', 'GetStreamStatus'] as const;

/** Asked once for all checks of a run. @throws NoAnswer */
export const obsSettings = sharedOnce(async ({ obs }: Ground): Promise<ObsSettings> => {
  const names = Object.keys(PROFILE).filter((name): name is Parameter => name in PROFILE);
  const answers = await obs.batch(
    [
      ...OTHERS.map((requestType) => ({ requestType })),
      ...names.map((name) => {
        const [parameterCategory, parameterName] = PROFILE[name];
        return { requestType: 'GetProfileParameter', requestData: { parameterCategory, parameterName } };
      }),
    ],
    DEADLINE_MS,
  );
  const values = new Map(names.map((name, i) => [name, parameter(answers[OTHERS.length + i] ?? null)]));
  return settingsOf((name) => values.get(name) ?? null, answers.slice(0, OTHERS.length));
});

function settingsOf(read: (name: Parameter) => string | null, others: readonly (Raw | null)[]): ObsSettings {
  const [video, folder, stats, record, stream] = others;
  const mode = read('mode') === 'Advanced' ? 'advanced' : read('mode') === 'Simple' ? 'simple' : null;
  const isSimple = mode === 'simple';
  const retryDelay = Number(read('retryDelay') ?? NaN);
  return {
    mode,
    videoKbps: isSimple ? positive(read('videoKbps')) : null,
    audioKbps: positive(read(isSimple ? 'audioKbps' : 'trackKbps')),
    streamEncoder: read(isSimple ? 'simpleEncoder' : 'advancedEncoder'),
    encoderWords: isSimple && read('useAdvanced') === 'true' ? (read('x264Words') ?? '') : '',
    reconnects: flagOf(read('reconnect')),
    retryDelayS: Number.isFinite(retryDelay) ? retryDelay : null,
    recordFolder: asText(folder?.['recordDirectory']),
    recordFormat: recordFormat(read, isSimple),
    recordsTheStream: mode === null ? null : (isSimple ? read('recQuality') : read('recEncoder')) === STREAMS[mode],
    sampleRate: positive(read('sampleRate')),
    base: sizeOf(video, 'base'),
    output: sizeOf(video, 'output'),
    fps: fpsOf(video),
    freeDiskMb: asNumber(stats?.['availableDiskSpace']),
    recording: (asFlag(record?.['outputActive']) ?? false) || (asFlag(record?.['outputPaused']) ?? false),
    streaming: asFlag(stream?.['outputActive']) ?? false,
  };
}

/** How each output says that the recording takes the stream's encoder. */
const STREAMS = { simple: 'Stream', advanced: 'none' } as const;

function recordFormat(read: (name: Parameter) => string | null, isSimple: boolean): string | null {
  if (isSimple) return read('simpleFormat2') ?? read('simpleFormat');
  if (read('recType') === 'FFmpeg') return read('ffmpegFormat');
  return read('advancedFormat2') ?? read('advancedFormat');
}

function parameter(answer: Raw | null): string | null {
  return asText(answer?.['parameterValue']) ?? asText(answer?.['defaultParameterValue']);
}

function positive(text: string | null): number | null {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function flagOf(text: string | null): boolean | null {
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : null;
}

function sizeOf(video: Raw | null | undefined, which: 'base' | 'output'): { width: number; height: number } | null {
  const [width, height] = [asNumber(video?.[`${which}Width`]), asNumber(video?.[`${which}Height`])];
  return width !== null && height !== null && width > 0 && height > 0 ? { width, height } : null;
}

function fpsOf(video: Raw | null | undefined): number | null {
  const [num, den] = [asNumber(video?.['fpsNumerator']), asNumber(video?.['fpsDenominator'])];
  return num !== null && den !== null && den > 0 ? num / den : null;
}

/** A check that asks OBS: without one in the plan it is skipped, and with one that is not there it cannot be made. */
export function askingObs(look: Check): Check {
  return (ground, signal) => {
    if (ground.stream.obs === null) return Promise.resolve(skips('No OBS is planned.'));
    if (!ground.obs.isConnected())
      return Promise.resolve(unknowable('OBS is not connected.', 'Start OBS, and switch on its WebSocket server.'));
    return look(ground, signal);
  };
}

/** OBS runs where the hub does, so its files are ours to see. */
export function isObsHere({ stream }: Ground): boolean {
  const address = stream.obs?.url ?? '';
  if (!URL.canParse(address)) return false;
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(address).hostname);
}

/** One question with a short deadline; null where OBS says no. @throws NoAnswer */
export async function answerOf({ obs }: Ground, requestType: string, requestData?: Raw): Promise<Raw | null> {
  const [answer] = await obs.batch([{ requestType, ...(requestData && { requestData }) }], DEADLINE_MS);
  return answer ?? null;
}

/** Fields of a list in an answer. */
export function recordsOf(answer: Raw | null, field: string): Raw[] {
  const list = answer?.[field];
  return Array.isArray(list) ? list.map(asRecord).filter((one) => one !== null) : [];
}
