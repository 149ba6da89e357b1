import type { Counters, FakeInput, ObsFigures } from './fake-obs-figures.ts';
import { pictureOf } from './fake-obs-picture.ts';

interface Asked {
  figures: ObsFigures;
  counters: Counters;
  /** the question's own data */
  data: Record<string, unknown>;
  readMs: () => number;
}
type Answer = (asked: Asked) => Record<string, unknown> | null;

/** What OBS 32 answers to a question, field by field. @returns null for a question it does not know, or about nobody */
export function answerOf(request: string, asked: Asked): Record<string, unknown> | null {
  return answers.get(request)?.(asked) ?? null;
}

export function isQuestion(request: string): boolean {
  return answers.has(request);
}

const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  [
    'GetStreamStatus',
    ({ figures, counters }) => ({
      outputActive: figures.streaming,
      outputReconnecting: figures.reconnecting,
      outputTimecode: timecode(figures.streaming ? counters.streamMs : 0),
      outputDuration: Math.round(figures.streaming ? counters.streamMs : 0),
      outputCongestion: figures.streaming ? figures.congestion : 0,
      outputBytes: Math.round(counters.streamBytes),
      outputSkippedFrames: Math.round(counters.streamLost),
      outputTotalFrames: Math.round(counters.streamFrames),
    }),
  ],
  [
    'GetStats',
    ({ figures, counters }) => ({
      cpuUsage: figures.cpuPct,
      memoryUsage: 412.5,
      availableDiskSpace: figures.freeDiskMb,
      activeFps: figures.fps,
      averageFrameRenderTime: 2.1,
      renderSkippedFrames: Math.round(counters.renderLost),
      renderTotalFrames: Math.round(counters.rendered),
      outputSkippedFrames: Math.round(counters.encoderLost),
      outputTotalFrames: Math.round(counters.encoded),
      webSocketSessionIncomingMessages: 1,
      webSocketSessionOutgoingMessages: 1,
    }),
  ],
  [
    'GetRecordStatus',
    ({ figures, counters }) => ({
      outputActive: figures.recording,
      outputPaused: figures.recordPaused,
      outputTimecode: timecode(figures.recording ? counters.recordMs : 0),
      outputDuration: Math.round(figures.recording ? counters.recordMs : 0),
      outputBytes: Math.round(figures.recording ? counters.recordBytes : 0),
    }),
  ],
  [
    'GetVersion',
    ({ figures }) => ({
      obsVersion: figures.obsVersion,
      obsWebSocketVersion: '5.6.3',
      rpcVersion: 1,
      availableRequests: [...answers.keys()],
      supportedImageFormats: ['png'],
      platform: 'demo',
      platformDescription: 'Dropdesk demo',
    }),
  ],
  [
    'GetVideoSettings',
    ({ figures }) => ({
      fpsNumerator: figures.fps,
      fpsDenominator: 1,
      baseWidth: figures.width,
      baseHeight: figures.height,
      outputWidth: figures.width,
      outputHeight: figures.height,
    }),
  ],
  ['GetRecordDirectory', ({ figures }) => ({ recordDirectory: figures.recordDirectory })],
  [
    'GetProfileParameter',
    ({ figures, data }) => ({
      parameterValue: figures.profile[`${text(data, 'parameterCategory')}/${text(data, 'parameterName')}`] ?? null,
      defaultParameterValue: null,
    }),
  ],
  [
    'GetStreamServiceSettings',
    ({ figures }) => ({
      streamServiceType: figures.service.type,
      streamServiceSettings: figures.service.settings,
    }),
  ],
  [
    'GetCurrentProgramScene',
    ({ figures }) => ({
      sceneName: figures.scene,
      sceneUuid: figures.scene,
      currentProgramSceneName: figures.scene,
      currentProgramSceneUuid: figures.scene,
    }),
  ],
  [
    'GetSceneList',
    ({ figures }) => ({
      currentProgramSceneName: figures.scene,
      currentProgramSceneUuid: figures.scene,
      currentPreviewSceneName: null,
      currentPreviewSceneUuid: null,
      scenes: figures.scenes.map((sceneName, sceneIndex) => ({ sceneIndex, sceneName, sceneUuid: sceneName })),
    }),
  ],
  [
    'GetSceneItemList',
    ({ figures, data }) => {
      const scene = text(data, 'sceneName');
      if (!figures.scenes.includes(scene)) return null;
      const names = figures.sceneInputs[scene] ?? [];
      return {
        sceneItems: names.map((sourceName, sceneItemIndex) => ({
          sceneItemId: sceneItemIndex + 1,
          sceneItemIndex,
          sceneItemEnabled: true,
          sourceName,
          sourceType: 'OBS_SOURCE_TYPE_INPUT',
          inputKind: figures.inputs.find(({ name }) => name === sourceName)?.kind ?? null,
          isGroup: null,
        })),
      };
    },
  ],
  [
    'GetSourceScreenshot',
    ({ figures, data, readMs }) => {
      const scene = text(data, 'sourceName');
      if (!figures.scenes.includes(scene) || data['imageFormat'] !== 'png') return null;
      const look = figures.pictures[scene] ?? 'moving';
      const [width, height] = [Number(data['imageWidth'] ?? 64), Number(data['imageHeight'] ?? 36)];
      return { imageData: pictureOf(look, scene, readMs(), width, height) };
    },
  ],
  ['GetStudioModeEnabled', ({ figures }) => ({ studioModeEnabled: figures.studioMode })],
  [
    'GetCurrentSceneTransition',
    ({ figures: { transition } }) => ({
      transitionName: transition.name,
      transitionUuid: transition.name,
      transitionKind: transition.kind,
      transitionFixed: transition.durationMs === null,
      transitionDuration: transition.durationMs,
      transitionConfigurable: false,
      transitionSettings: null,
    }),
  ],
  [
    'GetInputList',
    ({ figures }) => ({
      inputs: figures.inputs.map(({ name, kind }) => ({
        inputName: name,
        inputUuid: name,
        inputKind: kind,
        unversionedInputKind: kind.replace(/_v\d+$/, ''),
      })),
    }),
  ],
  ['GetInputMute', (asked) => ofInput(asked, ({ muted, peakDb }) => (peakDb === null ? null : { inputMuted: muted }))],
  [
    'GetMediaInputStatus',
    (asked) =>
      ofInput(asked, ({ media }) => ({
        mediaState: media ?? 'OBS_MEDIA_STATE_NONE',
        mediaDuration: media === null ? null : 60_000,
        mediaCursor: media === null ? null : 1000,
      })),
  ],
  [
    'GetOutputList',
    ({ figures }) => ({
      outputs: [
        {
          outputName: 'simple_stream',
          outputKind: 'rtmp_output',
          outputActive: figures.streaming,
          outputWidth: figures.width,
          outputHeight: figures.height,
        },
      ],
    }),
  ],
]);

function ofInput({ figures, data }: Asked, read: (input: FakeInput) => Record<string, unknown> | null) {
  const input = figures.inputs.find(({ name }) => name === data['inputName']);
  return input === undefined ? null : read(input);
}

function text(data: Record<string, unknown>, field: string): string {
  const value = data[field];
  return typeof value === 'string' ? value : '';
}

function timecode(ms: number): string {
  const two = (value: number): string => Math.floor(value).toString().padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${Math.floor(ms % 1000)
    .toString()
    .padStart(3, '0')}`;
}
