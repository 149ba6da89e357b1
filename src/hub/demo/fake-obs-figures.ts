/**
 * What the fake OBS claims about itself. Counters grow with time at these rates, as a real encoder's do, so a reader sees
 * plain OBS answers and has to work out rates by itself.
 */
export interface ObsFigures {
  streaming: boolean;
  reconnecting: boolean;
  recording: boolean;
  recordPaused: boolean;
  /** what leaves the encoder for the ingest; 0 with `streaming` is a stall */
  bitrateKbps: number;
  /** 0 with `recording` is a recording that stands still */
  recordKbps: number;
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
  /** scene → its inputs, from the back to the front; a scene that is not named has none */
  sceneInputs: Record<string, string[]>;
  /** what a scene looks like; a scene that is not named moves */
  pictures: Record<string, FakePicture>;
  inputs: FakeInput[];
  studioMode: boolean;
  transition: { name: string; kind: string; durationMs: number | null };
  /** `Category/Name` of the profile → value; what is not named is null, as in OBS */
  profile: Record<string, string>;
  service: FakeService;
  /** beginnings of servers that nobody answers at: a start fails there, a stream that is on stalls. `''`: all of them */
  deadServers: string[];
  /** a screenshot takes so long, ms */
  screenshotMs: number;
  /** from StartStream to STARTED, ms */
  startMs: number;
  /** from STARTED or RECONNECTED to the first byte: the wait for a keyframe, ms */
  firstByteMs: number;
  /** from STOPPING to STOPPED, ms; a stall that OBS has not noticed takes up to 15 s */
  stopMs: number;
  /** OBS's wait between two attempts to reconnect, ms */
  retryMs: number;
  recordDirectory: string;
  recordFile: string;
  /** StartRecord ends in STOPPED: no room, or no such folder */
  recordFails: boolean;
  /** a stop of the stream ends the recording too, as an encoder that is torn down does */
  recordEndsWithStream: boolean;
  width: number;
  height: number;
  obsVersion: string;
}

/** `still` is the same picture for ever, `black` too, and `moving` another one at each look. */
export type FakePicture = 'moving' | 'still' | 'black';

export interface FakeInput {
  name: string;
  kind: string;
  /** loudest level now, dBFS, after its fader; null: it has no sound */
  peakDb: number | null;
  muted: boolean;
  /** `OBS_MEDIA_STATE_…`; null: no media input */
  media: string | null;
}

export interface FakeService {
  type: string;
  /** an empty server is replaced by the fake's own door, which answers a knock and reaches nobody outside */
  settings: Record<string, unknown>;
}

/** What has been sent, written and drawn since the counters were last at nothing. */
export interface Counters {
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

const NO_SOUND = { peakDb: null, muted: false, media: null };

export const HEALTHY_OBS: ObsFigures = {
  streaming: false,
  reconnecting: false,
  recording: false,
  recordPaused: false,
  bitrateKbps: 6000,
  recordKbps: 8000,
  fps: 30,
  droppedPct: 0,
  congestion: 0,
  renderLagPct: 0,
  encoderLagPct: 0,
  cpuPct: 8,
  freeDiskMb: 214_000,
  scenes: ['Live', 'Slate'],
  scene: 'Live',
  sceneInputs: { Live: ['Camera', 'Opener'], Slate: ['Card'] },
  pictures: { Slate: 'still' },
  inputs: [
    { name: 'Camera', kind: 'v4l2_input', ...NO_SOUND },
    { name: 'Mic', kind: 'pulse_input_capture', peakDb: -14, muted: false, media: null },
    { name: 'Opener', kind: 'ffmpeg_source', peakDb: -20, muted: false, media: 'OBS_MEDIA_STATE_PLAYING' },
    { name: 'Card', kind: 'image_source', ...NO_SOUND },
  ],
  studioMode: false,
  transition: { name: 'Fade', kind: 'fade_transition', durationMs: 300 },
  profile: {
    'Output/Mode': 'Simple',
    'Output/Reconnect': 'true',
    'Output/RetryDelay': '1',
    'Output/MaxRetries': '25',
    'SimpleOutput/VBitrate': '6000',
    'SimpleOutput/ABitrate': '160',
    'SimpleOutput/StreamEncoder': 'x264',
    'SimpleOutput/RecQuality': 'Stream',
    'SimpleOutput/RecFormat2': 'hybrid_mp4',
    'Audio/SampleRate': '48000',
  },
  service: { type: 'rtmp_custom', settings: { server: '', key: 'demo', use_auth: false } },
  deadServers: [],
  screenshotMs: 0,
  startMs: 60,
  firstByteMs: 0,
  stopMs: 60,
  retryMs: 1000,
  recordDirectory: '/home/demo/recordings',
  recordFile: '/home/demo/recordings/harbour-night.mkv',
  recordFails: false,
  recordEndsWithStream: false,
  width: 1920,
  height: 1080,
  obsVersion: '32.0.1',
};
