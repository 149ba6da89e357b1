/**
 * What the fake OBS claims about itself. Counters grow with time at the rates of `ObsFigures`, as a real encoder's do,
 * so a reader sees plain OBS answers and has to work out rates by itself.
 */
export interface ObsFigures {
  streaming: boolean;
  reconnecting: boolean;
  recording: boolean;
  recordPaused: boolean;
  /** what leaves the encoder for the ingest; 0 with `streaming` is a stall */
  bitrateKbps: number;
  fps: number;
  /** share of output frames lost to the network, percent */
  droppedPct: number;
  /** 0 to 1 */
  congestion: number;
  renderLagPct: number;
  encoderLagPct: number;
  cpuPct: number;
  freeDiskMb: number;
  scenes: string[];
  scene: string;
  recordDirectory: string;
  recordFile: string;
  width: number;
  height: number;
  obsVersion: string;
  /** where it claims to stream to; the fake's own door unless set, which answers a knock */
  ingest: string;
}

export const HEALTHY_OBS: ObsFigures = {
  streaming: false,
  reconnecting: false,
  recording: false,
  recordPaused: false,
  bitrateKbps: 6000,
  fps: 30,
  droppedPct: 0,
  congestion: 0,
  renderLagPct: 0,
  encoderLagPct: 0,
  cpuPct: 8,
  freeDiskMb: 214_000,
  scenes: ['Live', 'Slate'],
  scene: 'Live',
  recordDirectory: '/home/demo/recordings',
  recordFile: '/home/demo/recordings/harbour-night.mkv',
  width: 1920,
  height: 1080,
  obsVersion: '32.0.1',
  ingest: '',
};

interface Counters {
  streamMs: number;
  streamBytes: number;
  streamFrames: number;
  streamLost: number;
  recordMs: number;
  recordBytes: number;
  rendered: number;
  renderLost: number;
  encoded: number;
  encoderLost: number;
}

const ZERO: Counters = {
  streamMs: 0,
  streamBytes: 0,
  streamFrames: 0,
  streamLost: 0,
  recordMs: 0,
  recordBytes: 0,
  rendered: 0,
  renderLost: 0,
  encoded: 0,
  encoderLost: 0,
};

export interface ObsModel {
  figures(): Readonly<ObsFigures>;
  set(change: Partial<ObsFigures>): void;
  /** @returns the answer's data, or null for a question that a reader of ours never asks */
  answer(request: string): Record<string, unknown> | null;
}

/** @param readMs a clock in milliseconds that only goes forward */
export function obsModel(readMs: () => number, start: Partial<ObsFigures> = {}): ObsModel {
  let figures: ObsFigures = { ...HEALTHY_OBS, ...start };
  const counters: Counters = { ...ZERO };
  let countedTo = readMs();

  function count(): void {
    const now = readMs();
    grow(counters, figures, now - countedTo);
    countedTo = now;
  }

  return {
    figures: () => figures,
    set(change) {
      count();
      // A new stream or recording counts from nothing, as OBS does.
      if (change.streaming === true && !figures.streaming)
        Object.assign(counters, { streamMs: 0, streamBytes: 0, streamFrames: 0, streamLost: 0 });
      if (change.recording === true && !figures.recording) Object.assign(counters, { recordMs: 0, recordBytes: 0 });
      figures = { ...figures, ...change };
    },
    answer(request) {
      count();
      const write = answers.get(request);
      return write ? write(figures, counters) : null;
    },
  };
}

function grow(counters: Counters, figures: ObsFigures, ms: number): void {
  const frames = (figures.fps * ms) / 1000;
  counters.rendered += frames;
  counters.renderLost += (frames * figures.renderLagPct) / 100;
  if (figures.streaming || figures.recording) {
    counters.encoded += frames;
    counters.encoderLost += (frames * figures.encoderLagPct) / 100;
  }
  if (figures.streaming && !figures.reconnecting) {
    counters.streamMs += ms;
    counters.streamBytes += (figures.bitrateKbps * ms) / 8;
    counters.streamFrames += frames;
    counters.streamLost += (frames * figures.droppedPct) / 100;
  }
  if (figures.recording && !figures.recordPaused) {
    counters.recordMs += ms;
    counters.recordBytes += (8000 * ms) / 8;
  }
}

type Answer = (figures: ObsFigures, counters: Counters) => Record<string, unknown>;

const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  [
    'GetStreamStatus',
    (figures, counters) => ({
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
    (figures, counters) => ({
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
    (figures, counters) => ({
      outputActive: figures.recording,
      outputPaused: figures.recordPaused,
      outputTimecode: timecode(figures.recording ? counters.recordMs : 0),
      outputDuration: Math.round(figures.recording ? counters.recordMs : 0),
      outputBytes: Math.round(figures.recording ? counters.recordBytes : 0),
    }),
  ],
  [
    'GetVersion',
    (figures) => ({
      obsVersion: figures.obsVersion,
      obsWebSocketVersion: '5.6.3',
      rpcVersion: 1,
      availableRequests: ['GetStats', 'GetStreamStatus', 'GetRecordStatus'],
      supportedImageFormats: ['png'],
      platform: 'demo',
      platformDescription: 'Dropdesk demo',
    }),
  ],
  [
    'GetVideoSettings',
    (figures) => ({
      fpsNumerator: figures.fps,
      fpsDenominator: 1,
      baseWidth: figures.width,
      baseHeight: figures.height,
      outputWidth: figures.width,
      outputHeight: figures.height,
    }),
  ],
  ['GetRecordDirectory', (figures) => ({ recordDirectory: figures.recordDirectory })],
  [
    'GetCurrentProgramScene',
    (figures) => ({
      sceneName: figures.scene,
      sceneUuid: figures.scene,
      currentProgramSceneName: figures.scene,
      currentProgramSceneUuid: figures.scene,
    }),
  ],
  [
    'GetSceneList',
    (figures) => ({
      currentProgramSceneName: figures.scene,
      currentProgramSceneUuid: figures.scene,
      currentPreviewSceneName: null,
      currentPreviewSceneUuid: null,
      scenes: figures.scenes.map((sceneName, sceneIndex) => ({ sceneIndex, sceneName, sceneUuid: sceneName })),
    }),
  ],
  [
    'GetStreamServiceSettings',
    (figures) => ({
      streamServiceType: 'rtmp_custom',
      streamServiceSettings: { server: figures.ingest, key: 'demo' },
    }),
  ],
  [
    'GetInputList',
    () => ({
      inputs: [
        { inputKind: 'demo_capture', inputName: 'Camera', inputUuid: 'camera', unversionedInputKind: 'demo_capture' },
      ],
    }),
  ],
  [
    'GetOutputList',
    (figures) => ({
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

function timecode(ms: number): string {
  const two = (value: number): string => Math.floor(value).toString().padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${Math.floor(ms % 1000)
    .toString()
    .padStart(3, '0')}`;
}
