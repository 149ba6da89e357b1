import { describe, expect, it } from 'vitest';
import { bitrateFinding, outputFinding, reconnectFinding } from './encoder-checks.ts';
import type { ObsSettings } from './obs-settings.ts';
import { readyFinding, roomFinding } from './recording-checks.ts';
import { nameFinding, transitionFinding } from './scene-checks.ts';
import { keyframeInterval } from './test-stream-keyframes.ts';

const settings = (change: Partial<ObsSettings> = {}): ObsSettings => ({
  mode: 'simple',
  videoKbps: 6000,
  audioKbps: 160,
  streamEncoder: 'x264',
  encoderWords: '',
  reconnects: true,
  retryDelayS: 1,
  recordFolder: '/rec',
  recordFormat: 'mkv',
  recordsTheStream: true,
  sampleRate: 48_000,
  base: { width: 1920, height: 1080 },
  output: { width: 1920, height: 1080 },
  fps: 30,
  freeDiskMb: 200_000,
  recording: false,
  streaming: false,
  ...change,
});

describe('the limits of the audit', () => {
  it.each<[number, string]>([
    [6000, 'pass'],
    [7000, 'warn'],
    [7300, 'fail'],
    [3500, 'pass'],
    [2900, 'warn'],
    [2700, 'fail'],
  ])('enc-1: %i kbit/s of 1080p30 at Twitch', (videoKbps, result) => {
    const found = bitrateFinding(settings({ videoKbps }), 'twitch', null);
    expect(found.result).toBe(result);
    expect(found.fix).toBe(result === 'pass' ? '' : 'Use CBR, 4500 kbps.');
  });

  it('enc-1: the advanced output tells no bitrate, so what was measured counts, or it is unknown', () => {
    const advanced = settings({ mode: 'advanced', videoKbps: null });
    expect(bitrateFinding(advanced, 'twitch', null).result).toBe('unknown');
    expect(bitrateFinding(advanced, 'twitch', 5160).result).toBe('pass');
  });

  it('enc-1: an upright picture is as large as its shorter side', () => {
    expect(bitrateFinding(settings({ output: { width: 1080, height: 1920 } }), 'twitch', null).result).toBe('pass');
  });

  it('enc-3: upscaled is a warning, no sound a fail', () => {
    expect(outputFinding(settings(), 'twitch', 1).result).toBe('pass');
    expect(outputFinding(settings({ base: { width: 1280, height: 720 } }), 'twitch', 1).result).toBe('warn');
    expect(outputFinding(settings(), 'twitch', 0).result).toBe('fail');
  });

  it('enc-5: on and at most 2 s', () => {
    expect(reconnectFinding(settings({ retryDelayS: 2 })).result).toBe('pass');
    expect(reconnectFinding(settings({ retryDelayS: 3 })).result).toBe('warn');
    expect(reconnectFinding(settings({ reconnects: false })).result).toBe('fail');
  });

  it('scn-1: byte for byte; what differs in case or blanks is named', () => {
    expect(nameFinding('Live', ['Live']).result).toBe('pass');
    expect(nameFinding('Live', ['live ', 'Other'])).toMatchObject({ result: 'warn', fix: 'Rename the scene to Live.' });
    expect(nameFinding('Live', ['live ', 'Other']).evidence).toContain('“live ”');
    expect(nameFinding('Live', ['Lives']).result).toBe('fail');
  });

  it('scn-4: a cut, or a fade of a second at most, without studio mode', () => {
    const fade = (transitionDuration: number): Record<string, unknown> => ({
      transitionName: 'Fade',
      transitionKind: 'fade_transition',
      transitionDuration,
    });
    expect(transitionFinding({ studioModeEnabled: false }, fade(1000)).result).toBe('pass');
    expect(transitionFinding({ studioModeEnabled: false }, fade(1001)).result).toBe('fail');
    expect(transitionFinding({ studioModeEnabled: true }, fade(300)).result).toBe('warn');
  });

  it('rec-1: what survives a crash, what does not, and what cannot be', () => {
    for (const recordFormat of ['mkv', 'hybrid_mp4', 'fragmented_mov'])
      expect(readyFinding(settings({ recordFormat }), null).result).toBe('pass');
    expect(readyFinding(settings({ recordFormat: 'mp4' }), null).result).toBe('warn');
    expect(readyFinding(settings({ recordFormat: null }), null).result).toBe('warn');
    expect(readyFinding(settings(), 'The recording folder does not exist.').result).toBe('fail');
  });

  it('rec-2: 1.3 times the show, never less than 5 GB', () => {
    const rate = { kbps: 8192, from: 'test' };
    // 1 MiB/s but for 1000/1024: three hours of it are 10.3 GB.
    const room = (gb: number): string => roomFinding({ freeMb: gb * 1024, lengthMs: 3 * 3_600_000, rate }).result;
    expect(room(13.5)).toBe('pass');
    expect(room(13.2)).toBe('warn');
    expect(room(10)).toBe('fail');
    expect(roomFinding({ freeMb: 5000, lengthMs: 60_000, rate }).result).toBe('fail');
    expect(roomFinding({ freeMb: 50_000, lengthMs: null, rate }).result).toBe('unknown');
  });

  it('enc-2: the interval is the largest distance, and what came after the last is known', () => {
    const beats = [0, 1, 2, 3, 4, 5].map((i) => ({ isKeyframe: i === 0 || i === 3, ms: i * 1000 }));
    expect(keyframeInterval(beats)).toEqual({ longestMs: 3000, openMs: 2000 });
    expect(keyframeInterval(beats.slice(1, 3))).toBeNull();
  });
});
